"""What the commands share: the session, the filters, and dataclasses as groups of options."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Optional, TextIO, get_type_hints

import typer

from ilocal import progress
from ilocal.config import STYLES, WEEK, Config
from ilocal.config.sources import Said, Setting, settled
from ilocal.dates import Days, Month, Point, Span, Year, from_iso
from ilocal.errors import DateError, IlocalError, Problem, RegistryError, UsageError
from ilocal.event import Event
from ilocal.language import LANGUAGES, N_, _, chosen, n_
from ilocal.query import Query, Sort, Term, field_named
from ilocal.spelling import FIELDS, likeness
from ilocal.text import fold, message, safe
from ilocal.workspace import Workspace, locate

Color = Literal["auto", "always", "never"]


class Session:
    """One run of the program: what was said before the command, and what follows from it."""

    def __init__(
        self,
        registry: str | None,
        lang: str | None,
        today: str | None,
        color: Color | None,
        *,
        config: Config,
        has_pager: bool = True,
    ) -> None:
        self._registry, self._lang, self._today, self._color = registry, lang, today, color
        self.config, self._has_pager = config, has_pager
        self.is_silent = False  # whether nobody reads what is said about the data
        if lang is not None and lang not in LANGUAGES:
            raise UsageError(
                _('there is no language "{lang}"', lang=safe(lang)),
                hint=_("one of {names}", names=", ".join(LANGUAGES)),
            )

    @cached_property
    def workspace(self) -> Workspace:
        return Workspace(self.path, is_cli=True, is_silent=self.is_silent)

    @cached_property
    def path(self) -> Path:
        return locate(self._registry, os.environ, Path.cwd(), self.config.registry)

    def close(self) -> None:
        """At the end of the run."""
        if "workspace" in self.__dict__:
            for note in self.workspace.notes if not self.is_silent else ():
                caution(note)
            self.workspace.close()

    @property
    def has_saved(self) -> bool:
        """Whether the registry was changed."""
        return "workspace" in self.__dict__ and self.workspace.is_changed

    @property
    def named_path(self) -> str | None:
        """The registry that was named, whether or not there is one."""
        return self._registry or os.environ.get("ILOCAL_REGISTRY")

    @cached_property
    def lang(self) -> str:
        """The language of headings and messages: said, else the registry's, else the locale's, else English."""
        return str(self.setting("language").value)

    @property
    def week_start(self) -> int:
        """The weekday on which a week begins; 0 is Monday, as in Python's calendar."""
        return WEEK.index(self.setting("week_start").value)

    @property
    def pager(self) -> str:
        """The command that shows long answers; "" for none."""
        return str(self.setting("pager").value)

    @property
    def styles(self) -> dict[str, str]:
        """How the parts of an answer are drawn, by the names in `config.STYLES`."""
        return {name: self.setting(f"styles.{name}").value for name in STYLES}

    def setting(self, key: str) -> Setting:
        """A setting as it holds in this run, and who said so: the first of those who may."""
        said = Said(self._registry, self._lang, self._color, None if self._has_pager else "")
        return settled(key, said, os.environ, self.config, self._header)

    @property
    def language(self) -> str:
        """The language of the registry; "" where it does not say.

        Where that is none of ours and no other was asked for, it is that of the headings: then nothing is foreign.
        """
        said = self._header("language")
        asked = self.setting("language").source in ("option", "variable", "config")
        return said if asked or chosen(said) or not said else self.lang

    @cached_property
    def today(self) -> date:
        """`--today`, else ILOCAL_TODAY, else the day in the registry's time zone."""
        return self._said_today() or datetime.now(self.zone).date()

    def today_in(self, timezone: str) -> date:
        """The same for a registry in this time zone, which need not be the one of this run."""
        return self._said_today() or datetime.now(_zone(timezone)).date()

    def _said_today(self) -> date | None:
        said = self._today or os.environ.get("ILOCAL_TODAY")
        if not said:
            return None
        point = self._read_today(said)
        if isinstance(point, datetime) or not isinstance(point, date):
            raise UsageError(_('today must be a day, not "{said}"', said=safe(said)), hint=_("write it as 2020-02-25"))
        return point

    def _read_today(self, said: str) -> Point:
        with suppress(DateError):
            return from_iso(said)  # what scripts write needs no grammar
        from ilocal.grammar import read_point

        return read_point(said, datetime.now(self.zone).date())

    @cached_property
    def zone(self) -> tzinfo | None:
        """The registry's time zone; None is the system's."""
        return _zone(self._header("timezone"))

    @property
    def now(self) -> datetime:
        """For the stamps on what ilocal writes, to the second; the beginning of the day, where today was said."""
        if self._today or os.environ.get("ILOCAL_TODAY"):
            moment = datetime(self.today.year, self.today.month, self.today.day, tzinfo=self.zone)
            return moment if self.zone else moment.replace(tzinfo=UTC)
        return datetime.now(self.zone).astimezone(self.zone).replace(microsecond=0)

    def _header(self, name: str) -> str:
        try:
            return str(getattr(self.workspace.header, name))
        except RegistryError:
            return ""

    @property
    def color(self) -> bool:
        wanted = self.setting("color").value
        if wanted != "auto":
            return bool(wanted == "always")
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    @property
    def draws(self) -> bool:
        """Whether tables are drawn: for a terminal, or where colours are wanted in any case."""
        return sys.stdout.isatty() or self._color == "always"  # and not by a config: scripts go on reading lines

    def read(self, text: str) -> Span:
        """The dates that the user wrote. Raises DateError."""
        from ilocal.grammar import read  # its patterns take 10 ms to prepare

        return read(text, self.today)

    def read_point(self, text: str) -> Point:
        """The single date that the user wrote. Raises DateError."""
        from ilocal.grammar import read_point

        return read_point(text, self.today)


