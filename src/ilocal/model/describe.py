"""Events and their fields in words: dates, rules, list cells, detail lines and search snippets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from ilocal.errors import DateError
from ilocal.i18n.labels import word
from ilocal.i18n.messages import N_, _, n_, plural, spoken, translated
from ilocal.model.date_names import month_heading, month_name, weekday_name
from ilocal.model.dates import Month, Point, Span, Year, iso
from ilocal.model.event import Event, Override
from ilocal.model.fields import LISTS, POINT_LISTS, POINTS, STAMPS
from ilocal.model.recurrence import Rule, parse
from ilocal.model.safe_text import one_line
from ilocal.model.search_terms import Term
from ilocal.model.translations import foreign, in_language, languages


def label(start: Point | None, end: Point | None, undated: str = "") -> str:
    """Dates as the page shows them: `2020/02/25 - 2020/02/29`, `2020/02/20 08:30 - 10:00`, `2020/02`."""
    if start is None:
        return undated
    if end is None or end == start:
        return _slashed(start)
    if isinstance(start, datetime) and isinstance(end, datetime) and start.date() == end.date():
        return f"{_slashed(start)} - {_clock(end)}"
    return f"{_slashed(start)} - {_slashed(end)}"


def _slashed(point: Point) -> str:
    if isinstance(point, datetime):
        return f"{_slashed(point.date())} {_clock(point)}"
    return iso(point).replace("-", "/")


def _clock(moment: datetime) -> str:
    text = f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
    zone = f"{moment:%z}"
    return f"{text} UTC{zone[:3]}:{zone[3:5]}" if zone else text


# ---------------------------------------------------------------------------------------------------------------- tell

_ALWAYS = {
    "DAILY": N_("every day"), "WEEKLY": N_("every week"), "MONTHLY": N_("every month"), "YEARLY": N_("every year"),
    "HOURLY": N_("every hour"),
}  # fmt: skip


def _every(frequency: str, n: int, lang: str) -> str:
    """How often, in words."""
    if n == 1:
        return translated(_ALWAYS[frequency], lang)
    return {
        "DAILY": lambda: plural("every {n} day", "every {n} days", n, lang),
        "WEEKLY": lambda: plural("every {n} week", "every {n} weeks", n, lang),
        "MONTHLY": lambda: plural("every {n} month", "every {n} months", n, lang),
        "YEARLY": lambda: plural("every {n} year", "every {n} years", n, lang),
        "HOURLY": lambda: plural("every {n} hour", "every {n} hours", n, lang),
    }[frequency]()


def describe_recurrence(text: str, lang: str) -> str:
    """A rule in words where they can say it, and else as it is written."""
    try:
        rule = parse(text)
    except DateError:
        return text
    days = _plain_days(rule, lang)
    if rule.by and not days:
        return text
    said = _every(rule.frequency, rule.interval, lang)
    if days:
        said = translated(N_("{rule} on {days}"), lang).format(rule=said, days=", ".join(days))
    if rule.until is not None:
        day = iso(rule.until).replace("-", "/").replace("T", " ")
        said = translated(N_("{rule} until {day}"), lang).format(rule=said, day=day)
    return plural("{rule}, {n} time", "{rule}, {n} times", rule.count, lang, rule=said) if rule.count else said


def _plain_days(rule: Rule, lang: str) -> list[str]:
    if set(rule.by) != {"BYDAY"} or rule.frequency != "WEEKLY":
        return []
    return [weekday_name(day, lang) for day, _ in rule.by["BYDAY"]]


@dataclass(frozen=True, slots=True)
class Listing:
    """How a list is shown."""

    lang: str
    columns: tuple[str, ...] = ()  # empty: what fits
    by_month: bool = True
    running_on: date | None = None  # mark what is going on that day
    terms: tuple[Term, ...] = ()  # what was searched for, to be highlighted
    language: str = ""  # of the registry: what is in another than `lang`, and not translated, is marked


def grouped(events: Iterable[Event], how: Listing) -> Iterator[tuple[str, Iterator[tuple[int, Event]]]]:
    """The events under the headings of their months, numbered from 1 under each; without headings, one group."""

    def heading(event: Event) -> str:
        return month_heading(event.start, how.lang, word("undated", how.lang)) if how.by_month else ""

    for title, group in groupby(events, heading):
        yield title, enumerate(group, 1)


def foreign_mark(event: Event, lang: str, language: str) -> str:
    """What follows a title that is not in the language asked for: ` [vi]`."""
    tag = one_line(foreign(event, lang, language))
    return f" [{tag}]" if tag else ""


def marks(event: Event, how: Listing) -> list[str]:
    """What a reader must know at first sight: that it is running, or not certain to take place."""
    found = []
    if how.running_on and _is_running(event, how.running_on):
        found.append(word("running", how.lang))
    if event.status and event.status != "confirmed":
        found.append(word(event.status, how.lang))
    return found


def _is_running(event: Event, day: date) -> bool:
    if event.span is None or event.status in ("cancelled", "postponed"):
        return False
    first, last = event.span.days
    return first <= day <= last


def cell(event: Event, column: str, lang: str) -> str:
    """One field on one line of a table; whoever shows it makes it safe."""
    if column == "when":
        zone = f" {one_line(event.timezone)}" if event.timezone and isinstance(event.start, datetime) else ""
        return label(event.start, event.end, word("undated", lang)) + zone
    value = getattr(event, column)
    if column in LISTS:
        value = "; ".join(value)
    elif column == "rrule" and value:
        value = describe_recurrence(value, lang)
    elif column in POINT_LISTS:
        value = "; ".join(map(_shown, value))
    elif column == "overrides":
        value = "; ".join(_otherwise(override) for override in value)
    elif column in (*POINTS, *STAMPS, "recurrence_id"):
        value = iso(value).replace("T", " ") if value is not None else ""
    elif column == "status":
        value = word(value, lang)
    elif column == "sections":
        value = "; ".join(section.heading for section in value)
    elif column == "translations":
        value = "; ".join(f"{translation.language}: {translation.title}" for translation in value)
    return one_line(str(value)) if value else ""


def _otherwise(override: Override) -> str:
    """An occurrence that is otherwise: when it would be, and what it is."""
    values = ((key, value) for key, value in override.values.items() if key not in STAMPS and key != "revision")
    said = ", ".join(f"{key} {_shown(value)}" for key, value in values)
    return f"{_shown(override.recurrence_id)}: {said}"


def _shown(value: object) -> str:
    """A value on one line: a date as lists have it, and what a list of an event has with semicolons."""
    if isinstance(value, tuple):
        return "; ".join(map(_shown, value))
    return label(value, None, "") if isinstance(value, Point) else str(value)


class Part(NamedTuple):
    """A piece of an event's page: `kind` is title, field (`label`: `text`), heading, text, bullet or gap.

    Each text is one line; whoever shows it makes it safe. A `mark` follows the text and is less than it.
    """

    kind: str
    text: str = ""
    label: str = ""
    mark: str = ""


# The order in which the fields are shown; title and long texts have their own places.
_FIELDS = (
    "when", "rrule", "rdates", "exdates", "overrides", "location", "organizers", "projects", "topics", "kind",
    "status", "participants", "language", "url", "uid", "source", "created", "updated", "revision", "id",
)  # fmt: skip


def page(event: Event, lang: str, language: str = "") -> Iterator[Part]:
    """One event in full: its fields, its texts, and its sections as on its page. `language` is the registry's."""
    mark, spoken = foreign_mark(event, lang, language), one_line(languages(event, lang, language))
    event = in_language(event, lang, language)
    yield Part("title", one_line(event.title), mark=mark)
    yield Part("gap")
    for name in _FIELDS:
        if text := spoken if name == "language" else cell(event, name, lang):
            yield Part("field", text, word(name, lang))
    for key, value in event.extra.items():
        yield Part("field", one_line(str(value)), one_line(key))
    for text in (event.summary, event.description):
        yield from _paragraphs(text)
    for section in event.sections:
        yield from (Part("gap"), Part("heading", one_line(section.heading)))
        yield from _paragraphs(section.body)
    for translation in event.translations:
        mark = f"[{translation.language}]" if translation.language else ""
        heading = one_line(f"{mark} {translation.title}")
        if translation.title or translation.description.strip():
            yield from (Part("gap"), Part("heading", heading))
        yield from _paragraphs(translation.description)


