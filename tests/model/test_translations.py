"""Texts of an event in another language than its own."""

from __future__ import annotations

from datetime import date

import pytest

from ilocal.model.dates import DateRange
from ilocal.model.event import Event, OccurrenceOverride, Translation
from ilocal.model.occurrences import list_occurrences
from ilocal.model.search_snippets import excerpt_event_texts_for_query
from ilocal.model.search_terms import parse_search_term
from ilocal.model.translations import describe_languages_of_event, find_original_language_of_event, localize_event


def test_a_snippet_of_the_original_where_the_translation_is_shown() -> None:
    event = Event(
        "Họp", language="vi", description="Về tiền lương.", translations=(Translation("en", "Meeting", "Pay."),)
    )
    shown = localize_event(event, "en", "")
    assert (shown.title, shown.description) == ("Meeting", "Pay.")
    assert list(excerpt_event_texts_for_query(shown, [parse_search_term("tiền lương", {})])) == ["[vi] Về tiền lương."]
    assert list(excerpt_event_texts_for_query(event, [parse_search_term("tiền lương", {})])) == ["Về tiền lương."]


ENGLISH = Translation("en", "Meeting", "")


@pytest.mark.parametrize(
    ("event", "lang", "home", "title", "mark", "said"),
    [
        (Event("Họp"), "vi", "vi", "Họp", "", ""),
        (Event("Họp"), "vi", "vi-VN", "Họp", "", ""),
        (Event("Họp"), "en", "vi-VN", "Họp", "vi-VN", "vi-VN"),
        (Event("Họp"), "en", "", "Họp", "", ""),
        (Event("Meeting", language="en-US"), "en", "vi", "Meeting", "", "en-US"),
        (Event("Họp", translations=(ENGLISH,)), "en", "vi", "Meeting", "", "vi; title in en"),
        (Event("Họp", translations=(ENGLISH,)), "en", "", "Meeting", "", "title in en"),
        (Event("Họp", translations=(ENGLISH,)), "vi", "vi", "Họp", "", ""),
        (Event("Họp", translations=(Translation("en", " "),)), "en", "vi", "Họp", "vi", "vi"),
        (Event("Họp", translations=(Translation("en", "", "Pay."),)), "en", "vi", "Họp", "vi", "vi; description in en"),
        (Event("Họp", translations=(Translation("en-GB", "B"), ENGLISH)), "en", "vi", "Meeting", "", "vi; title in en"),
        (Event("Talk", language="en", translations=(ENGLISH,)), "en", "vi", "Talk", "", "en"),
    ],
)
def test_which_language_a_title_is_in(event: Event, lang: str, home: str, title: str, mark: str, said: str) -> None:
    assert localize_event(event, lang, home).title == title
    assert (find_original_language_of_event(event, lang, home), describe_languages_of_event(event, lang, home)) == (
        mark,
        said,
    )


def test_a_translation_is_not_that_of_an_occurrence_with_another_title() -> None:
    start, moved = date(2020, 1, 1), date(2020, 1, 8)
    both = (Translation("en", "Meeting", "Pay."),)
    event = Event("Họp", start=start, rrule="FREQ=WEEKLY;COUNT=2", description="Lương.", translations=both,
                  overrides=(OccurrenceOverride(moved, {"title": "Họp bù"}),))  # fmt: skip
    found = [localize_event(one, "en", "vi") for one in list_occurrences(event, DateRange(start, moved))]
    assert [(one.title, one.description) for one in found] == [("Meeting", "Pay."), ("Họp bù", "Pay.")]
