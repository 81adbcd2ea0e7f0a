"""The entry point: one run of the program, its errors, signals and exit code."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper
from itertools import pairwise
from typing import Any

import typer

from ilocal import progress
from ilocal.cli import help
from ilocal.cli.app import CONFIG_META_KEY, find_command_modules, typer_app
from ilocal.cli.session import Session
from ilocal.cli.settings.config import Settings, load_user_config
from ilocal.cli.termination import TerminatedBySignal, find_termination_signal, install_termination_handlers
from ilocal.errors import DurabilityError, IlocalError, UsageError
from ilocal.i18n import messages
from ilocal.i18n.messages import _
from ilocal.model.safe_text import escape_message
from ilocal.terminal.status import redirect_to_devnull, wrap_message, write_stderr

_NO_MEMORY_LINE = b"ilocal: there is not enough memory\n"  # made before there is none


def run_command_line(arguments: Sequence[str]) -> int:
    """Run the program within a process that goes on; returns its exit code."""
    from ilocal.storage.signals import unblock_signals

    try:
        return _execute_command_line(arguments)
    finally:
        unblock_signals(discard_pending=True)  # everything is complete


def _execute_command_line(arguments: Sequence[str]) -> int:
    """Run the program and return its exit code. Every error ends here as one line on stderr, perhaps with a hint.

    After a write, signals stay blocked, so that the exit code tells what was done.
    """
    session: Session | None = None
    config = load_user_config(os.environ)
    progress.set_progress_reporter(_create_progress_line_for_command())
    messages.set_language(_choose_language_from_arguments(arguments, config))
    try:
        _require_utf8_arguments(arguments)
        group = help.translate_metavars(typer.main.get_command(typer_app))
        with group.make_context("ilocal", list(arguments)) as context:
            context.meta[CONFIG_META_KEY] = config
            try:
                group.invoke(context)
            finally:
                session = context.obj
        sys.stdout.flush()
        return 0
    except typer.Exit as end:
        return _flush_command_stdout(end.exit_code)
    except IlocalError as error:
        return _report_command_failure(session, error.message, error.hint, error.exit_code, error.choices)
    except typer.TyperException as error:
        return _report_usage_error(error, arguments)
    except (KeyboardInterrupt, EOFError, typer.Abort):
        return 130
    except (TerminatedBySignal, RuntimeError) as error:
        if (number := find_termination_signal(error)) is None:
            raise
        return 128 + number
    except BrokenPipeError:
        redirect_to_devnull(sys.stdout)
        return 0
    except (MemoryError, ImportError, SystemError, OSError) as error:
        return _report_system_failure(session, error)


def _report_system_failure(session: Session | None, error: MemoryError | ImportError | SystemError | OSError) -> int:
    """Report a failure of the system: memory, a library, or a file other than the registry."""
    if isinstance(error, MemoryError):
        return _report_command_failure(session, _("there is not enough memory"), "", UsageError.exit_code)
    if isinstance(error, (ImportError, SystemError)):  # a library cannot be loaded for lack of memory, or is damaged
        text = _("a part of the program cannot be loaded: {reason}", reason=error)
        return _report_command_failure(session, text, _("there may not be enough memory"), UsageError.exit_code)
    from ilocal.i18n.third_party import translate_os_error

    # A call that names no file is about the folder one is in, where something is missing.
    nameless = _("the current folder") if error.errno == errno.ENOENT else _("output")
    return _report_command_failure(
        session, f"{error.filename or nameless}: {translate_os_error(error)}", "", UsageError.exit_code
    )


def complete_command_line(shell: str, arguments: Sequence[str]) -> str:
    """Return the answer to a shell's completion script."""
    from ilocal.cli import completion

    config = load_user_config(os.environ)
    return completion.answer_completion_request(
        shell,
        arguments,
        typer.main.get_command(typer_app),
        lambda registry, lang: Session(registry, lang, None, "never", config=config),
        lambda words: messages.set_language(_choose_language_from_arguments(words, config)),
    )


def print_shell_completions(shell: str, arguments: Sequence[str]) -> None:
    """Print the completions. Errors are silent, as messages would appear in the line being typed."""
    with suppress(Exception, TerminatedBySignal, KeyboardInterrupt):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
        sys.stdout.write(complete_command_line(shell, arguments))
        sys.stdout.flush()


def _choose_language_from_arguments(arguments: Sequence[str], config: Settings) -> str:
    """Return the language of help and errors: as in a session, but without the registry, which is not read yet."""
    said = [text.partition("=")[2] for text in arguments if text.startswith("--lang=")]
    said += [value for name, value in pairwise(arguments) if name == "--lang"]
    names = (
        *said[:1],
        os.environ.get("ILOCAL_LANG"),
        config.get_setting("language"),
        messages.locale_language(os.environ),
    )
    return messages.first_supported_language(*names) or messages.SOURCE_LANGUAGE


