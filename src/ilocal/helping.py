"""Help and wrong words on the command line, in the language of the run: what Typer would say in English alone."""

from __future__ import annotations

import re
from typing import Any

from typer.core import TyperCommand, TyperGroup

from ilocal.language import N_, _

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


# --------------------------------------------------------------------------------------------------------- wrong words

_NO_OPTION = N_("No such option: {option}")
_NEAR_OPTIONS = N_("No such option: {option} (Possible options: {names})")

# What Typer says of wrong words, as a pattern, and how that is said here. Whatever another release says otherwise stays
# as it is, until it is put here.
_SAID = (
    (r"Invalid value for (?P<name>.*?): (?P<reason>.*)", N_("Invalid value for {name}: {reason}")),
    (r"No such option: (?P<option>\S+)", _NO_OPTION),
    (
        r"No such option: (?P<option>\S+) \(Possible options: (?P<names>.*)\)",
        _NEAR_OPTIONS,
    ),
    (r"Option '(?P<option>.*)' requires an argument", N_("Option '{option}' requires an argument")),
    (r"Option '(?P<option>.*)' does not take a value", N_("Option '{option}' does not take a value")),
    (r"No such command '(?P<command>.*)'", N_("No such command '{command}'")),
    (
        r"No such command '(?P<command>.*)'\. Did you mean (?P<names>.*)\?",
        N_("No such command '{command}'. Did you mean {names}?"),
    ),
    (r"Missing command", N_("Missing command")),
    (r"Missing argument '(?P<name>.*)'", N_("Missing argument '{name}'")),
    (r"Missing option '(?P<name>.*)'", N_("Missing option '{name}'")),
    (r"Got unexpected extra argument\(s\) \((?P<words>.*)\)", N_("Got unexpected extra argument(s) ({words})")),
    (r"(?P<value>.*) is not a valid int( range)?", N_("{value} is not a whole number")),
    (r"(?P<value>.*) is not in the range x>=(?P<least>.*)", N_("{value} is less than {least}")),
    (r"(?P<value>.*) is not one of (?P<names>.*)", N_("{value} is not one of {names}")),
)


def _is_near(typed: str, name: str) -> bool:
    """Whether an option may be meant by what is none: Typer takes `--columns` to be like `--bogus`."""
    from difflib import SequenceMatcher  # takes as long to import as the rest of this module

    return name.startswith(typed) or SequenceMatcher(None, typed.lstrip("-"), name.lstrip("-")).ratio() >= 0.6


def usage_error(text: str) -> str:
    """What Typer says of wrong words, in the language of the run."""
    text = text.rstrip(".")
    for pattern, message in _SAID:
        if found := re.fullmatch(pattern, text, re.DOTALL):
            values = found.groupdict()
            if message == _NEAR_OPTIONS:
                near = [name for name in values["names"].split(", ") if _is_near(values["option"], name)]
                if not near:
                    return _(_NO_OPTION, option=values["option"])
                values["names"] = ", ".join(near)
            if "reason" in values:
                values["reason"] = usage_error(values["reason"])
            return _(message, **values)
    return text
