"""What may be typed at a place of a command line: commands, options, and the values that each of these takes.

A value is known by what help calls it (its `metavar`: FIELD, FILE, HANDLE…), a name by its option (`--topic`). A
command with values of its own gives its parameter choices, or Typer's `autocompletion`; nothing here needs to know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import typer

from ilocal.cli.completion.command_line import Place, is_group, options
from ilocal.cli.session import Session
from ilocal.errors import IlocalError
from ilocal.i18n.labels import count, word
from ilocal.i18n.messages import LANGUAGES, _, spoken
from ilocal.model.fields import FIELDS, STATUSES, field_named
from ilocal.model.safe_text import safe, shown
from ilocal.model.text_folding import fold, slug, unmarked

MOST = 200  # candidates: more than anybody reads


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be typed, with a few words about it; `plain` means the same, and has no accents."""

    value: str
    help: str = ""
    plain: str = ""


@dataclass
class Offer:
    """All that may be typed."""

    kind: str = "values"  # or `files`, `folders`, which the shell knows best; `nothing`
    found: list[Candidate] = field(default_factory=list)
    goes_on: bool = False  # whether more of the word may follow, so that no blank does
    head: str = ""  # what of the typed word stays as it is


@dataclass(frozen=True, slots=True)
class Asked:
    """A parameter whose value somebody types."""

    parameter: Any
    typed: str
    place: Place
    session: Session


def offer(place: Place, session: Session) -> Offer:
    """What may be typed at a place."""
    if place.is_option:
        return _named(_options(place), place)
    if place.awaited is None and is_group(place.command):
        return _named(_commands(place), place)
    if place.awaited is None:  # a command that takes no more arguments goes on with options
        return _named([] if place.options_end else _options(place), place)
    with suppress(IlocalError):  # a registry that cannot be read has nothing to offer
        return _values(Asked(place.awaited, place.typed, place, session))
    return Offer("nothing")


def _named(found: Iterable[Candidate], place: Place) -> Offer:
    return Offer(found=[one for one in found if one.value.startswith(place.typed)])


def _commands(place: Place) -> Iterator[Candidate]:
    for name in place.command.list_commands(None):
        if not (command := place.command.get_command(None, name)).hidden:
            yield Candidate(name, _first_sentence(command.help or ""))


def _first_sentence(text: str) -> str:
    return shown(_(text).partition("\n")[0].partition(". ")[0].removesuffix(".")) if text else ""


def _options(place: Place) -> Iterator[Candidate]:
    """The options that are not given yet, or may be given again; short names only for who begins so."""
    given = {parameter.name for parameter, _ in place.given}
    for option in options(place.command):
        if option.multiple or option.name not in given:
            for name in (*option.opts, *option.secondary_opts):
                if name.startswith("--") or (place.typed.startswith("-") and not place.typed.startswith("--")):
                    yield Candidate(name, _first_sentence(option.help or ""))


# -------------------------------------------------------------------------------------------------------------- values


def _values(asked: Asked) -> Offer:
    parameter = asked.parameter
    if parameter._custom_shell_complete is not None:
        own = parameter.shell_complete(typer.Context(asked.place.command), asked.typed)
        return Offer(found=[Candidate(str(one.value), shown(one.help or "")) for one in own][:MOST])
    called = (parameter.metavar or "").strip("[]….,")
    choices = getattr(parameter.type, "choices", None) or (called.split("|") if "|" in called else ())
    if choices:
        return _begun([Candidate(choice, _label(choice)) for choice in map(_text, choices)], asked)
    source = _BY_NAME.get(parameter.name) or _BY_METAVAR.get(called)
    return (source or _names)(asked)


def _text(choice: object) -> str:
    return str(getattr(choice, "value", choice))


def _begun(found: Iterable[Candidate], asked: Asked) -> Offer:
    """Those that begin as typed, in whatever case and accents."""
    typed = unmarked(asked.typed)
    return Offer(found=[one for one in found if unmarked(one.value).startswith(typed)][:MOST])


def _statuses(asked: Asked) -> Offer:
    return _begun([Candidate(status, _label(status)) for status in STATUSES], asked)


def _label(key: str) -> str:
    """What a field or a status is called in this language, where that says more than its name."""
    plural = f"{key}s"  # a topic is among the topics
    label = next((label for name in (key, plural) if (label := word(name, spoken())) != name), key)
    return label if fold(label) not in (fold(key), fold(plural)) else ""


def _fields(asked: Asked) -> Offer:
    needed = ("id", "title") if asked.parameter.name == "unset" else ()
    return _begun([Candidate(name, _label(name)) for name in FIELDS if name not in needed], asked)


def _columns(asked: Asked) -> Offer:
    """The last of several columns with commas between them."""
    head, comma, last = asked.typed.rpartition(",")
    names = [name for name in ("when", *FIELDS, "extra") if name not in head.split(",")]
    found = _begun([Candidate(name, _label(name)) for name in names], replace(asked, typed=last))
    found.head, found.goes_on = head + comma, True
    return found


def _searched(asked: Asked) -> Offer:
    """The fields that a search can look in: `title:`."""
    from ilocal.model.fields import SEARCHABLE

    found = _begun([Candidate(f"{name}:", _label(name)) for name in SEARCHABLE], asked) if asked.typed else Offer()
    found.goes_on = True
    return found


def _formats(asked: Asked) -> Offer:
    from ilocal import formats

    name = asked.place.command.name
    own = formats.readable() if name == "import" else _FORMATS.get(name)
    return _begun(map(Candidate, own or ["table", *formats.writable()]), asked)


