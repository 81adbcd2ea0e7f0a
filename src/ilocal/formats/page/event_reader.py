"""The page of a single event: title, date, summary, headed sections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from ilocal.errors import Diagnostic
from ilocal.formats.page.fact_lines import split_fact_lines
from ilocal.formats.page.line_kinds import PageLine, format_lines_as_markdown, join_title_lines
from ilocal.i18n.messages import _
from ilocal.model.dates import Period
from ilocal.model.event import Event, Section
from ilocal.model.safe_text import escape_message

_MAX_HEADING_LENGTH, _MAX_COLON_HEADING_LENGTH, _MAX_TITLE_LENGTH, _MAX_LABEL_LENGTH = 100, 40, 500, 80
_MAX_DATE_PARAGRAPHS = 4  # paragraphs in which a date may share its lines with others
Paragraph = Sequence[PageLine]


def read_event_page(lines: Sequence[PageLine], today: date) -> Iterator[Event | Diagnostic]:
    """Yield the event of the page; nothing if it has neither a date nor a section with a heading."""
    paragraphs = _split_paragraphs(lines)
    if len(paragraphs) < 2 or lines[0].is_numbered_page_line or lines[0].parsed_date is not None:
        return
    title, body = join_title_lines(paragraphs[0]), paragraphs[1:]
    headings = _find_headings(body)
    dated = _find_date_paragraph(body, headings)
    facts: dict[str, Any] = {}
    if dated is not None:  # a short line above it is a place or a label, not a heading
        facts, body = _take_facts(body, dated, today)
        headings = {n for n in _find_headings(body) if n > dated}
    has_day = dated is not None and body[dated][0].is_page_date_line
    if len(title) > _MAX_TITLE_LENGTH or not (has_day or headings):  # a month alone is the heading of an empty list
        return
    span = None if dated is None else body[dated][0].parsed_date
    if span is None:
        yield Diagnostic(
            lines[0].number, _("no date on the page; the event is imported without a date"), "start", "warning"
        )
    elif dated is not None and isinstance(span, str):
        yield Diagnostic(body[dated][0].number, span, "start", text="\n".join(line.text for line in lines))
        return
    for line in (
        line for n, paragraph in enumerate(body) for line in paragraph if n != dated and line.is_page_date_line
    ):
        said = _("additional date, kept as text: {text}", text=escape_message(line.text))
        yield Diagnostic(line.number, said, severity="note")
    first = min(headings, default=len(body))
    above, below = (body[:dated], body[dated + 1 : first]) if dated is not None else ([], body[:first])
    opening = [*below, *above]  # text above the date is a place or label, not a summary
    yield Event(
        title,
        summary=format_lines_as_markdown(opening[0]) if opening else "",
        description=format_lines_as_markdown([line for paragraph in opening[1:] for line in paragraph]),
        sections=tuple(_parse_page_format_sections(body, headings)),
        source_line=lines[0].number,
        **({"start": span.start, "end": span.end} if isinstance(span, Period) else {}) | facts,
    )


def _find_headings(body: Sequence[Paragraph]) -> set[int]:
    return {n for n, (one, following) in enumerate(pairwise(body)) if _is_heading(one, following)}


def _take_facts(body: Sequence[Paragraph], dated: int, today: date) -> tuple[dict[str, Any], list[Paragraph]]:
    """Return the facts directly below the date, and the paragraphs without them."""
    span = body[dated][0].parsed_date
    facts, rest = split_fact_lines(
        [line for paragraph in body[dated + 1 : dated + 2] for line in paragraph],
        span.start if isinstance(span, Period) else None,
        today,
    )
    return facts, [*body[: dated + 1], *([rest] if rest else []), *body[dated + 2 :]]


def _find_date_paragraph(body: Sequence[Paragraph], headings: set[int]) -> int | None:
    """Return the paragraph with the event's date; a date below a section with text belongs to an agenda."""
    dated = next((n for n, one in enumerate(body) if len(one) == 1 and one[0].parsed_date is not None), None)
    if dated is None or any(n in headings and n + 1 not in headings and n + 1 != dated for n in range(dated)):
        return None
    return dated


def _parse_page_format_sections(body: Sequence[Paragraph], headings: set[int]) -> Iterator[Section]:
    bounds = [*sorted(headings), len(body)]
    for first, last in pairwise(bounds):
        text = [line for paragraph in body[first + 1 : last] for line in paragraph]
        yield Section(body[first][0].text.rstrip(":"), format_lines_as_markdown(text))


def _split_paragraphs(lines: Sequence[PageLine]) -> list[Paragraph]:
    found: list[list[PageLine]] = []
    for line in lines:
        if line.is_after_blank or not found:
            found.append([])
        found[-1].append(line)
    return [
        part
        for n, one in enumerate(found)
        for part in (_separate_date_line(one) if n < _MAX_DATE_PARAGRAPHS else [one])
    ]


def _separate_date_line(paragraph: list[PageLine]) -> list[Paragraph]:
    """Return the paragraph with its date as a separate one, if the lines below that are short as well."""
    at = next((n for n, line in enumerate(paragraph) if line.is_page_date_line), None)
    if at is None or any(len(line.text) > _MAX_LABEL_LENGTH for line in paragraph[at:]):
        return [paragraph]
    return [part for part in (paragraph[:at], paragraph[at : at + 1], paragraph[at + 1 :]) if part]


def _is_heading(paragraph: Paragraph, following: Paragraph) -> bool:
    """Return whether a paragraph is a heading: one short line, no sentence or list item, with text below."""
    line = paragraph[0]
    return (
        len(paragraph) == 1
        and len(line.text) <= (_MAX_COLON_HEADING_LENGTH if line.text.endswith(":") else _MAX_HEADING_LENGTH)
        and any(map(str.isalpha, line.text))
        and not line.text.endswith((".", ",", ";", "!", "…"))
        and not (line.text.endswith(":") and (following[0].is_bullet or following[0].is_numbered_page_line))
        and not (line.is_bullet or line.is_numbered_page_line or line.has_leading_time_on_page)
        and line.indent <= following[0].indent
    )
