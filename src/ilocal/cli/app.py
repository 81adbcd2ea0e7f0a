"""The Typer application: its commands and global options."""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from inspect import cleandoc
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, Optional

import typer

from ilocal import __version__
from ilocal.cli import commands, help
from ilocal.cli.session import ColorMode, Session
from ilocal.cli.settings.config import Settings
from ilocal.i18n import messages
from ilocal.i18n.messages import _
from ilocal.terminal.status import print_status, print_warning


@cache
def find_command_modules(group: str = "") -> dict[str, str]:
    """Return the names of the modules by those of their commands, or of the commands in a group, which is a folder.

    (`pkgutil` would cost 5 ms at every start.)
    """
    found = Path(commands.__path__[0], group).iterdir()
    names = (path.stem for path in found if path.suffix == ".py" or (path / "__init__.py").is_file())
    return {name.rstrip("_"): name for name in names if not name.startswith("_")}


_GLOBAL_OPTIONS = ("-r", "--registry", "--lang", "--today", "--color", "--no-pager")  # may follow the command
_COMPLETION_OPTIONS = ("--install-completion", "--show-completion")


EXAMPLES = {
    "ilocal upcoming": "running and upcoming events",
    "ilocal list 2020-02": "events in a month",
    'ilocal add "Họp giao ban" "20/03/2020 8h30"': "a new event",
    "ilocal export events.ics": "all events as a calendar",
}


