"""Events without an id, which are called otherwise when their title changes; and ids that events left out share.

Such an event has its own error already. Its id would be the next one, as soon as that is mended.
"""

from collections.abc import Iterator
from datetime import date

from ilocal.checks.base import left_out
from ilocal.errors import Problem
from ilocal.i18n.messages import _
from ilocal.model.safe_text import safe
from ilocal.storage.loader import Registry, given_id, twice
from ilocal.storage.toml.document import id_line

CODES = ("no-id",)


def doubts(registry: Registry, today: date) -> Iterator[Problem]:
    for id, event in registry.events.items():
        piece = registry.origins[id].piece
        if not given_id(piece.table or {}):
            said = _('no id: called "{id}" until its title or date changes', id=safe(id))
            yield Problem(piece.header, said, "id", "warning", file=event.source_file, code="no-id")
    yield from _twice(registry)


def _twice(registry: Registry) -> Iterator[Problem]:
    said = {(one.file, one.line) for one in registry.problems if one.code == "duplicate-id"}
    first = {id: (event.source_line, event.source_file) for id, event in registry.events.items()}
    for (file, document), piece in left_out(registry):
        id = given_id(piece.table or {})
        line = piece.line + id_line(document.data[piece.start : piece.end])
        if id in first and (file, line) not in said:
            yield Problem(line, twice(safe(id), *first[id], file), "id", file=file, code="duplicate-id")
        elif id:
            first.setdefault(id, (piece.header, file))
