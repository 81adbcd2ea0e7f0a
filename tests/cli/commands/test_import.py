"""`ilocal import`: new, changed, the same and rejected, from every format that is read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.support.cli import Ilocal
from tests.support.paths import PAGES, SHIPPED_REGISTRY
from tests.support.registry import FOUR_EVENTS


def test_importing_the_seeds_gives_their_events_and_twice_is_once(ilocal: Ilocal, tmp_path: Path) -> None:
    ilocal("--lang", "vi", "init")
    first = ilocal("import", str(PAGES / "listing-vi.txt"), str(PAGES / "event-vi.txt"))
    assert first.err.endswith("21 new, 0 updated, 0 unchanged, 0 rejected\n")
    before = (tmp_path / "events.toml").read_bytes()
    second = ilocal("import", str(PAGES / "event-vi.txt"), str(PAGES / "listing-vi.txt"))
    assert (second.out, second.err.splitlines()[-1]) == ("", "0 new, 0 updated, 21 unchanged, 0 rejected")
    assert (tmp_path / "events.toml").read_bytes() == before


def test_the_shipped_registry_is_what_the_seeds_say(ilocal: Ilocal, tmp_path: Path) -> None:
    copy = tmp_path / "events.toml"
    shutil.copy(SHIPPED_REGISTRY, copy)
    result = ilocal("import", str(PAGES / "listing-vi.txt"), str(PAGES / "event-vi.txt"))
    assert result.err.endswith("0 new, 0 updated, 21 unchanged, 0 rejected\n")
    assert copy.read_bytes() == SHIPPED_REGISTRY.read_bytes()


def test_an_import_that_differs_is_said_and_taken_on_request(ilocal: Ilocal, registry: Path) -> None:
    Path("a.json").write_text(
        '[{"title": "Hội nghị thanh tra", "start": "2020-05", "kind": "meeting"}]', encoding="utf-8"
    )
    assert ilocal("import", "a.json") == (
        0, "", "tba-hoi-nghi: differs in title, start, kind; to use the values in the file, add --update\n"
        "0 new, 0 updated, 0 unchanged, 1 different, 0 rejected\n",
    )  # fmt: skip
    assert ilocal("import", "a.json", "--update", "--dry-run").out == "updated tba-hoi-nghi\n"
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS
    assert ilocal("import", "a.json", "--update").out == "updated tba-hoi-nghi\n"
    assert ilocal("import", "a.json").err == "0 new, 0 updated, 1 unchanged, 0 rejected\n"
    assert json.loads(ilocal("show", "tba-hoi-nghi", "-f", "jsonl").out)["start"] == "2020-05"


@pytest.mark.parametrize("name", ["csv", "json", "jsonl", "toml"])
def test_a_whole_registry_goes_out_and_in_again(ilocal: Ilocal, registry: Path, name: str) -> None:
    assert ilocal("list", "-o", f"all.{name}").code == 0
    assert ilocal("import", f"all.{name}").err == "0 new, 0 updated, 4 unchanged, 0 rejected\n"
    ilocal("-r", "other.toml", "init")
    result = ilocal("-r", "other.toml", "import", f"all.{name}")
    assert result.err == "4 new, 0 updated, 0 unchanged, 0 rejected\n"
    assert ilocal("-r", "other.toml", "import", f"all.{name}").err == "0 new, 0 updated, 4 unchanged, 0 rejected\n"
    ours = [json.loads(line) for line in ilocal("list", "-f", "jsonl").out.splitlines()]
    theirs = [json.loads(line) for line in ilocal("-r", "other.toml", "list", "-f", "jsonl").out.splitlines()]
    for event in (*ours, *theirs):
        for key in ("source_file", "source_line", "created"):
            event.pop(key, None)
    assert theirs == ours


def test_what_cannot_be_read_is_named_and_kept(ilocal: Ilocal, registry: Path, tmp_path: Path) -> None:
    Path("a.jsonl").write_text('{"title": "mới"}\n{"start": "2020"}\n', encoding="utf-8")
    result = ilocal("import", "a.jsonl", "--rejects", "r.txt")
    assert result == (
        0, "new tba-moi\n",
        "a.jsonl:2: title: skipped: an event must have a title\n1 new, 0 updated, 0 unchanged, 1 rejected\n",
    )  # fmt: skip
    assert (tmp_path / "r.txt").read_text(
        encoding="utf-8"
    ) == '# a.jsonl:2: title: an event must have a title\n{"start": "2020"}\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[{"title": "a", "x": [null]}]', "a.json:1: x: the value cannot be written in TOML: None"),
        (
            '[{"title": "a", "x": "\\ud800"}]',
            "a.json:1: x: the text contains half of a surrogate pair, which cannot be saved",
        ),
        (
            '[{"title": "a", "topics": ["\\ud800"]}]',
            "a.json:1: topics: the text contains half of a surrogate pair, which cannot be saved",
        ),
    ],
)
def test_what_no_registry_can_hold_is_rejected(ilocal: Ilocal, registry: Path, text: str, message: str) -> None:
    Path("a.json").write_text(text, encoding="utf-8")
    result = ilocal("import", "a.json")
    assert (result.code, result.err.split("\n")[0]) == (
        2,
        message.replace(": x: ", ": x: skipped: ").replace("topics: ", "topics: skipped: "),
    )
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


def test_an_update_keeps_the_keys_that_the_file_leaves_out(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text('[[event]]\nid = "a"\ntitle = "A"\nroom = 12\nnote = "keep"\n', encoding="utf-8")
    Path("a.json").write_text('[{"id": "a", "title": "A", "room": 13}]', encoding="utf-8")
    ilocal("import", "a.json", "--update")
    assert registry.read_text(encoding="utf-8").endswith('room = 13\nnote = "keep"\n')


def test_two_files_with_the_same_new_event_are_one_event(ilocal: Ilocal, registry: Path) -> None:
    Path("a.json").write_text('[{"title": "Mới", "kind": "x"}]', encoding="utf-8")
    Path("b.json").write_text('[{"title": "Mới", "kind": "y"}]', encoding="utf-8")
    assert ilocal("import", "a.json", "b.json", "--update").out == "new tba-moi\nupdated tba-moi\n"
    assert json.loads(ilocal("show", "tba-moi", "-f", "jsonl").out)["kind"] == "y"


def test_import_names_what_resembles_the_registry_or_its_own_file(ilocal: Ilocal, registry: Path) -> None:
    text = '{"title": "Họp: nhóm cố vấn CSR 2020", "start": "2020-02-20"}\n'
    text += '{"title": "Hội nghị"}\n{"title": "Họp đầu năm các dự án 2021", "start": "2021"}\n{"title": "Họp đàu năm các dự án", "start": "2021-02"}\n'
    Path("a.jsonl").write_text(text, encoding="utf-8")
    warned = (
        "4 new, 0 updated, 0 unchanged, 0 rejected\n"
        'ilocal: warning: 2020-hop-nhom-co-van-csr-2020: similar to "2020-hop" (events.toml:19); are they the same event?\n'
        'ilocal: warning: 2021-hop-dau-nam-cac-du-an: similar to "2021-hop-dau-nam-cac-du-an-2021"; are they the same event?\n'
    )
    assert ilocal("import", "a.jsonl", "--dry-run").err == "would import: " + warned
    result = ilocal("import", "a.jsonl")
    assert (result.code, result.out.count("new "), result.err) == (0, 4, warned)
    assert ilocal("import", "a.jsonl").err == "0 new, 0 updated, 4 unchanged, 0 rejected\n"
