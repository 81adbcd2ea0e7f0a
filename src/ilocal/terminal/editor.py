"""A text opened in the user's editor, never lost."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from ilocal.errors import DurabilityError, FileChangedError, IlocalError, UsageError
from ilocal.i18n.messages import _
from ilocal.i18n.third_party import translate_os_error
from ilocal.model.safe_text import escape_message
from ilocal.model.text_folding import slugify_words
from ilocal.terminal.prompts import is_interactive, prompt_for_choice
from ilocal.terminal.status import print_status

T = TypeVar("T")

ERROR_COMMENT_PREFIX = "# ilocal: "
_INSTANT_RETURN_SECONDS = 1.0  # faster than anybody opens, changes and closes a text
_FALLBACK_EDITORS = ("nano", "editor", "vi")  # if the user has set none


def edit_until_valid(text: str, name: str, check: Callable[[str, int], None], save: Callable[[str], T]) -> T | None:
    """Open a text in the user's editor and return the result of `save` for the new one; None if nothing was changed.

    `check` is called before `save`, with the text and the number of lines above it in the editor. If either raises an
    IlocalError, a user at a terminal can continue editing, with the error in a comment on the first line; otherwise the
    text stays in a file that the error names.
    """
    command = find_editor_command()
    path = _create_editor_file(text, name)
    is_marked = False
    while True:
        seconds = _open_editor(command, path, text)
        data = _remove_error_comments(_read_editor_file(path), text) if is_marked else _read_editor_file(path)
        if not data.strip():
            _remove_editor_folder(path)
            raise UsageError(_("the text is empty; nothing was changed"))
        try:
            new = _decode_editor_text(data)
            if new == text:
                break
            check(new, int(is_interactive()))
            result = save(new)
        except IlocalError as error:
            _mark_error_and_ask(error, path, data)
            is_marked = True
        except BaseException:
            _print_editor_text_location(_("your text is in {path}", path=path))
            raise
        else:
            _remove_editor_folder(path)
            return result
    _remove_editor_folder(path)
    _warn_if_editor_returned_at_once(seconds)
    return None


def edit_text_in_editor(text: str, name: str) -> str:
    """Return a plain text after the user has edited it."""
    path = _create_editor_file(text, name)
    seconds = _open_editor(find_editor_command(), path, text)
    data = _read_editor_file(path)
    try:
        new = _decode_editor_text(data)
    except IlocalError as error:
        raise _add_editor_text_location(error, path) from None
    _remove_editor_folder(path)
    if new == text:
        _warn_if_editor_returned_at_once(seconds)
    return new


def find_editor_command() -> list[str]:
    """Return the user's editor with its arguments: $VISUAL, else $EDITOR, else, at a terminal, a common one.

    Raises UsageError if there is none.
    """
    import shlex

    named = next(filter(str.strip, (os.environ.get(name, "") for name in ("VISUAL", "EDITOR"))), "")
    if named:
        try:
            return shlex.split(named)
        except ValueError as error:
            raise UsageError(f"{named}: {translate_os_error(error)}") from None
    if is_interactive():
        from shutil import which

        if found := next(filter(None, map(which, _FALLBACK_EDITORS)), None):
            return [found]
    raise UsageError(
        _("no editor found"), hint=_("set the environment variable VISUAL or EDITOR, or specify the fields as options")
    )


# ---------------------------------------------------------------------------------------------------------- the program


def _open_editor(command: list[str], path: Path, text: str) -> float:
    """Run the editor and return for how many seconds it ran. Raises UsageError if it fails."""
    begun = time.monotonic()
    try:
        code = _run_editor([*command, str(path)])
    except (OSError, ValueError) as error:
        failure = UsageError(
            f"{' '.join(command)}: {translate_os_error(error)}",
            hint=_("set the environment variable VISUAL or EDITOR to your editor"),
        )
        if _read_editor_file(path) != text.encode():
            raise _add_editor_text_location(failure, path) from None
        _remove_editor_folder(path)
        raise failure from None
    except BaseException:  # a signal that ends us, and not the editor
        _print_editor_text_location(
            _("ilocal stopped while the editor is still open; your text is in {path}", path=path)
        )
        raise
    if code in (-signal.SIGINT, -signal.SIGQUIT):
        _print_editor_text_location(
            _("the editor was interrupted; nothing was changed; your text is in {path}", path=path)
        )
        raise KeyboardInterrupt
    if code:
        raise UsageError(
            _("the editor exited with code {code}; nothing was changed", code=code),
            hint=_("your text is in {path}", path=path),
        )
    return time.monotonic() - begun


def _run_editor(command: list[str]) -> int:
    """Run the editor on the terminal and wait for it; its output must not go to a redirected stdout."""
    import subprocess

    with _leave_keyboard_to_editor():
        # Not `run`: that kills the editor, and the text in it, where the wait is interrupted.
        return subprocess.Popen(command, stdout=None if sys.stdout.isatty() else 2).wait()


@contextmanager
def _leave_keyboard_to_editor() -> Iterator[None]:
    r"""Ignore Ctrl-C and Ctrl-\. Unlike SIG_IGN, a handler that does nothing is not inherited by the editor."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGQUIT)}
    # Signals that were ignored at our start stay ignored in the editor.
    kept = {number: handler for number, handler in kept.items() if handler not in (signal.SIG_IGN, None)}
    for number in kept:
        signal.signal(number, lambda *_: None)
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


