"""Events and their fields in words: dates, rules, list cells, detail lines and search snippets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from itertools import chain, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from ilocal.i18n.labels import translate_label
from ilocal.i18n.messages import N_, _, current_language, n_, translate, translate_plural
from ilocal.model.date_names import (
    current_date_format,
    describe_month_of_date,
    get_month_name_of_date,
    get_weekday_name_of_date,
    name_month_in_sentence,
)
from ilocal.model.dates import Month, PartialDate, Period, Year, format_iso_date
from ilocal.model.event import Event, OccurrenceOverride
from ilocal.model.fields import AUTOMATIC_FIELDS, FIELDS, FIELDS_BY_NAME, name_event_field_as_heading
from ilocal.model.safe_text import collapse_whitespace
from ilocal.model.translations import describe_languages_of_event, find_original_language_of_event, localize_event

if TYPE_CHECKING:
    from ilocal.model.search_terms import SearchTerm


def format_period(
    start: PartialDate | None, end: PartialDate | None, undated: str = "", date_format: str = "ymd"
) -> str:
    """Return dates in the format of event pages: `2020/02/25 - 2020/02/29`, `2020/02/20 08:30 - 10:00`, `2020/02`.

    Arguments:
        start: the first date; if None, `undated` is returned.
        end: the last date, in the precision of `start`; None for a single date.
        undated: text to return if there is no date.
        date_format: one of DATE_FORMATS.
    """
    if start is None:
        return undated
    if end is None or end == start:
        return _format_date(start, date_format)
    if isinstance(start, datetime) and isinstance(end, datetime) and start.date() == end.date():
        return f"{_format_date(start, date_format)} - {_format_clock_time(end)}"
    return f"{_format_date(start, date_format)} - {_format_date(end, date_format)}"


def describe_period_of_event(start: PartialDate | None, end: PartialDate | None = None, undated: str = "") -> str:
    """Return dates as this user sees them, which is `format_period` in the format of their settings."""
    return format_period(start, end, undated, current_date_format())


def show_moment(moment: datetime, zone: tzinfo | None) -> str:
    """Return a time as this user sees it, by the clock of this machine, whose UTC offset is added if `zone` differs."""
    local = moment.astimezone()
    offset = "" if local.utcoffset() == moment.astimezone(zone).utcoffset() else f" UTC{local.isoformat()[-6:]}"
    return f"{describe_period_of_event(local.date())} {local:%H:%M:%S}{offset}"


def _format_date(point: PartialDate, date_format: str) -> str:
    if isinstance(point, datetime):
        return f"{_format_date(point.date(), date_format)} {_format_clock_time(point)}"
    text = format_iso_date(point)
    if date_format == "iso":
        return text
    return "/".join(reversed(text.split("-")) if date_format == "dmy" else text.split("-"))


def _format_clock_time(moment: datetime) -> str:
    text = f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
    zone = f"{moment:%z}"
    return f"{text} UTC{zone[:3]}:{zone[3:5]}" if zone else text


@dataclass(frozen=True, slots=True)
class ListOptions:
    """How a list is shown."""

    lang: str
    columns: tuple[str, ...] = ()  # empty: as many as fit
    has_month_headings: bool = True
    running_date: date | None = None  # events running on this day are marked
    terms: tuple[SearchTerm, ...] = ()  # search terms to highlight
    language: str = ""  # language of the registry: titles in a language other than `lang` are marked
    counts_following: bool = False  # add to the row of a series how many occurrences follow
    has_running_group: bool = False  # in date order: running events first, then those of today
    span_start: date | None = None  # events that began before this day come in a last group
    has_frames: bool = False  # of tables: lines around and between the cells
    date_format: str = ""  # of dates within a rule; empty: the user's


def group_events_by_start_month(
    events: Iterable[Event], options: ListOptions
) -> Iterator[tuple[str, Iterator[tuple[int, Event]]]]:
    """Yield events in groups with the heading of their month, numbered from 1 in each. Without headings, one group."""
    for title, group in groupby(_group_events_under_month_headings(events, options), itemgetter(0)):
        yield title, enumerate((event for _title, event in group), 1)


def _group_events_under_month_headings(events: Iterable[Event], options: ListOptions) -> Iterator[tuple[str, Event]]:
    def get_heading(event: Event) -> str:
        return describe_month_of_date(event.start, options.lang, translate_label("undated", options.lang))

    rest = iter(events)
    if not options.has_month_headings:
        yield from (("", event) for event in rest)
        return
    if options.has_running_group and options.running_date is not None:
        begun, rest = _take_begun_events_of_period(rest, options.running_date)
        running = [event for event in begun if _has_begun_before(event, options.running_date)]
        of_today = [event for event in begun if event not in running and isinstance(event.start, date)]
        yield from ((translate_label("running now", options.lang), event) for event in running)
        yield from ((translate_label("today", options.lang), event) for event in of_today)
        yield from ((get_heading(event), event) for event in begun if event not in running + of_today)
    held: list[Event] = []
    for event in rest:
        if options.span_start is not None and _has_begun_before(event, options.span_start):
            held.append(event)
        else:
            yield get_heading(event), event
    yield from ((translate_label("began earlier", options.lang), event) for event in held)


def _take_begun_events_of_period(events: Iterator[Event], day: date) -> tuple[list[Event], Iterator[Event]]:
    """Return the events, in the order of time, that may begin on a day or before; and an iterator over the others."""
    begun: list[Event] = []
    for event in events:
        if event.date_range is None or event.date_range.first > day:
            return begun, chain([event], events)
        begun.append(event)
    return begun, iter(())


def _has_begun_before(event: Event, day: date) -> bool:
    """Return whether an event is known to begin before a day."""
    return isinstance(event.start, date) and event.date_range is not None and event.date_range.first < day


def _has_event_begun_by(event: Event, day: date) -> bool:
    """Return whether it is known that an event begins on a day or before."""
    return isinstance(event.start, date) and event.date_range is not None and event.date_range.first <= day


def describe_when_in_list(event: Event, options: ListOptions) -> str:
    """Return the dates of an event; in the group of running events, the day until which it lasts."""
    if options.has_running_group and options.running_date and _has_begun_before(event, options.running_date):
        end = event.end.date() if isinstance(event.end, datetime) else event.end
        return translate(N_("until {day}"), options.lang).format(day=describe_period_of_event(end or event.start))
    return describe_field(event, "when", options.lang)


def describe_translation_language(event: Event, lang: str, language: str) -> str:
    """Return the tag that follows a title in another language than the one requested: ` [vi]`."""
    tag = collapse_whitespace(find_original_language_of_event(event, lang, language))
    return f" [{tag}]" if tag else ""


def describe_event_status(event: Event, options: ListOptions) -> list[str]:
    """Return the notes shown next to a title: how it recurs, that it is running, or its status unless confirmed."""
    found = [describe_series_row(event, options)] if event.series is not None else []
    day = options.running_date
    is_under_heading = options.has_running_group and day is not None and _has_event_begun_by(event, day)
    if day and not is_under_heading and is_event_running_on(event, day):
        lasts_a_day = event.date_range is not None and event.date_range.first == event.date_range.last
        found.append(translate_label("on that day" if lasts_a_day else "running", options.lang))
    if event.status and event.status != "confirmed" and "status" not in options.columns:
        found.append(translate_label(event.status, options.lang))
    return found


def describe_facts(event: Event, options: ListOptions) -> list[str]:
    """Return what a list says below a title: how a series recurs, the place and the topics."""
    rule = describe_series_row(event, options) if event.series is not None else ""
    topics = ", ".join(map(collapse_whitespace, event.topics))
    return [fact for fact in (rule, collapse_whitespace(event.location), topics) if fact]


def describe_series_row(event: Event, options: ListOptions) -> str:
    """Return how the series of an occurrence recurs and, with `counts_following`, how many more occurrences follow."""
    from ilocal.model.recurrence_words import describe_series

    assert event.series is not None
    said = collapse_whitespace(
        describe_series(event.series.event, options.lang, options.date_format or current_date_format())
    )
    n = event.series.following_count
    if not options.counts_following or not n:
        return said
    if event.series.is_ended:
        return translate_plural("{rule}; {n} more", "{rule}; {n} more", n, options.lang, rule=said)
    return translate_plural(
        "{rule}; {n} more within a year", "{rule}; {n} more within a year", n, options.lang, rule=said
    )


def is_event_running_on(event: Event, day: date) -> bool:
    """Return whether an event takes place on a day and is not called off."""
    if event.period is None or event.status in ("cancelled", "postponed"):
        return False
    return event.period.date_range.contains(day)


def describe_field(event: Event, column: str, lang: str) -> str:
    """Return a field as one line of a table. The caller must make it safe to show."""
    if column == "when":
        return describe_when(event, lang, current_date_format())
    value = getattr(event, column)
    if not value:
        return ""
    if column in _DESCRIBERS_BY_FIELD:
        return collapse_whitespace(_DESCRIBERS_BY_FIELD[column](value, lang))
    kind = FIELDS_BY_NAME[column].kind if column in FIELDS_BY_NAME else "text"  # keys of the owner's own
    return collapse_whitespace(_DESCRIBERS_BY_KIND[kind](value))


def describe_when(event: Event, lang: str, date_format: str = "ymd") -> str:
    """Return both dates of an event, with its time zone if that is not the registry's."""
    zone = f" {collapse_whitespace(event.timezone)}" if event.timezone and isinstance(event.start, datetime) else ""
    return format_period(event.start, event.end, translate_label("undated", lang), date_format) + zone


