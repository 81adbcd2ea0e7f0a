"""Events in another language than their own: translated where somebody did that, else marked."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.support.cli import Ilocal
from tests.support.paths import SHIPPED_REGISTRY

TEXT = """\
[registry]
title = "Sự kiện"
language = "vi"

[[event]]
id = "2020-hoi-nghi"
title = "Hội nghị thanh tra lao động"
start = 2020-02-20
summary = "Tóm tắt."
description = "Mô tả bằng tiếng Việt."

[event.translations.en]
title = "Labour inspection conference"
description = "A description in English."

[event.translations.fr]
title = "Conférence de l'inspection"

[[event]]
id = "2020-hop"
title = "Họp mặt"
start = 2020-02-21
status = "cancelled"

[[event]]
id = "2020-open-day"
title = "ILO open day"
start = 2020-02-22
language = "en"

[[event]]
id = "2020-toa-dam"
title = "Tọa đàm"
start = 2020-02-23
description = "Thuyết minh."

[event.translations.en-GB]
title = "Round table"
"""

VI = """\
Tháng Hai 2020
  1. 2020/02/23               Tọa đàm
  2. 2020/02/22               ILO open day [en]
  3. 2020/02/21               Họp mặt  [đã hủy]
  4. 2020/02/20               Hội nghị thanh tra lao động
"""
EN = """\
February 2020
  1. 2020/02/23               Round table
  2. 2020/02/22               ILO open day
  3. 2020/02/21               Họp mặt [vi]  [cancelled]
  4. 2020/02/20               Labour inspection conference
