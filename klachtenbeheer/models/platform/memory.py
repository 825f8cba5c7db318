"""What a process may remember of records from one transaction to the next.

`remember` takes values out of the memory of a transaction, to be kept with `ormcache`; `recall`
puts them back where a later transaction has not read them yet. Neither asks who may read them:
that is asked, as always, of who searches for the records.
"""

# Values that others could change, or that are large.
NOT_KEPT = {"binary", "html", "json", "properties"}


def get_kept_fields(model, apart=()):
    """The names of stored fields of a model that can be remembered: the same in every language,
    company and context.

    :param apart: names of fields that change
    """
    apart = {*apart, "create_uid", "create_date", "write_uid", "write_date"}
    return [
        fname
        for fname, field in model._fields.items()
        if field.column_type
        and field.store
        and field.type not in NOT_KEPT
        and not (field.translate or field.company_dependent or fname in apart or fname == "id")
    ]


def remember(records, fnames):
    """Values of records, without the records themselves.

    :return: (name of the model, ids, {name of a field: values})
    """
    records.fetch(fnames)
    values = {}
    for fname in fnames:
        records.mapped(fname)  # also what is no column
        cache = records._fields[fname]._get_cache(records.env)
        values[fname] = tuple(cache[id_] for id_ in records._ids)
    return records._name, records._ids, values


def recall(env, remembered):
    """Know remembered values again; what the transaction knows already goes before them."""
    model, ids, values = remembered
    records = env[model].browse(ids)
    if _is_known(records, next(reversed(values))):
        return
    for fname, column in values.items():
        records._fields[fname]._insert_cache(records, column)


def _is_known(records, fname):
    """Whether this transaction knows one of the values already, and so recalled the others."""
    cache = records._fields[fname]._get_cache(records.env)
    return all(id_ in cache for id_ in records._ids)


def forget(env):
    """Forget what was remembered, in every process. Once more after the commit: meanwhile another
    request of this process may have read, and kept, what was there before."""
    env.registry.clear_cache()
    env.cr.postcommit.add(env.registry.clear_cache)