def _describe_kind(kind: str, lang: str) -> str:
    from ilocal.model.value_labels import describe_event_value  # most lists show no kind

    return describe_event_value("kind", kind, lang)


def _describe_occurrence_override(override: OccurrenceOverride) -> str:
    """Return one line about a changed occurrence: its original date, and its different values."""
    values = ((key, value) for key, value in override.values.items() if key not in AUTOMATIC_FIELDS)
    said = ", ".join(f"{key} {_describe_event_value(value)}" for key, value in values)
    return f"{_describe_event_value(override.recurrence_id)}: {said}"


def _describe_event_value(value: object) -> str:
    """Return a value as one line: dates as in lists, the items of a list separated by semicolons."""
    if isinstance(value, tuple):
        return "; ".join(map(_describe_event_value, value))
    return describe_period_of_event(value) if isinstance(value, PartialDate) else str(value)


def _describe_rule(text: str, lang: str) -> str:
    from ilocal.model.recurrence_words import describe_recurrence  # most lists have no series

    return describe_recurrence(text, lang, current_date_format())


_DESCRIBERS_BY_KIND: dict[str, Callable[[Any], str]] = {
    "text": str,
    "texts": "; ".join,
    "date": _describe_event_value,
    "dates": _describe_event_value,
    "timestamp": lambda point: describe_period_of_event(
        point.replace(second=0) if isinstance(point, datetime) else point
    ),
    "number": str,
}
_DESCRIBERS_BY_FIELD: dict[str, Callable[[Any, str], str]] = {
    "rrule": _describe_rule,
    "kind": _describe_kind,
    "status": translate_label,
    "sections": lambda sections, _lang: "; ".join(section.heading for section in sections),
    "translations": lambda found, _lang: "; ".join(f"{one.language}: {one.title}" for one in found),
    "overrides": lambda overrides, _lang: "; ".join(map(_describe_occurrence_override, overrides)),
}


