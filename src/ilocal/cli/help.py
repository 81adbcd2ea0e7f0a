"""Help of commands in the user's language."""

from __future__ import annotations

import re
from typing import Any

from typer.core import TyperCommand, TyperGroup

from ilocal.i18n.messages import N_, _

# ---------------------------------------------------------------------------------------------------------------- help

# What Typer puts into every help by itself.
_OWN = (N_("[OPTIONS]"), N_("COMMAND [ARGS]..."), N_("Show this message and exit."))
_HEADINGS = {"argument": N_("Arguments"), "option": N_("Options"), "command": N_("Commands")}
_REMARKS = (
    (re.compile("required"), N_("required")),
    (re.compile("default: (?P<value>.*)"), N_("default: {value}")),
    (re.compile("x>=(?P<least>.*)"), N_("from {least}")),
    (re.compile("(?P<least>.*)<=x<=(?P<most>.*)"), N_("from {least} to {most}")),
)


class Command(TyperCommand):
    """A command whose help is translated."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        _format_usage(self, ctx, formatter)

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        _format_text(self, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        _format_parameters(self, ctx, formatter)


class Group(TyperGroup):
    """The program, whose help is translated."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        _format_usage(self, ctx, formatter)

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        _format_text(self, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        _format_parameters(self, ctx, formatter)
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        said = [(name, _first_sentence(_told(command.help))) for name, command in found if command]
        _format_rows("command", said, formatter)


def usage(command: Any, ctx: Any) -> str:
    """What follows the name of a command when it is called."""
    return " ".join(map(_, command.collect_usage_pieces(ctx)))


def rows(command: Any, ctx: Any) -> dict[str, list[tuple[str, str]]]:
    """Each argument and each option: how it is written, and what it does."""
    found: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
    for parameter in command.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if record is not None:
            found[parameter.param_type_name].append((record[0], _about(getattr(parameter, "help", ""), record[1])))
    return found


def _format_usage(command: Command | Group, ctx: Any, formatter: Any) -> None:
    formatter.write_usage(ctx.command_path, usage(command, ctx), _("Usage: "))


def _format_text(command: Command | Group, formatter: Any) -> None:
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(_told(command.help))


def _format_parameters(command: Command | Group, ctx: Any, formatter: Any) -> None:
    for kind, found in rows(command, ctx).items():
        _format_rows(kind, found, formatter)


def _format_rows(kind: str, found: list[tuple[str, str]], formatter: Any) -> None:
    if found:
        with formatter.section(_(_HEADINGS[kind])):
            formatter.write_dl(found)


def _about(help: str | None, shown: str) -> str:
    """What is said of a parameter: its help, and Typer's remarks in brackets behind it."""
    remarks = shown.removeprefix(help or "").strip(" []")
    said = "; ".join(map(_remark, remarks.split("; "))) if remarks else ""
    return "  ".join(filter(None, (_told(help), f"[{said}]" if said else "")))


def _told(text: str | None) -> str:
    return _(text) if text else ""


def _remark(text: str) -> str:
    for pattern, message in _REMARKS:
        if found := pattern.fullmatch(text):
            return _(message, **found.groupdict())
    return text


def _first_sentence(text: str) -> str:
    """The first sentence of a help, which the list of commands shows."""
    paragraph = " ".join(text.split("\n\n", maxsplit=1)[0].split())
    sentence, end, _rest = paragraph.partition(". ")
    return sentence + end.rstrip()


def name_parameters(command: Any) -> Any:
    """Let what stands for the value of a parameter be a word of the language of the run: DATE, NGÀY."""
    for parameter in command.params:
        if parameter.metavar:
            parameter.metavar = str(_(parameter.metavar))
    return command
