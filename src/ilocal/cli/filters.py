"""Filter options of commands, and the query made from them."""

from __future__ import annotations

import dataclasses
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Optional

import typer

from ilocal.cli.session import Session
from ilocal.errors import UsageError
from ilocal.i18n.labels import word
from ilocal.i18n.messages import LANGUAGES, N_, _
from ilocal.model.dates import Days, Month, Span, Year
from ilocal.model.fields import STATUSES, field_named
from ilocal.model.query import Query, Sort
from ilocal.model.safe_text import safe
from ilocal.model.search_terms import Term
from ilocal.model.text_folding import fold

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


def status_named(text: str) -> str:
    """The status that a text names in any of our languages, such as `đã hủy`; the text itself where it names none."""
    wanted = fold(text)
    said = ((status, lang) for status in STATUSES for lang in LANGUAGES)
    return next((status for status, lang in said if wanted == fold(word(status, lang))), text)


def _values(session: Session, filters: Filters) -> list[tuple[str, tuple[str, ...]]]:
    """The names asked for, folded. An event that says nothing is confirmed, and in the registry's language."""
    found = []
    for option, field in (
        ("project", "projects"), ("topic", "topics"), ("organizer", "organizers"), ("location", "location"),
        ("kind", "kind"), ("status", "status"), ("language", "language"),
    ):  # fmt: skip
        names = tuple(map(fold, getattr(filters, option) or ()))
        if option == "status":
            names = tuple(map(status_named, names))
        if "" in names:
            raise UsageError(
                _("--{option}: a name is wanted", option=option),
                hint=_("--where-missing {option} finds the events without", option=option),
            )
        if option == "status" and (unknown := next((name for name in names if name not in STATUSES), None)):
            raise UsageError(
                _('--status: "{name}" is no status', name=safe(unknown)),
                hint=_("one of {names}", names=", ".join(STATUSES)),
            )
        own = {"status": "confirmed", "language": fold(session.workspace.header.language) if names else ""}.get(option)
        if own and own in names:
            names = (*names, "")
        if names:
            found.append((field, names))
    return found