def _zone(name: str) -> tzinfo | None:
    """A time zone by its name; None is the system's."""
    if not name:
        return None
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def say(text: str) -> None:
    """Say something about the data, on one line of stderr."""
    progress.clear()
    tell(message(text) + "\n")


def tell(text: str) -> None:
    """Write to stderr as it is. Nobody may be there to read it, or its disk be full: the exit code is the same then."""
    try:
        print(text, end="", file=sys.stderr, flush=True)
    except OSError:
        turn_away(sys.stderr)


def turn_away(stream: TextIO) -> None:
    """Let what is left of stdout or stderr go nowhere, so that Python does not complain of it at the end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def caution(text: str) -> None:
    """Warn of something, on one line of stderr."""
    say(_("ilocal: warning: {message}", message=text))


def agreed(question: str) -> bool:
    """Ask on stderr, and read the answer from stdin: yes in whatever language."""
    tell(_("{question} [y/N] ", question=question))
    return fold(sys.stdin.readline()) in map(fold, ("y", "yes", "c", "có", _("y"), _("yes")))


_MOST_SAID = 10


def warn(problems: tuple[Problem, ...], file: str) -> None:
    """Name what could not be read, and how to see all of it."""
    errors = [problem for problem in problems if problem.level == "error"]
    for problem in errors[:_MOST_SAID]:
        caution(problem.at(file))
    if len(errors) > _MOST_SAID:
        left = len(errors) - _MOST_SAID
        caution(n_("{n} more; ilocal check names them all", "{n} more; ilocal check names them all", left))


def warn_of_names(session: Session, events: Sequence[Event], fields: Sequence[str] = FIELDS) -> None:
    """Say which names of events that were just saved are spelled almost like names that more events have."""
    with suppress(IlocalError):  # what was to be done is done
        for slip in session.workspace.slips(events, fields):
            caution(f"{slip.field}: {likeness(slip.name, slip.other)}")


# --------------------------------------------------------------------------------------------------- groups of options


def flat(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let Typer see the fields of a parameter that is a dataclass as options of the command itself."""
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, Any] = {}
    shown: list[inspect.Parameter] = []
    for parameter in inspect.signature(command).parameters.values():
        kind = hints[parameter.name]
        if not dataclasses.is_dataclass(kind):
            shown.append(parameter.replace(annotation=kind, kind=parameter.KEYWORD_ONLY))
            continue
        groups[parameter.name] = kind
        for name, hint in get_type_hints(kind, include_extras=True).items():
            default = next(f.default for f in dataclasses.fields(kind) if f.name == name)
            shown.append(inspect.Parameter(name, parameter.KEYWORD_ONLY, default=default, annotation=hint))

    @functools.wraps(command)
    def run(**values: Any) -> Any:
        for name, kind in groups.items():
            own = {f.name: values.pop(f.name) for f in dataclasses.fields(kind)}
            values[name] = kind(**own)
        return command(**values)

    run.__signature__ = inspect.Signature(shown)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in shown}
    del run.__wrapped__  # or the original's parameters would be looked up
    return run


Names = Optional[list[str]]


@dataclass
class Dated:
    """Which events, by their dates."""

    from_: Annotated[Optional[str], typer.Option("--from", metavar="DATE", help="On this day or later.")] = None
    to: Annotated[Optional[str], typer.Option("--to", metavar="DATE", help="On this day or earlier.")] = None
    month: Annotated[Names, typer.Option("--month", metavar="MONTH", help="In this month.")] = None
    year: Annotated[Names, typer.Option("--year", metavar="YEAR", help="In this year.")] = None
    on: Annotated[Names, typer.Option("--on", metavar="DATE", help="On this day, or in these days.")] = None


@dataclass
class Named:
    """Which events, by names."""

    project: Annotated[Names, typer.Option("--project", metavar="NAME", help="Of this project.")] = None
    topic: Annotated[Names, typer.Option("--topic", metavar="NAME", help="On this topic.")] = None
    organizer: Annotated[Names, typer.Option("--organizer", metavar="NAME", help="Organized by this body.")] = None
    location: Annotated[Names, typer.Option("--location", metavar="PLACE", help="In this place.")] = None
    kind: Annotated[Names, typer.Option("--kind", metavar="KIND", help="Of this kind.")] = None
    status: Annotated[Names, typer.Option("--status", metavar="STATUS", help="With this status.")] = None
    language: Annotated[Names, typer.Option("--language", metavar="LANG", help="In this language.")] = None


