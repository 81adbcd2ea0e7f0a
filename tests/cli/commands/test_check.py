"""`ilocal check`: all problems with their line numbers, in several forms, for people and for CI."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

from ilocal import checks
from tests.support.cli import Ilocal
from tests.support.index import BROKEN_TEXTS
from tests.support.paths import ROOT, SHIPPED_REGISTRY
from tests.support.registry import FOUR_EVENTS, FOUR_EVENTS_LISTED


def test_json_is_an_array_with_a_code_that_stays(ilocal: Ilocal) -> None:
    Path("events.toml").write_text(
        '[[event]]\nid = "a"\ntitle = "A"\nend = 2020-01-01\n"x\\ny" = 1\n[[event]]\nid="a"\ntitle="B\\u200b"\n'
    )
    result = ilocal("check", "-f", "json")
    assert json.loads(result.out) == [
        {"file": "events.toml", "line": 2, "level": "error", "code": "duplicate-id", "field": "id",
         "message": '"a" is already the id of the event on line 6'},
        {"file": "events.toml", "line": 4, "level": "error", "code": "invalid-value", "field": "end",
         "message": "the event has an end but no start"},
        {"file": "events.toml", "line": 5, "level": "warning", "code": "unknown-key", "field": "x\ny",
         "message": "unknown key; the key is preserved"},
        {"file": "events.toml", "line": 8, "level": "warning", "code": "invisible-character", "field": "title",
         "message": "an invisible character, U+200B ZERO WIDTH SPACE"},
    ]  # fmt: skip
    assert (result.code, result.err) == (3, "1 event, 2 errors, 2 warnings\n")
    Path("events.toml").write_text("", encoding="utf-8")
    assert ilocal("check", "-f", "json") == (0, "[]\n", "0 events, 0 errors, 0 warnings\n")


def test_github_is_told_in_its_own_escapes(ilocal: Ilocal) -> None:
    path = Path("a, b: 100%.toml")
    path.write_text(
        '[[event]]\nid = "a"\ntitle = "A"\n"50%\\nx" = 1\nurl = "100%:"\n[[event]]\nid = "a"\ntitle = "B"\n'
    )
    assert ilocal("check", "-f", "github", str(path)) == (
        3,
        "::error file=a%2C b%3A 100%25.toml,line=7,title=ilocal duplicate-id::"
        'id: "a" is already the id of the event on line 1\n'
        "::warning file=a%2C b%3A 100%25.toml,line=4,title=ilocal unknown-key::50%25%0Ax: unknown key; the key is preserved\n"
        "::warning file=a%2C b%3A 100%25.toml,line=5,title=ilocal broken-link::"
        'url: "100%25:" is not a web address; web addresses start with https://\n',
        "1 event, 1 error, 2 warnings\n",
    )


def test_a_file_that_is_no_toml_is_a_problem_like_any_other(ilocal: Ilocal) -> None:
    Path("a.toml").write_text("[registry\n", encoding="utf-8")
    Path("b.toml").write_text('[[event]]\ntitle = "B"\n', encoding="utf-8")
    result = ilocal("check", "-f", "json", "a.toml", "b.toml")
    assert [(one["file"], one["line"], one["code"]) for one in json.loads(result.out)] == [
        ("a.toml", 1, "not-toml"), ("b.toml", 1, "no-id"),
    ]  # fmt: skip
    assert (result.code, result.err) == (3, "1 event, 1 error, 1 warning\n")


def test_files_that_are_named_are_registries_of_their_own(ilocal: Ilocal, registry: Path) -> None:
    Path("one.toml").write_text('[[event]]\nid = "2020-hop"\ntitle = "Một"\n', encoding="utf-8")
    assert ilocal("check", "--strict", "one.toml", "one.toml") == (0, "", "2 events, 0 errors, 0 warnings\n")
    assert ilocal("check", "one.toml", "events.toml").err == "5 events, 0 errors, 2 warnings\n"
    assert ilocal("check", "nowhere.toml").code == 3


def test_warnings_of_a_kind_may_be_left_out_and_errors_never(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("check", "--strict", "--skip", "unknown-key", "--skip", "no-day").code == 0
    assert ilocal("check", "--skip", "nothing") == (
        2, "", 'ilocal: unknown warning "nothing"\nhint: ' + ", ".join(checks.list_check_codes()) + "\n",
    )  # fmt: skip
    registry.write_text(FOUR_EVENTS.replace("2020-hop", "2020-khao-sat"), encoding="utf-8")
    assert ilocal("check", "--skip", "duplicate-id").code == 2
    assert ilocal("check", "--skip", "unknown-key").code == 3


def test_check_speaks_vietnamese_and_its_codes_stay(ilocal: Ilocal, registry: Path) -> None:
    english, vietnamese = (json.loads(ilocal("--lang", lang, "check", "-f", "json").out) for lang in ("en", "vi"))
    assert [one["code"] for one in english] == [one["code"] for one in vietnamese] == ["unknown-key", "no-day"]
    assert vietnamese[1]["message"] == "2019-11 đã qua mà sự kiện vẫn chưa có ngày"


def test_the_hook_of_pre_commit_checks_the_files_that_it_is_given(process: Ilocal, registry: Path) -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    hook = dict(re.findall(r"^(?:- |  )(\w+): (.*)$", text, re.MULTILINE))
    assert (hook["id"], hook["language"], hook["require_serial"]) == ("ilocal-check", "python", "true")
    files = ["events.toml", "data/events.toml", "pyproject.toml", "events.toml.orig", "myevents.toml"]
    assert [name for name in files if re.search(hook["files"], name)] == ["events.toml", "data/events.toml"]
    program, *arguments = shlex.split(hook["entry"])
    assert program == "ilocal"
    assert process(*arguments, "events.toml", str(SHIPPED_REGISTRY)).err == "25 events, 0 errors, 3 warnings\n"
    registry.write_text(FOUR_EVENTS + FOUR_EVENTS[FOUR_EVENTS.index("[[event]]") :], encoding="utf-8")
    assert process(*arguments, "events.toml").code == 3


def test_each_code_is_explained(ilocal: Ilocal) -> None:
    text = (ROOT / "docs" / "how-to" / "git-and-ci.md").read_text(encoding="utf-8")
    assert [code for code in checks.list_check_codes() if f"`{code}`" not in text] == []


def test_check_names_every_problem_with_its_line(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("check") == (
        0,
        "events.toml:26: room: unknown key; the key is preserved\nevents.toml:31: start: 2019-11 is over, but the event has no exact day\n",
        "4 events, 0 errors, 2 warnings\n",
    )
    assert ilocal("check", "--strict").code == 3
    text = FOUR_EVENTS.replace("Asia/Ho_Chi_Minh", "Asia/Nowhere").replace('start = "2019-11"', 'start = "2019-13"')
    registry.write_text(text.replace('id = "tba-hoi-nghi"\n', ""), encoding="utf-8")
    assert ilocal("check") == (
        3,
        'events.toml:31: start: cannot read "2019-13" as a date: there is no month 13; months are 1 to 12\n'
        'events.toml:5: timezone: unknown time zone "Asia/Nowhere"\n'
        "events.toml:26: room: unknown key; the key is preserved\n"
        'events.toml:34: id: no id; ilocal uses "tba-hoi-nghi-thanh-tra" until the title or date changes\n',
        "3 events, 1 error, 3 warnings\n",
    )


def test_check_names_a_time_zone_that_an_event_cannot_have(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(
        '[[event]]\nid = "a"\ntitle = "A"\nstart = 2020-01-01T09:00:00\ntimezone = "Asia/Hanoi"\n'
        '[[event]]\nid = "b"\ntitle = "B"\nstart = 2020-01-01T09:00:00\ntimezone = "floating"\n',
        encoding="utf-8",
    )
    assert ilocal("check").out == 'events.toml:5: timezone: unknown time zone "Asia/Hanoi"\n'
    assert ilocal("add", "C", "2020-02-01 09:00", "--timezone", "Asia/Hanoi").code == 2


def test_check_names_unknown_keys_wherever_they_are(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(
        '[registry]\nlangauge = "vi"\n\n[theme]\nx = 1\n\n[[event]]\nid = "a"\ntitle = "A"\ntittle = "B"\n\n'
        '[[event.section]]\nheading = "h"\nspeaker = "x"\n\n[event.translations.en]\ntitle = "A"\nplace = "Hue"\n',
        encoding="utf-8",
    )
    assert ilocal("check").out.splitlines() == [
        "events.toml:2: langauge: unknown key; the key is preserved. Did you mean \"language\"?", "events.toml:4: theme: unknown key; the key is preserved",
        "events.toml:10: tittle: unknown key; the key is preserved. Did you mean \"title\"?", "events.toml:14: speaker: unknown key; the key is preserved",
        "events.toml:18: en.place: unknown key; the key is preserved",
    ]  # fmt: skip


def test_every_problem_has_a_code_of_the_documented_table(ilocal: Ilocal, registry: Path) -> None:
    page = (ROOT / "docs/how-to/git-and-ci.md").read_text(encoding="utf-8")
    documented = {
        code for row in re.findall("^[|] (`.*?) [|]", page, re.MULTILINE) for code in re.findall("`(.*?)`", row)
    }
    assert {*checks.list_check_codes(), "not-toml", "invalid-value", "duplicate-id"} == documented
    for text in BROKEN_TEXTS:
        registry.write_text(FOUR_EVENTS + text, encoding="utf-8")
        found = json.loads(ilocal("check", "-f", "json").out)
        assert {problem["code"] for problem in found} <= documented


def test_a_broken_event_is_a_warning_and_hides_no_other(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(FOUR_EVENTS + '\n[[event]]\nstart = 2020-02-20\n\n[[event]]\ntitle = "x\n', encoding="utf-8")
    result = ilocal("list")
    assert result == (
        0, FOUR_EVENTS_LISTED,
        "ilocal: warning: events.toml:44: title: an event must have a title\n"
        'ilocal: warning: events.toml:48: title: the closing quote is missing: title = "x"\n',
    )  # fmt: skip
    for command in (["show", "nghiem-thu"], ["edit", "nghiem-thu", "--title", "A"], ["remove", "nghiem-thu", "--yes"]):
        refused = ilocal(*command)
        assert (refused.code, refused.out) == (4, "")
        assert refused.err.startswith(result.err + 'ilocal: no event matches "nghiem-thu"\n')
    assert ilocal("add", "a").err == (
        'ilocal: events.toml:48: title: the closing quote is missing: title = "x"\n'
        "hint: fix this error first; nothing was changed\n"
    )
