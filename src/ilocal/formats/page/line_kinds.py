"""Lines of a page, each classified by itself: a date, a month, a numbered title, a bullet, or text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from unicodedata import normalize

from ilocal.errors import DateError
from ilocal.i18n.labels import translate_label
from ilocal.i18n.messages import supported_languages
from ilocal.model.date_names import MONTH_NAMES, WEEKDAY_NAMES
from ilocal.model.date_parser import parse_period
from ilocal.model.dates import Month, Period, Year
from ilocal.model.text_folding import strip_accents

_NUMBERED_TITLE = re.compile(r"(?P<number>[0-9]{1,3})[.)]\s+(?P<title>\S.*)")
_BULLET_ITEM = re.compile(r"[•·▪◦‣●*–-]\s+(?P<item>\S.*)")
# The beginning of a line in an agenda: a time of day, or a range.
_CLOCK_TIME = re.compile(r"[0-9]{1,2}(?::[0-9]{2}|h[0-9]{0,2}|\s*[ap]m)\b|[0-9]{1,2}[.][0-9]{2}\s*[-–]", re.IGNORECASE)
_DATE_LABEL = re.compile(r"(?:(?:event )?dates?(?: and time)?|when|ngày|thời gian)\s*:\s*", re.IGNORECASE)
_YEAR = re.compile("(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_DATE_WORDS = {
    part
    for names in (*MONTH_NAMES.values(), *WEEKDAY_NAMES.values())
    for name in names
    for part in (*strip_accents(name).split(), strip_accents(name)[:3])
} | {"thang", "ngay", "nam", "to", "from", "den", "tu", "sept", "st", "nd", "rd", "th", "am", "pm", "h", "utc"}
_MAX_DATE_LENGTH, _MAX_LABELLED_DATE_LENGTH = 80, 200


@cache
def _undated_labels() -> frozenset[str]:
    """Return the labels for a missing date in each language, without accents."""
    return frozenset(strip_accents(translate_label("undated", lang)) for lang in supported_languages())


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line that is not blank. `parsed_date` is the date that it consists of, or why that cannot be read."""

    number: int  # in the page, from 1
    indent: int
    text: str
    is_after_blank: bool
    parsed_date: Period | str | None = None

    @property
    def is_page_date_line(self) -> bool:
        """Whether the line is a date of days or times, valid or not, as found below a title."""
        return isinstance(self.parsed_date, str) or (
            isinstance(self.parsed_date, Period) and isinstance(self.parsed_date.start, date)
        )

    @property
    def page_month(self) -> Month | None:
        """The month, where the line is one in words, and no more."""
        single = (
            isinstance(self.parsed_date, Period) and self.parsed_date.end is None and any(map(str.isalpha, self.text))
        )
        return self.parsed_date.start if single and isinstance(self.parsed_date.start, Month) else None  # type: ignore[union-attr]

    @property
    def page_year(self) -> Year | None:
        """The year, where the line is one and no more."""
        single = isinstance(self.parsed_date, Period) and self.parsed_date.end is None
        return self.parsed_date.start if single and isinstance(self.parsed_date.start, Year) else None  # type: ignore[union-attr]

    @property
    def is_undated_page_line(self) -> bool:
        """Whether the line stands for a date to be announced."""
        return len(self.text) < _MAX_DATE_LENGTH and strip_accents(self.text) in _undated_labels()

    @property
    def is_bullet(self) -> bool:
        return _BULLET_ITEM.match(self.text) is not None

    @property
    def is_numbered_page_line(self) -> bool:
        return _NUMBERED_TITLE.match(self.text) is not None

    @property
    def page_title_number(self) -> int | None:
        """The number of a numbered title; None for other lines, including those of an agenda (`1. 9:15-10:15`)."""
        found = _NUMBERED_TITLE.match(self.text)
        return int(found["number"]) if found and not _CLOCK_TIME.match(found["title"]) else None

    @property
    def has_leading_time_on_page(self) -> bool:
        return _CLOCK_TIME.match(self.text) is not None


def parse_page_lines(text: str, today: date) -> list[PageLine]:
    """Return the lines of a page that are not blank, without invisible characters."""
    found, after_blank = [], True
    text = re.sub("[\u200b\u2060\ufeff\u00ad]", "", normalize("NFC", text)).replace("\u00a0", " ")
    for number, raw in enumerate(text.split("\n"), 1):
        expanded = raw.expandtabs()
        stripped = re.sub(r"^#{1,6}\s+", "", raw.strip())  # a heading's marks, in Markdown
        if stripped:
            indent = len(expanded) - len(expanded.lstrip())
            found.append(PageLine(number, indent, stripped, after_blank, _parse_line_date(stripped, today)))
        after_blank = not stripped
    return found


def _parse_line_date(text: str, today: date) -> Period | str | None:
    if len(text) > _MAX_LABELLED_DATE_LENGTH:  # no need to look closer
        return None
    text = text[found.end() :] if (found := _DATE_LABEL.match(text)) else text
    text = re.sub(r"\s*\([0-9]+\)$", "", text.rstrip(".,;:"))  # the number of events in a month
    if len(text) > _MAX_DATE_LENGTH or not _YEAR.search(text) or not _is_page_line_of_date_words(text):
        return None
    try:
        return parse_period(text, today)
    except DateError as error:
        return error.message if len(re.findall("[0-9]+", text)) > 1 else None


def _is_page_line_of_date_words(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+", strip_accents(text))
    return all(found in _DATE_WORDS for found in words) and not re.search(r"[^\w\s.,:/–—+-]", text)


def join_title_lines(lines: Sequence[PageLine]) -> str:
    """Return a title, possibly of several lines, without its number."""
    found = _NUMBERED_TITLE.match(lines[0].text)
    return " ".join([found["title"] if found else lines[0].text, *(line.text for line in lines[1:])])


def format_lines_as_markdown(lines: Sequence[PageLine]) -> str:
    """Return paragraphs separated by blank lines, with bullets as `- `."""
    text, in_bullet = "", False
    for line in lines:
        bullet = _BULLET_ITEM.match(line.text)
        in_bullet = in_bullet and not line.is_after_blank and bool(text)
        own = f"- {bullet['item']}" if bullet else f"  {line.text}" if in_bullet else line.text
        text += ("" if not text else "\n\n" if line.is_after_blank else "\n") + own
        in_bullet = in_bullet or bullet is not None
    return text
