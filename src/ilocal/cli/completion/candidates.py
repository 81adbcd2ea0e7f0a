"""Candidates for a place in a command line: commands, options, and the values that each of these takes.

A value is identified by its `metavar` (FIELD, FILE, HANDLE…), a name by its option (`--topic`). A command with values
of its own gives its parameter choices, or Typer's `autocompletion`; nothing here needs to change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import typer

from ilocal.cli.completion.command_line import CursorContext, is_command_group, list_command_options
from ilocal.cli.global_options import GLOBAL_OPTION_NAMES
from ilocal.cli.session import Session
from ilocal.errors import IlocalError
from ilocal.i18n.labels import translate_event_count
from ilocal.i18n.messages import _, current_language, supported_languages
from ilocal.model.fields import (
    DATE_LIST_FIELDS,
    FIELD_NAMES,
    LIST_FIELDS,
    SEARCHABLE_FIELDS,
    STATUSES,
    name_event_field_as_heading,
    resolve_field_name,
)
from ilocal.model.safe_text import escape_single_line, make_text_safe
from ilocal.model.text_folding import fold_text, slugify_words, strip_accents

MAX_COMPLETIONS = 200  # candidates: more than anybody reads


@dataclass(frozen=True, slots=True)
class Completion:
    """A candidate with a short description; `unaccented` is equivalent and has no accents."""

    value: str
    help: str = ""
    unaccented: str = ""


@dataclass
class Completions:
    """The candidates at the cursor."""

    kind: str = "values"  # or `files`, `folders`, which the shell completes itself; `nothing`
    candidates: list[Completion] = field(default_factory=list)
    is_continued: bool = False  # whether more of the word may follow, so that no blank does
    prefix: str = ""  # the part of the typed word that stays


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """The parameter whose value is being typed."""

    parameter: Any
    partial_word: str
    cursor: CursorContext
    session: Session


def find_completions(place: CursorContext, session: Session) -> Completions:
    """Return the candidates at a place."""
    if place.is_option:
        return _filter_completions_by_prefix(_complete_option_name(place), place)
    if place.expected_parameter is None and is_command_group(place.command):
        return _filter_completions_by_prefix(_complete_command_name(place), place)
    if place.expected_parameter is None:  # a command that takes no more arguments goes on with options
        return _filter_completions_by_prefix([] if place.options_end else _complete_option_name(place), place)
    with suppress(IlocalError):  # an unreadable registry has no candidates
        return _complete_option_value(CompletionRequest(place.expected_parameter, place.partial_word, place, session))
    return Completions("nothing")


def _filter_completions_by_prefix(found: Iterable[Completion], place: CursorContext) -> Completions:
    return Completions(candidates=[one for one in found if one.value.startswith(place.partial_word)])


def _complete_command_name(place: CursorContext) -> Iterator[Completion]:
    for name in place.command.list_commands(None):
        if not (command := place.command.get_command(None, name)).hidden:
            yield Completion(name, _shorten_help(command.help or ""))


def _shorten_help(text: str) -> str:
    return escape_single_line(_(text).partition("\n")[0].partition(". ")[0].removesuffix(".")) if text else ""


def _complete_option_name(place: CursorContext) -> Iterator[Completion]:
    """Yield the options that are not given yet, or may be repeated; short names only after a single hyphen.

    Those of the command come first, then global ones, which may stand behind it as well.
    """
    given = {parameter.name for parameter, _ in place.given_values}
    own = list_command_options(place.command)
    names = {name for option in own for name in (*option.opts, *option.secondary_opts)}
    others = [] if place.command is place.program else list_command_options(place.program)
    more = [one for one in others if one.name in GLOBAL_OPTION_NAMES and names.isdisjoint(one.opts)]
    for option in (*own, *more):
        if option.multiple or option.name not in given:
            for name in (*option.opts, *option.secondary_opts):
                if name.startswith("--") or (
                    place.partial_word.startswith("-") and not place.partial_word.startswith("--")
                ):
                    yield Completion(name, _shorten_help(option.help or ""))


# -------------------------------------------------------------------------------------------------------------- values


def _complete_option_value(asked: CompletionRequest) -> Completions:
    parameter = asked.parameter
    if parameter._custom_shell_complete is not None:
        own = parameter.shell_complete(typer.Context(asked.cursor.command), asked.partial_word)
        return Completions(
            candidates=[Completion(str(one.value), escape_single_line(one.help or "")) for one in own][:MAX_COMPLETIONS]
        )
    called = (parameter.metavar or "").strip("[]….,")
    choices = getattr(parameter.type, "choices", None) or (called.split("|") if "|" in called else ())
    if choices:
        return _keep_matching_completions(
            [Completion(choice, _get_completion_label(choice)) for choice in map(_get_completion_choice_text, choices)],
            asked,
        )
    source = _SOURCES_BY_PARAMETER.get(parameter.name) or _SOURCES_BY_METAVAR.get(called)
    return (source or _complete_name_option)(asked)


def _get_completion_choice_text(choice: object) -> str:
    return str(getattr(choice, "value", choice))


def _keep_matching_completions(found: Iterable[Completion], asked: CompletionRequest) -> Completions:
    """Return the candidates that begin as typed, ignoring case and accents."""
    typed = strip_accents(asked.partial_word)
    return Completions(
        candidates=[one for one in found if strip_accents(one.value).startswith(typed)][:MAX_COMPLETIONS]
    )


def _complete_status(asked: CompletionRequest) -> Completions:
    return _keep_matching_completions([Completion(status, _get_completion_label(status)) for status in STATUSES], asked)


def _get_completion_label(key: str) -> str:
    """Return the label of a field or a status in the current language, "" if it adds nothing to its name."""
    plural = f"{key}s"  # a topic is among the topics
    label = next(
        (label for name in (key, plural) if (label := name_event_field_as_heading(name, current_language())) != name),
        key,
    )
    return label if fold_text(label) not in (fold_text(key), fold_text(plural)) else ""


def _complete_field_name(asked: CompletionRequest) -> Completions:
    needed = ("id", "title") if asked.parameter.name == "unset" else ()
    return _keep_matching_completions(
        [Completion(name, _get_completion_label(name)) for name in FIELD_NAMES if name not in needed], asked
    )


def _complete_columns(asked: CompletionRequest) -> Completions:
    """Return candidates for the last of several columns separated by commas."""
    head, comma, last = asked.partial_word.rpartition(",")
    names = [name for name in ("when", *FIELD_NAMES, "extra") if name not in head.split(",")]
    found = _keep_matching_completions(
        [Completion(name, _get_completion_label(name)) for name in names], replace(asked, partial_word=last)
    )
    found.prefix, found.is_continued = head + comma, True
    return found


def _complete_search_field(asked: CompletionRequest) -> Completions:
    """Return the fields that a search can be limited to: `title:`."""
    found = (
        _keep_matching_completions(
            [Completion(f"{name}:", _get_completion_label(name)) for name in SEARCHABLE_FIELDS], asked
        )
        if asked.partial_word
        else Completions()
    )
    found.is_continued = True
    return found


def _complete_when_or_words(asked: CompletionRequest) -> Completions:
    """Return the months and years of events, and the fields that a search can be limited to."""
    found = [source(asked).candidates for source in (_complete_year, _complete_month, _complete_search_field)]
    return Completions(candidates=[one for some in found for one in some])


def _complete_span(asked: CompletionRequest) -> Completions:
    """Return common time spans from today."""
    return _keep_matching_completions(map(Completion, ("7d", "2w", "1m", "3m")), asked)


def _complete_format(asked: CompletionRequest) -> Completions:
    from ilocal import formats

    name = asked.cursor.command.name
    own = formats.list_readable_formats() if name == "import" else _FORMATS_BY_COMMAND.get(name)
    return _keep_matching_completions(map(Completion, own or ["table", *formats.list_writable_formats()]), asked)


# Of commands that show pictures or settings, and no list of events.
_FORMATS_BY_COMMAND = {
    "calendar": ["table", "json"],
    "config": ["table", "json"],
    "stats": ["table", "csv", "tsv", "json"],
    "timeline": ["table", "json"],
}


def _complete_setting_key(asked: CompletionRequest) -> Completions:
    from ilocal.cli.settings.config import list_setting_keys

    return _keep_matching_completions(map(Completion, list_setting_keys()), asked)


def _complete_setting_value(asked: CompletionRequest) -> Completions:
    from ilocal.cli.settings.config import COLOR_CHOICES, SWITCH_CHOICES, TABLE_CHOICES, WEEK_START_CHOICES

    known = {
        "language": supported_languages(),
        "color": COLOR_CHOICES,
        "week_start": WEEK_START_CHOICES,
        "occurrences": SWITCH_CHOICES,
        "table": TABLE_CHOICES,
    }
    return _keep_matching_completions(
        [Completion(value) for key in asked.cursor.get_option_values("key") for value in known.get(key, ())], asked
    )


def _complete_timezone(asked: CompletionRequest) -> Completions:
    from importlib.resources import files

    zones = (files("tzdata") / "zones").read_text(encoding="utf-8").split()
    typed = asked.partial_word.lower()
    return Completions(candidates=[Completion(zone) for zone in zones if typed in zone.lower()][:MAX_COMPLETIONS])


def _complete_month(asked: CompletionRequest) -> Completions:
    from ilocal.model.date_names import describe_month_of_date

    months = asked.session.registry.suggestions.query_start_months()
    return _keep_matching_completions(
        (Completion(str(month), describe_month_of_date(month, current_language(), "")) for month in months), asked
    )


def _complete_year(asked: CompletionRequest) -> Completions:
    years = dict.fromkeys(f"{month.year:04}" for month in asked.session.registry.suggestions.query_start_months())
    return _keep_matching_completions(map(Completion, years), asked)


# --------------------------------------------------------------------------------------------------- values in events


def _complete_name_option(asked: CompletionRequest) -> Completions:
    """Return the names that events have in the field of an option: `--topic`, `--add-topic`, `--remove-topic`."""
    name = str(asked.parameter.name).removeprefix("add_").removeprefix("remove_")
    with suppress(IlocalError):
        named = resolve_field_name(name)
        if asked.parameter.name.startswith("remove_") and (handles := asked.cursor.get_option_values("handles")):
            events = map(asked.session.registry.find, handles)
            own = dict.fromkeys(item for event in events for item in getattr(event, named))
            return _keep_matching_completions(_keep_typable_completions(map(Completion, own)), asked)
        # Filters accept names without accents; values to be written need them.
        return _complete_known_name(
            asked, named, is_filter=name == asked.parameter.name and _is_filter_command(asked.cursor)
        )
    return Completions("nothing")


def _complete_known_name(asked: CompletionRequest, named: str, *, is_filter: bool = False) -> Completions:
    """Return the names of a field, with their numbers of events."""
    found = asked.session.registry.suggestions.query_name_suggestions(named, asked.partial_word, MAX_COMPLETIONS)
    if any(not letter.isalnum() and letter != " " for letter in asked.partial_word):  # words ignore it
        found = [one for one in found if one[0].startswith(asked.partial_word)] or found
    known = (
        Completion(name, translate_event_count(n, current_language()), fold_text(name) if is_filter else "")
        for name, n in found
    )
    return Completions(candidates=list(_keep_typable_completions(known)))


def _complete_check_code(asked: CompletionRequest) -> Completions:
    from ilocal.checks import list_check_codes

    return _keep_matching_completions(map(Completion, list_check_codes()), asked)


def _complete_assignment(asked: CompletionRequest) -> Completions:
    """Return candidates for `kind=workshop`: a field, and then its values in events."""
    name, sign, value = asked.partial_word.partition("=")
    if not sign:
        fields = _complete_field_name(asked)
        if asked.parameter.name in ("add", "remove"):
            fields.candidates = [one for one in fields.candidates if one.value in (*LIST_FIELDS, *DATE_LIST_FIELDS)]
        return Completions(
            candidates=[Completion(f"{one.value}=", one.help) for one in fields.candidates], is_continued=True
        )
    rest = replace(asked, partial_word=value)
    is_filter = asked.parameter.name in ("where", "remove")
    found = (
        _complete_status(rest)
        if name == "status"
        else _complete_known_name(rest, resolve_field_name(name), is_filter=is_filter)
    )
    found.prefix = f"{name}="
    return found


def _is_filter_command(place: CursorContext) -> bool:
    """Return whether options such as --topic are filters; those of `edit` are values to set."""
    names = {one.name for one in place.command.params}
    return "where_missing" in names and "set" not in names


def _complete_handle(asked: CompletionRequest) -> Completions:
    """Return ids with the titles of their events, except those already given."""
    given = set(asked.cursor.get_option_values(str(asked.parameter.name)))
    found = [
        one
        for one in asked.session.registry.suggestions.query_handle_suggestions(
            asked.partial_word, MAX_COMPLETIONS + len(given)
        )
        if one[0] not in given
    ]
    alone = asked.partial_word if len(found) == 1 else ""
    known = (
        Completion(id, escape_single_line(title), _complete_typed_title(id, asked.partial_word) or alone)
        for id, title in found[:MAX_COMPLETIONS]
    )
    return Completions(candidates=list(_keep_typable_completions(known)))


def _complete_typed_title(id: str, typed: str) -> str:
    """Return a continuation of the typed words, with their accents and spaces, that also names the event."""
    name = "-".join(slugify_words(typed))
    begin = id if id.startswith(name) else id.partition("-")[2]
    return typed + begin[len(name) :] if name and f"{begin}-".startswith(f"{name}-") and typed[-1:].isalnum() else ""


def _keep_typable_completions(found: Iterable[Completion]) -> Iterator[Completion]:
    """Yield the candidates that can be typed as they are."""
    return (one for one in found if make_text_safe(one.value) == one.value and not {*one.value} & {*"\t\n"})


_CompletionSource = Callable[[CompletionRequest], Completions]
_SOURCES_BY_METAVAR: dict[str, _CompletionSource] = {
    "A,B": _complete_columns,
    "CODE": _complete_check_code,
    "FIELD": _complete_field_name,
    "FIELD=VALUE": _complete_assignment,
    "FILE": lambda _: Completions("files"),
    "FOLDER": lambda _: Completions("folders"),
    "FORMAT": _complete_format,
    "HANDLE": _complete_handle,
    "KEY": _complete_setting_key,
    "MONTH": _complete_month,
    "PATH": lambda _: Completions("files"),
    "SPAN": _complete_span,
    "STATUS": _complete_status,
    "VALUE": _complete_setting_value,
    "WORDS": _complete_search_field,
    "YEAR": _complete_year,
}
_SOURCES_BY_PARAMETER: dict[str, _CompletionSource] = {
    "timezone": _complete_timezone,
    "when_or_words": _complete_when_or_words,
}