# ------------------------------------------------------------------------------------------------------------- the text


def _create_editor_file(text: str, name: str) -> Path:
    """Create a private file in a folder of its own, named after the event; an id may look like a path.

    Raises UsageError if there is no space for it.
    """
    import tempfile

    stem, _dot, suffix = name.rpartition(".")
    try:
        folder = Path(tempfile.mkdtemp(prefix="ilocal-"))
    except FileNotFoundError:  # it looks for one in which it can write
        raise UsageError(
            _("there is no writable folder for temporary files"),
            hint=_("set the environment variable TMPDIR to a writable folder"),
        ) from None
    path = folder / ("-".join(slugify_words(stem))[:30] + f".{suffix}")
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        _remove_editor_folder(path)
        raise UsageError(f"{path}: {translate_os_error(error)}") from None
    return path


def _read_editor_file(path: Path) -> bytes:
    """Return the text as the editor left it; empty if the editor removed the file.

    Raises UsageError, with the location in its hint, if there is something other than a file now.
    """
    if not path.exists():
        return b""
    if path.is_file():
        try:
            return path.read_bytes().removeprefix(b"\xef\xbb\xbf")
        except OSError as error:
            raise _add_editor_text_location(UsageError(f"{path}: {translate_os_error(error)}"), path) from None
    is_folder = _("{path}: expected a file, found a folder", path=path)
    failure = UsageError(is_folder if path.is_dir() else _("{path}: not a regular file", path=path))
    raise _add_editor_text_location(failure, path) from None


def _remove_error_comments(data: bytes, text: str) -> bytes:
    """Return the text without our error comments; identical lines that were there before stay."""
    own = set(text.encode().splitlines())
    lines = data.splitlines(keepends=True)
    return b"".join(
        line for line in lines if not line.startswith(ERROR_COMMENT_PREFIX.encode()) or line.rstrip(b"\r\n") in own
    )


def _decode_editor_text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise UsageError(_("the text is not UTF-8; nothing was changed")) from None


def _mark_error_and_ask(error: IlocalError, path: Path, data: bytes) -> None:
    """Mark the error in the text, and ask whether to continue.

    Raises the error if the user stops or cannot be asked.
    """
    if isinstance(error, DurabilityError):
        raise error.with_hint(_("your text is in {path}", path=path)) from None
    if isinstance(error, FileChangedError) or not is_interactive():
        raise _add_editor_text_location(error, path) from None
    said = error.message + (f" ({error.hint})" if error.hint else "")
    try:
        _replace_editor_file(path, f"{ERROR_COMMENT_PREFIX}{escape_message(said)}\n".encode() + data)
    except OSError as failure:
        _print_editor_text_location(f"{path}: {translate_os_error(failure)}")
        raise _add_editor_text_location(error, path) from None
    print_status(f"ilocal: {said}")
    try:
        question = _("[e]dit again, or [k]eep the text in a file and stop? ")
        answer = prompt_for_choice(question, ("edit", "keep"))
    except BaseException:
        _print_editor_text_location(_("nothing was changed; your text is in {path}", path=path))
        raise
    if answer == "keep":
        hint = _("your text is in {path}", path=path)
        raise IlocalError(_("nothing was changed"), hint=hint, exit_code=error.exit_code)


def _replace_editor_file(path: Path, data: bytes) -> None:
    """Replace the user's text, which stays as it is if writing fails. Raises OSError."""
    new = path.with_name(f".{path.name}.new")
    try:
        new.write_bytes(data)
        new.replace(path)
    except OSError:
        with suppress(OSError):
            new.unlink()
        raise


def _add_editor_text_location(error: IlocalError, path: Path) -> IlocalError:
    """Return the error, with the location of the text in its hint."""
    place = _("nothing was changed; your text is in {path}", path=path)
    return error.with_hint(f"{place} ({error.hint})" if error.hint else place)


def _print_editor_text_location(text: str) -> None:
    with suppress(OSError):  # the terminal may be gone
        print_status(f"ilocal: {text}")


def _warn_if_editor_returned_at_once(seconds: float) -> None:
    """Warn about the editor if a text came back unchanged faster than anybody could edit it."""
    if seconds < _INSTANT_RETURN_SECONDS:
        hint = _('the editor exited immediately; if it opens a window of its own, make it wait: VISUAL="code --wait"')
        print_status(_("hint: {hint}", hint=hint))


def _remove_editor_folder(path: Path) -> None:
    """Remove the text, with the editor's files next to it."""
    import shutil

    shutil.rmtree(path.parent, ignore_errors=True)
