"""What the web client asks the server for, made from the views as the client does."""

import ast

from lxml import etree

PAGE, COUNT_LIMIT, COLUMN = 80, 10001, 20  # lines of a list, as far as it counts, cards of a column
ACTIVITY_WIDGETS = ("list_activity", "kanban_activity")
OF_ACTIVITIES = (
    "activity_exception_decoration",
    "activity_exception_icon",
    "activity_state",
    "activity_summary",
    "activity_type_icon",
    "activity_type_id",
)


def read_list(env, model, view=None, domain=(), order=None):
    """Read the first page of a list, with its count."""
    specification, default_order = _ask(env, model, "list", view)
    return env[model].web_search_read(
        list(domain),
        specification,
        limit=PAGE,
        order=order or default_order,
        count_limit=COUNT_LIMIT,
    )


def read_board(env, model, view=None, domain=(), groupby="stage_id"):
    """Read the board: its columns, and the first cards of each that is open."""
    specification, default_order = _ask(env, model, "kanban", view)
    return (
        env[model]
        .with_context(read_group_expand=True)
        .web_read_group(
            list(domain),
            [groupby],
            ["__count"],
            order=default_order and None,
            auto_unfold=True,
            unfold_read_specification=specification,
            unfold_read_default_limit=COLUMN,
        )
    )


def _ask(env, model, kind, view):
    """Return the fields that a view reads, and its order."""
    view_id = env.ref(view).id if view else False
    answer = env[model].get_views([(view_id, kind)])
    arch = etree.fromstring(answer["views"][kind]["arch"])
    specification = {}
    for node in arch.iter("field"):
        if any(parent.tag == "field" for parent in node.iterancestors()):
            continue
        for name in _fields_of(node):
            if name in env[model]._fields:
                relational = env[model]._fields[name].relational
                specification[name] = {"fields": {"display_name": {}}} if relational else {}
    return specification, arch.get("default_order")


def _fields_of(node):
    """Return the names of a field of a view and of the fields that its widget needs."""
    options = ast.literal_eval(node.get("options") or "{}")
    needed = [value for key, value in options.items() if key.endswith("_field")]
    if node.get("widget") in ACTIVITY_WIDGETS:
        needed += OF_ACTIVITIES
    return [node.get("name"), *(name for name in needed if isinstance(name, str))]
