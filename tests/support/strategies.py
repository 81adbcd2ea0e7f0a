"""Strategies of hypothesis for events, registries and queries: mostly Vietnamese, sometimes any Unicode."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from typing import Any

from hypothesis import strategies as st

from ilocal.errors import UsageError
from ilocal.model.dates import DateRange, Month, PartialDate, Year
from ilocal.model.event import Event, OccurrenceOverride, Section, Translation
from ilocal.model.fields import FIELD_NAMES, STATUSES
from ilocal.model.query import Query
from ilocal.model.search_terms import parse_search_term
from ilocal.storage.toml.event_writer import format_event_block

VOCABULARY = [
    "khảo",
    "sát",
    "cuối",
    "kì",
    "kỳ",
    "hội",
    "thảo",
    "thuỷ",
    "thủy",
    "sản",
    "lao",
    "động",
    "trẻ",
    "em",
    "LĐTE",
    "CSR",
    "SCORE",
    "họp",
    "quý",
    "quí",
    "Mỹ",
    "Đà",
    "Nẵng",
    "đông",
    "dong",
    "ILO",
    "2020",
    "100",
    "năm",
    "&",
    "–",
    "“Tư",
    "tưởng”",
    "(KAP)",
    "thanh",
    "tra:",
    "D-FISH",
    "9:15",
    "lao-động",
    "C++",
    "y",
    "tế",
]
LETTERS = st.characters(codec="utf-8", exclude_categories=["Cs"])

words = st.one_of(st.sampled_from(VOCABULARY), st.text(LETTERS, min_size=1, max_size=4))
lines = st.lists(words, min_size=1, max_size=7).map(" ".join)
titles = lines.filter(str.strip)
texts = st.one_of(st.just(""), lines, st.lists(lines, max_size=4).map("\n\n".join), st.text(LETTERS, max_size=30))
names = st.sampled_from(["CSR", "thủy sản", "thuỷ sản", "Lao động trẻ em", "ENHANCE", "a;b", "x\\y", '"q"', "'=1"])
days = st.dates(date(2018, 12, 1), date(2020, 4, 30))
zones = st.sampled_from([None, UTC, timezone(timedelta(hours=7)), timezone(-timedelta(hours=9, minutes=30))])
_SPAN_KINDS = st.sampled_from(["none", "day", "time", "month", "year"])
_CLOCKS = st.times().map(lambda t: t.replace(microsecond=0))
_BOOLEANS = st.booleans()


@st.composite
def spans(draw: st.DrawFn) -> tuple[PartialDate | None, PartialDate | None]:
    """Draw a start and an end in the same precision, the end not before the start."""
    kind = draw(_SPAN_KINDS)
    first, last = sorted([draw(days), draw(days)])
    pair: tuple[Any, Any] = (None, None)
    if kind == "day":
        pair = first, last
    elif kind == "time":
        zone, clock = draw(zones), draw(_CLOCKS)
        start = datetime.combine(first, clock, zone)
        pair = start, start + (last - first)
    elif kind == "month":
        pair = Month(first.year, first.month), Month(last.year, last.month)
    elif kind == "year":
        pair = Year(first.year), Year(last.year)
    return (pair[0], pair[1] if draw(_BOOLEANS) else None)


_SPANS = spans()


# Events with only a title and a date.
placed = st.builds(
    lambda title, span, status: Event(title, start=span[0], end=span[1], status=status),
    titles,
    spans(),
    st.sampled_from(["", *STATUSES]),
)

plain_values = st.one_of(
    st.integers(-5, 5),
    st.booleans(),
    st.text(LETTERS, max_size=5),
    st.lists(st.integers(-(2**63), 2**63 - 1), max_size=3),
)
keys = st.one_of(
    st.sampled_from(["room", "ghi chú", "x.y", "sections2"]), st.text(LETTERS, min_size=1, max_size=4)
).filter(lambda key: key not in (*FIELD_NAMES, "section", "override", "source_file", "source_line"))


# What takes no draw is made once: to make a strategy, and to look into it, costs more than a draw.
_LANGUAGES = st.sampled_from([(), ("en",), ("en", "fr")])


@cache
def _field_strategies(text: st.SearchStrategy[str], title: st.SearchStrategy[str]) -> dict[str, st.SearchStrategy[Any]]:
    """Return strategies for the fields of an event, except its dates and translations, in drawing order."""
    return {
        "title": title,
        "location": st.one_of(st.just(""), st.sampled_from(["Hà Nội", "Khách sạn, Hà Nội"]), text),
        "organizers": st.lists(names, max_size=2).map(tuple),
        "projects": st.lists(names, max_size=2).map(tuple),
        "topics": st.lists(names, max_size=3).map(tuple),
        "kind": st.sampled_from(["", "meeting", "survey"]),
        "status": st.sampled_from(["", *STATUSES]),
        "language": st.sampled_from(["", "", "en"]),
        "participants": text,
        "url": st.sampled_from(["", "https://example.org/a?b=1&c=2"]),
        "created": st.one_of(st.none(), days, st.just(datetime(2020, 1, 1, 8, tzinfo=UTC))),
        "revision": st.integers(0, 3),
        "summary": text,
        "description": text,
        "sections": st.lists(st.builds(Section, heading=text, body=text), max_size=2).map(tuple),
        "extra": st.dictionaries(keys, plain_values, max_size=2),
    }


@st.composite
def _draw_event(draw: st.DrawFn, text: st.SearchStrategy[str], title: st.SearchStrategy[str]) -> Event:
    start, end = draw(_SPANS)
    values = {name: draw(strategy) for name, strategy in _field_strategies(text, title).items()}
    translations = tuple(Translation(language, draw(title), draw(text)) for language in draw(_LANGUAGES))
    return Event(start=start, end=end, translations=translations, **values)


@cache
def events(text: st.SearchStrategy[str] = texts, title: st.SearchStrategy[str] = titles) -> st.SearchStrategy[Event]:
    """Draw an event without an id."""
    return _draw_event(text, title)


# Rules for a start with an exact day.
DAILY_RULES = (
    "FREQ=DAILY;COUNT=5", "FREQ=DAILY;INTERVAL=9;UNTIL=20191231", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO,TH;INTERVAL=2",
    "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYDAY=2TU;COUNT=7", "FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=2,6;BYMONTHDAY=29",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=YEARLY;UNTIL=20180101",
)  # fmt: skip


_EXTRA_OF_OVERRIDES = st.dictionaries(keys, plain_values, max_size=1)
_PLACES_OF_OVERRIDES = st.sampled_from(["Huế", ""])
_STATUSES = st.sampled_from(STATUSES)
_TWO_NAMES = st.lists(names, max_size=2).map(tuple)
_UIDS = st.sampled_from(["", "a@b", "x y"])
_ZONE_NAMES = st.sampled_from(["", "Europe/Berlin", "floating"])


@cache
def _dated_events(text: st.SearchStrategy[str], title: st.SearchStrategy[str]) -> st.SearchStrategy[Event]:
    return events(text, title).filter(lambda event: event.start is not None)


@cache
def _sample_rules(rules: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.sampled_from(["", *rules])


@cache
def _series_strategies(
    count: int, title: st.SearchStrategy[str]
) -> tuple[st.SearchStrategy[list[int]], st.SearchStrategy[Any]]:
    """Return strategies for numbers of moments, the first being the start, and for overrides at some of them."""
    override = st.tuples(
        st.sampled_from(range(count)),
        st.fixed_dictionaries(
            {},
            optional={
                "title": title,
                "start": st.sampled_from(range(1, count)),
                "status": _STATUSES,
                "topics": _TWO_NAMES,
                "location": _PLACES_OF_OVERRIDES,
            },
        ),
        _EXTRA_OF_OVERRIDES,
    )
    some = st.lists(st.sampled_from(range(count)), unique=True, max_size=2)
    return some, st.lists(override, max_size=2, unique_by=lambda one: one[0])


@st.composite
def series(draw: st.DrawFn, text: st.SearchStrategy[str] = texts, title: st.SearchStrategy[str] = titles) -> Event:
    """Draw an event that recurs: by a rule, on additional days, or with changed occurrences."""
    event = draw(_dated_events(text, title))
    start = event.start
    assert start is not None
    rules: tuple[str, ...] = ("FREQ=YEARLY", "FREQ=YEARLY;INTERVAL=2;COUNT=3")
    others: list[PartialDate] = []
    if isinstance(start, Month):
        rules = (*rules, "FREQ=MONTHLY;INTERVAL=5")
        others = [Month(2019, 6), Month(2020, 1)]
    elif isinstance(start, Year):
        others = [Year(2021)]
    else:
        rules = DAILY_RULES + (("FREQ=HOURLY;INTERVAL=100;COUNT=9",) if isinstance(start, datetime) else ())
        others = [start + timedelta(days=day) for day in (-40, 7, 14, 100, 365)]
    moments = (start, *others)
    some, overrides = _series_strategies(len(moments), title)
    return replace(
        event,
        rrule=draw(_sample_rules(rules)),
        rdates=tuple(moments[n] for n in draw(some)),
        exdates=tuple(moments[n] for n in draw(some)),
        overrides=tuple(
            OccurrenceOverride(
                moments[n], values | {"start": moments[values["start"]]} if "start" in values else values, extra
            )
            for n, values, extra in draw(overrides)
        ),
        timezone=draw(_ZONE_NAMES) if isinstance(start, datetime) and start.tzinfo is None else "",
        uid=draw(_UIDS),
    )


@st.composite
def calendared(draw: st.DrawFn) -> Event:
    """Draw an event with a date, in any time zone, possibly recurring, with changed occurrences."""
    base = draw(_dated_events(texts, titles))
    base = replace(
        base,
        id=draw(st.sampled_from(["", "2020-hop", "hội"])),
        uid=draw(st.sampled_from(["", "", "abc@example.org", "a,b;c\\n"])),
        timezone=draw(st.sampled_from(["", "", "Europe/Berlin", "floating", "Asia/Ho_Chi_Minh", "No/Where"])),
        updated=draw(st.one_of(st.none(), days, st.just(datetime(2020, 1, 1, 8)))),
        extra={key: value for key, value in base.extra.items() if key != "override"},
    )
    start = base.start
    assert start is not None
    if isinstance(start, (Month, Year)):
        return replace(base, rrule=draw(st.sampled_from(["", "FREQ=YEARLY"])))
    later = st.integers(1, 400).map(lambda n: start + timedelta(days=n))
    left_out = st.one_of(later, later.map(lambda at: at.date() if isinstance(at, datetime) else at))
    values = st.fixed_dictionaries(
        {},
        optional={
            "title": titles, "location": st.sampled_from(["", "Huế"]), "status": st.sampled_from(["", "cancelled"]),
            "start": st.one_of(later, st.just(Month(2020, 5))), "description": texts, "topics": st.just(("gỗ",)),
        },
    )  # fmt: skip
    return replace(
        replace(base, end=None) if draw(st.booleans()) else base,
        rrule=draw(st.sampled_from(["", *DAILY_RULES])),
        rdates=tuple(draw(st.lists(later, max_size=2))),
        exdates=tuple(draw(st.lists(left_out, max_size=2))),
        overrides=draw(st.lists(st.builds(OccurrenceOverride, later, values), max_size=2, unique_by=lambda one: one.recurrence_id).map(tuple).filter(
            lambda found: base.end is None or not any(isinstance(one.values.get("start"), Month) for one in found)
        )),
    )  # fmt: skip


@cache
def any_events() -> st.SearchStrategy[Event]:
    """Return a strategy for recurring and other events."""
    return st.one_of(events(), series())


# Blocks as people write them, which ilocal itself never would.
HAND_WRITTEN = (
    '[[event]] # one line\ntitle="ngắn gọn"\n',
    '# above\n[[ event ]]\n  title   = "thụt vào"   # beside\n\n  topics = [\n    "CSR", # first\n    "gỗ",\n  ]\n',
    '[[event]]\n"title" = "khóa có dấu ngoặc"\ndescription = """\n[[event]]\ntitle = "not one"\n[aliases]\n"""\n',
    "[[event]]\ntitle = 'lao động'\nvenue = { room = 1, floor = 2.5 }\nwhen = 08:30:00\n",
    "[[event]]\ntitle = \"a\"\n[event.venue]\nroom = \"1\"\n[[event.section]]\nheading = \"h\" # c\n# inside\nbody = '''\nb'''\n",
    '[[event]]\ntitle = "c"\n[[event.section]]\nheading = "h"\nday = 2020-05-05\n[event.translations.en]\nat = 08:30:00\n',
    '[[event]]\ntitle = "thẻ"\ndescription = """\nText\n#ILO #CSR"""\n',
    '[[event]]\ntitle = "b"\n[[event.section]]\nheading = "h"\n[event.section.speaker]\nname = "x"\n[[event.section]]\nroom = "5"\n',
    '[[event]]\ntitle = "bảng"\nmatrix = [\n[1, 2],\n[3, 4],\n]\n',
)


