"""Search index of a site: scripts, one for each year, and one that maps words to years.

`static/search.js` reads them. Each segment has the texts that `ilocal search` covers, by field, so that the browser
gives the same results. They are scripts and not JSON, because a page opened from disk may load scripts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from unicodedata import normalize

from ilocal.model.dates import PartialDate, date_sort_key, to_date_range
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


# Links to an event by the language of the page; "" stands for all other languages.
Links = Mapping[str, SearchLink]


class SearchSegment(NamedTuple):
    """Events whose texts are loaded together, in result order: newest first."""

    name: str
    members: list[int]  # the events, by their places


def get_site_search_path(name: str) -> str:
    """Return the path of a segment's file from the root of the site."""
    return f"{FOLDER}/{name}.js"


def plan_site_search_scripts(starts: Sequence[PartialDate | None]) -> list[SearchSegment]:
    """Return the segments of the index, that of the newest events first and that without dates last.

    `starts` are those of all events; of equal ones the first is the first result.
    """
    points = {at: start for at, start in enumerate(starts) if start is not None}
    newest_first = sorted(points, key=lambda at: date_sort_key(points[at]), reverse=True)
    undated = [at for at, start in enumerate(starts) if start is None]
    segments = list(
        _cut_site_search_scripts(
            newest_first, points, (_name_year_of_site_search, _name_quarter_of_site_search, _name_month_of_site_search)
        )
    )
    return [*segments, SearchSegment(UNDATED_SEGMENT, undated)] if undated else segments


def _cut_site_search_scripts(
    members: Sequence[int], points: Mapping[int, PartialDate], ways: Sequence[Callable[[date], str]]
) -> Iterator[SearchSegment]:
    """Cut events in the order of their dates by the first way, and pieces that are too large by the next."""
    pieces: dict[str, list[int]] = {}
    for at in members:
        pieces.setdefault(ways[0](to_date_range(points[at]).first), []).append(at)
    for name, piece in pieces.items():
        if len(piece) > MAX_SEGMENT_EVENTS and ways[1:]:
            yield from _cut_site_search_scripts(piece, points, ways[1:])
        else:
            yield SearchSegment(name, piece)


def _name_year_of_site_search(first: date) -> str:
    return f"{first.year:04}"


def _name_quarter_of_site_search(first: date) -> str:
    return f"{first.year:04}-q{(first.month + 2) // 3}"


def _name_month_of_site_search(first: date) -> str:
    return f"{first.year:04}-{first.month:02}"


def list_variants_for_site_search(event: Event) -> list[Event]:
    """Return the event and its changed occurrences: a series is found by any of them."""
    if not event.overrides:
        return [event]
    return [event, *(event.build_occurrence(one.recurrence_id, one) for one in event.overrides)]


def format_site_search_script(name: str, events: Iterable[tuple[Event, Links]]) -> str:
    """Return the script of a segment: its name, and a row for each event in the order of the results."""
    rows = [_format_site_search_json(_describe_event_for_site_search(event, links)) for event, links in events]
    return f"ilocalSegment({_format_site_search_json(name)}, [\n" + ",\n".join(rows) + "\n]);\n"


def collect_words_of_site_search(script: str) -> list[str]:
    """Return the words in a script of a segment, each in its marked spelling (`normalize_word`), in order.

    Raises ValueError for another text.
    """
    rows = json.loads(script[script.index("[") :].removesuffix(");\n"))
    found: set[str] = set()
    for row in rows:
        for variant in row["texts"]:
            found.update(split_words("\n".join(text for texts in variant.values() for text in texts)))
    return sorted({normalize("NFC", normalize_word(word)[0]) for word in found})


def _describe_event_for_site_search(event: Event, links: Links) -> dict[str, Any]:
    variants = [_collect_texts_for_site_search(variant) for variant in list_variants_for_site_search(event)]
    return {"links": {language: list(link) for language, link in links.items()}, "texts": variants}


def _collect_texts_for_site_search(event: Event) -> dict[str, list[str]]:
    """Return the texts that a search looks into by their fields; a phrase never runs from one into the next."""
    found = {name: [text for text in iterate_field_texts(event, name) if text] for name in SEARCHABLE_FIELDS}
    return {name: texts for name, texts in found.items() if texts}


def format_years_of_site_search(
    sizes: Mapping[str, int], words_by_segment: Mapping[str, Iterable[str]], aliases: Mapping[str, Sequence[str]]
) -> str:
    """Return the script that is loaded first: fields, aliases, and the segments of each word.

    Arguments:
        sizes: the number of events in each segment, in loading order.
        words_by_segment: the words of each segment, from `collect_words_of_site_search`.
        aliases: short names with the names they stand for.
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
    lines = [f"{_format_site_search_json(key)}: {_format_site_search_json(value)}" for key, value in index.items()]
    lines.append(
        '"words": [\n'
        + ",\n".join(_format_site_search_json([at, " ".join(w)]) for at, w in words_by_places.items())
        + "]"
    )
    return "ilocalYears({\n" + ",\n".join(lines) + "\n});\n"


def parse_years_of_site_search(text: str) -> dict[str, list[str]]:
    """Return the words of each segment from the script of years; empty for any other text."""
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


def _format_site_search_json(value: object) -> str:
    """Return JSON that is valid JavaScript in old browsers as well."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