def _report_command_failure(
    session: Session | None, message: str, hint: str, code: int, choices: Sequence[str] = ()
) -> int:
    """Report an error; after a successful write, it must not look as if nothing was changed."""
    if session is None or not session.has_command_saved_changes or code == DurabilityError.exit_code:
        return _print_command_error(message, hint, code, choices)
    return _print_command_error(
        _("{message}; all changes were saved", message=message), hint, DurabilityError.exit_code
    )


def _report_usage_error(error: typer.TyperException, arguments: Sequence[str]) -> int:
    """Report a usage error, with the command that may be intended or the help to read."""
    from ilocal.cli.usage_errors import suggest_known_command, suggest_known_option, translate_usage_error

    at, text = getattr(error, "ctx", None), error.format_message()
    is_program = at is not None and at.parent is None
    message, hint = suggest_known_command(text, arguments) if is_program else suggest_known_option(text, at)
    return _print_command_error(
        message or translate_usage_error(text), hint or _suggest_help_command(error, at, arguments), 2
    )


def _suggest_help_command(error: typer.TyperException, at: Any, arguments: Sequence[str]) -> str:
    """Return the help command for a usage error; for a value with a leading minus, how to write it."""
    if at is None:  # as Typer has it where the value of an option is missing
        return " ".join(["ilocal", *[word for word in arguments if word in find_command_modules()][:1], "--help"])
    if at.parent is None:
        return "ilocal --help"
    option = getattr(error, "option_name", None)
    if option is not None and option[1:2].isdigit():
        way = f"{at.command_path} … -- {option}…"
        return _("put -- before an argument that starts with a hyphen: {way}", way=way)
    return f"{at.command_path} --help"


def _create_progress_line_for_command() -> progress.ProgressReporter | None:
    """Return the line that shows progress; None if stderr is not a terminal."""
    if not sys.stderr.isatty():
        return None
    from ilocal.terminal.progress_line import ProgressLine

    return ProgressLine()


def _require_utf8_arguments(arguments: Sequence[str]) -> None:
    """Raise UsageError if an argument is not UTF-8 text."""
    broken = next((text for text in arguments if not _is_utf8_argument(text)), None)
    if broken is not None:
        raise UsageError(_("an argument is not UTF-8 text: {text}", text=broken))


def _is_utf8_argument(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _flush_command_stdout(code: int) -> int:
    try:
        sys.stdout.flush()
    except OSError:
        redirect_to_devnull(sys.stdout)
    return code


def _print_command_error(message_text: str, hint: str, code: int, choices: Sequence[str] = ()) -> int:
    try:
        _flush_command_stdout(code)
        write_stderr(wrap_message("ilocal: " + escape_message(message_text)) + "\n")
        if hint:
            write_stderr(wrap_message(_("hint: {hint}", hint=escape_message(hint))) + "\n")
            for choice in choices:
                write_stderr(wrap_message(escape_message(choice), "  ") + "\n")
    except MemoryError:  # not even for the message
        os.write(2, _NO_MEMORY_LINE)
    return code


def _reopen_closed_streams() -> None:
    """Reopen closed standard streams on /dev/null so that no data file receives descriptor 0, 1 or 2."""
    for descriptor, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free, which is this one
            setattr(sys, name, open(descriptor, mode, closefd=False))  # noqa: SIM115


def exit_program_without_file_locks() -> None:
    """End with one line on a system without `fcntl`, such as Windows, where the registry cannot be locked."""
    try:
        import fcntl  # noqa: F401
    except ImportError:
        message = _("ilocal needs Linux or macOS: this system has no file locks (fcntl)")
        hint = _("on Windows, use ilocal in WSL; to install WSL, run: wsl --install")
        sys.exit(f"ilocal: {message}\n" + _("hint: {hint}", hint=hint))


def main() -> None:
    """Run the script `ilocal`."""
    exit_program_without_file_locks()
    try:
        install_termination_handlers()
        code = _prepare_streams_and_run()
    except (TerminatedBySignal, KeyboardInterrupt, RuntimeError) as error:
        if (number := find_termination_signal(error)) is None:
            raise
        code = 128 + number
    except MemoryError:
        os.write(2, _NO_MEMORY_LINE)
        code = UsageError.exit_code
    sys.exit(code)


def _prepare_streams_and_run() -> int:
    _reopen_closed_streams()
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # UTF-8 in any locale
            stream.reconfigure(encoding="utf-8", errors="strict" if stream is sys.stdin else "backslashreplace")
    if shell := os.environ.get("_ILOCAL_COMPLETE"):
        print_shell_completions(shell, sys.argv[1:])
        return 0
    return _execute_command_line(sys.argv[1:])
