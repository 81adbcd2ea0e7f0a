"""The Typer application: its commands and global options."""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from ilocal import __version__
from ilocal.cli import commands, help
from ilocal.cli.session import Color, Session
from ilocal.cli.settings.config import Config
from ilocal.i18n import messages
from ilocal.i18n.messages import _
from ilocal.terminal.status import caution, say


@cache
def modules() -> dict[str, str]:
    """The names of the modules by those of their commands. (`pkgutil` would cost 5 ms at every start.)"""
    found = (path.stem for path in Path(commands.__path__[0]).iterdir() if path.suffix == ".py")
    return {name.rstrip("_"): name for name in found if not name.startswith("_")}


_COMPLETION = ("--install-completion", "--show-completion")


class Commands(help.Group):
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
            self.commands.update({name: help.Command(name) for name in found})  # for "did you mean"
            return None
        module = import_module(f"{commands.__name__}.{found[cmd_name]}")
        app = typer.Typer(add_completion=False, rich_markup_mode=None)
        settings = getattr(module, "SETTINGS", _SETTINGS)
        app.command(cmd_name, cls=help.Command, context_settings=settings)(module.run)
        command = typer.main.get_command(app)
        command.name = cmd_name
        return help.name_parameters(command)


_SETTINGS = {"help_option_names": ["-h", "--help"]}
CONFIG_META_KEY = "ilocal.config"  # where a context has it
app = typer.Typer(cls=Commands, add_completion=False, rich_markup_mode=None, context_settings=_SETTINGS)


def _version(value: bool) -> None:
    if value:
        print(f"ilocal {__version__}")
        raise typer.Exit()


def _install_completion(shell: Optional[str]) -> None:
    if shell is not None:
        from ilocal.cli.completion.install import install

        for line in install(shell):
            say(line)
        raise typer.Exit()


def _show_completion(shell: Optional[str]) -> None:
    if shell is not None:
        from ilocal.cli.completion.install import shown

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
            "--lang", metavar="|".join(messages.LANGUAGES), help="Language of headings and messages. [ILOCAL_LANG]"
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
    if lang is None and named and messages.chosen(named) is None:
        known = ", ".join(messages.LANGUAGES)
        caution(_('ILOCAL_LANG: there is no language "{lang}" (one of {names})', lang=named, names=known))
    if today is not None:
        _today = ctx.obj.today  # a day that cannot be read is said at once
