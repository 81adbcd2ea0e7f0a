"""The check of an event that was written in an editor."""

from __future__ import annotations

from ilocal.errors import RecordError, UsageError, at_line
from ilocal.storage.files import no_registry


def check_event_text(text: str, lines_above: int) -> None:
    """Raise an error with its line, where so many stand above the text, unless it is one valid event."""
    from ilocal.storage.loader import read_block
    from ilocal.storage.toml.scanner import field_line

    whole = "#\n" * lines_above + text
    try:
        with no_registry():
            read_block(whole)
    except RecordError as error:
        line = field_line(whole, error.field) + 1
        raise UsageError(at_line(line, error.message), hint=error.hint) from None
