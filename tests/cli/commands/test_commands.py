"""The commands, as a person or a script meets them: what they print, where, and with which exit code."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import FOUR, PAGES, SHIPPED, Ilocal, environment

LIST = """\
Tháng Hai 2020
  1. 2020/02/25 - 2020/02/29  Khảo sát cuối kì về lao động trẻ em
  2. 2020/02/20               Họp "Nhóm cố vấn CSR"

Tháng Mười Một 2019
  1. 2019/11                  Diễn đàn Lao động

Chưa định ngày
  1. Chưa định ngày           Hội nghị Thanh tra
"""


# ---------------------------------------------------------------------------------------------------------- questions


def test_list_is_by_month_newest_first_numbered_within_the_month(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("list") == (0, LIST, "")


def test_list_speaks_the_language_asked_for(ilocal: Ilocal, registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    english = LIST.replace("Tháng Hai 2020", "February 2020").replace("Tháng Mười Một 2019", "November 2019")
    english = english.replace("Chưa định ngày\n", "To be announced\n").replace("Chưa định ngày ", "To be announced")
    english = re.sub(r"(?m)(^  \d.*)", r"\1 [vi]", english)  # the titles are as they are, and it is said
    assert ilocal("--lang", "en", "list").out == english
    monkeypatch.setenv("ILOCAL_LANG", "en_GB.UTF-8")
    assert ilocal("list").out == english
    assert ilocal("--lang", "vi", "list").out == LIST


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        ((), "2020-khao-sat 2020-hop 2019-dien-dan tba-hoi-nghi"),
        (("--reverse",), "2019-dien-dan 2020-hop 2020-khao-sat tba-hoi-nghi"),
        (("--sort", "title"), "2019-dien-dan tba-hoi-nghi 2020-hop 2020-khao-sat"),
        (("--sort", "id", "-n", "2"), "2019-dien-dan 2020-hop"),
        (("--month", "Tháng Hai 2020"), "2020-khao-sat 2020-hop"),
        (("--month", "2020-02", "--month", "11/2019"), "2020-khao-sat 2020-hop 2019-dien-dan"),
        (("--year", "2019"), "2019-dien-dan"),
        (("--on", "2020-02-27"), "2020-khao-sat"),
        (("--on", "20-25/02/2020"), "2020-khao-sat 2020-hop"),
        (("--from", "2020-02-21"), "2020-khao-sat"),
        (("--from", "-1w", "--to", "today"), "2020-hop"),
        (("--to", "2019"), "2019-dien-dan"),
        (("--topic", "csr"), "2020-hop"),
        (("--topic", "thuy san", "--topic", "LAO ĐỘNG TRẺ EM"), "2020-khao-sat 2020-hop"),
        (("--organizer", "bo ldtbxh"), "2019-dien-dan"),
        (("--location", "ha noi"), "2020-hop"),
        (("--status", "confirmed"), "2020-khao-sat 2020-hop 2019-dien-dan tba-hoi-nghi"),
        (("--language", "vi"), "2020-khao-sat 2020-hop 2019-dien-dan tba-hoi-nghi"),
        (("--language", "en"), ""),
        (("--undated",), "tba-hoi-nghi"),
        (("--where-missing", "topic", "--where-missing", "end"), "2019-dien-dan tba-hoi-nghi"),
    ],
)
def test_filters(ilocal: Ilocal, registry: Path, arguments: tuple[str, ...], ids: str) -> None:
    result = ilocal("list", "-f", "ids", *arguments)
    assert (result.code, result.out.split()) == (0, ids.split())


@pytest.mark.parametrize("said", ["cancelled", "Cancelled", "đã hủy", "da huy"])
def test_a_status_is_said_in_any_language(ilocal: Ilocal, registry: Path, said: str) -> None:
    assert ilocal("add", "Họp thử", "2020-05-01", "--status", said).out == "2020-hop-thu\n"
    assert ilocal("edit", "2020-khao-sat", "--set", f"status={said}").code == 0
    assert ilocal("list", "--status", said, "-f", "ids").out == "2020-hop-thu\n2020-khao-sat\n"
    assert registry.read_text(encoding="utf-8").count('status = "cancelled"') == 2


def test_an_empty_answer_is_no_error_but_said(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("list", "--year", "1999") == (0, "", "Không có sự kiện nào khớp.\n")
    registry.write_text("", encoding="utf-8")
    assert ilocal("--lang", "en", "list") == (0, "", "There are no events yet.\n")
    assert ilocal("list", "-f", "json") == (0, "[]\n", "There are no events yet.\n")


def test_upcoming_is_soonest_first_and_marks_what_is_running(ilocal: Ilocal, registry: Path) -> None:
    assert (
        ilocal("--today", "2020-02-20", "upcoming").out
        == """\
Tháng Hai 2020
  1. 2020/02/20               Họp "Nhóm cố vấn CSR"  [đang diễn ra]
  2. 2020/02/25 - 2020/02/29  Khảo sát cuối kì về lao động trẻ em

Chưa định ngày
  1. Chưa định ngày           Hội nghị Thanh tra
