"""`ilocal add`: the id alone on stdout, every old byte left, duplicates refused."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.cli import Ilocal
from tests.support.registry import FOUR_EVENTS


def test_add_prints_the_id_alone_and_leaves_every_old_byte(ilocal: Ilocal, registry: Path) -> None:
    result = ilocal(
        "add", "Tọa đàm", "2020-03-05", "--topic", "CSR", "--topic", "gỗ", "--location", "Huế", "--description", "Một."
    )
    assert result == (0, "2020-toa-dam\n", "")
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS + (
        '\n[[event]]\nid = "2020-toa-dam"\ntitle = "Tọa đàm"\nstart = 2020-03-05\nlocation = "Huế"\n'
        'topics = ["CSR", "gỗ"]\ncreated = 2020-02-20T00:00:00+07:00\ndescription = "Một."\n'
    )


def test_a_duplicate_is_refused_unless_told_otherwise(ilocal: Ilocal, registry: Path) -> None:
    again = ("add", "họp nhóm cố vấn CSR", "19 - 21 Feb 2020")
    result = ilocal(*again)
    assert (result.code, result.out) == (5, "")
    assert result.err.startswith(
        'ilocal: a similar event already exists: "2020-hop"\nhint: to get the id of that event, use --if-absent'
    )
    assert ilocal(*again, "--if-absent") == (0, "2020-hop\n", "")
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS
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
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS
    done = process("add", "--jsonl", "-", input=good)
    assert (done.code, len(done.out.split()), done.err) == (0, 500, "")
    assert len(process("list", "--topic", "csr", "-f", "ids").out.split()) == 501
    again = process("add", "--jsonl", "-", input=good)
    assert (again.code, again.out) == (5, "")
    assert process("add", "--jsonl", "-", "--if-absent", input=good).out == done.out


def test_a_description_comes_from_stdin(process: Ilocal, registry: Path) -> None:
    assert process("add", "A", "--description", "-", input="một\r\n\r\nhai\n").out == "tba-a\n"
    assert json.loads(process("show", "tba-a", "-f", "jsonl").out)["description"] == "một\n\nhai"


def test_the_date_may_be_an_option(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("add", "A", "--when", "25-26/2/2027") == (0, "2027-a\n", "")
    assert json.loads(ilocal("show", "2027-a", "-f", "json", "--columns", "start,end").out) == [
        {"start": "2027-02-25", "end": "2027-02-26"}
    ]
    for lang, said in {
        "en": "the date is specified twice, as WHEN and with --when",
        "vi": "ngày được ghi hai lần, một lần với --when",
    }.items():
        assert ilocal("--lang", lang, "add", "B", "2027", "--when", "2028") == (2, "", f"ilocal: {said}\n")
    assert ilocal("add", "--when", "2027", "--jsonl", "-").code == 2