@dataclass
class Lacking:
    """Which events, by what they have not."""

    undated: Annotated[bool, typer.Option("--undated", help="Without a date.")] = False
    where_missing: Annotated[
        Names, typer.Option("--where-missing", metavar="FIELD", help="Where this field is absent.")
    ] = None


@dataclass
class Filters(Lacking, Named, Dated):
    """Which events: the same for list, upcoming, search, export, remove, and edit of many. See `query`."""

    @property
    def is_empty(self) -> bool:
        return all(getattr(self, f.name) in (None, False, []) for f in dataclasses.fields(self))


@dataclass
class Order:
    """In which order, and how many."""

    limit: Annotated[Optional[int], typer.Option("-n", "--limit", metavar="N", min=0, help="At most N events.")] = None
    sort: Annotated[Optional[Sort], typer.Option("--sort", help="What to order by. [default: date]")] = None
    reverse: Annotated[bool, typer.Option("--reverse", help="The other way round.")] = False
    once: Annotated[bool, typer.Option("--once", help="What recurs as one event, and not each time.")] = False


def query(
    session: Session,
    filters: Filters,
    order: Order | None = None,
    *,
    newest_first: bool = True,
    terms: tuple[Term, ...] = (),
    without: tuple[Term, ...] = (),
    upcoming: date | None = None,
    window: Days | None = None,
) -> Query:
    """The question that the options ask. Titles and ids are ordered from a to z, dates as `newest_first` says."""
    order = order or Order()
    sort: Sort = order.sort or "date"
    descending = newest_first if sort == "date" else sort == "updated"
    touching = (*_touching(session, filters), *([(window,)] if window else []))
    days = _window(touching, upcoming)
    ends = any((window, filters.to, filters.month, filters.year, filters.on))
    return Query(
        touching=touching,
        upcoming=upcoming,
        undated=filters.undated,
        values=tuple(_values(session, filters)),
        missing=tuple(map(field_named, filters.where_missing or ())),
        terms=terms,
        without=without,
        window=days,
        ahead=None if ends else _ahead(session, days),
        once=order.once,
        sort=sort,
        descending=descending != order.reverse,
        limit=None if order.limit is None else min(order.limit, sys.maxsize),  # as much as there can be
    )


def _touching(session: Session, filters: Filters) -> list[tuple[Days, ...]]:
    first = session.read(filters.from_).days.first if filters.from_ is not None else date.min
    last = session.read(filters.to).days.last if filters.to is not None else date.max
    if first > last:
        raise UsageError(_("--from {first} is after --to {last}", first=first, last=last))
    groups: list[tuple[Days, ...]] = [(Days(first, last),)] if (first, last) != (date.min, date.max) else []
    for option, texts, kind in (
        ("month", filters.month, Month),
        ("year", filters.year, Year),
        ("on", filters.on, None),
    ):
        spans = [_of_kind(session.read(text), kind, option, text) for text in texts or ()]
        groups += [tuple(span.days for span in spans)] if spans else []
    return groups


_AHEAD = timedelta(days=366)


def _window(touching: tuple[tuple[Days, ...], ...], upcoming: date | None) -> Days:
    """The days in which what recurs is seen each time."""
    first = max([upcoming or date.min, *(min(days.first for days in group) for group in touching)])
    last = min([date.max, *(max(days.last for days in group) for group in touching)])
    return Days(first, max(first, last))


def _ahead(session: Session, window: Days) -> date:
    """The day up to which rules are followed where nothing ends them: a year from today, or from the first day."""
    start = max(window.first, session.today)
    return start + _AHEAD if date.max - start > _AHEAD else date.max


_NOT_OF_KIND = {"month": N_('--month: "{text}" is not a month'), "year": N_('--year: "{text}" is not a year')}


def _of_kind(span: Span, kind: type | None, option: str, text: str) -> Span:
    if kind is not None and not isinstance(span.start, kind):
        raise UsageError(
            _(_NOT_OF_KIND[option], text=safe(text)), hint=_("for other spans use --on, or --from and --to")
        )
    return span


def _values(session: Session, filters: Filters) -> list[tuple[str, tuple[str, ...]]]:
    """The names asked for, folded. An event that says nothing is confirmed, and in the registry's language."""
    found = []
    for option, field in (
        ("project", "projects"), ("topic", "topics"), ("organizer", "organizers"), ("location", "location"),
        ("kind", "kind"), ("status", "status"), ("language", "language"),
    ):  # fmt: skip
        names = tuple(map(fold, getattr(filters, option) or ()))
        if "" in names:
            raise UsageError(
                _("--{option}: a name is wanted", option=option),
                hint=_("--where-missing {option} finds the events without", option=option),
            )
        own = {"status": "confirmed", "language": fold(session.workspace.header.language) if names else ""}.get(option)
        if own and own in names:
            names = (*names, "")
        if names:
            found.append((field, names))
    return found