"""
    )
    assert ilocal("--today", "29/02/2020", "upcoming", "-f", "ids").out == "2020-khao-sat\ntba-hoi-nghi\n"
    assert ilocal("--today", "2019-11-30", "upcoming", "--days", "83", "-f", "ids").out == "2019-dien-dan\n2020-hop\n"


def test_upcoming_says_when_nothing_is_coming_and_names_the_last(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(FOUR[: FOUR.index('\n[[event]]\nid = "tba')], encoding="utf-8")
    assert ilocal("--today", "2020-03-01", "upcoming") == (
        0, "",
        "Không có sự kiện nào sắp tới.\n"
        "Gần đây nhất: 2020/02/25 - 2020/02/29 Khảo sát cuối kì về lao động trẻ em\n",
    )  # fmt: skip
    assert ilocal("--today", "2020-01-01", "upcoming", "--topic", "none").err == "Không có sự kiện nào sắp tới.\n"
    assert ilocal("--today", "2020-01-01", "upcoming", "--days", "3").err.endswith(
        "Gần đây nhất: 2019/11 Diễn đàn Lao động\n"
    )
    assert ilocal("--today", "9999-12-31", "upcoming", "--days", "3").code == 0


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (("LĐTE",), "2020-khao-sat"),
        (("lao dong",), "2020-khao-sat 2019-dien-dan"),
        (("lao dong", "--not", "diễn đàn"), "2020-khao-sat"),
        (("lao dong", "cuoi ky"), "2020-khao-sat"),
        (("title:họp",), "2020-hop"),
        (("muc tieu",), "tba-hoi-nghi"),
        (("thanh tra*", "--undated"), "tba-hoi-nghi"),
        (("thuỷ sản",), "2020-hop"),
    ],
)
def test_search(ilocal: Ilocal, registry: Path, arguments: tuple[str, ...], ids: str) -> None:
    result = ilocal("search", "-f", "ids", *arguments)
    assert (result.code, result.out.split()) == (0, ids.split())


def test_search_that_finds_nothing_ends_with_1(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("search", "không có") == (1, "", "Không tìm thấy sự kiện nào.\n")


def test_show_is_the_whole_event(ilocal: Ilocal, registry: Path) -> None:
    assert (
        ilocal("show", "hoi-nghi").out
        == """\
Hội nghị Thanh tra

Ngày  Chưa định ngày
Mã    tba-hoi-nghi

Mục tiêu

  • một
  • hai
