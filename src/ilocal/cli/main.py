"""The entry point: one run of the program, its errors, signals and exit code."""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper
from itertools import pairwise
from typing import Any

import typer

from ilocal import progress
from ilocal.cli import help, usage_errors
from ilocal.cli.app import CONFIG_META_KEY, app, modules
from ilocal.cli.session import Session
from ilocal.cli.settings.config import Config, load
from ilocal.errors import IlocalError, NotDurableError, UsageError
from ilocal.i18n import messages
from ilocal.i18n.messages import _
from ilocal.i18n.third_party import reason
from ilocal.model.safe_text import message
from ilocal.storage.signals import release_signals
from ilocal.terminal.status import tell, turn_away


class Ended(BaseException):
    """A signal that asks the program to end, as an exception: what it has begun is cleared up."""


def run(arguments: Sequence[str]) -> int:
    """Run the program within a process that goes on; returns its exit code."""
    try:
        return _run(arguments)
    finally:
        release_signals(forget=True)  # all was done that there was to do


def _run(arguments: Sequence[str]) -> int:
    """Run the program; returns its exit code. Every error ends here as one line on stderr, perhaps with a hint.

    Where something was written, no signal comes in any more: the exit code says what was done.
    """
    session: Session | None = None
    config = load(os.environ)
    progress.allow()
    messages.speak(_language(arguments, config))
    try:
        broken = next((text for text in arguments if not _encodes(text)), None)
        if broken is not None:
            raise UsageError(_("an argument is not UTF-8 text: {text}", text=broken))
        group = help.name_parameters(typer.main.get_command(app))
        with group.make_context("ilocal", list(arguments)) as context:
            context.meta[CONFIG_META_KEY] = config
            try:
                group.invoke(context)
            finally:
                session = context.obj
        sys.stdout.flush()
        return 0
    except typer.Exit as end:
        return _flushed(end.exit_code)
    except IlocalError as error:
        return _failed(session, error.message, error.hint, error.exit_code, error.choices)
    except typer.TyperException as error:
        at = getattr(error, "ctx", None)
        return _report(usage_errors.usage_error(error.format_message()), _way_out(error, at, arguments), 2)
    except (KeyboardInterrupt, EOFError, typer.Abort):
        return 130
    except Ended as end:
        return 128 + int(end.args[0])
    except BrokenPipeError:
        turn_away(sys.stdout)
        return 0
    except OSError as error:
        # A call that names no file is about the folder one is in, where something is missing.
        nameless = _("the folder you are in") if error.errno == errno.ENOENT else _("output")
        return _failed(session, f"{error.filename or nameless}: {reason(error)}", "", UsageError.exit_code)


def completed(shell: str, arguments: Sequence[str]) -> str:
    """The answer to the script of a shell that completes a word."""
    from ilocal.cli import completion

    config = load(os.environ)
    return completion.answer(
        shell,
        arguments,
        typer.main.get_command(app),
        lambda registry, lang: Session(registry, lang, None, "never", config=config),
        lambda words: messages.speak(_language(words, config)),
    )


def complete(shell: str, arguments: Sequence[str]) -> None:
    """Print that answer. Whatever goes wrong, nothing is said: it would stand in the middle of somebody's line."""
    with suppress(Exception, Ended, KeyboardInterrupt):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
        sys.stdout.write(completed(shell, arguments))
        sys.stdout.flush()


def _language(arguments: Sequence[str], config: Config) -> str:
    """The language of help and errors: as a session finds it, but for the registry's; known before that is read."""
    said = [text.partition("=")[2] for text in arguments if text.startswith("--lang=")]
    said += [value for name, value in pairwise(arguments) if name == "--lang"]
    names = (*said[:1], os.environ.get("ILOCAL_LANG"), config.get("language"), messages.of_locale(os.environ))
    return messages.chosen(*names) or messages.SOURCE


def _failed(session: Session | None, message: str, hint: str, code: int, choices: Sequence[str] = ()) -> int:
    """Report an error; one that came after the registry was saved must not be taken for one that changed nothing."""
    if session is None or not session.has_saved or code == NotDurableError.exit_code:
        return _report(message, hint, code, choices)
    return _report(_("{message}; what was to be saved is saved", message=message), hint, NotDurableError.exit_code)


def _way_out(error: typer.TyperException, at: Any, arguments: Sequence[str]) -> str:
    """The help of the command that was wrong; where an option stands in the wrong place, the right one."""
    if at is None:  # as Typer has it where the value of an option is missing
        return " ".join(["ilocal", *[word for word in arguments if word in modules()][:1], "--help"])
    if at.parent is None:
        return "ilocal --help"
    option = getattr(error, "option_name", None)
    if option in {name for parameter in at.parent.command.params for name in parameter.opts}:
        return _("{option} goes before the command: ilocal {option} … {command}", option=option, command=at.info_name)
    if option is not None and option[1:2].isdigit():
        way = f"{at.command_path} … -- {option}…"
        return _("put -- before what begins with a minus and is no option: {way}", way=way)
    return f"{at.command_path} --help"


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _flushed(code: int) -> int:
    try:
        sys.stdout.flush()
    except OSError:
        turn_away(sys.stdout)
    return code


def _report(said: str, hint: str, code: int, choices: Sequence[str] = ()) -> int:
    _flushed(code)
    tell("ilocal: " + message(said) + "\n")
    if hint:
        tell("\n  ".join([_("hint: {hint}", hint=message(hint)), *map(message, choices)]) + "\n")
    return code


def _open_closed_streams() -> None:
    """Give a stream that was closed by the shell (`>&-`) to nobody, or the registry would be opened in its place."""
    for descriptor, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free, which is this one
            setattr(sys, name, open(descriptor, mode, closefd=False))  # noqa: SIM115


def _end(number: int, _frame: object) -> None:
    raise Ended(number)


def main() -> None:
    """The script `ilocal`."""
    try:
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:  # nohup has it ignored
                signal.signal(number, _end)
        code = _main()
    except Ended as end:
        code = 128 + int(end.args[0])
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def _main() -> int:
    _open_closed_streams()
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # UTF-8 whatever the locale
            stream.reconfigure(encoding="utf-8", errors="strict" if stream is sys.stdin else "backslashreplace")
    if shell := os.environ.get("_ILOCAL_COMPLETE"):
        complete(shell, sys.argv[1:])
        return 0
    return _run(sys.argv[1:])
