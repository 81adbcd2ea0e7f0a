"""Names that differ in a letter from one that many events have."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.checks import list_findings
from tests.support.cli import Ilocal


def test_check_names_each_event_with_a_name_that_is_hardly_meant() -> None:
    topics = (["thủy sản", "CSR"], ["thủy sản"], ["Thuỷ sản", "CSR"], ["thuỷ sản"])
    text = "".join(
        f'[[event]]\nid = "{n}"\ntitle = "{n}"\ntopics = {json.dumps(names, ensure_ascii=False)}\n'
        for n, names in enumerate(topics)
    )
    assert list_findings(text) == [
        '12: topics: "Thuỷ sản" is spelled almost like "thủy sản"; are they the same? (similar-name)',
        '16: topics: "thuỷ sản" is spelled almost like "thủy sản"; are they the same? (similar-name)',
    ]


LIKE = 'ilocal: warning: topics: "lao độg trẻ em" is spelled almost like "lao động trẻ em"; are they the same?\n'
PLACE = 'ilocal: warning: location: "ha noi" is spelled almost like "Hà Nội"; are they the same?\n'


def test_add_edit_and_import_say_it_and_save_all_the_same(ilocal: Ilocal, registry: Path) -> None:
    added = ilocal(
        "add", "Tập huấn", "2020-03-01", "--topic", "lao độg trẻ em", "--topic", "CSR", "--location", "ha noi"
    )
    assert added == (0, "2020-tap-huan\n", LIKE + PLACE)
    assert ilocal("add", "Toạ đàm", "--topic", "thủy sản", "--location", "Huế").err == ""
    assert (
        ilocal("edit", "toa-dam", "--add-topic", "lao độngg trẻ em").err
        == LIKE.replace("độg", "độngg") + "tba-toa-dam: changed topics (thủy sản → thủy sản; lao độngg trẻ em)\n"
    )
    assert (
        ilocal("edit", "toa-dam", "--url", "https://e.example").err
        == "tba-toa-dam: changed url (– → https://e.example)\n"
    )
    Path("a.jsonl").write_text('{"title": "Hội chợ", "location": "ha noi"}\n', encoding="utf-8")
    assert ilocal("import", "a.jsonl").err == "1 new, 0 updated, 0 unchanged, 0 rejected\n" + PLACE


def test_names_that_many_have_or_that_differ_in_numbers_are_no_news(ilocal: Ilocal) -> None:
    block = '[[event]]\nid = "{0}"\ntitle = "{0}"\ntopics = ["an toàn", "chủ đề {0}"]\nlocation = "Huế"\n'
    Path("events.toml").write_text("".join(block.format(n) for n in range(300)), encoding="utf-8")
    assert ilocal("add", "A", "--topic", "an toàn", "--topic", "chủ đề 301", "--location", "Huế").err == ""
    said = 'topics: "An toàn" is spelled almost like "an toàn"; are they the same?'
    assert ilocal("add", "B", "--topic", "An toàn").err == f"ilocal: warning: {said}\n"
