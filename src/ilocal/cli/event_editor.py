"""The check of an event that was written in an editor."""

from __future__ import annotations

from ilocal.errors import InvalidEventError, UsageError, format_line_error
from ilocal.storage.files import convert_file_error_to_usage_error


def check_event_text(text: str, lines_above: int) -> None:
    """Raise an error with its line, where so many stand above the text, unless it is one valid event."""
    from ilocal.storage.loader import parse_event_block
    from ilocal.storage.toml.scanner import find_field_line_in_block

    whole = "#\n" * lines_above + text
    try:
        with convert_file_error_to_usage_error():
            parse_event_block(whole)
    except InvalidEventError as error:
        line = find_field_line_in_block(whole, error.field) + 1
        raise UsageError(format_line_error(line, error.message), hint=error.hint) from None
