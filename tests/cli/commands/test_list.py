"""`ilocal list`: by month, newest first; filters, columns, languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.support.cli import Ilocal
from tests.support.registry import FOUR_EVENTS_LISTED


def test_list_is_by_month_newest_first_numbered_within_the_month(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("list") == (0, FOUR_EVENTS_LISTED, "")


def test_list_speaks_the_language_asked_for(ilocal: Ilocal, registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    english = FOUR_EVENTS_LISTED.replace("Tháng Hai 2020", "February 2020").replace(
        "Tháng Mười Một 2019", "November 2019"
    )
    english = english.replace("Chưa có ngày\n", "To be announced\n").replace("Chưa có ngày   ", "To be announced")
    english = re.sub(r"(?m)(^  \d.*)", r"\1 [vi]", english)  # the titles are as they are, and it is said
    assert ilocal("--lang", "en", "list").out == english
    monkeypatch.setenv("ILOCAL_LANG", "en_GB.UTF-8")
    assert ilocal("list").out == english
    assert ilocal("--lang", "vi", "list").out == FOUR_EVENTS_LISTED


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
    assert ilocal("list", "--year", "1999") == (0, "", "No events match.\n")
    registry.write_text("", encoding="utf-8")
    assert ilocal("--lang", "en", "list") == (0, "", "There are no events yet.\nto add an event, run: ilocal add\n")
    assert ilocal("list", "-f", "json") == (0, "[]\n", "There are no events yet.\nto add an event, run: ilocal add\n")


def test_columns_and_files(ilocal: Ilocal, registry: Path, tmp_path: Path) -> None:
    assert ilocal("list", "--columns", "title,topic", "-n", "1").out == (
        "Tháng Hai 2020\n  1. Khảo sát cuối kì về lao động trẻ em  lao động trẻ em\n"
    )
    assert ilocal("list", "-o", "a.csv", "--columns", "id,when", "--year", "2020") == (0, "", "")
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == (
        "id,when\n2020-khao-sat,2020/02/25 - 2020/02/29\n2020-hop,2020/02/20\n"
    )
    assert ilocal("export", "b.jsonl", "--topic", "CSR") == (0, "", "1 event\n")
    assert json.loads((tmp_path / "b.jsonl").read_text(encoding="utf-8"))["id"] == "2020-hop"
    assert ilocal("export", "c.xyz").err.startswith('ilocal: c.xyz: no output format has the extension ".xyz"\nhint: ')
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.jsonl", "events.toml"]
    assert ilocal("list", "-f", "ids", "-o", "/dev/stdout").code == 0


@pytest.mark.promise("P15")
@pytest.mark.parametrize("n", [2**63, 99999999999999999999])
def test_a_number_larger_than_there_can_be_is_all_of_them(registry: Path, ilocal: Ilocal, n: int) -> None:
    assert ilocal("list", "-n", str(n), "-f", "ids").out.count("\n") == 4
    assert ilocal("search", "họp", "-n", str(n), "-f", "ids").out == "2020-hop\n"
    assert ilocal("upcoming", "--once", "-n", str(n), "-f", "ids").out.count("\n") == 3


def test_a_list_has_a_time_at_midnight_after_the_day_and_before_any_later_time(ilocal: Ilocal) -> None:
    starts = {"d": "2020-02-21", "c": "2020-02-20T00:01:00", "b": "2020-02-20T00:00:00", "a": "2020-02-20"}
    Path("events.toml").write_text(
        "".join(f'[[event]]\nid = "{id}"\ntitle = "Họp"\nstart = {start}\n' for id, start in starts.items()), "utf-8"
    )
    assert ilocal("list", "--reverse", "-f", "ids").out == "a\nb\nc\nd\n"
    assert ilocal("list", "--month", "2020-02", "-f", "ids").out == "d\nc\nb\na\n"
