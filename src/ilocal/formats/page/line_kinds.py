"""The lines of a page, and what each looks like by itself: a date, a month, a numbered title, a bullet, or text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import normalize

from ilocal.errors import DateError
from ilocal.i18n.labels import word
from ilocal.i18n.messages import LANGUAGES
from ilocal.model.date_names import MONTHS, WEEKDAYS
from ilocal.model.date_parser import read
from ilocal.model.dates import Month, Span, Year
from ilocal.model.text_folding import unmarked

_NUMBERED = re.compile(r"(?P<number>[0-9]{1,3})[.)]\s+(?P<title>\S.*)")
_BULLET = re.compile(r"[•·▪◦‣●*–-]\s+(?P<item>\S.*)")
# What a line of an agenda begins with: a time of day, or a span of it.
_CLOCK = re.compile(r"[0-9]{1,2}(?::[0-9]{2}|h[0-9]{0,2}|\s*[ap]m)\b|[0-9]{1,2}[.][0-9]{2}\s*[-–]", re.IGNORECASE)
_LABEL = re.compile(r"(?:(?:event )?dates?(?: and time)?|when|ngày|thời gian)\s*:\s*", re.IGNORECASE)
_YEAR = re.compile("(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_DATE_WORDS = {
    part
    for names in (*MONTHS.values(), *WEEKDAYS.values())
    for name in names
    for part in (*unmarked(name).split(), unmarked(name)[:3])
} | {"thang", "ngay", "nam", "to", "from", "den", "tu", "sept", "st", "nd", "rd", "th", "am", "pm", "h", "utc"}
_UNDATED = {unmarked(word("undated", lang)) for lang in LANGUAGES}
_LONGEST_DATE, _LONGEST_LABELLED = 80, 200


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank. `said` is the date that it says and nothing else, or why that cannot be read."""

    number: int  # in the page, from 1
    indent: int
    text: str
    after_blank: bool
    said: Span | str | None = None

    @property
    def is_day(self) -> bool:
        """Days or times, or what was meant as such: what stands below a title."""
        return isinstance(self.said, str) or (isinstance(self.said, Span) and isinstance(self.said.start, date))

    @property
    def month(self) -> Month | None:
        """The month, where the line is one in words, and no more."""
        single = isinstance(self.said, Span) and self.said.end is None and any(map(str.isalpha, self.text))
        return self.said.start if single and isinstance(self.said.start, Month) else None  # type: ignore[union-attr]

    @property
    def year(self) -> Year | None:
        """The year, where the line is one and no more."""
        single = isinstance(self.said, Span) and self.said.end is None
        return self.said.start if single and isinstance(self.said.start, Year) else None  # type: ignore[union-attr]

    @property
    def is_undated(self) -> bool:
        """Whether it stands in the place of a date that is still to come."""
        return len(self.text) < _LONGEST_DATE and unmarked(self.text) in _UNDATED

    @property
    def is_bullet(self) -> bool:
        return _BULLET.match(self.text) is not None

    @property
    def is_numbered(self) -> bool:
        return _NUMBERED.match(self.text) is not None

    @property
    def number_of_title(self) -> int | None:
        """The number of a numbered title; None for anything else, and for a line of an agenda (`1. 9:15-10:15`)."""
        found = _NUMBERED.match(self.text)
        return int(found["number"]) if found and not _CLOCK.match(found["title"]) else None

    @property
    def begins_with_clock(self) -> bool:
        return _CLOCK.match(self.text) is not None


def lines_of(text: str, today: date) -> list[Line]:
    """The lines of a page that are not blank. Invisible characters that pages are full of are left out."""
    found, after_blank = [], True
    text = re.sub("[\u200b\u2060\ufeff\u00ad]", "", normalize("NFC", text)).replace("\u00a0", " ")
    for number, raw in enumerate(text.split("\n"), 1):
        expanded = raw.expandtabs()
        stripped = re.sub(r"^#{1,6}\s+", "", raw.strip())  # a heading's marks, in Markdown
        if stripped:
            indent = len(expanded) - len(expanded.lstrip())
            found.append(Line(number, indent, stripped, after_blank, _said(stripped, today)))
        after_blank = not stripped
    return found


def _said(text: str, today: date) -> Span | str | None:
    if len(text) > _LONGEST_LABELLED:  # no need to look closer
        return None
    text = text[found.end() :] if (found := _LABEL.match(text)) else text
    text = re.sub(r"\s*\([0-9]+\)$", "", text.rstrip(".,;:"))  # how many there are in a month
    if len(text) > _LONGEST_DATE or not _YEAR.search(text) or not _only_date_words(text):
        return None
    try:
        return read(text, today)
    except DateError as error:
        return error.message if len(re.findall("[0-9]+", text)) > 1 else None


def _only_date_words(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+", unmarked(text))
    return all(found in _DATE_WORDS for found in words) and not re.search(r"[^\w\s.,:/–—+-]", text)


def title_of(lines: Sequence[Line]) -> str:
    """A title that may run over several lines, without its number."""
    found = _NUMBERED.match(lines[0].text)
    return " ".join([found["title"] if found else lines[0].text, *(line.text for line in lines[1:])])


def markdown(lines: Sequence[Line]) -> str:
    """Paragraphs with a blank line between them, bullets as `- `."""
    text, in_bullet = "", False
    for line in lines:
        bullet = _BULLET.match(line.text)
        in_bullet = in_bullet and not line.after_blank and bool(text)
        own = f"- {bullet['item']}" if bullet else f"  {line.text}" if in_bullet else line.text
        text += ("" if not text else "\n\n" if line.after_blank else "\n") + own
        in_bullet = in_bullet or bullet is not None
    return text
