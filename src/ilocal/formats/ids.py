"""The ids alone, one a line, for `xargs`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ilocal.formats.base import Writing
from ilocal.model.event import Event
from ilocal.model.safe_text import safe

suffixes = (".ids",)


def dump(events: Iterable[Event], how: Writing) -> Iterator[str]:
    for event in events:
        yield safe(event.id) + "\n"
