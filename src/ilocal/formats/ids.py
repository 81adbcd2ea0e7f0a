"""The ids alone, one a line, for `xargs`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ilocal.event import Event
from ilocal.formats import Writing
from ilocal.text import safe

suffixes = (".ids",)


def dump(events: Iterable[Event], how: Writing) -> Iterator[str]:
    for event in events:
        yield safe(event.id) + "\n"
