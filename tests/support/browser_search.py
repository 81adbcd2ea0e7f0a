"""The search script of the site, run by Node.js, and the results of `ilocal search` for the same query."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import ilocal.site
from ilocal.model.dates import DateRange
from ilocal.model.event import Event
from ilocal.model.query import Query
from ilocal.model.search_terms import parse_search_term
from ilocal.site.search_segments import (
    YEARS_FILE,
    SearchLink,
    collect_words_of_site_search,
    format_site_search_script,
    format_years_of_site_search,
    get_site_search_path,
    plan_site_search_scripts,
)

SEARCH_SCRIPT = Path(ilocal.site.__file__).parent / "static" / "search.js"
_EVER = DateRange(date.min, date.max)
_HARNESS = Path(__file__).with_name("browser_search.mjs")

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


def run_search_script(task: Mapping[str, Any]) -> Any:
    """Return the answer of the search script to a task, as browser_search.mjs describes it."""
    done = subprocess.run(
        ["node", str(_HARNESS), str(SEARCH_SCRIPT)],
        input=json.dumps(task), capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def find_own_link(event: Event) -> dict[str, SearchLink]:
    """Return one link, to a page that is named like the event."""
    return {"": SearchLink(f"event/{event.id}.html", event.title, "vi")}


def make_search_files(events: Sequence[Event], aliases: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the search index of these events as files, as a site has them; results are named like the events."""
    files, words, sizes = {}, {}, {}
    for segment in plan_site_search_scripts([event.start for event in events]):
        rows = [(events[at], find_own_link(events[at])) for at in segment.members]
        files[get_site_search_path(segment.name)] = format_site_search_script(segment.name, rows)
        words[segment.name] = collect_words_of_site_search(files[get_site_search_path(segment.name)])
        sizes[segment.name] = len(rows)
    return {**files, YEARS_FILE: format_years_of_site_search(sizes, words, aliases)}


def write_question(terms: Iterable[str], excluded: Iterable[str] = ()) -> str:
    """Return the text for the search box that corresponds to arguments of `ilocal search`."""
    return " ".join([*(f'"{term}"' for term in terms), *(f'-"{term}"' for term in excluded)])


def find_ids(
    events: Iterable[Event], aliases: Mapping[str, Sequence[str]], terms: Iterable[str], excluded: Iterable[str] = ()
) -> list[str]:
    """Return the ids of the events that `ilocal search --once` finds, in its order."""
    query = Query(
        terms=tuple(parse_search_term(term, aliases) for term in terms),
        excluded_terms=tuple(parse_search_term(term, aliases) for term in excluded),
        occurrence_window=_EVER,
        expand_until=date(2021, 1, 1),
        collapse_series=True,
        is_descending=True,
    )
    return [event.id for event in query.evaluate(events)]
