"""The program: finds the commands, and is the one place where an error becomes a message and an exit code."""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from io import TextIOWrapper
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from ilocal import __version__, commands, helping, language, progress
from ilocal.config import Config, load
from ilocal.errors import IlocalError, NotDurableError, UsageError, reason
from ilocal.language import _
from ilocal.session import Color, Session, caution, say, tell, turn_away
from ilocal.swap import release_signals
from ilocal.text import message


@cache
def modules() -> dict[str, str]:
    """The names of the modules by those of their commands. (`pkgutil` would cost 5 ms at every start.)"""
    found = (path.stem for path in Path(commands.__path__[0]).iterdir() if path.suffix == ".py")
    return {name.rstrip("_"): name for name in found if not name.startswith("_")}


_COMPLETION = ("--install-completion", "--show-completion")


class Commands(helping.Group):
    """The modules of `ilocal.commands`: each is one command, called like its file, run by its function `run`.

    A module is imported when its command is asked for; an underscore after its name only keeps Python's words apart.
    """

    def list_commands(self, ctx: Any) -> list[str]:
        return sorted(modules())

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The options of completion may end a line without the value that Typer would want."""
        alone = args[-1:] and args[-1] in _COMPLETION and not modules().keys() & set(args)
        return super().parse_args(ctx, [*args, ""] if alone else args)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        found = modules()
        if cmd_name not in found:
            self.commands.update({name: helping.Command(name) for name in found})  # for "did you mean"
            return None
        module = import_module(f"{commands.__name__}.{found[cmd_name]}")
        app = typer.Typer(add_completion=False, rich_markup_mode=None)
        settings = getattr(module, "SETTINGS", _SETTINGS)
        app.command(cmd_name, cls=helping.Command, context_settings=settings)(module.run)
        command = typer.main.get_command(app)
        command.name = cmd_name
        return helping.name_parameters(command)


_SETTINGS = {"help_option_names": ["-h", "--help"]}
CONFIG_META_KEY = "ilocal.config"  # where a context has it
app = typer.Typer(cls=Commands, add_completion=False, rich_markup_mode=None, context_settings=_SETTINGS)


def _version(value: bool) -> None:
    if value:
        print(f"ilocal {__version__}")
        raise typer.Exit()


def _install_completion(shell: Optional[str]) -> None:
    if shell is not None:
        from ilocal.completion.install import install

        for line in install(shell):
            say(line)
        raise typer.Exit()


def _show_completion(shell: Optional[str]) -> None:
    if shell is not None:
        from ilocal.completion.install import shown

        print(shown(shell), end="")
        raise typer.Exit()


@app.callback(invoke_without_command=True)
def ilocal(
    ctx: typer.Context,
    registry: Annotated[
        Optional[str], typer.Option("-r", "--registry", metavar="PATH", help="The registry to use. [ILOCAL_REGISTRY]")
    ] = None,
    lang: Annotated[
        Optional[str],
        typer.Option(
            "--lang", metavar="|".join(language.LANGUAGES), help="Language of headings and messages. [ILOCAL_LANG]"
        ),
    ] = None,
    today: Annotated[
        Optional[str], typer.Option("--today", metavar="DATE", help="The day to take for today. [ILOCAL_TODAY]")
    ] = None,
    color: Annotated[
        Optional[Color], typer.Option("--color", help="Colours: when on a terminal, always, or never. [default: auto]")
    ] = None,
    no_pager: Annotated[bool, typer.Option("--no-pager", help="Show long answers without a pager.")] = False,
    version: Annotated[  # noqa: ARG001
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
    install_completion: Annotated[  # noqa: ARG001
        Optional[str],
        typer.Option(
            _COMPLETION[0],
            metavar="[bash|zsh|fish]",
            callback=_install_completion,
            is_eager=True,
            help="Have words completed in this shell, or the one named.",
        ),
    ] = None,
    show_completion: Annotated[  # noqa: ARG001
        Optional[str],
        typer.Option(
            _COMPLETION[1],
            metavar="[bash|zsh|fish]",
            callback=_show_completion,
            is_eager=True,
            help="Print the script that does so.",
        ),
    ] = None,
) -> None:
    """An organisation's public events in one text file: read it, edit it, keep it in git, and ask it here.

    Ask "ilocal COMMAND --help" for the options of a command.
    """
    if ctx.invoked_subcommand is None:
        print(ctx.get_help())
        raise typer.Exit()
    config: Config = ctx.meta[CONFIG_META_KEY]
    ctx.obj = Session(registry, lang, today, color, config=config, has_pager=not no_pager)
    ctx.call_on_close(ctx.obj.close)
    if ctx.invoked_subcommand != "config":  # which names them itself, or mends them
        for problem in config.problems():
            caution(problem.at(str(config.path)))
    named = os.environ.get("ILOCAL_LANG")
    if lang is None and named and language.chosen(named) is None:
        known = ", ".join(language.LANGUAGES)
        caution(_('ILOCAL_LANG: there is no language "{lang}" (one of {names})', lang=named, names=known))
    if today is not None:
        _today = ctx.obj.today  # a day that cannot be read is said at once


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
    language.speak(_language(arguments, config))
    try:
        broken = next((text for text in arguments if not _encodes(text)), None)
        if broken is not None:
            raise UsageError(_("an argument is not UTF-8 text: {text}", text=broken))
        group = helping.name_parameters(typer.main.get_command(app))
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
        return _report(helping.usage_error(error.format_message()), _way_out(error, at, arguments), 2)
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
    from ilocal import completion

    config = load(os.environ)
    return completion.answer(
        shell,
        arguments,
        typer.main.get_command(app),
        lambda registry, lang: Session(registry, lang, None, "never", config=config),
        lambda words: language.speak(_language(words, config)),
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
    names = (*said[:1], os.environ.get("ILOCAL_LANG"), config.get("language"), language.of_locale(os.environ))
    return language.chosen(*names) or language.SOURCE


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