def _paragraphs(text: str) -> Iterator[Part]:
    """Markdown as lines: blank lines part paragraphs, `- ` begins a bullet."""
    if text.strip():
        yield Part("gap")
    for line in text.strip().split("\n"):
        if line.startswith("- "):
            yield Part("bullet", one_line(line[2:]))
        elif line.strip():
            yield Part("text", one_line(line))
        elif text.strip():
            yield Part("gap")


def snippet(event: Event, terms: Iterable[Term]) -> Iterator[str]:
    """Parts of the event's texts, its title apart, in which the terms stand: one for each that is not shown yet.

    What stands in a translation alone begins with its language.
    """
    given = [one_line(event.title)]
    for term in terms:
        if any(term.spans(text) for text in given):
            continue
        lines = ((mark, one_line(line)) for mark, text in _texts(event) for line in text.split("\n"))
        found = next((mark + _around(line, *spans[0]) for mark, line in lines if (spans := term.spans(line))), None)
        if found is not None:
            given.append(found)
            yield found


def _texts(event: Event) -> Iterator[tuple[str, str]]:
    """The texts in which a match may stand unseen, each with what is said before it."""
    for text in (event.summary, event.description, *(section.body for section in event.sections)):
        yield "", text
    for translation in event.translations:
        mark = f"[{one_line(translation.language)}] " if translation.language else ""
        yield from ((mark, translation.title), (mark, translation.description))