class DetailLine(NamedTuple):
    """A line of an event's page: `kind` is title, field (`label`: `text`), heading, text, bullet or gap.

    Each text is one line that the caller must make safe to show. `mark` follows the text and is shown less prominently.
    """

    kind: str
    text: str = ""
    label: str = ""
    mark: str = ""
    link: str = ""  # an address that the text leads to


def _order_fields_to_describe_event() -> list[str]:
    """Return the fields in display order; the title and long texts have their own places."""
    names = ["when", *(field.name for field in FIELDS if field.is_detail and not field.shown_after)]
    for field in FIELDS:
        if field.is_detail and field.shown_after:
            names.insert(names.index(field.shown_after) + 1, field.name)
    return names


_DETAIL_FIELDS = _order_fields_to_describe_event()


def describe_event_fields(event: Event, lang: str, language: str = "") -> Iterator[DetailLine]:
    """Yield the lines of an event's page: fields, texts and sections. `language` is the registry's language."""
    mark, spoken = (
        describe_translation_language(event, lang, language),
        collapse_whitespace(describe_languages_of_event(event, lang, language)),
    )
    event = localize_event(event, lang, language)
    yield DetailLine("title", collapse_whitespace(event.title), mark=mark)
    yield DetailLine("gap")
    for name in _DETAIL_FIELDS:
        if text := spoken if name == "language" else describe_field(event, name, lang):
            link = event.url if name == "url" else ""
            yield DetailLine("field", text, name_event_field_as_heading(name, lang), link=link)
    for key, value in event.extra.items():
        yield DetailLine("field", collapse_whitespace(str(value)), collapse_whitespace(key))
    for text in (event.summary, event.description):
        yield from _split_paragraphs(text)
    for section in event.sections:
        yield from (DetailLine("gap"), DetailLine("heading", collapse_whitespace(section.heading)))
        yield from _split_paragraphs(section.body)
    for translation in event.translations:
        mark = f"[{translation.language}]" if translation.language else ""
        heading = collapse_whitespace(f"{mark} {translation.title}")
        if translation.title or translation.description.strip():
            yield from (DetailLine("gap"), DetailLine("heading", heading))
        yield from _split_paragraphs(translation.description)


