"""An event's TOML block edited in the user's editor until it is valid."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ilocal.errors import InvalidEventError, UsageError, format_line_error
from ilocal.storage.files import convert_file_error_to_usage_error

T = TypeVar("T")


def run_editor_for_command(text: str, name: str, save: Callable[[str], T]) -> T | None:
    """Open the block of an event in the user's editor and return the result of `save` for the new text.

    None if nothing was changed. The new text is checked before `save` is called: see `edit_until_valid`, which keeps it
    whatever fails.
    """
    from ilocal.terminal.editor import edit_until_valid

    return edit_until_valid(text, f"{name}.toml", require_valid_text_for_command, save)


def require_valid_text_for_command(text: str, lines_above: int) -> None:
    """Raise an error with its line unless the text is one valid event.

    `lines_above` is the number of lines above the text in the editor, which count in the error's line.
    """
    from ilocal.storage.loader import parse_event_block
    from ilocal.storage.toml.scanner import find_field_line_in_block

    whole = "#\n" * lines_above + text
    try:
        with convert_file_error_to_usage_error():
            parse_event_block(whole)
    except InvalidEventError as error:
        found = [
            format_line_error(find_field_line_in_block(whole, one.field) + 1, one.message)
            for one in (error, *error.further_errors)
        ]
        raise UsageError("; ".join(found), hint=error.hint) from None
