"""The names that a registry knows, and which of them a new one is spelled almost like: without reading all events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ilocal import spelling
from ilocal.event import Event
from ilocal.index import DAMAGE, Index
from ilocal.index.rows import label
from ilocal.spelling import FIELDS, names_in, near
from ilocal.text import fold

_MOST = 100  # events that are looked at to see how a name is written


class Slip(NamedTuple):
    """A name in a field that is likely a slip of another, which more events have."""

    field: str
    name: str
    other: str


def slips(index: Index, events: Sequence[Event], fields: Sequence[str] = FIELDS) -> list[Slip]:
    """Which names of these events are likely slips of names that others have. The events may be in the index or not."""
    fields = [field for field in FIELDS if field in fields]
    return index.surely(lambda: [slip for field in fields for slip in _in_field(index, events, field)], DAMAGE)


def _in_field(index: Index, events: Sequence[Event], field: str) -> list[Slip]:
    own = Counter(name for event in events for name in names_in(event, field))
    labels = {label(field, fold(name)) for name in own}
    counts = _spellings(index, field, labels)
    # All labels are looked through for names alone that nobody else has: of the others it was said when they were new.
    new = {label(field, fold(name)) for name in own if counts[name] <= own[name]}
    if new:
        counts += _spellings(index, field, {other for _, other in near(new, _labels(index, field))} - labels)
    # What others have, and then what these have alone: of two that are as frequent, the first one is meant.
    others = {name: n - own[name] for name, n in counts.items() if n > own[name]}
    found = spelling.meant(others | {name: 0 for name in own if name not in others})
    return [Slip(field, name, found[name]) for name in own if name in found]


def _labels(index: Index, field: str) -> list[str]:
    """The labels of all names in a field."""
    index.connection.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.label USING fts5vocab(main, words, col)")
    sql = "SELECT term FROM temp.label WHERE term > ? AND term < ? AND col = 'labels'"
    return [term for (term,) in index.connection.execute(sql, (field, field + "{"))]  # which follows the letters


def _spellings(index: Index, field: str, labels: Iterable[str]) -> Counter[str]:
    """How the names with these labels are written, and how often: in the newest events that have them."""
    found: Counter[str] = Counter()
    for one in labels:
        names = (name for event in index.labelled(one, _MOST) for name in names_in(event, field))
        found.update(name for name in names if label(field, fold(name)) == one)
    return found
