"""The ids alone, one a line, for `xargs`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ilocal.formats.base import WriteOptions
from ilocal.model.event import Event
from ilocal.model.safe_text import make_text_safe

suffixes = (".ids",)


def dump(events: Iterable[Event], options: WriteOptions) -> Iterator[str]:
    for event in events:
        yield make_text_safe(event.id) + "\n"