_HEADS = st.sampled_from(["", "# note\n", '[registry]\nlanguage = "vi"\n', '[aliases]\n"LĐTE" = "lao động trẻ em"\n'])
_BLOCKS = st.one_of(events().map(format_event_block), series().map(format_event_block), st.sampled_from(HAND_WRITTEN))
_GAPS = st.sampled_from(["", "\n", "\n# between\n\n", "\n\n", "# c\n", "# a\n\n# b\n", "\n# c\n"])
_MARKS = st.sampled_from(["", "\ufeff"])


@st.composite
def registry_texts(draw: st.DrawFn, least: int = 0) -> str:
    """Draw a valid registry: events by ilocal and by hand, comments, other tables, any line ends, perhaps a BOM."""
    head = draw(_HEADS)
    blocks = draw(st.lists(_BLOCKS, min_size=least, max_size=4))
    text = head + "".join(draw(_GAPS) + block for block in blocks) + draw(_GAPS)
    if draw(_BOOLEANS) and (blocks or "[registry]" in head):  # with other tables alone it would be no registry
        text += '[other]\nx = "[[event]]"\n'
    if draw(_BOOLEANS):
        text = text.replace("\n", "\r\n")
    if draw(_BOOLEANS):
        text = text.removesuffix("\n").removesuffix("\r")
    return draw(_MARKS) + text


