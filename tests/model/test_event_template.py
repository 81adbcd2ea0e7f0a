"""Templates: each event is one line, or the template is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.errors import UsageError
from ilocal.model.dates import Month, Year
from ilocal.model.event import Event
from ilocal.model.event_template import DATE_PARTS, parse_template_of_event_fields
from ilocal.model.fields import FIELD_NAMES
from ilocal.model.safe_text import list_unsafe_characters_of_text
from tests.support import strategies

_PIECES = st.one_of(
    st.sampled_from(["{{", "}}", "{", "}", "|", ":", "%", "{when}", "{title}", "\n", "\t", "{start:%d/%m}", "{tên}"]),
    st.builds("{{{}}}".format, st.sampled_from(FIELD_NAMES)),
    st.builds("{{{}:%{}|{}}}".format, st.sampled_from(FIELD_NAMES), st.sampled_from([*DATE_PARTS, "Q"]), st.text()),
    st.text(max_size=5),
)


@given(st.lists(_PIECES, max_size=6).map("".join), strategies.any_events(), st.sampled_from(["vi", "en"]))
def test_any_template_writes_one_line_an_event_or_is_refused(text: str, event: Event, lang: str) -> None:
    try:
        template = parse_template_of_event_fields(text)
    except UsageError as error:
        assert str(error)
        return
    line = template.format_event(event, lang)
    assert "\n" not in line
    assert list_unsafe_characters_of_text(line) == []


@given(st.text(), st.sampled_from(["vi", "en"]))
def test_a_text_with_its_braces_twice_is_itself(text: str, lang: str) -> None:
    wanted = "x" + "".join(text.split())
    if list_unsafe_characters_of_text(wanted):
        return
    template = parse_template_of_event_fields(wanted.replace("{", "{{").replace("}", "}}"))
    assert template.format_event(Event("A"), lang) == wanted


@given(st.dates(date(1, 1, 1)), st.sampled_from([name for name in DATE_PARTS if name not in ("A", "a", "B", "b", "z")]))
def test_parts_of_a_date_are_those_of_the_standard_library(day: date, name: str) -> None:
    moment = datetime(day.year, day.month, day.day, 15, 4, 5)
    expected = {"Y": f"{day.year:04}", "G": f"{day.isocalendar().year:04}"}.get(name) or moment.strftime("%" + name)
    assert parse_template_of_event_fields(f"{{start:%{name}}}").format_event(Event("A", start=moment), "en") == expected


ALL = "{start:%A %a %-d/%-m/%y %B %b %Y %H:%M %p %z}"


@pytest.mark.parametrize(
    ("start", "template", "lang", "line"),
    [
        (date(2020, 2, 3), ALL, "en", "Monday Mon 3/2/20 February Feb 2020 ??:?? ?? ?"),
        (date(2020, 2, 9), ALL, "vi", "Chủ nhật CN 9/2/20 Tháng Hai thg 2 2020 ??:?? ?? ?"),
        (datetime(2020, 2, 3, 8, 30, tzinfo=UTC), ALL, "vi", "Thứ Hai T2 3/2/20 Tháng Hai thg 2 2020 08:30 AM +0000"),
        (Month(2020, 2), "{start:%F}", "en", "2020-02-??"),
        (Month(2020, 2), "{start:%d/%m/%Y|soon}", "en", "soon"),
        (Month(2020, 2), "{start:%m/%Y|soon}", "en", "02/2020"),
        (Year(2020), "{start:%d/%m/%Y}", "en", "??/??/2020"),
        (None, "{start:%d/%m|TBA} {start|?}{start}", "en", "TBA ?"),
        (None, "{when} {when|–}", "en", "To be announced –"),
        (date(2020, 2, 3), "{start:%H:%M|all day} {{{title}}} 100%", "en", "all day {A} 100%"),
        (date(2020, 2, 3), "{location|no place: x} {chủ đề} {Date}", "en", "no place: x  2020/02/03"),
    ],
)
def test_templates(start: date | None, template: str, lang: str, line: str) -> None:
    assert parse_template_of_event_fields(template).format_event(Event("A", start=start), lang) == line


@pytest.mark.parametrize(
    ("template", "said", "hint"),
    [
        ("", "the template is empty", "use a template such as '{start:%d/%m} {title}'"),
        ("{titel}", 'unknown field "titel"', "did you mean title?"),
        ("a {title", 'unmatched "{" at character 3', "to write a brace, use {{"),
        ("a } b", 'unmatched "}" at character 3', "to write a brace, use }}"),
        ("a\nb", "a template must not contain a line break", None),
        ("{start:dd/mm}", '"dd/mm" is not a date format', None),
        ("{start:%Q}", '"%Q" is not a date format', None),
        ("{title:%d}", "title is not a date", None),
    ],
)
def test_what_cannot_be_read_is_refused(template: str, said: str, hint: str | None) -> None:
    with pytest.raises(UsageError) as refused:
        parse_template_of_event_fields(template)
    assert str(refused.value) == said
    assert hint is None or refused.value.hint == hint
