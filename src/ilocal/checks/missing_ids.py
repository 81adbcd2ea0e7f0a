"""Events without an id, whose generated id changes with their title; and ids that invalid events share.

Such an event has an error of its own already. Its id would be the next error once that is fixed.
"""

from collections.abc import Iterator
from datetime import date

from ilocal.checks.base import list_unchecked_events
from ilocal.errors import Diagnostic
from ilocal.i18n.messages import _
from ilocal.model.safe_text import make_text_safe
from ilocal.storage.loader import ParsedRegistry, describe_duplicate_id_in_file, get_id_in_toml
from ilocal.storage.toml.document import find_id_line_in_block

CODES = ("no-id",)


def check(registry: ParsedRegistry, today: date) -> Iterator[Diagnostic]:
    for id, event in registry.events.items():
        piece = registry.locations[id].block
        if not get_id_in_toml(piece.table or {}):
            said = _('no id; ilocal uses "{id}" until the title or date changes', id=make_text_safe(id))
            yield Diagnostic(piece.header_line, said, "id", "warning", file=event.source_file, code="no-id")
    yield from _check_duplicate_ids(registry)


def _check_duplicate_ids(registry: ParsedRegistry) -> Iterator[Diagnostic]:
    said = {(one.file, one.line) for one in registry.diagnostics if one.code == "duplicate-id"}
    first = {id: (event.source_line, event.source_file) for id, event in registry.events.items()}
    for (file, document), piece in list_unchecked_events(registry):
        id = get_id_in_toml(piece.table or {})
        line = piece.line + find_id_line_in_block(document.data[piece.start : piece.end])
        if id in first and (file, line) not in said:
            yield Diagnostic(
                line,
                describe_duplicate_id_in_file(make_text_safe(id), *first[id], file),
                "id",
                file=file,
                code="duplicate-id",
            )
        elif id:
            first.setdefault(id, (piece.header_line, file))
