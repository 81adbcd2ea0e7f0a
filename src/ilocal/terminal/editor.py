"""A text opened in the user's editor, never lost."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn, TypeVar

from ilocal.cli.event_editor import check_event_text
from ilocal.errors import IlocalError, MeanwhileError, NotDurableError, UsageError
from ilocal.i18n.messages import _
from ilocal.i18n.third_party import reason
from ilocal.model.safe_text import message
from ilocal.model.text_folding import slug
from ilocal.storage.exchange import write
from ilocal.storage.files import no_registry, read
from ilocal.terminal.prompts import can_ask, choice
from ilocal.terminal.status import say

T = TypeVar("T")

MARK = "# ilocal: "
_AT_ONCE = 1.0  # seconds in which nobody opens, changes and closes a text
_USUAL = ("editor", "nano", "vi")  # where the user named none


def edited(text: str, name: str, use: Callable[[str], T]) -> T | None:
    """Let the user edit an event's TOML and give the result to `use`; returns what that returns.

    None where nothing was changed. Where the text is wrong, or `use` raises an error, a person at a terminal may go on
    with it, the error in a comment at its top; else the text stays in a file that the error names.
    """
    command = command_line()
    path = _new_file(text, name + ".toml")
    is_marked = False
    while True:
        seconds = _open(command, path, text)
        data = _unmarked(_read(path), text) if is_marked else _read(path)
        if not data.strip():
            _discard(path)
            raise UsageError(_("the text is empty; nothing was changed"))
        try:
            new = _decoded(data)
            if new == text:
                break
            check_event_text(new, lines_above=int(can_ask()))
            result = use(new)
        except IlocalError as error:
            _stop_or_mark(error, path, data)
            is_marked = True
        except BaseException:
            _say_where(_("your text is in {path}", path=path))
            raise
        else:
            _discard(path)
            return result
    _discard(path)
    _doubt(seconds)
    return None


def written(text: str, name: str) -> str:
    """Let the user edit a plain text; returns what it is then."""
    path = _new_file(text, name)
    seconds = _open(command_line(), path, text)
    data = _read(path)
    try:
        new = _decoded(data)
    except IlocalError as error:
        _stop(error, path)
    _discard(path)
    if new == text:
        _doubt(seconds)
    return new


def command_line() -> list[str]:
    """The user's editor with its own arguments: $VISUAL, else $EDITOR, else, at a terminal, a usual one.

    Raises UsageError where there is none.
    """
    import shlex

    named = next(filter(str.strip, (os.environ.get(name, "") for name in ("VISUAL", "EDITOR"))), "")
    if named:
        try:
            return shlex.split(named)
        except ValueError as error:
            raise UsageError(f"{named}: {reason(error)}") from None
    if can_ask():
        from shutil import which

        if found := next(filter(None, map(which, _USUAL)), None):
            return [found]
    raise UsageError(_("no editor is known"), hint=_("set VISUAL or EDITOR, or give the fields as options"))


# ---------------------------------------------------------------------------------------------------------- the program


def _open(command: list[str], path: Path, text: str) -> float:
    """Let the editor run; returns for how many seconds it did. Raises UsageError where it fails."""
    begun = time.monotonic()
    try:
        code = _run([*command, str(path)])
    except (OSError, ValueError) as error:
        failure = UsageError(f"{' '.join(command)}: {reason(error)}", hint=_("set VISUAL or EDITOR to your editor"))
        if _read(path) != text.encode():
            _stop(failure, path)
        _discard(path)
        raise failure from None
    except BaseException:  # a signal that ends us, and not the editor
        _say_where(_("the editor is still open, and ilocal is not; your text is in {path}", path=path))
        raise
    if code in (-signal.SIGINT, -signal.SIGQUIT):
        _say_where(_("the editor was interrupted; nothing was changed; your text is in {path}", path=path))
        raise KeyboardInterrupt
    if code:
        raise UsageError(
            _("the editor ended with code {code}; nothing was changed", code=code),
            hint=_("your text is in {path}", path=path),
        )
    return time.monotonic() - begun


def _run(command: list[str]) -> int:
    """Run the editor on the terminal, and wait for its end; what it writes is nothing of ours, and not for stdout."""
    import subprocess

    with _keyboard_is_anothers():
        # Not `run`: that kills the editor, and the text in it, where the wait is interrupted.
        return subprocess.Popen(command, stdout=None if sys.stdout.isatty() else 2).wait()


@contextmanager
def _keyboard_is_anothers() -> Iterator[None]:
    """Let Ctrl-C and Ctrl-\\ pass us by. A handler that does nothing, unlike SIG_IGN, does not outlive an exec."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGQUIT)}
    # What was ignored before we began is to be ignored by the editor, too.
    kept = {number: handler for number, handler in kept.items() if handler not in (signal.SIG_IGN, None)}
    for number in kept:
        signal.signal(number, lambda *_: None)
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