_AROUND = 60  # characters kept on either side of what was found


def _around(line: str, begin: int, end: int) -> str:
    """The part of a line near a match, cut between words."""
    first = line.rfind(" ", 0, max(begin - _AROUND, 0)) + 1 if begin > _AROUND else 0
    last = line.find(" ", end + _AROUND)
    head, tail = ("…" if first else ""), ("…" if last >= 0 else "")
    return head + (line[first:last] if last >= 0 else line[first:]) + tail


def describe_period(span: Span) -> str:
    """`Tuesday 25 February 2020 to Saturday 29 February 2020, 5 days`; `some time in February 2020`."""
    first, last = span.days
    days = n_("{n} day", "{n} days", (last - first).days + 1)
    if span.end is not None and span.end != span.start:
        return _("{start} to {end}, {days}", start=_point(span.start), end=_point(span.end), days=days)
    if isinstance(span.start, (Month, Year)):
        return _("some time in {month}", month=_point(span.start))
    if isinstance(span.start, datetime):
        return _point(span.start)
    return _("{start}, {days}", start=_point(span.start), days=days)


def _point(point: Point) -> str:
    if not isinstance(point, date):
        return month_heading(point, spoken(), "")
    lang = spoken()
    # Translators: {weekday} is a name, and so is {month}; in Vietnamese that is a number.
    day = _(
        "{weekday} {day} {month} {year}",
        weekday=weekday_name(point.weekday(), lang),
        day=point.day,
        month=point.month if lang == "vi" else month_name(point.month, lang),
        year=point.year,
    )
    if not isinstance(point, datetime):
        return day
    zone = f"{point:%z}"
    clock = f"{point:%H:%M}" + (f" UTC{zone[:3]}:{zone[3:5]}" if zone else "")
    return _("{day} at {time}", day=day, time=clock)
