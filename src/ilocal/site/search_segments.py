"""The search index of a site: classic scripts, one for each year, and one that tells which words are in which year.

`static/search.js` reads them. Each segment holds the texts that `ilocal search` looks into, field by field, so that the
browser can give the same answers. Scripts, and not JSON, because a page that is opened from a disk may load scripts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from unicodedata import normalize

from ilocal.model.dates import date_sort_key, to_date_range
from ilocal.model.event import Event
from ilocal.model.fields import DEFAULT_SEARCH_FIELDS, FIELDS_BY_SINGULAR, SEARCHABLE_FIELDS
from ilocal.model.search_terms import iterate_field_texts
from ilocal.model.text_folding import normalize_word, split_words

MAX_SEGMENT_EVENTS = 2000  # a year with more is cut by quarter, and a quarter with more by month
UNDATED_SEGMENT = "tba"
FOLDER = "search"
YEARS_FILE = f"{FOLDER}/years.js"


class SearchLink(NamedTuple):
    """Where a result leads, on the pages of one language."""

    path: str  # from the root of the site
    title: str
    language: str  # of the title and of the page
    dates: str = ""  # in words of that language; empty: to be announced


class SearchSegment(NamedTuple):
    """Events whose texts are loaded together, in the order of the results: the newest first."""

    name: str
    events: Sequence[Event]

    @property
    def path(self) -> str:
        """Return the path of its file from the root of the site."""
        return f"{FOLDER}/{self.name}.js"


# The links of an event by the language of the page on which they stand; "" stands for every other language.
LinkFinder = Callable[[Event], Mapping[str, SearchLink]]


def make_search_files(
    events: Iterable[Event], aliases: Mapping[str, Sequence[str]], find_links: LinkFinder
) -> dict[str, str]:
    """Return the text of each file of the search index, by its path from the root of the site.

    Arguments:
        events: in the order of the registry, a series once.
        aliases: short names with what they stand for, as in `RegistryInfo.aliases`.
        find_links: returns the pages of an event that results link to.
    """
    segments = plan_search_segments(events)
    files = {segment.path: format_segment(segment, find_links) for segment in segments}
    words = {segment.name: collect_segment_words(segment.events) for segment in segments}
    sizes = {segment.name: len(segment.events) for segment in segments}
    return {**files, YEARS_FILE: format_years(sizes, words, aliases)}


def plan_search_segments(events: Iterable[Event]) -> list[SearchSegment]:
    """Return the segments of the index, that of the newest events first and that without dates last."""
    known = list(events)
    undated = [event for event in known if event.start is None]
    dated = sorted((event for event in known if event.start is not None), key=_date_key, reverse=True)
    segments = list(_cut(dated, (_name_year, _name_quarter, _name_month)))
    return [*segments, SearchSegment(UNDATED_SEGMENT, undated)] if undated else segments


def _date_key(event: Event) -> int:
    assert event.start is not None
    return date_sort_key(event.start)


def _cut(events: Sequence[Event], ways: Sequence[Callable[[Event], str]]) -> Iterator[SearchSegment]:
    """Cut events in the order of their dates by the first way, and pieces that are too large by the next."""
    pieces: dict[str, list[Event]] = {}
    for event in events:
        pieces.setdefault(ways[0](event), []).append(event)
    for name, piece in pieces.items():
        if len(piece) > MAX_SEGMENT_EVENTS and ways[1:]:
            yield from _cut(piece, ways[1:])
        else:
            yield SearchSegment(name, piece)


def _name_year(event: Event) -> str:
    assert event.start is not None
    return f"{to_date_range(event.start).first.year:04}"


def _name_quarter(event: Event) -> str:
    assert event.start is not None
    return f"{_name_year(event)}-q{(to_date_range(event.start).first.month + 2) // 3}"


def _name_month(event: Event) -> str:
    assert event.start is not None
    return f"{to_date_range(event.start).first:%Y-%m}".rjust(7, "0")


def list_searched_variants(event: Event) -> list[Event]:
    """Return the event and its occurrences that are otherwise: a series is found where one of them is."""
    if not event.overrides:
        return [event]
    return [event, *(event.build_occurrence(one.recurrence_id, one) for one in event.overrides)]


def collect_segment_words(events: Iterable[Event]) -> list[str]:
    """Return the words of events, each in its marked spelling (`normalize_word`), in order."""
    found: set[str] = set()
    for event in events:
        for variant in list_searched_variants(event):
            texts = (text for name in SEARCHABLE_FIELDS for text in iterate_field_texts(variant, name))
            found.update(split_words("\n".join(texts)))
    return sorted({normalize("NFC", normalize_word(word)[0]) for word in found})


def format_segment(segment: SearchSegment, find_links: LinkFinder) -> str:
    """Return the script of a segment: its name, and a row for each event in the order of the results."""
    rows = [_format_json(_describe_event(event, find_links(event))) for event in segment.events]
    return f"ilocalSegment({_format_json(segment.name)}, [\n" + ",\n".join(rows) + "\n]);\n"


def _describe_event(event: Event, links: Mapping[str, SearchLink]) -> dict[str, Any]:
    variants = [_collect_texts(variant) for variant in list_searched_variants(event)]
    return {"links": {language: list(link) for language, link in links.items()}, "texts": variants}


def _collect_texts(event: Event) -> dict[str, list[str]]:
    """Return the texts that a search looks into by their fields; a phrase never runs from one into the next."""
    found = {name: [text for text in iterate_field_texts(event, name) if text] for name in SEARCHABLE_FIELDS}
    return {name: texts for name, texts in found.items() if texts}


def format_years(
    sizes: Mapping[str, int], words_by_segment: Mapping[str, Iterable[str]], aliases: Mapping[str, Sequence[str]]
) -> str:
    """Return the script that is loaded first: fields, aliases, and which segments have which words.

    Arguments:
        sizes: the number of events in each segment, in the order in which segments are loaded.
        words_by_segment: the words of each segment, from `collect_segment_words`.
        aliases: short names with what they stand for.
    """
    places: dict[str, list[str]] = {}
    for at, name in enumerate(sizes):
        for word in words_by_segment[name]:
            places.setdefault(word, []).append(str(at))
    words_by_places: dict[str, list[str]] = {}
    for word in sorted(places):
        words_by_places.setdefault(" ".join(places[word]), []).append(word)
    names = [*((name, name) for name in SEARCHABLE_FIELDS), *FIELDS_BY_SINGULAR.items()]
    index: dict[str, object] = {
        "segments": [[name, size] for name, size in sizes.items()],
        "fields": list(DEFAULT_SEARCH_FIELDS),
        "fieldNames": [[said, name] for said, name in names if name in SEARCHABLE_FIELDS],
        "aliases": [[short, list(longs)] for short, longs in aliases.items()],
    }
    lines = [f"{_format_json(key)}: {_format_json(value)}" for key, value in index.items()]
    lines.append(
        '"words": [\n' + ",\n".join(_format_json([at, " ".join(w)]) for at, w in words_by_places.items()) + "]"
    )
    return "ilocalYears({\n" + ",\n".join(lines) + "\n});\n"


def parse_years_words(text: str) -> dict[str, list[str]]:
    """Return the words of each segment out of a script that `format_years` wrote; nothing out of any other text."""
    try:
        index = json.loads(text.removeprefix("ilocalYears(").removesuffix(");\n"))
        names = [name for name, _ in index["segments"]]
        found: dict[str, list[str]] = {name: [] for name in names}
        for places, words in index["words"]:
            for at in places.split():
                found[names[int(at)]] += words.split()
        return found
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return {}


def _format_json(value: object) -> str:
    """Return JSON that is JavaScript as well, in browsers of every age."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
