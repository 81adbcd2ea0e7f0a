"""Usage errors of the command line in the user's language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ilocal.cli.app import find_command_modules
from ilocal.i18n.messages import N_, _, current_language
from ilocal.model.text_folding import fold_text

# --------------------------------------------------------------------------------------------------------- wrong words

_NO_OPTION_MESSAGE = N_("No such option: {option}")
_NO_COMMAND_MESSAGE = N_("No such command '{command}'")
_WRONG_CHOICE_MESSAGE = N_("{value} is not one of {names}")
_MIN_OPTION_SIMILARITY = 0.7  # minimum difflib ratio between an unknown option and one that is named
_SIMILAR_OPTIONS_MESSAGE = N_("No such option: {option} (Possible options: {names})")

# Typer's messages about usage errors, as patterns, with our messages. Messages of newer releases stay
# unchanged until they are added here.
_USAGE_ERROR_PATTERNS = (
    (r"Invalid value for (?P<name>.*?): (?P<reason>.*)", N_("Invalid value for {name}: {reason}")),
    (r"No such option: (?P<option>\S+)", _NO_OPTION_MESSAGE),
    (
        r"No such option: (?P<option>\S+) \(Possible options: (?P<names>.*)\)",
        _SIMILAR_OPTIONS_MESSAGE,
    ),
    (r"Option '(?P<option>.*)' requires an argument", N_("Option '{option}' requires an argument")),
    (r"Option '(?P<option>.*)' does not take a value", N_("Option '{option}' does not take a value")),
    (r"No such command '(?P<command>.*)'", _NO_COMMAND_MESSAGE),
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
    (
        r"(?P<value>.*) is not in the range (?P<least>[0-9]+)<=x<=(?P<most>[0-9]+)",
        N_("{value} is not between {least} and {most}"),
    ),
    (r"(?P<value>.*) is not one of (?P<names>.*)", _WRONG_CHOICE_MESSAGE),
)


_DATE_USAGES = {"calendar": N_("ilocal calendar MONTH")}  # commands that take a date as an argument alone
# Everyday words for commands, in English and Vietnamese, folded, with the words to type.
_COMMAND_SYNONYMS = {
    "list": ("ls", "dir", "all", "events", "liet ke", "danh sach", "ds"),
    "upcoming": ("next", "agenda", "soon", "today", "tomorrow", "week", "sap toi", "hom nay", "tuan", "sap dien ra"),
    "search": ("find", "grep", "query", "look", "tim", "tim kiem"),
    "show": ("view", "cat", "info", "get", "detail", "details", "xem"),
    "add": ("new", "create", "insert", "them", "tao"),
    "edit": ("change", "modify", "update", "set", "rename", "mv", "sua"),
    "remove": ("rm", "delete", "del", "drop", "xoa"),
    "copy": ("cp", "duplicate", "clone", "sao chep", "chep"),
    "undo": ("revert", "rollback", "hoan tac"),
    "calendar": ("cal", "month", "lich", "thang"),
    "stats": ("count", "statistics", "report", "thong ke"),
    "import": ("load", "read", "nhap"),
    "export": ("save", "write", "xuat"),
    "check": ("validate", "lint", "verify", "doctor", "kiem tra"),
    "fmt": ("format", "tidy"),
    "config": ("settings", "preferences", "options", "cau hinh"),
    "open": ("browse", "url", "link", "mo"),
    "dates": ("date", "when", "ngay"),
    "--help": ("help", "man", "giup", "tro giup"),
    "--version": ("version",),
}
_COMMAND_BY_SYNONYM = {word: command for command, words in _COMMAND_SYNONYMS.items() for word in words}


def suggest_known_command(text: str, arguments: Sequence[str]) -> tuple[str, str]:
    """Return the message about an everyday word that is no command, and what to type; two empty texts otherwise.

    `text` is Typer's message, `arguments` are those of the program.
    """
    found = re.match(r"No such command '(?P<word>.*?)'", text)
    command = _COMMAND_BY_SYNONYM.get(fold_text(found["word"])) if found else None
    if found is None or command is None:
        return "", ""
    typed = arguments[list(arguments).index(found["word"]) + 1 :][:1] if command == "--help" else []
    known = [word for word in typed if word in find_command_modules()]
    return _(_NO_COMMAND_MESSAGE, command=found["word"]), " ".join(["ilocal", *known, command])


def suggest_known_option(text: str, context: Any) -> tuple[str, str]:
    """Return the message about an option as other programs call it, and what to type; two empty texts otherwise.

    `text` is Typer's message, `context` that of the command.
    """
    found = re.match(r"No such option: (?P<option>--[^ =]+)", text)
    if found is None or context is None:
        return "", ""
    from ilocal.cli.option_synonyms import find_meant_option

    command = context.command
    parameters = [*command.params, *context.find_root().command.params]
    meant = find_meant_option(found["option"], parameters, takes_date=command.name in _DATE_USAGES)
    if not meant:
        return "", ""
    hint = _("did you mean {name}?", name=meant)
    if meant == "WHEN":
        hint = _("write the date without an option: {usage}", usage=_(_DATE_USAGES[command.name]))
    return _(_NO_OPTION_MESSAGE, option=found["option"]), hint


def _translate_choice_names(names: str) -> str:
    """Return a list of quoted choices with their names in the current language."""
    from ilocal.cli.choices import name_choice

    return ", ".join(f"'{name_choice(name.strip(chr(39)), current_language())}'" for name in names.split(", "))


def _is_similar_option(typed: str, name: str) -> bool:
    """Return whether an option may be meant by an unknown one: Typer considers `--columns` similar to `--bogus`."""
    from difflib import SequenceMatcher  # takes as long to import as the rest of this module

    return (
        name.startswith(typed)
        or SequenceMatcher(None, typed.lstrip("-"), name.lstrip("-")).ratio() >= _MIN_OPTION_SIMILARITY
    )


def translate_usage_error(text: str) -> str:
    """Return Typer's message about a usage error in the current language."""
    text = text.rstrip(".")
    for pattern, message in _USAGE_ERROR_PATTERNS:
        if found := re.fullmatch(pattern, text, re.DOTALL):
            values = found.groupdict()
            if message == _SIMILAR_OPTIONS_MESSAGE:
                near = [name for name in values["names"].split(", ") if _is_similar_option(values["option"], name)]
                if not near:
                    return _(_NO_OPTION_MESSAGE, option=values["option"])
                values["names"] = ", ".join(near)
            if message == _WRONG_CHOICE_MESSAGE:
                values["names"] = _translate_choice_names(values["names"])
            if "reason" in values:
                values["reason"] = translate_usage_error(values["reason"])
            return _(message, **values)
    return text