# Of commands that show pictures or settings, and no list of events.
_FORMATS = {
    "calendar": ["table", "json"],
    "config": ["table", "json"],
    "stats": ["table", "csv", "tsv", "json"],
    "timeline": ["table", "json"],
}


def _settings(asked: Asked) -> Offer:
    from ilocal.cli.settings.config import BUILT_IN

    return _begun(map(Candidate, BUILT_IN), asked)


def _setting(asked: Asked) -> Offer:
    from ilocal.cli.settings.config import COLORS, WEEK

    known = {"language": LANGUAGES, "color": COLORS, "week_start": WEEK}
    return _begun([Candidate(value) for key in asked.place.said("key") for value in known.get(key, ())], asked)


def _zones(asked: Asked) -> Offer:
    from importlib.resources import files

    zones = (files("tzdata") / "zones").read_text(encoding="utf-8").split()
    typed = asked.typed.lower()
    return Offer(found=[Candidate(zone) for zone in zones if typed in zone.lower()][:MOST])


def _months(asked: Asked) -> Offer:
    from ilocal.model.date_names import month_heading

    months = asked.session.workspace.offers.months()
    return _begun((Candidate(str(month), month_heading(month, spoken(), "")) for month in months), asked)


def _years(asked: Asked) -> Offer:
    years = dict.fromkeys(f"{month.year:04}" for month in asked.session.workspace.offers.months())
    return _begun(map(Candidate, years), asked)


# --------------------------------------------------------------------------------------------------- what events have


def _names(asked: Asked) -> Offer:
    """The names that events have in the field of an option: `--topic`, `--add-topic`, `--remove-topic`."""
    name = str(asked.parameter.name).removeprefix("add_").removeprefix("remove_")
    with suppress(IlocalError):
        named = field_named(name)
        if asked.parameter.name.startswith("remove_") and (handles := asked.place.said("handles")):
            events = map(asked.session.workspace.find, handles)
            own = dict.fromkeys(item for event in events for item in getattr(event, named))
            return _begun(_typable(map(Candidate, own)), asked)
        # A filter takes names without their accents; what is to be written must have them.
        return _known(asked, named, is_filter=name == asked.parameter.name and _filters(asked.place))
    return Offer("nothing")


def _known(asked: Asked, named: str, *, is_filter: bool = False) -> Offer:
    """The names of a field, with their numbers of events."""
    found = asked.session.workspace.offers.names(named, asked.typed, MOST)
    if any(not letter.isalnum() and letter != " " for letter in asked.typed):  # which words do not tell apart
        found = [one for one in found if one[0].startswith(asked.typed)] or found
    known = (Candidate(name, count(n, spoken()), fold(name) if is_filter else "") for name, n in found)
    return Offer(found=list(_typable(known)))


def _codes(asked: Asked) -> Offer:
    from ilocal.checks import codes

    return _begun(map(Candidate, codes()), asked)


def _assignments(asked: Asked) -> Offer:
    """`kind=workshop`: a field, and then what events have in it."""
    name, sign, value = asked.typed.partition("=")
    if not sign:
        fields = _fields(asked)
        return Offer(found=[Candidate(f"{one.value}=", one.help) for one in fields.found], goes_on=True)
    rest = replace(asked, typed=value)
    found = _statuses(rest) if name == "status" else _known(rest, field_named(name))
    found.head = f"{name}="
    return found


def _filters(place: Place) -> bool:
    """Whether the options of the line find events; where these are named, `edit` takes what to set."""
    return any(one.name == "where_missing" for one in place.command.params) and not place.said("handles")


def _handles(asked: Asked) -> Offer:
    """Ids, with the titles of their events; each is named once."""
    given = set(asked.place.said(str(asked.parameter.name)))
    found = [
        one for one in asked.session.workspace.offers.handles(asked.typed, MOST + len(given)) if one[0] not in given
    ]
    alone = asked.typed if len(found) == 1 else ""
    known = (Candidate(id, shown(title), _as_typed(id, asked.typed) or alone) for id, title in found[:MOST])
    return Offer(found=list(_typable(known)))


def _as_typed(id: str, typed: str) -> str:
    """The id going on from the words that were typed, accents and blanks and all, which names it as well."""
    name = "-".join(slug(typed))
    begin = id if id.startswith(name) else id.partition("-")[2]
    return typed + begin[len(name) :] if name and f"{begin}-".startswith(f"{name}-") and typed[-1:].isalnum() else ""


def _typable(found: Iterable[Candidate]) -> Iterator[Candidate]:
    """Those that stand in a line as they are; nobody types the others."""
    return (one for one in found if safe(one.value) == one.value and not {*one.value} & {*"\t\n"})


_Source = Callable[[Asked], Offer]
_BY_METAVAR: dict[str, _Source] = {
    "A,B": _columns,
    "CODE": _codes,
    "FIELD": _fields,
    "FIELD=VALUE": _assignments,
    "FILE": lambda _: Offer("files"),
    "FOLDER": lambda _: Offer("folders"),
    "FORMAT": _formats,
    "HANDLE": _handles,
    "KEY": _settings,
    "MONTH": _months,
    "PATH": lambda _: Offer("files"),
    "STATUS": _statuses,
    "VALUE": _setting,
    "WORDS": _searched,
    "YEAR": _years,
}
_BY_NAME: dict[str, _Source] = {"timezone": _zones}
