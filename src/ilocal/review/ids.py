"""Events without an id: what they are called changes with their title."""

from collections.abc import Iterator
from datetime import date

from ilocal.errors import Problem
from ilocal.language import _
from ilocal.registry import Registry, given_id
from ilocal.text import safe

CODES = ("no-id",)


def doubts(registry: Registry, today: date) -> Iterator[Problem]:
    for id, event in registry.events.items():
        piece = registry.origins[id].piece
        if not given_id(piece.table or {}):
            said = _('no id: called "{id}" until its title or date changes', id=safe(id))
            yield Problem(piece.header, said, "id", "warning", file=event.source_file, code="no-id")
