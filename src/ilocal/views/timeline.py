"""Events as bars under each other on an axis of days, one line an event, with today as a line down across them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from ilocal.dates import Days, label
from ilocal.event import Event
from ilocal.language import N_, translated, word
from ilocal.lines import Listing, marks
from ilocal.text import shown
from ilocal.translation import in_language
from ilocal.views.axis import Axis, ticks, whole_months
from ilocal.views.cells import Line, Look, Piece, clusters, cut, width
from ilocal.views.grid import has_day
from ilocal.views.legend import colour, legend, sign

_LEAST_INSIDE = 12  # cells in a bar from which a title stands there that does not fit
_MANY = 20  # events from which the axis is repeated below
TODAY = N_("today {day}")


class _Canvas:
    """The cells of one line, written over each other."""

    def __init__(self, size: int) -> None:
        self.cells = [(" ", "")] * size

    def put(self, at: int, text: str, style: str) -> None:
        """Write `text` from a cell on; what does not fit is left out."""
        for cluster, wide in clusters(text):
            if at < 0 or at + wide > len(self.cells):
                return
            self.cells[at : at + wide] = [(cluster, style), *[("", style)] * (wide - 1)]
            at += wide

    def line(self) -> Line:
        return [
            Piece("".join(text for text, _ in some), style) for style, some in groupby(self.cells, lambda cell: cell[1])
        ]


def extent(events: Iterable[Event], within: Days) -> Days | None:
    """The whole months in which the events lie, as far as they are within some days; None where there are none."""
    found = [event.days for event in events if event.days is not None]
    if not found:
        return None
    own = whole_months(Days(min(days.first for days in found), max(days.last for days in found)))
    return Days(max(own.first, within.first), min(own.last, within.last))


def timeline_page(events: Sequence[Event], span: Days, look: Look) -> Iterator[Line]:
    """The events, all of which touch the span. In a pipe, those with a title cut are told in full below."""
    axis = Axis(*span, look.width)
    today = axis.cell(look.today) if span.first <= look.today <= span.last else None
    is_numbered = not look.is_wrapped and any(_is_cut(event, axis, today, look) for event in events)
    yield from _scale(axis, today, look.lang)
    for n, event in enumerate(events, 1):
        yield _event(event, axis, today, look, f"{n} " if is_numbered else "")
    if len(events) >= _MANY:
        yield from reversed(list(_scale(axis, today, look.lang)))
    if today is not None:
        yield _today(axis, today, look)
    if is_numbered:
        yield []
        yield from legend(((f"{n}.", event) for n, event in enumerate(events, 1)), look)


def undated_page(events: Sequence[Event], more: int, look: Look) -> Iterator[Line]:
    """Events without a date, and how many more of them there are."""
    yield [Piece(word("undated", look.lang), "heading")]
    yield from legend((("·", event) for event in events), look)
    if more:
        yield [Piece(f"  +{more}", "more")]


def _scale(axis: Axis, today: int | None, lang: str) -> Iterator[Line]:
    labels, rule = _Canvas(axis.width), _Canvas(axis.width)
    rule.put(0, "─" * axis.width, "rule")
    for day, name in ticks(axis, lang):
        if axis.cell(day) + width(name) <= axis.width:  # part of a name would be another one
            labels.put(axis.cell(day), name, "label")
        rule.put(axis.cell(day), "┼", "rule")
    if today is not None:
        rule.put(today, "▼", "now")
    yield labels.line()
    yield rule.line()


def _today(axis: Axis, today: int, look: Look) -> Line:
    """Which day the line is, at its foot."""
    canvas = _Canvas(axis.width)
    told = translated(TODAY, look.lang).format(day=label(look.today, None))
    canvas.put(today, "│", "now")
    room = today + 2 + width(told) <= axis.width
    canvas.put(today + 2 if room else max(today - 1 - width(told), 0), told, "now")
    return canvas.line()


def _place(event: Event, axis: Axis) -> tuple[int, int]:
    """The first and the last cell of an event's bar."""
    assert event.days is not None
    return axis.cell(event.days.first), axis.end_cell(event.days.last)


def _is_running(event: Event, look: Look) -> bool:
    return word("running", look.lang) in marks(event, Listing(look.lang, running_on=look.today))


def _title(event: Event, look: Look, number: str) -> str:
    told = in_language(event, look.lang, look.language)
    return f"{number}{'● ' if _is_running(event, look) else ''}{sign(event)}{shown(told.title)}"


def _beside(title: str, first: int, last: int, axis: Axis, today: int | None) -> tuple[int, int]:
    """Where a title stands, and its room: in the bar, after it or before it, wherever all or most of it fits."""
    wanted = width(title)
    right = last + (3 if today == last + 1 else 2)  # a blank between, also beside the line of today
    left = first - (2 if today == first - 1 else 1)
    inside, after, before = (first + 2, last - first - 3), (right, axis.width - right), (0, left)
    if inside[1] >= wanted:
        return inside
    if after[1] >= wanted:
        return after
    if before[1] >= wanted:
        return left - wanted, wanted
    places = [after, before, *([inside] if inside[1] >= _LEAST_INSIDE else [])]
    return max(places, key=lambda place: place[1])


def _is_cut(event: Event, axis: Axis, today: int | None, look: Look) -> bool:
    title = _title(event, look, "")
    return _beside(title, *_place(event, axis), axis, today)[1] < width(title)


def _event(event: Event, axis: Axis, today: int | None, look: Look, number: str) -> Line:
    canvas = _Canvas(axis.width)
    first, last = _place(event, axis)
    if today is not None:
        canvas.put(today, "│", "now")
    canvas.put(first, _bar(event, axis, last - first + 1), f"line{colour(event)}")
    if today is not None and first < today < last:
        canvas.put(today, "┃", "now")
    title = _title(event, look, number)
    at, room = _beside(title, first, last, axis, today)
    if first < at <= last:
        room = min(room, width(cut(title, room)))
        canvas.put(at - 1, " " * (room + 2), "")
    canvas.put(at, cut(title, room), "running" if _is_running(event, look) else "title")
    return canvas.line()


def _bar(event: Event, axis: Axis, size: int) -> str:
    """The bar of an event: whole where its days are known, broken where its month or year alone is."""
    assert event.days is not None
    before, after = event.days.first < axis.first, event.days.last > axis.last
    is_certain = has_day(event)
    if size == 1:
        return "◂" if before else "▸" if after else "◆" if is_certain else "◇"
    fill = "━" if is_certain else "╍"
    left = "◂" if before else "┣" if is_certain else fill
    right = "▸" if after else "┫" if is_certain else fill
    return left + fill * (size - 2) + right


def days_from(day: date, before: int, after: int) -> Days:
    """So many days before and after a day, as far as the calendar goes."""
    first = max(day.toordinal() - before, 1)
    return Days(date.fromordinal(first), date.fromordinal(min(day.toordinal() + after, date.max.toordinal())))
