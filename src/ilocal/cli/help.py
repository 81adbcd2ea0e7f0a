"""Help of commands in the user's language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from typer.core import TyperCommand, TyperGroup

from ilocal.i18n.messages import N_, _

# ---------------------------------------------------------------------------------------------------------------- help

# Texts that Typer adds to every help.
_TYPER_HELP_TEXTS = (N_("[OPTIONS]"), N_("COMMAND [ARGS]..."), N_("Show this message and exit."))
_SECTION_HEADINGS = {"argument": N_("Arguments"), "option": N_("Options")}
COMMAND_GROUP_HEADINGS = {
    "look": N_("Look"), "change": N_("Change"), "exchange": N_("Exchange"), "publish": N_("Publish"),
    "setup": N_("Set up"), "": N_("Commands"),
}  # fmt: skip
_REMARK_PATTERNS = (
    (re.compile("required"), N_("required")),
    (re.compile("default: (?P<value>.*)"), N_("default: {value}")),
    (re.compile("x>=(?P<least>.*)"), N_("from {least}")),
    (re.compile("(?P<least>.*)<=x<=(?P<most>.*)"), N_("from {least} to {most}")),
)


class TranslatedCommand(TyperCommand):
    """A command with translated help that ends with examples."""

    help_group = ""  # one of COMMAND_GROUP_HEADINGS
    examples: Mapping[str, str] = {}  # what each command line does

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        _write_command_usage(self, ctx, formatter)

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        _write_command_help(self, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        _write_parameter_help(self, ctx, formatter)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        _write_command_examples(self.examples, formatter)


class TranslatedGroup(TyperGroup):
    """The program, or a group of commands, with translated help."""

    examples: Mapping[str, str] = {}

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        _write_command_usage(self, ctx, formatter)

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        _write_command_help(self, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        _write_parameter_help(self, ctx, formatter)
        commands: list[tuple[str, Any]] = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        shown = [(name, command) for name, command in commands if not command.hidden]
        width = max(len(name) for name, _command in shown)
        for group, heading in COMMAND_GROUP_HEADINGS.items():
            found = [(name, command) for name, command in shown if command.help_group == group]
            said = [
                (f"{name:<{width}}", _extract_first_sentence(_translate_help(command.help))) for name, command in found
            ]
            _write_command_help_rows(heading, said, formatter)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        _write_command_examples(self.examples, formatter)


def translate_command_usage(command: Any, ctx: Any) -> str:
    """Return the usage of a command, without its name."""
    return " ".join(map(_, command.collect_usage_pieces(ctx)))


def collect_parameter_help(command: Any, ctx: Any) -> dict[str, list[tuple[str, str]]]:
    """Return each argument and option: its notation and its help."""
    found: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
    for parameter in command.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if record is not None:
            found[parameter.param_type_name].append(
                (record[0], _describe_parameter(getattr(parameter, "help", ""), record[1]))
            )
    return found


def _write_command_usage(command: TranslatedCommand | TranslatedGroup, ctx: Any, formatter: Any) -> None:
    formatter.write_usage(ctx.command_path, translate_command_usage(command, ctx), _("Usage: "))


def _write_command_help(command: TranslatedCommand | TranslatedGroup, formatter: Any) -> None:
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(_translate_help(command.help))


def _write_parameter_help(command: TranslatedCommand | TranslatedGroup, ctx: Any, formatter: Any) -> None:
    for kind, found in collect_parameter_help(command, ctx).items():
        _write_command_help_rows(_SECTION_HEADINGS[kind], found, formatter)


def _write_command_help_rows(heading: str, found: list[tuple[str, str]], formatter: Any) -> None:
    if found:
        with formatter.section(_(heading)):
            formatter.write_dl(found)


def _write_command_examples(examples: Mapping[str, str], formatter: Any) -> None:
    """Write command lines, each below what it does; they are not wrapped, as they are to be copied."""
    if examples:
        with formatter.section(_("Examples")):
            for line, said in examples.items():
                formatter.write_text("# " + _(said))
                formatter.write(f"{'':{formatter.current_indent}}{line}\n")


def _describe_parameter(help: str | None, typer_help: str) -> str:
    """Return the help of a parameter, followed by Typer's remarks in brackets."""
    remarks = typer_help.removeprefix(help or "").strip(" []")
    said = "; ".join(map(_translate_parameter_remark, remarks.split("; "))) if remarks else ""
    return "  ".join(filter(None, (_translate_help(help), f"[{said}]" if said else "")))


def _translate_help(text: str | None) -> str:
    return _(text) if text else ""


def _translate_parameter_remark(text: str) -> str:
    for pattern, message in _REMARK_PATTERNS:
        if found := pattern.fullmatch(text):
            return _(message, **found.groupdict())
    return text


def _extract_first_sentence(text: str) -> str:
    """Return the first sentence of a help text, for the list of commands."""
    paragraph = " ".join(text.split("\n\n", maxsplit=1)[0].split())
    sentence, end, _rest = paragraph.partition(". ")
    return sentence + end.rstrip()


def translate_metavars(command: Any) -> Any:
    """Translate the metavars of a command's parameters to the current language: DATE, NGÀY."""
    for parameter in command.params:
        if parameter.metavar:
            parameter.metavar = str(_(parameter.metavar))
    return command


# ------------------------------------------------------------------------------------------------------------- choices


def accept_translated_choices(command: Any) -> Any:
    """Let the options of a command take their choices by names in any language as well."""
    for parameter in command.params:
        if getattr(parameter.type, "choices", None):
            parameter.type.convert = partial(_convert_choice, parameter.type.convert, parameter.type.choices)
    return command


def _convert_choice(convert: Any, choices: Sequence[str], value: Any, parameter: Any, context: Any) -> Any:
    """Return what Typer makes of a value, or of the choice that it names."""
    if value not in choices:
        from ilocal.cli.choices import resolve_choice  # needed for other words alone

        value = resolve_choice(value, choices)
    return convert(value, parameter, context)