class CommandGroup(help.TranslatedGroup):
    """The modules of `ilocal.cli.commands`: each is a command, named like its file, with a function `run`.

    A folder among them is a group of commands, such as `site` with `site build`; its docstring is the help. A module is
    imported when its command is used; a trailing underscore in its name avoids a Python keyword. HELP_GROUP is the part
    of the help that lists it (one of `help.COMMAND_GROUP_HEADINGS`). EXAMPLES has command lines and what they do: help
    and the manual show them, and a test runs them in order. With IS_HIDDEN, the command is for other programs and not
    listed; with CAN_ASK_SEVERAL_REGISTRIES it writes nothing, and `-r` may be repeated.
    """

    folder = ""  # of the group, below that of all commands
    help_group = ""  # the part of the help that lists the group itself
    examples = EXAMPLES

    def list_commands(self, ctx: Any) -> list[str]:
        return sorted(find_command_modules(self.folder))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse arguments, allowing global options after the command and completion options without a value.

        A group without a command prints its help.
        """
        if self.folder and not args and not ctx.resilient_parsing:
            print(ctx.get_help())
            raise typer.Exit()
        if not self.folder and any(word.startswith(_GLOBAL_OPTIONS) for word in args[1:]):
            from ilocal.cli.global_options import move_global_options_to_front

            args = move_global_options_to_front(self, args)
        alone = args[-1:] and args[-1] in _COMPLETION_OPTIONS and not find_command_modules().keys() & set(args)
        return super().parse_args(ctx, [*args, ""] if alone else args)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        found = find_command_modules(self.folder)
        if cmd_name not in found:
            self.commands.update({name: help.TranslatedCommand(name) for name in found})  # for "did you mean"
            return None
        module = import_module(".".join(filter(None, (commands.__name__, self.folder, found[cmd_name]))))
        if not hasattr(module, "run"):
            return _make_command_group(cmd_name, module)
        app = typer.Typer(add_completion=False, rich_markup_mode=None)
        settings = getattr(module, "CONTEXT_SETTINGS", _CONTEXT_SETTINGS)
        is_hidden = getattr(module, "IS_HIDDEN", False)
        app.command(cmd_name, cls=help.TranslatedCommand, context_settings=settings, hidden=is_hidden)(module.run)
        command: Any = typer.main.get_command(app)
        command.name = cmd_name
        command.help_group, command.examples = getattr(module, "HELP_GROUP", ""), getattr(module, "EXAMPLES", {})
        return help.accept_translated_choices(help.translate_metavars(command))


def _can_ask_several_registries(command: str) -> bool:
    """Return whether a command takes several registries as one; a group does not."""
    module = import_module(f"{commands.__name__}.{find_command_modules()[command]}")
    return getattr(module, "CAN_ASK_SEVERAL_REGISTRIES", False)


def _make_command_group(name: str, module: ModuleType) -> CommandGroup:
    """Return the group of the commands in a folder; without a command it prints its help."""
    group = CommandGroup(
        name=name,
        help=cleandoc(module.__doc__ or ""),
        context_settings=_CONTEXT_SETTINGS,
        rich_markup_mode=None,
    )
    group.folder, group.help_group, group.examples = name, getattr(module, "HELP_GROUP", ""), {}
    return group


_CONTEXT_SETTINGS = {"help_option_names": ["-h", "--help"]}
CONFIG_META_KEY = "ilocal.config"  # where a context has it
typer_app = typer.Typer(
    cls=CommandGroup, add_completion=False, rich_markup_mode=None, context_settings=_CONTEXT_SETTINGS
)


def _print_version(value: bool) -> None:
    if value:
        print(f"ilocal {__version__}")
        raise typer.Exit()


def _install_shell_completion(shell: Optional[str]) -> None:
    if shell is not None:
        from ilocal.cli.completion.install import install_completion_script

        for line in install_completion_script(shell):
            print_status(line)
        raise typer.Exit()


def _print_completion_script(shell: Optional[str]) -> None:
    if shell is not None:
        from ilocal.cli.completion.install import get_completion_script

        print(get_completion_script(shell), end="")
        raise typer.Exit()


@typer_app.callback(invoke_without_command=True)
def run_global_options(
    ctx: typer.Context,
    registry: Annotated[
        Optional[list[str]],
        typer.Option(
            "-r",
            "--registry",
            metavar="PATH",
            help="The registry to use. Repeat the option to query several registries together. [ILOCAL_REGISTRY]",
        ),
    ] = None,
    lang: Annotated[
        Optional[str],
        typer.Option(
            "--lang",
            metavar="|".join(messages.supported_languages()),
            help="Language of headings and messages. [ILOCAL_LANG]",
        ),
    ] = None,
    today: Annotated[
        Optional[str], typer.Option("--today", metavar="DATE", help="Act as if today were DATE. [ILOCAL_TODAY]")
    ] = None,
    color: Annotated[
        Optional[ColorMode],
        typer.Option("--color", help="When to use colours: auto (on a terminal), always or never. [default: auto]"),
    ] = None,
    no_pager: Annotated[bool, typer.Option("--no-pager", help="Show long output without a pager.")] = False,
    version: Annotated[  # noqa: ARG001
        bool,
        typer.Option("-V", "--version", callback=_print_version, is_eager=True, help="Print the version."),
    ] = False,
    install_completion: Annotated[  # noqa: ARG001
        Optional[str],
        typer.Option(
            _COMPLETION_OPTIONS[0],
            metavar="[bash|zsh|fish]",
            callback=_install_shell_completion,
            is_eager=True,
            help="Install completion for the current shell, or for the given one.",
        ),
    ] = None,
    show_completion: Annotated[  # noqa: ARG001
        Optional[str],
        typer.Option(
            _COMPLETION_OPTIONS[1],
            metavar="[bash|zsh|fish]",
            callback=_print_completion_script,
            is_eager=True,
            help="Print the completion script.",
        ),
    ] = None,
) -> None:
    """List, search, edit and publish an organisation's public events, kept in one text file.

    Run "ilocal COMMAND --help" to see the options of a command.
    """
    if ctx.invoked_subcommand is None:
        print(ctx.get_help())
        raise typer.Exit()
    config: Settings = ctx.meta[CONFIG_META_KEY]
    first, others = (registry[0], registry[1:]) if registry else (None, [])
    if others and not _can_ask_several_registries(ctx.invoked_subcommand):
        from ilocal.sync.registry_union import make_error_of_joined_registries

        raise make_error_of_joined_registries()
    ctx.obj = Session(first, lang, today, color, config=config, has_pager=not no_pager, other_registries=others)
    ctx.obj.command = ctx.invoked_subcommand
    ctx.call_on_close(ctx.obj.close)
    if config.has_config_problems and ctx.invoked_subcommand != "config":  # which reports them itself, or corrects them
        from ilocal.cli.settings.config_file import print_config_problems

        print_config_problems(config)
    named = os.environ.get("ILOCAL_LANG")
    if lang is None and named and messages.first_supported_language(named) is None:
        known = ", ".join(messages.supported_languages())
        print_warning(_('ILOCAL_LANG: unknown language "{lang}" (expected one of {names})', lang=named, names=known))
    if today is not None:
        _today = ctx.obj.today  # an unreadable day is reported at once
