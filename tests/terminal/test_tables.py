"""What a person sees, on a real terminal (a pty) of several widths."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import unicodedata
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.conftest import SHIPPED, environment, parsed
from tests.support.terminal import Dialogue

ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
WIDTHS = [40, 60, 80, 120, 200]


def screen(folder: Path, width: int, *arguments: str, **env: str) -> str:
    """All that the program prints on a terminal of `width` columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "ilocal", *arguments],
        stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, env={**environment(folder), "TERM": "xterm-256color", **env},
    )  # fmt: skip
    os.close(theirs)
    data = b""
    try:
        while chunk := os.read(ours, 65536):
            data += chunk
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(ours)
    process.wait(60)
    return data.decode().replace("\r\n", "\n")


def plain(text: str) -> str:
    return ESCAPES.sub("", text)


@pytest.mark.parametrize("width", WIDTHS)
def test_tables_fit_and_no_letter_is_broken(tmp_path: Path, width: int) -> None:
    text = plain(screen(tmp_path, width, "-r", str(SHIPPED), "list"))
    lines = text.split("\n")
    assert max(map(cell_len, lines)) <= width
    assert not [line for line in lines if line.strip("│ ")[:1] and unicodedata.combining(line.strip("│ ")[0])]
    months = [line for line in lines if re.match(r"(Tháng|Chưa|Năm)", line)]
    assert months == [
        "Tháng Hai 2020", "Tháng Một 2020", "Tháng Mười Hai 2019", "Tháng Mười Một 2019", "Tháng Mười 2019",
        "Tháng Chín 2019", "Tháng Tám 2019", "Tháng Chín 2018",
    ]  # fmt: skip
    seen = set(re.split(r"[\s│]+", text))
    titles = [event.title for event in parsed(SHIPPED.read_text(encoding="utf-8")).events.values()]
    assert [word for title in titles for word in title.split() if word not in seen and len(word) < width - 12] == []
    assert text.count("2020/02/25 - 2020/02/29") == 1


@pytest.mark.parametrize("width", [60, 80, 120])
def test_chosen_columns_share_the_width(tmp_path: Path, width: int) -> None:
    text = plain(
        screen(tmp_path, width, "-r", str(SHIPPED), "list", "--year", "2020", "--columns", "title,kind,when,id")
    )
    rows = [line.split("│")[1:-1] for line in text.split("\n") if line.startswith("│")]
    assert max(map(cell_len, text.split("\n"))) <= width
    assert {len(row) for row in rows} == {5}
    assert [row[0].strip() for row in rows if row[0].strip()] == ["1", "2", "3", "4", "1", "2", "1", "2"]
    assert len(rows[0][1]) >= 18
    assert "2020/02/25" in text


def test_a_table_looks_like_this(tmp_path: Path) -> None:
    assert (
        plain(screen(tmp_path, 80, "-r", str(SHIPPED), "--today", "2020-02-20", "upcoming", "--month", "2019-12"))
        == """\
Tháng Mười Hai 2019
╭───┬─────────────────────────┬────────────────────────────────────────────────╮
│ 1 │ 2019/12/09 - 2020/04/30 │ Nhân rộng phương pháp SCREAM trong các hoạt    │
│   │ ● đang diễn ra          │ động phòng ngừa Lao động Trẻ em                │
│ 2 │ 2019/12/30 - 2020/02/29 │ Khảo sát cuối kì của Dự án ENHANCE             │
│   │ ● đang diễn ra          │                                                │
╰───┴─────────────────────────┴────────────────────────────────────────────────╯
2 sự kiện
"""
    )


def test_a_narrow_table_has_the_dates_below_the_titles(tmp_path: Path) -> None:
    assert (
        plain(screen(tmp_path, 60, "-r", str(SHIPPED), "--lang", "en", "list", "--month", "2019-11", "-n", "1"))
        == """\
November 2019
╭───┬──────────────────────────────────────────────────────╮
│ 1 │ Diễn đàn Lao động – "Tương lai việc làm: Sự lựa chọn │
│   │ của Việt Nam" [vi]                                   │
│   │ 2019/11/27                                           │
╰───┴──────────────────────────────────────────────────────╯
1 event
"""
    )