def has_words(argument: str) -> bool:
    """Return whether an argument of a search has a word."""
    try:
        parse_search_term(argument, {})
    except UsageError:
        return False
    return True


@cache
def _query_strategies() -> dict[str, st.SearchStrategy[Any]]:
    """Return strategies for the parts of a query, in drawing order."""
    window = st.tuples(days, days).map(lambda pair: DateRange(*sorted(pair)))
    aliases = {"LĐTE": ("lao động trẻ em",)}
    phrase = st.one_of(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=2).map(" ".join), words)
    argument = st.builds(
        lambda field, words, star: field + words + star,
        st.sampled_from(["", "", "title:", "topic:"]), phrase, st.sampled_from(["", "", "*"]),
    ).filter(has_words)  # fmt: skip
    terms = st.lists(argument.map(lambda text: parse_search_term(text, aliases)), max_size=2).map(tuple)
    value = st.tuples(
        st.sampled_from(["topics", "projects", "location", "status", "kind", "language"]),
        st.lists(st.sampled_from(["csr", "thuy san", "ha noi", "confirmed", "meeting", "en", ""]), min_size=1).map(
            tuple
        ),
    )
    empty = st.sampled_from(["end", "location", "topics", "start"])
    return {
        "overlapping": st.lists(st.lists(window, min_size=1, max_size=2).map(tuple), max_size=1).map(tuple),
        "not_over_before": st.one_of(st.none(), days),
        "only_undated": st.sampled_from([False, False, False, True]),
        "field_values": st.lists(value, max_size=1).map(tuple),
        "empty_fields": st.lists(empty, max_size=1).map(tuple),
        "terms": terms,
        "excluded_terms": st.one_of(st.just(()), terms),
        "occurrence_window": st.one_of(st.none(), window),
        "expand_until": st.one_of(st.none(), days),
        "collapse_series": st.booleans(),
        "representative_day": st.one_of(st.none(), days),
        "sort": st.sampled_from(["date", "title", "id", "updated"]),
        "is_descending": st.booleans(),
        "limit": st.one_of(st.none(), st.integers(0, 3)),
    }


@st.composite
def queries(draw: st.DrawFn) -> Query:
    """Draw a query, often one that has results."""
    return Query(**{name: draw(strategy) for name, strategy in _query_strategies().items()})