"""
    )
    assert json.loads(ilocal("show", "hop", "-f", "json").out) == [
        {
            "id": "2020-hop", "title": 'Họp "Nhóm cố vấn CSR"', "start": "2020-02-20", "location": "Hà Nội",
            "topics": ["CSR", "thủy sản"], "status": "confirmed", "room": 12,
            "source_file": "events.toml", "source_line": 19,
        }
    ]  # fmt: skip


def test_columns_and_files(ilocal: Ilocal, registry: Path, tmp_path: Path) -> None:
    assert ilocal("list", "--columns", "title,topic", "-n", "1").out == (
        "Tháng Hai 2020\n  1. Khảo sát cuối kì về lao động trẻ em  lao động trẻ em\n"
    )
    assert ilocal("list", "-o", "a.csv", "--columns", "id,when", "--year", "2020") == (0, "", "")
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == (
        "id,when\n2020-khao-sat,2020/02/25 - 2020/02/29\n2020-hop,2020/02/20\n"
    )
    assert ilocal("export", "b.jsonl", "--topic", "CSR") == (0, "", "1 sự kiện\n")
    assert json.loads((tmp_path / "b.jsonl").read_text(encoding="utf-8"))["id"] == "2020-hop"
    assert ilocal("export", "c.xyz").err.startswith('ilocal: c.xyz: no format is written to ".xyz" files\nhint: ')
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.jsonl", "events.toml"]
    assert ilocal("list", "-f", "ids", "-o", "/dev/stdout").code == 0


def test_dates_says_how_a_date_is_read(ilocal: Ilocal) -> None:
    assert ilocal("dates", "25-29/02/2020") == (
        0,
        "2020-02-25..2020-02-29\nstart: 2020-02-25 (Tuesday, a day)\nend: 2020-02-29 (Saturday, a day)\n"
        "days: 5, both ends counted\n",
        "",
    )
    assert ilocal("--lang", "vi", "dates", "-2w").out.startswith(
        "2020-02-06\nbắt đầu: 2020-02-06 (Thứ Năm, một ngày)\n"
    )
    result = ilocal("dates", "02/25/2020")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(
        'ilocal: cannot read "02/25/2020" as a date: there is no month 25; the day comes first: 25/'
    )
    assert result.err.count("\nhint: ") == 1


# ------------------------------------------------------------------------------------------------------------ changes


def test_add_prints_the_id_alone_and_leaves_every_old_byte(ilocal: Ilocal, registry: Path) -> None:
    result = ilocal(
        "add", "Tọa đàm", "2020-03-05", "--topic", "CSR", "--topic", "gỗ", "--location", "Huế", "--description", "Một."
    )
    assert result == (0, "2020-toa-dam\n", "")
    assert registry.read_text(encoding="utf-8") == FOUR + (
        '\n[[event]]\nid = "2020-toa-dam"\ntitle = "Tọa đàm"\nstart = 2020-03-05\nlocation = "Huế"\n'
        'topics = ["CSR", "gỗ"]\ncreated = 2020-02-20T00:00:00+07:00\ndescription = "Một."\n'
    )


def test_a_duplicate_is_refused_unless_told_otherwise(ilocal: Ilocal, registry: Path) -> None:
    again = ("add", "họp nhóm cố vấn CSR", "19 - 21 Feb 2020")
    result = ilocal(*again)
    assert (result.code, result.out) == (5, "")
    assert result.err.startswith('ilocal: there is already such an event: "2020-hop"\nhint: --if-absent')
    assert ilocal(*again, "--if-absent") == (0, "2020-hop\n", "")
    assert registry.read_text(encoding="utf-8") == FOUR
    assert ilocal(*again, "--force") == (0, "2020-hop-nhom-co-van-csr\n", "")
    assert ilocal("add", "Họp nhóm cố vấn CSR", "2021-02-20").code == 0


def test_add_with_an_id_twice_is_one_event(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("add", "A", "--id", "x-1", "--if-absent") == (0, "x-1\n", "")
    assert ilocal("add", "B", "--id", "x-1", "--if-absent") == (0, "x-1\n", "")
    assert ilocal("add", "B", "--id", "x-1").code == 5
    assert ilocal("add", "B", "--id", "x-1", "--force").code == 5


def test_add_many_is_all_or_none(process: Ilocal, registry: Path) -> None:
    good = "".join(
        json.dumps({"title": f"Sự kiện {n}", "start": "2020-03-01", "topics": ["CSR"]}) + "\n" for n in range(500)
    )
    bad = process("add", "--jsonl", "-", input=good + '{"title": "x", "start": "2020-02-30"}\n')
    assert (bad.code, bad.out) == (2, "")
    assert bad.err == (
        'ilocal: stdin:501: start: cannot read "2020-02-30" as a date: February 2020 has 29 days\nhint: nothing was added\n'
    )
    assert registry.read_text(encoding="utf-8") == FOUR
    done = process("add", "--jsonl", "-", input=good)
    assert (done.code, len(done.out.split()), done.err) == (0, 500, "")
    assert len(process("list", "--topic", "csr", "-f", "ids").out.split()) == 501
    again = process("add", "--jsonl", "-", input=good)
    assert (again.code, again.out) == (5, "")
    assert process("add", "--jsonl", "-", "--if-absent", input=good).out == done.out


def test_a_description_comes_from_stdin(process: Ilocal, registry: Path) -> None:
    assert process("add", "A", "--description", "-", input="một\r\n\r\nhai\n").out == "tba-a\n"
    assert json.loads(process("show", "tba-a", "-f", "jsonl").out)["description"] == "một\n\nhai"


def test_edit_touches_the_lines_of_its_event(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal(
        "edit",
        "hop",
        "--add-topic",
        "gỗ",
        "--remove-topic",
        "thuy san",
        "--unset",
        "location",
        "--when",
        "20-21/02/2020",
    ) == (0, "", "2020-hop: end, location, topics changed\n")
    old = FOUR[FOUR.index('id = "2020-hop"') : FOUR.index('\n[[event]]\nid = "2019')]
    new = (
        'id = "2020-hop"\ntitle = \'Họp "Nhóm cố vấn CSR"\'\nstart = 2020-02-20\nend = 2020-02-21\ntopics = ["CSR", "gỗ"]\n'
        'status = "confirmed"\nupdated = 2020-02-20T00:00:00+07:00\nrevision = 1\nroom = 12  # a key of our own\n'
    )
    assert registry.read_text(encoding="utf-8") == FOUR.replace(old, new)
    assert ilocal("edit", "hop", "--add-topic", "CSR").err == "2020-hop: nothing to change\n"
    assert registry.read_text(encoding="utf-8") == FOUR.replace(old, new)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--end", "2020-02-19"), "end: the end (2020-02-19) is before the start (2020-02-20)"),
        (("--status", "sure"), 'status: unknown status "sure" (tentative, confirmed, cancelled, postponed)'),
        (("--unset", "title"), "an event cannot be without title"),
        (("--unset", "colour"), 'there is no field "colour"'),
        (("--title", " "), "title: an event needs a title"),
        (("--id", "2020-khao-sat"), 'there is already an event "2020-khao-sat"'),
    ],
)
def test_an_edit_that_cannot_be_changes_nothing(
    ilocal: Ilocal, registry: Path, arguments: tuple[str, ...], message: str
) -> None:
    result = ilocal("edit", "2020-hop", *arguments)
    assert result.code in (2, 5)
    assert result.err.startswith(f"ilocal: {message}\n")
    assert registry.read_text(encoding="utf-8") == FOUR


def editor(tmp_path: Path, code: str) -> str:
    """An editor that is a Python program; `text` is what it edits."""
    script = tmp_path / "editor.py"
    script.write_text(
        "import sys, pathlib\npath = pathlib.Path(sys.argv[1])\ntext = path.read_text(encoding='utf-8')\n"
        f"{code}\npath.write_text(text, encoding='utf-8')\n",
        encoding="utf-8",
    )
    return f"{sys.executable} {script}"


def test_edit_without_options_opens_the_editor_on_the_events_own_lines(
    process: Ilocal, registry: Path, tmp_path: Path
) -> None:
    code = "assert text.startswith('# Attached'), text\ntext = text.replace('Hà Nội', 'Huế').replace('room = 12', 'room = 13')"
    assert process("edit", "hop", env={"EDITOR": editor(tmp_path, code)}) == (
        0,
        "",
        "2020-hop: location, extra changed\n",
    )
    stamps = "updated = 2020-02-20T00:00:00+07:00\nrevision = 1\n"
    assert registry.read_text(encoding="utf-8") == FOUR.replace("Hà Nội", "Huế").replace(
        "room = 12", f"{stamps}room = 13"
    )


@pytest.mark.parametrize("code", ["text = text.replace('\"confirmed\"', '\"sure\"')", "text += 'x = '", "sys.exit(1)"])
def test_what_does_not_parse_is_refused_and_the_text_kept(
    process: Ilocal, registry: Path, tmp_path: Path, code: str
) -> None:
    result = process("edit", "hop", env={"EDITOR": editor(tmp_path, code), "TMPDIR": str(tmp_path)})
    assert result.code in (2, 3)
    assert "your text is in" in result.err
    assert registry.read_text(encoding="utf-8") == FOUR
    (kept,) = tmp_path.glob("ilocal-*/2020-hop.toml")
    assert str(kept) in result.err


def test_a_change_while_the_editor_was_open_is_not_lost(process: Ilocal, registry: Path, tmp_path: Path) -> None:
    other = f"import subprocess\nsubprocess.run([sys.executable, '-m', 'ilocal', 'edit', 'hop', '--location', 'Huế'], cwd={str(tmp_path)!r})"
    result = process(
        "edit",
        "hop",
        env={"EDITOR": editor(tmp_path, other + "\ntext = text.replace('12', '13')"), "TMPDIR": str(tmp_path)},
    )
    assert result.code == 5
    assert "changed meanwhile" in result.err
    assert "your text is in" in result.err
    text = registry.read_text(encoding="utf-8")
    assert 'location = "Huế"' in text
    assert "room = 12" in text


def test_an_editor_keeps_the_id_and_comments_count(process: Ilocal, registry: Path, tmp_path: Path) -> None:
    assert (
        process("edit", "hop", env={"EDITOR": editor(tmp_path, "text = text.replace('id = \"2020-hop\"\\n', '')")}).code
        == 2
    )
    assert registry.read_text(encoding="utf-8") == FOUR
    assert process(
        "edit", "hop", env={"EDITOR": editor(tmp_path, "text = text.replace('Attached', 'Belongs')")}
    ).err == ("2020-hop: comments changed\n")
    assert registry.read_text(encoding="utf-8") == FOUR.replace("Attached", "Belongs")
    assert process("edit", "hop", env={"EDITOR": 'vi "'}).err == 'ilocal: vi ": no closing quotation\n'
    assert "nothing was added" in process("add", "Mới", "--edit", env={"EDITOR": "true"}).err


def test_add_in_the_editor(process: Ilocal, registry: Path, tmp_path: Path) -> None:
    code = "text = text.replace('title = \"\"', 'title = \"Mới\"').replace('# location =', 'location = \"Huế\"')"
    assert process("add", "--edit", env={"EDITOR": editor(tmp_path, code)}) == (0, "tba-moi\n", "")
    assert json.loads(process("show", "tba-moi", "-f", "jsonl").out)["location"] == "Huế"
    assert process("add", "--edit").err.startswith("ilocal: no editor is known\n")


def test_remove_prints_what_it_removed_and_gives_the_old_bytes_back(ilocal: Ilocal, registry: Path) -> None:
    ilocal("add", "Mới", "2020-03-01")
    result = ilocal("remove", "moi", "--yes")
    assert result.code == 0
    assert result.out.startswith('[[event]]\nid = "2020-moi"\ntitle = "Mới"\n')
    assert registry.read_text(encoding="utf-8") == FOUR


def test_remove_asks_and_refuses_where_nobody_can_answer(process: Ilocal, registry: Path) -> None:
    result = process("remove", "--year", "2020")
    assert (result.code, result.out) == (2, "")
    assert result.err.endswith("ilocal: 2 events would be removed, and nobody is there to ask\nhint: say --yes\n")
    assert process("remove").code == process("remove", "hop", "--undated").code == 2
    assert registry.read_text(encoding="utf-8") == FOUR
    assert process("remove", "--year", "2020", "-y").out.count("[[event]]") == 2
    assert process("list", "-f", "ids").out == "2019-dien-dan\ntba-hoi-nghi\n"


def test_check_names_every_problem_with_its_line(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("check") == (
        0,
        "events.toml:26: room: unknown key, kept as it is\n"
        "events.toml:31: start: 2019-11 is over, and no day is known\n",
        "4 events, 0 errors, 2 warnings\n",
    )
    assert ilocal("check", "--strict").code == 3
    text = FOUR.replace("Asia/Ho_Chi_Minh", "Asia/Nowhere").replace('start = "2019-11"', 'start = "2019-13"')
    registry.write_text(text.replace('id = "tba-hoi-nghi"\n', ""), encoding="utf-8")
    assert ilocal("check") == (
        3,
        'events.toml:31: start: cannot read "2019-13" as a date: month must be in 1..12\n'
        'events.toml:5: timezone: there is no time zone "Asia/Nowhere"\n'
        "events.toml:26: room: unknown key, kept as it is\n"
        'events.toml:34: id: no id: called "tba-hoi-nghi-thanh-tra" until its title or date changes\n',
        "3 events, 1 error, 3 warnings\n",
    )


def test_check_names_a_time_zone_that_an_event_cannot_have(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(
        '[[event]]\nid = "a"\ntitle = "A"\nstart = 2020-01-01T09:00:00\ntimezone = "Asia/Hanoi"\n'
        '[[event]]\nid = "b"\ntitle = "B"\nstart = 2020-01-01T09:00:00\ntimezone = "floating"\n',
        encoding="utf-8",
    )
    assert ilocal("check").out == 'events.toml:5: timezone: there is no time zone "Asia/Hanoi"\n'
    assert ilocal("add", "C", "2020-02-01 09:00", "--timezone", "Asia/Hanoi").code == 2


def test_check_names_unknown_keys_wherever_they_are(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(
        '[registry]\nlangauge = "vi"\n\n[theme]\nx = 1\n\n[[event]]\nid = "a"\ntitle = "A"\ntittle = "B"\n\n'
        '[[event.section]]\nheading = "h"\nspeaker = "x"\n\n[event.translations.en]\ntitle = "A"\nplace = "Hue"\n',
        encoding="utf-8",
    )
    assert ilocal("check").out.splitlines() == [
        "events.toml:2: langauge: unknown key, kept as it is; did you mean \"language\"?", "events.toml:4: theme: unknown key, kept as it is",
        "events.toml:10: tittle: unknown key, kept as it is; did you mean \"title\"?", "events.toml:14: speaker: unknown key, kept as it is",
        "events.toml:18: en.place: unknown key, kept as it is",
    ]  # fmt: skip


def test_a_broken_event_is_a_warning_and_hides_no_other(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(FOUR + '\n[[event]]\nstart = 2020-02-20\n\n[[event]]\ntitle = "x\n', encoding="utf-8")
    result = ilocal("list")
    assert result == (
        0, LIST,
        "ilocal: warning: events.toml:44: title: an event needs a title\n"
        "ilocal: warning: events.toml:48: not valid TOML: illegal character '\\n'\n",
    )  # fmt: skip
    for command in (["show", "nghiem-thu"], ["edit", "nghiem-thu", "--title", "A"], ["remove", "nghiem-thu", "--yes"]):
        refused = ilocal(*command)
        assert (refused.code, refused.out) == (4, "")
        assert refused.err.startswith(result.err + 'ilocal: no event is called "nghiem-thu"\n')
    assert ilocal("add", "a").err == (
        "ilocal: events.toml:48: not valid TOML: illegal character '\\n'\nhint: mend that first; nothing was changed\n"
    )


def test_init_makes_a_registry_that_works_and_never_overwrites(ilocal: Ilocal, tmp_path: Path) -> None:
    assert ilocal("list").err == "ilocal: there is no registry here or above\nhint: make one with: ilocal init\n"
    assert ilocal("--lang", "vi", "init", "--timezone", "Asia/Ho_Chi_Minh") == (
        0, "", "events.toml: đã tạo\nilocal.schema.json: đã tạo, cho trình soạn thảo\n",
    )  # fmt: skip
    text = (tmp_path / "events.toml").read_text(encoding="utf-8")
    assert ilocal("init").code == 5
    assert ilocal("check", "--strict").code == 0
    assert ilocal("add", "A", "tomorrow").out == "2020-a\n"
    assert (tmp_path / "events.toml").read_text(encoding="utf-8").startswith(text)
    assert ilocal("init", "--timezone", "Nowhere", "x.toml").code == 2
    assert ilocal("init", "no/such/folder/x.toml").code == 3


# ------------------------------------------------------------------------------------------------------------- import


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
    shutil.copy(SHIPPED, copy)
    result = ilocal("import", str(PAGES / "listing-vi.txt"), str(PAGES / "event-vi.txt"))
    assert result.err.endswith("0 new, 0 updated, 21 unchanged, 0 rejected\n")
    assert copy.read_bytes() == SHIPPED.read_bytes()


def test_an_import_that_differs_is_said_and_taken_on_request(ilocal: Ilocal, registry: Path) -> None:
    Path("a.json").write_text(
        '[{"title": "Hội nghị thanh tra", "start": "2020-05", "kind": "meeting"}]', encoding="utf-8"
    )
    assert ilocal("import", "a.json") == (
        0, "", "tba-hoi-nghi: differs in title, start, kind; --update takes the file's\n"
        "0 new, 0 updated, 0 unchanged, 1 differs, 0 rejected\n",
    )  # fmt: skip
    assert ilocal("import", "a.json", "--update", "--dry-run").out == "updated tba-hoi-nghi\n"
    assert registry.read_text(encoding="utf-8") == FOUR
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
        "a.jsonl:2: title: not read: an event needs a title\n1 new, 0 updated, 0 unchanged, 1 rejected\n",
    )  # fmt: skip
    assert (tmp_path / "r.txt").read_text(
        encoding="utf-8"
    ) == '# a.jsonl:2: title: an event needs a title\n{"start": "2020"}\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[{"title": "a", "x": [null]}]', "a.json:1: x: a value that TOML does not have: None"),
        (
            '[{"title": "a", "x": "\\ud800"}]',
            "a.json:1: x: half of a surrogate pair in the text, which no file can hold",
        ),
        (
            '[{"title": "a", "topics": ["\\ud800"]}]',
            "a.json:1: topics: half of a surrogate pair in the text, which no file can hold",
        ),
    ],
)
def test_what_no_registry_can_hold_is_rejected(ilocal: Ilocal, registry: Path, text: str, message: str) -> None:
    Path("a.json").write_text(text, encoding="utf-8")
    result = ilocal("import", "a.json")
    assert (result.code, result.err.split("\n")[0]) == (
        2,
        message.replace(": x: ", ": x: not read: ").replace("topics: ", "topics: not read: "),
    )
    assert registry.read_text(encoding="utf-8") == FOUR


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


def test_what_is_removed_can_be_put_back_whole(ilocal: Ilocal, registry: Path) -> None:
    text = (
        '[[event]]\nid = "a"\ntitle = "A"\nwhen = 2020-05-05\n\n[[event.section]]\nheading = "h"\nimage = "p.jpg"\nday = 2020-05-05\n\n'
        '[event.translations.en]\ntitle = "B"\nplace = "Hue"\n'
    )
    registry.write_text(text, encoding="utf-8")
    Path("r.toml").write_text(ilocal("remove", "a", "--yes").out, encoding="utf-8")
    assert registry.read_text(encoding="utf-8") == ""
    ilocal("import", "r.toml")
    assert registry.read_text(encoding="utf-8").replace("created = 2020-02-20T00:00:00+00:00\n", "") == text
    for name in ("json", "jsonl", "csv", "toml"):
        ilocal("list", "-o", f"x.{name}")
        before = registry.read_text(encoding="utf-8")
        assert ilocal("import", "--update", f"x.{name}").err == "0 new, 0 updated, 1 unchanged, 0 rejected\n"
        assert registry.read_text(encoding="utf-8") == before


def test_tsv_goes_out_and_not_in(ilocal: Ilocal, registry: Path) -> None:
    ilocal("list", "-o", "a.tsv")
    assert ilocal("import", "a.tsv").err == 'ilocal: a.tsv: "tsv" is not a format to read\n'


# ---------------------------------------------------------------------------------------------------------- bad input


def test_bad_input_ends_with_one_clear_line(ilocal: Ilocal, registry: Path, tmp_path: Path) -> None:
    (tmp_path / "bytes.txt").write_bytes(b"a\nb\xff\n")
    (tmp_path / "bytes.toml").write_bytes(b'[[event]]\ntitle = "\xe9"\n')
    (tmp_path / "prose.txt").write_text("Sự kiện\n\nKhông có gì.\n", encoding="utf-8")
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    cases: list[tuple[tuple[str, ...], int, str]] = [
        (("-r", "none.toml", "list"), 3, "none.toml: no such file or directory"),
        (("-r", "folder", "list"), 3, "folder: there is no .toml file in this folder"),
        (("-r", "folder", "add", "a"), 3, "folder: there is no .toml file in this folder"),
        (("-r", "bytes.toml", "list"), 3, "bytes.toml:2: not UTF-8 text (byte 0xe9)"),
        (("-r", "prose.txt", "list"), 3, "prose.txt:1: not valid TOML: expected '=' after a key in a key/value pair"),
        (("show", "nothing"), 4, 'no event is called "nothing"'),
        (("show", "2020"), 4, '"2020" may mean 2 events'),
        (("remove", "nothing", "-y"), 4, 'no event is called "nothing"'),
        (("add", "a", "31/02/2020"), 2, 'cannot read "31/02/2020" as a date: February 2020 has 29 days'),
        (("add", "a", "2020-02-20", "--end", "2020-02-19"), 2, "the date is given twice, as WHEN and as --start or --end"),
        (("add", "a", "--end", "2020-02-19"), 2, "end: an end without a start"),
        (("add", " "), 2, "title: an event needs a title"),
        (("add",), 2, "a title is wanted"),
        (("add", "Họp", "thang sau"), 2, 'cannot read "thang sau" as a date'),
        (("--today", "xyz", "list"), 2, 'cannot read "xyz" as a date'),
        (("edit", "hop", "--id", ""), 2, "an event cannot be without id"),
        (("edit", "hop", "--start", "2020", "--when", "2021"), 2, "the date is given twice, with --when and with --start or --end"),
        (("add", "a\udcff"), 2, "an argument is not UTF-8 text: a\\udcff"),
        (("list", "--month", "2020"), 2, '--month: "2020" is not a month'),
        (("list", "--from", "2020-03", "--to", "2020-02"), 2, "--from 2020-03-01 is after --to 2020-02-29"),
        (("list", "-f", "xml"), 2, '"xml" is not a format to write'),
        (("list", "--from", ""), 2, 'cannot read "" as a date'),
        (("remove", "--organizer", "", "--yes"), 2, "--organizer: a name is wanted"),
        (("remove", "--from", "", "--to", "2020", "--yes"), 2, 'cannot read "" as a date'),
        (("add", "x", "-2w"), 2, "No such option: -2"),
        (("list", "--columns", "colour"), 2, 'there is no field "colour"'),
        (("search", "&"), 2, 'nothing to search for in "&"'),
        (("--lang", "fr", "list"), 2, 'there is no language "fr"'),
        (("--today", "2020-02", "list", "--on", "today"), 2, 'today must be a day, not "2020-02"'),
        (("import", "none.txt"), 2, "none.txt: no such file or directory"),
        (("import", "folder"), 2, "folder: that is a folder, and a file is wanted here"),
        (("import", "bytes.txt"), 2, "bytes.txt:2: not UTF-8 text (byte 0xff)"),
        (("import", "prose.txt"), 2, "prose.txt: no event found"),
        (("import", "empty.txt"), 2, "empty.txt:1: an empty file"),
        (("list", "-o", "none/a.csv"), 2, "none/a.csv: there is no folder none"),
        (("nothing",), 2, "No such command 'nothing'"),
        (("lst",), 2, "No such command 'lst'. Did you mean 'list'?"),
        (("list", "--bogus"), 2, "No such option: --bogus"),
        (("list", "--status", "foo"), 2, '--status: "foo" is no status'),
        (("list", "--colour"), 2, "No such option: --colour (Possible options: --columns)"),
    ]  # fmt: skip
    for arguments, code, message in cases:
        result = ilocal(*arguments)
        assert (result.code, result.out, result.err.split("\n")[0]) == (code, "", f"ilocal: {message}"), arguments
        assert all(line.startswith(("hint: ", "  ")) for line in result.err.split("\n")[1:-1]), arguments
    assert registry.read_text(encoding="utf-8") == FOUR


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("list", "--from"), "ilocal list --help"), (("--lang",), "ilocal --help"), (("list", "--bogus"), "ilocal list --help"),
        (("list", "--status", "foo"), "one of tentative, confirmed, cancelled, postponed"),
    ],
)  # fmt: skip
def test_a_hint_is_of_the_command_that_was_wrong(
    ilocal: Ilocal, registry: Path, arguments: Sequence[str], hint: str
) -> None:
    assert ilocal(*arguments).err.split("\n")[1:] == [f"hint: {hint}", ""]


def test_the_first_of_what_the_filters_find_are_removed(ilocal: Ilocal, registry: Path) -> None:
    for order, left in ((("-n", "1"), "2020-hop"), (("-n", "1", "--reverse"), "2020-khao-sat"), (("-n", "0"), None)):
        registry.write_text(FOUR, encoding="utf-8")
        assert ilocal("remove", "--year", "2020", *order, "-y").code == 0
        found = ilocal("list", "--year", "2020", "-f", "ids").out.split()
        assert found == ([left] if left else ["2020-khao-sat", "2020-hop"])
    assert "Only the first N of what the filters find." in ilocal("remove", "--help").out


def test_an_output_never_takes_the_place_of_the_registry(ilocal: Ilocal, registry: Path, tmp_path: Path) -> None:
    (tmp_path / "link.toml").symlink_to(registry)
    for arguments in (("list", "-o", "events.toml"), ("export", "./events.toml"), ("list", "-o", "link.toml")):
        result = ilocal(*arguments)
        assert (result.code, result.out) == (2, "")
        assert "that is the registry itself" in result.err
    assert registry.read_text(encoding="utf-8") == FOUR


@pytest.mark.parametrize("closed", [">&-", "<&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_do_no_harm(registry: Path, tmp_path: Path, closed: str) -> None:
    for command in ("list", "add Mới --force", "import -"):
        shell = f"{sys.executable} -m ilocal {command} {closed}"
        done = subprocess.run(
            ["bash", "-c", shell], cwd=tmp_path, env=environment(tmp_path), capture_output=True, check=False
        )
        assert (done.returncode, b"Traceback" in done.stderr) == (2 if "import" in command else 0, False)
    assert registry.read_text(encoding="utf-8").startswith(FOUR)
    assert registry.read_text(encoding="utf-8").count('title = "Mới"') == 1


def test_words_of_a_title_that_its_id_is_too_short_for_are_a_handle(ilocal: Ilocal) -> None:
    assert (
        ilocal("-r", str(SHIPPED), "show", "thuỷ sản", "-f", "ids").out
        == "2020-hop-khoi-dong-nhom-co-van-csr-thuc-day-thuc-hien-csr\n"
    )
    assert ilocal("-r", str(SHIPPED), "show", "ENHANCE hỗ trợ").code == 0
    result = ilocal("-r", str(SHIPPED), "show", "tăng cường")
    assert (result.code, result.err.split("\n")[0]) == (0, "")


def test_an_output_file_of_show_has_the_whole_page(ilocal: Ilocal, registry: Path) -> None:
    page = ilocal("show", "hoi-nghi").out
    assert ilocal("show", "hoi-nghi", "-o", "x.txt") == (0, "", "")
    assert Path("x.txt").read_text(encoding="utf-8") == page
    assert ilocal("list", "-n", "0") == (0, "", "Không có sự kiện nào khớp.\n")
    assert ilocal("search", "họp", "-n", "0") == (0, "", "")
    assert ilocal("list", "-f", "ids", "-o", "-").out == ilocal("list", "-f", "ids").out
    assert "\x1b[" in ilocal("--color", "always", "list").out


def test_a_global_option_after_the_command_is_told_its_place(ilocal: Ilocal, registry: Path) -> None:
    result = ilocal("list", "--today", "2020-02-20")
    assert result.err.endswith("hint: --today goes before the command: ilocal --today … list\n")


# --------------------------------------------------------------------------------------------------------- environment


def test_the_registry_is_found_as_the_contract_says(
    ilocal: Ilocal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'[[event]]\ntitle = "{path.parent.name}/{path.name}"\n', encoding="utf-8")

    def found() -> str:
        return str(json.loads(ilocal("list", "-f", "jsonl").out)["title"])

    home = Path(os.environ["XDG_DATA_HOME"])
    make(home / "ilocal" / "events.toml")
    assert found() == "ilocal/events.toml"
    make(tmp_path / "data" / "events.toml")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deep" / "er")
    assert found() == "data/events.toml"
    make(tmp_path / "deep" / "events.toml")
    assert found() == "deep/events.toml"
    make(tmp_path / "named" / "x.toml")
    monkeypatch.setenv("ILOCAL_REGISTRY", str(tmp_path / "named" / "x.toml"))
    assert found() == "named/x.toml"
    assert json.loads(ilocal("-r", "../events.toml", "list", "-f", "jsonl").out)["title"] == "deep/events.toml"


def test_today_is_said_or_the_clock_in_the_registrys_zone(process: Ilocal, registry: Path) -> None:
    registry.write_text(
        '[registry]\ntimezone = "Etc/GMT+12"\n[[event]]\ntitle = "a"\nstart = 2020-02-20\n', encoding="utf-8"
    )
    assert process("upcoming", "-f", "ids", env={"ILOCAL_TODAY": "2020-02-21"}).out == ""
    assert (
        process("--today", "20/02/2020", "upcoming", "-f", "ids", env={"ILOCAL_TODAY": "2020-02-21"}).out == "2020-a\n"
    )
    assert process("upcoming", "-f", "ids", env={"ILOCAL_TODAY": ""}).code == 0


def test_a_closed_pipe_ends_quietly(tmp_path: Path, process: Ilocal, registry: Path) -> None:
    many = "".join(f'{{"title": "Sự kiện {n}"}}\n' for n in range(3000))
    assert process("add", "--jsonl", "-", input=many).code == 0
    for command in ("list", "list -f jsonl", "list -f csv", "search 'su kien'"):
        shell = f"{sys.executable} -m ilocal {command} | head -n 1; echo ${{PIPESTATUS[0]}}"
        done = subprocess.run(
            ["bash", "-c", shell], cwd=tmp_path, env=environment(tmp_path), capture_output=True, timeout=60, check=False
        )
        assert done.stderr == b""
        assert done.stdout.decode().splitlines()[-1] == "0"


@pytest.mark.parametrize("locale", ["C", "POSIX", "vi_VN.UTF-8", "en_US.ISO-8859-1", "xx"])
def test_the_output_is_utf8_in_every_locale(process: Ilocal, registry: Path, locale: str) -> None:
    result = process("list", env={"LANG": locale, "LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})
    assert (result.code, result.out) == (0, LIST)


def test_help_loads_nothing_heavy_and_names_every_command(process: Ilocal) -> None:
    code = (
        "import sys; from ilocal.cli import run; run(['--help'])\n"
        "print(sorted({'rich', 'sqlite3', 'icalendar', 'tomli_w', 'tomli', 'dateutil', 'hashlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    for name in [
        "add",
        "check",
        "dates",
        "edit",
        "export",
        "import",
        "init",
        "list",
        "remove",
        "schema",
        "search",
        "show",
        "upcoming",
    ]:
        assert f"\n  {name} " in done.stdout
        help_text = process(name, "--help")
        assert (help_text.code, help_text.err) == (0, "")
        assert help_text.out.startswith(f"Usage: ilocal {name} ")
    assert process("--version").out == "ilocal 0.1.0\n"
    assert process().out == process("--help").out