def test_what_was_searched_for_stands_out(tmp_path: Path) -> None:
    text = screen(tmp_path, 80, "-r", str(SHIPPED), "search", "cuoi ky", "khoảng trống")
    assert re.findall(r"\x1b\[1;7m(.*?)\x1b", text) == ["cuối kì"]
    assert re.findall(r"\x1b\[1;2;7m(.*?)\x1b", text) == ["khoảng trống"]


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colours_where_they_are_not_wanted(tmp_path: Path, env: dict[str, str]) -> None:
    text = screen(tmp_path, 80, "-r", str(SHIPPED), "list", **env)
    assert "\x1b" not in text
    assert "Tháng Hai 2020" in text
    assert "\x1b" not in screen(tmp_path, 80, "-r", str(SHIPPED), "--color", "never", "list")


@pytest.mark.parametrize("columns", [60, 120])
def test_a_terminal_without_signs_gets_tables_of_its_own_width(tmp_path: Path, columns: int) -> None:
    for command in (["list"], ["search", "phòng ngừa", "khoảng trống"], ["show", "2018"]):
        text = screen(tmp_path, columns, "-r", str(SHIPPED), *command, TERM="dumb")
        widest = max(map(cell_len, text.split("\n")))
        assert widest == columns or (command[0] == "show" and columns - 25 <= widest < columns)  # a page is of words
        assert not set("╭─┬│╰●•…") & set(text)


@pytest.mark.parametrize("term", ["dumb", "xterm-256color"])
def test_the_width_can_be_said(tmp_path: Path, term: str) -> None:
    for said, columns in (("50", 50), ("0", 100), ("wide", 100), ("9" * 5000, 100)):
        text = plain(screen(tmp_path, 100, "-r", str(SHIPPED), "list", TERM=term, COLUMNS=said))
        assert max(map(cell_len, text.split("\n"))) == columns


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_page_fits_and_has_all_its_text(tmp_path: Path, width: int) -> None:
    text = plain(screen(tmp_path, width, "-r", str(SHIPPED), "show", "2018"))
    assert max(map(cell_len, text.split("\n"))) <= width
    event = parsed(SHIPPED.read_text(encoding="utf-8")).events[
        "2018-hoi-nghi-thanh-tra-lao-dong-chau-a-lan-thu-7-chien-luoc"
    ]
    seen = set(re.split(r"\s+", text))
    for part in (event.title, event.summary, *(s.heading for s in event.sections), *(s.body for s in event.sections)):
        assert {word for word in part.split() if word != "-"} <= seen


HOSTILE = "[/] [red]x[/red] :smile: \x1b[31mred\x1b[0m \u009b31m \u202eabc \x07 {0} %s"


def test_no_text_of_an_event_is_obeyed(tmp_path: Path) -> None:
    from ilocal.block import render
    from ilocal.event import Event, Section

    event = Event(
        HOSTILE, location=HOSTILE, description=HOSTILE, sections=(Section(HOSTILE, HOSTILE),), extra={"k": HOSTILE}
    )
    (tmp_path / "events.toml").write_text(render(event), encoding="utf-8")
    for command in (["list"], ["upcoming"], ["show", "tba"], ["search", "red"], ["remove", "--undated", "--yes"]):
        text = screen(tmp_path, 200, "--color", "never", *command)
        assert "[/] [red]x[/red] :smile: " in text
        assert not [letter for letter in text if unicodedata.category(letter) == "Cc" and letter != "\n"]
        assert "\u202e" not in text


def test_removing_asks_first_and_refuses_where_the_question_is_not_seen(registry: Path, tmp_path: Path) -> None:
    dialogue = Dialogue(tmp_path, "remove", "hop", piped=True)
    rule = "+".join("-" * n for n in (3, 12, 92, 8))
    row = '| 1 | 2020/02/20 | Họp "Nhóm cố vấn CSR"'.ljust(110) + "| Hà Nội |"
    assert dialogue.see("[y/N] ") == f"+{rule}+\n{row}\n+{rule}+\nremove 1 event? [y/N] "
    dialogue.type("n")
    assert dialogue.end() == (0, "", "n\nnothing was changed\n")

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "ilocal", "remove", "hop"], cwd=tmp_path, env=environment(tmp_path),
        stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    out, err = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert (process.returncode, out) == (2, b"")
    assert err.decode().endswith("ilocal: 1 event would be removed, and nobody is there to ask\nhint: say --yes\n")
