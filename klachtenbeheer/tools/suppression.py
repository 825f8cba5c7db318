"""Which cells of a report stay hidden, so that nobody is recognised in a small number.

A breakdown is a table {key: count} whose total is known to the reader: it stands elsewhere in the
report. Counts below the threshold are not printed, and neither are the zeros beside them; they are
printed together as one row. Where that row would be smaller than the threshold, or hold one key
only, the smallest of the other counts join it. A reader then knows of each hidden count no more
than that it lies between nothing and the row as a whole.

Reports can be compared: the board's with the public's of one half-year, or a year with its halves.
So what is hidden follows from every stretch of time that a reader can cut out by subtracting
reports from each other, and a report never shows what an earlier one about the same days hid.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

SMALLEST = 2  # one is the smallest number that says who it was


@dataclass(frozen=True)
class Earlier:
    """A breakdown that was printed before, about days that the new one is about too.

    :param hidden: the keys that it printed together
    :param threshold: counts below this were hidden in it
    :param now: what the same breakdown would count today
    :param then: what it counted
    """

    hidden: frozenset
    threshold: int
    now: Mapping[Hashable, int]
    then: Mapping[Hashable, int]

    def get_corrected(self, threshold: int) -> frozenset:
        """The keys of which a reader of both would learn a small correction."""
        keys = set(self.now) | set(self.then)
        return frozenset(
            key for key in keys if 0 < abs(self.now.get(key, 0) - self.then.get(key, 0)) < threshold
        )


def hidden_in_table(counts: Mapping[Hashable, int], threshold: int) -> frozenset:
    """The keys of one table that are printed together.

    What is hidden at a threshold is hidden at every higher one too, so that a stricter version
    of a report never shows what a less strict version hides.

    >>> sorted(hidden_in_table({"bus": 7, "desk": 6, "phone": 3, "other": 2}, 5))
    ['other', 'phone']
    >>> sorted(hidden_in_table({"bus": 7, "desk": 6, "other": 2}, 5))
    ['desk', 'other']
    >>> hidden_in_table({"bus": 7, "desk": 0}, 5)
    frozenset()
    """
    hidden = frozenset()
    for level in range(SMALLEST, threshold + 1):
        hidden = _hide_below(counts, hidden, level)
    return hidden


def hidden_in_report(
    tables: Iterable[Mapping[Hashable, int]], threshold: int, earlier: Collection[Earlier] = ()
) -> frozenset:
    """The keys that a report prints together.

    :param tables: the breakdown in each stretch of time that can be cut out with the report
        and the earlier ones
    :param earlier: the reports with this breakdown about the same days
    """
    tables = list(tables)
    hidden = frozenset().union(*(hidden_in_table(counts, threshold) for counts in tables))
    for report in earlier:
        hidden |= report.get_corrected(threshold)
    before = None
    while hidden != before:
        before = hidden
        for report in earlier:
            # two versions are safe together where one shows nothing that the other hides
            if report.threshold <= threshold or not hidden <= report.hidden:
                hidden |= report.hidden
    return _keep_company(tables, hidden)


def stretches(periods: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """The stretches of time between all first days of periods and the days after their last.

    :param periods: (first day, day after the last)

    >>> from datetime import date
    >>> year, half = (date(2026, 1, 1), date(2027, 1, 1)), (date(2026, 1, 1), date(2026, 7, 1))
    >>> [str(first) for first, _after in stretches([year, half])]
    ['2026-01-01', '2026-07-01']
    """
    periods = list(periods)
    edges = sorted({day for period in periods for day in period})
    return [
        (first, after)
        for first, after in pairwise(edges)
        if any(start <= first and after <= end for start, end in periods)
    ]


def connected(
    period: tuple[date, date], others: Iterable[tuple[date, date]]
) -> list[tuple[date, date]]:
    """The periods that overlap a period, or overlap one that does, and so on."""
    found, left = [period], list(others)
    for current in found:
        touching = [other for other in left if other[0] < current[1] and current[0] < other[1]]
        found += touching
        left = [other for other in left if other not in touching]
    return found[1:]


def _hide_below(counts, hidden, level):
    """Add to what is hidden until no count below the level can be told from the others."""
    small = {key for key, count in counts.items() if count < level}
    if not any(counts[key] for key in small):
        return hidden
    hidden = hidden | small
    for key in sorted(set(counts) - hidden, key=lambda key: (counts[key], str(key))):
        if len(hidden) > 1 and sum(counts[key] for key in hidden) >= level:
            break
        hidden |= {key}
    return hidden


def _keep_company(tables, hidden):
    """A single hidden key is what remains of the total: another joins it."""
    keys = {key for counts in tables for key in counts}
    if len(hidden & keys) == 1 and len(keys) > 1:
        total = {key: sum(counts.get(key, 0) for counts in tables) for key in keys - hidden}
        hidden |= {min(total, key=lambda key: (total[key], str(key)))}
    return hidden