# ------------------------------------------------------------------------------------------------------------- the text


def _new_file(text: str, name: str) -> Path:
    """A file for our eyes alone, in a folder of its own, named after the event; an id may look like a path.

    Raises UsageError where there is no room for it.
    """
    import tempfile

    stem, _dot, suffix = name.rpartition(".")
    try:
        folder = Path(tempfile.mkdtemp(prefix="ilocal-"))
    except FileNotFoundError:  # it looks for one in which it can write
        raise UsageError(_("there is no room for temporary files"), hint=_("name a folder in TMPDIR")) from None
    path = folder / ("-".join(slug(stem))[:30] + f".{suffix}")
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        _discard(path)
        raise UsageError(f"{path}: {reason(error)}") from None
    return path


def _read(path: Path) -> bytes:
    """The text as the editor left it: it may have replaced the file, or taken it away.

    Raises UsageError, with the place in its hint, for what is no file.
    """
    if not path.exists():
        return b""
    try:
        with no_registry():
            return read(path).data.removeprefix(b"\xef\xbb\xbf")
    except UsageError as error:
        error.hint = ""  # which is about registries
        _stop(error, path)


def _unmarked(data: bytes, text: str) -> bytes:
    """The text without what we put into it; such lines that were there from the beginning stay."""
    own = set(text.encode().splitlines())
    lines = data.splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(MARK.encode()) or line.rstrip(b"\r\n") in own)


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise UsageError(_("not UTF-8 text; nothing was changed")) from None


def _stop_or_mark(error: IlocalError, path: Path, data: bytes) -> None:
    """Mark the text with what is wrong in it, and ask whether to go on. Raises the error where nobody does."""
    if isinstance(error, NotDurableError):
        error.hint = _("your text is in {path}", path=path)
        raise error
    if isinstance(error, MeanwhileError) or not can_ask():
        _stop(error, path)
    said = error.message + (f" ({error.hint})" if error.hint else "")
    try:
        _put(path, f"{MARK}{message(said)}\n".encode() + data)
    except OSError as failure:
        _say_where(f"{path}: {reason(failure)}")
        _stop(error, path)
    say(f"ilocal: {said}")
    try:
        question = _("[e]dit again, or [k]eep the text in a file and stop? ")
        answer = choice(question, ("edit", "keep"))
    except BaseException:
        _say_where(_("nothing was changed; your text is in {path}", path=path))
        raise
    if answer == "keep":
        stopped = IlocalError(_("nothing was changed"), hint=_("your text is in {path}", path=path))
        stopped.exit_code = error.exit_code
        raise stopped


def _put(path: Path, data: bytes) -> None:
    """Put a text in the place of the user's, which stays where that comes to nothing. Raises OSError."""
    made = path.with_name(f".{path.name}.new")
    try:
        write(made, [data], sync=False)
        made.replace(path)
    except OSError:
        made.unlink(missing_ok=True)
        raise


def _stop(error: IlocalError, path: Path) -> NoReturn:
    """Raise the error, with the place of the text in its hint."""
    place = _("nothing was changed; your text is in {path}", path=path)
    error.hint = f"{place} ({error.hint})" if error.hint else place
    raise error


def _say_where(text: str) -> None:
    with suppress(OSError):  # the terminal may be gone
        say(f"ilocal: {text}")


def _doubt(seconds: float) -> None:
    """Say what may be wrong where a text came back unchanged before anybody could have changed it."""
    if seconds < _AT_ONCE:
        hint = _('the editor came back at once; if it has a window of its own, let it wait: VISUAL="code --wait"')
        say(_("hint: {hint}", hint=hint))


def _discard(path: Path) -> None:
    """Remove the text, with what the editor put beside it."""
    import shutil

    shutil.rmtree(path.parent, ignore_errors=True)