def _split_paragraphs(text: str) -> Iterator[DetailLine]:
    """Yield the lines of a Markdown text: blank lines separate paragraphs, `- ` begins a bullet."""
    if text.strip():
        yield DetailLine("gap")
    for line in text.strip().split("\n"):
        if line.startswith("- "):
            yield DetailLine("bullet", collapse_whitespace(line[2:]))
        elif line.strip():
            yield DetailLine("text", collapse_whitespace(line))
        elif text.strip():
            yield DetailLine("gap")


def describe_period(span: Period) -> str:
    """Return a period in words: `Tuesday 25 February 2020 to Saturday 29 February 2020, 5 days`.

    A month or a year is `some time in February 2020`, times of one day are `Tuesday 25 February 2020, 08:30 to 10:00`.
    """
    start, end = span.start, span.end
    if end is None or end == start:
        said = _describe_event_date(start)
        return _("some time in {month}", month=said) if isinstance(start, (Month, Year)) else said
    if isinstance(start, datetime) and isinstance(end, datetime) and start.date() == end.date():
        return _(
            "{day}, {start} to {end}",
            day=_describe_event_date(start.date()),
            start=_format_clock_time(start),
            end=_format_clock_time(end),
        )
    said = _("{start} to {end}", start=_describe_event_date(start), end=_describe_event_date(end))
    if isinstance(start, (Month, Year)):
        return said
    first, last = span.date_range
    return n_("{period}, {n} day", "{period}, {n} days", (last - first).days + 1, period=said)


def _describe_event_date(point: PartialDate) -> str:
    lang = current_language()
    if not isinstance(point, date):
        return name_month_in_sentence(point, lang)
    # Translators: {weekday} is a name, and so is {month}; in Vietnamese that is a number.
    day = _(
        "{weekday} {day} {month} {year}",
        weekday=get_weekday_name_of_date(point.weekday(), lang),
        day=point.day,
        month=point.month if lang == "vi" else get_month_name_of_date(point.month, lang),
        year=point.year,
    )
    if not isinstance(point, datetime):
        return day
    return _("{day} at {time}", day=day, time=_format_clock_time(point))