"""


@pytest.fixture
def translated(tmp_path: Path) -> Path:
    path = tmp_path / "events.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_a_list_is_in_the_language_asked_for_and_marks_what_is_not(ilocal: Ilocal, translated: Path) -> None:
    assert ilocal("list") == ilocal("--lang", "vi", "list") == (0, VI, "")
    assert ilocal("--lang", "en", "list") == (0, EN, "")


def test_upcoming_and_the_last_event_are_in_the_language_asked_for(ilocal: Ilocal, translated: Path) -> None:
    assert ilocal("--lang", "en", "upcoming", "-n", "2").out == (
        "Today\n  1. 2020/02/20               Labour inspection conference\n\n"
        "February 2020\n  1. 2020/02/21               Họp mặt [vi]  [cancelled]\n"
    )
    said = "No upcoming events.\nThe last event was: 2020/02/23 Round table\n"
    assert ilocal("--lang", "en", "--today", "2021-01-01", "upcoming") == (0, "", said)
    said = "No upcoming events.\nThe last event was: 2020/02/21 Họp mặt [vi]\n"
    assert ilocal("--lang", "en", "--today", "2021-01-01", "upcoming", "--status", "cancelled").err == said


def test_an_event_in_full_offers_what_is_not_shown(ilocal: Ilocal, translated: Path) -> None:
    assert ilocal("--lang", "en", "show", "2020-hoi-nghi").out == (
        "Labour inspection conference\n\nDate      2020/02/20\nLanguage  vi; title and description in en\n"
        "Id        2020-hoi-nghi\n\nTóm tắt.\n\nA description in English.\n\n"
        "[vi] Hội nghị thanh tra lao động\n\nMô tả bằng tiếng Việt.\n\n[fr] Conférence de l'inspection\n"
    )
    assert ilocal("--lang", "vi", "show", "2020-hoi-nghi").out == (
        "Hội nghị thanh tra lao động\n\nNgày  2020/02/20\nMã    2020-hoi-nghi\n\nTóm tắt.\n\nMô tả bằng tiếng Việt.\n\n"
        "[en] Labour inspection conference\n\nA description in English.\n\n[fr] Conférence de l'inspection\n"
    )
    assert ilocal("--lang", "en", "show", "2020-toa-dam").out == (
        "Round table\n\nDate      2020/02/23\nLanguage  vi; title in en-GB\nId        2020-toa-dam\n\nThuyết minh.\n\n"
        "[vi] Tọa đàm\n"
    )
    assert ilocal("--lang", "en", "show", "2020-hop").out == (
        "Họp mặt [vi]\n\nDate      2020/02/21\nStatus    cancelled\nLanguage  vi\nId        2020-hop\n"
    )
    assert ilocal("--lang", "vi", "show", "2020-open-day").out == (
        "ILO open day [en]\n\nNgày      2020/02/22\nNgôn ngữ  en\nMã        2020-open-day\n"
    )


def test_an_event_without_a_description_has_no_heading_of_nothing(ilocal: Ilocal) -> None:
    text = '[registry]\nlanguage = "vi"\n[[event]]\nid = "a"\ntitle = "Họp"\ntranslations.en.description = "Text."\n'
    Path("events.toml").write_text(text, encoding="utf-8")
    assert ilocal("--lang", "en", "show", "a").out == (
        "Họp [vi]\n\nDate      To be announced\nLanguage  vi; description in en\nId        a\n\nText.\n"
    )
    assert ilocal("--lang", "vi", "show", "a").out == "Họp\n\nNgày  Chưa có ngày\nMã    a\n\n[en]\n\nText.\n"


@pytest.mark.parametrize("handle", ["labour inspection", "Conférence", "conference inspection", "thanh tra lao động"])
def test_a_handle_may_be_of_any_title_that_the_event_has(ilocal: Ilocal, translated: Path, handle: str) -> None:
    assert ilocal("show", handle, "-f", "ids").out == "2020-hoi-nghi\n"


def test_a_handle_is_of_one_title_and_of_one_event(ilocal: Ilocal, translated: Path) -> None:
    """Words of two titles name nothing, nor do those of a description; a word of two events is no answer."""
    assert ilocal("show", "labour thanh").code == 4
    assert ilocal("show", "description").code == 4
    text = TEXT.replace("Round table", "Labour table")
    translated.write_text(text, encoding="utf-8")
    assert ilocal("show", "labour").err == (
        'ilocal: "labour" matches 2 events\nhint: be more specific; it could be:\n  2020/02/23  Tọa đàm  (2020-toa-dam)\n  2020/02/20  Hội nghị thanh tra lao động  (2020-hoi-nghi)\n'
    )


def test_a_timeline_says_in_which_language_a_title_is(ilocal: Ilocal, translated: Path) -> None:
    out = ilocal("--lang", "en", "timeline").out
    assert "Họp mặt [vi]" in out
    assert "Labour inspection conference [" not in out
    assert "[vi]" not in ilocal("--lang", "vi", "timeline").out


def test_markdown_is_in_the_language_asked_for(ilocal: Ilocal, translated: Path) -> None:
    out = ilocal("--lang", "en", "list", "-f", "md").out
    assert re.findall(r"\*\*(.*)\*\*", out) == [
        "Round table",
        "ILO open day",
        r"Họp mặt \[vi\]",
        "Labour inspection conference",
    ]
    assert "A description in English." in out and "tiếng Việt" not in out


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "jsonl", "toml", "ics", "ids", "google-csv"])
def test_data_is_the_record_as_it_is_in_every_language(ilocal: Ilocal, translated: Path, form: str) -> None:
    english = ilocal("--lang", "en", "list", "-f", form, "--sort", "id").out
    assert english.replace("CANCELLED:", "ĐÃ HỦY:") == ilocal("--lang", "vi", "list", "-f", form, "--sort", "id").out
    assert form == "ids" or "Hội nghị thanh tra" in english


def test_a_page_has_the_titles_as_they_are(ilocal: Ilocal, translated: Path) -> None:
    assert "4. Hội nghị thanh tra lao động\n" in ilocal("--lang", "en", "list", "-f", "page").out


def test_a_registry_without_a_language_marks_nothing(ilocal: Ilocal, translated: Path) -> None:
    translated.write_text(TEXT.replace('language = "vi"\n', ""), encoding="utf-8")
    assert ilocal("--lang", "en", "list").out == EN.replace(" [vi]", "")
    assert "\n\nHội nghị thanh tra lao động\n" in ilocal("--lang", "en", "show", "2020-hoi-nghi").out
    assert "Language  title and description in en\n" in ilocal("--lang", "en", "show", "2020-hoi-nghi").out


def test_a_registry_in_a_language_without_messages_is_foreign_only_on_request(ilocal: Ilocal, translated: Path) -> None:
    translated.write_text(TEXT.replace('language = "vi"', 'language = "fr"'), encoding="utf-8")
    assert "3. 2020/02/21               Họp mặt  [cancelled]\n" in ilocal("list").out
    assert "4. 2020/02/20               Hội nghị thanh tra lao động\n" in ilocal("list").out
    assert "3. 2020/02/21               Họp mặt [fr]  [cancelled]\n" in ilocal("--lang", "en", "list").out


def test_the_events_that_are_shipped_look_in_vietnamese_as_without_a_language(ilocal: Ilocal) -> None:
    assert ilocal("-r", str(SHIPPED_REGISTRY), "--lang", "vi", "list") == ilocal("-r", str(SHIPPED_REGISTRY), "list")
    titles = [event["title"] for event in json.loads(ilocal("-r", str(SHIPPED_REGISTRY), "list", "-f", "json").out)]
    lines = ilocal("-r", str(SHIPPED_REGISTRY), "--lang", "en", "list").out.splitlines()
    assert len([line for line in lines if " [vi]" in line]) == len(titles) == 21


def test_a_search_shows_what_it_found_in_a_text_that_is_not_shown(
    ilocal: Ilocal, translated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    def drawn(lang: str, words: str) -> list[str]:
        out = ilocal("--lang", lang, "--color", "always", "search", words).out
        out = re.sub(r"\x1b\[[0-9;]*m", "", re.sub(r"\x1b\[[0-9;]*7m(.*?)\x1b\[0m", "<\\1>", out))
        cells = [re.split("  +", line)[-1] for line in out.splitlines() if line.startswith(" ")]
        return [cell for cell in cells if not cell.startswith("●")]

    assert drawn("en", "thanh tra") == ["Labour inspection conference", "[vi] Hội nghị <thanh tra> lao động"]
    assert drawn("en", "labour") == ["<Labour> inspection conference"]
    assert drawn("vi", "thanh tra") == ["Hội nghị <thanh tra> lao động"]
    assert drawn("vi", "labour") == ["Hội nghị thanh tra lao động", "[en] <Labour> inspection conference"]
    assert drawn("vi", "open") == ["ILO <open> day [en]"]


def test_a_language_tag_obeys_no_terminal(ilocal: Ilocal, translated: Path) -> None:
    translated.write_text(TEXT.replace('language = "en"', 'language = "\\u001b[31m"'), encoding="utf-8")
    for command in (("list",), ("show", "2020-open-day"), ("--color", "always", "list")):
        assert "\x1b[31m" not in ilocal(*command).out
    assert "ILO open day [\\x1b[31m]\n" in ilocal("list").out
