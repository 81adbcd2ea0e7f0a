"""Options of the output: with a format that knows nothing of one it is refused, never ignored."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import pytest

from ilocal import formats
from tests.support.cli import Ilocal

KNOWN = {
    ("--columns", "id,when"): {"table", "csv", "json", "jsonl", "tsv", "xlsx"},
    ("--excel",): {"csv"},
    ("--raw",): {"csv", "google-csv", "outlook-csv", "tsv"},
    ("--undated-as-span",): {"google-csv", "ics", "outlook-csv"},
}


FOR_A_CALENDAR = {
    "en": "leave it out: a calendar imports this format; for Excel: -f csv --excel, or -f xlsx",
    "vi": "bỏ tùy chọn này: định dạng này để nhập vào lịch; để mở bằng Excel: -f csv --excel, hoặc -f xlsx",
}


@pytest.mark.parametrize("option", KNOWN)
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_an_option_works_or_is_refused_with_the_formats_that_know_it(
    ilocal: Ilocal, registry: Path, option: tuple[str, ...], lang: str
) -> None:
    known = KNOWN[option]
    names = "|".join(["table"] * ("table" in known) + sorted(known - {"table"}))
    for name in ["table", *formats.list_writable_formats()]:
        result = ilocal("--lang", lang, "list", "-f", name, "-o", f"out-{name}", *option)
        if name in known:
            assert result.code == 0
            assert Path(f"out-{name}").exists()
            continue
        hint = {
            "en": f"remove this option, or use -f {names}",
            "vi": f"hãy bỏ tùy chọn này, hoặc dùng -f {names}",
        }
        if name in ("google-csv", "outlook-csv") and option == ("--excel",):
            hint = FOR_A_CALENDAR
        message = {
            "en": f"ilocal: {option[0]} cannot be used with the format {name}\nhint: {hint['en']}\n",
            "vi": f"ilocal: {option[0]} không có tác dụng với định dạng {name}\ngợi ý: {hint['vi']}\n",
        }
        assert result == (2, "", message[lang])
        assert not Path(f"out-{name}").exists()


COMMANDS = [("list",), ("upcoming",), ("search", "họp"), ("show", "2020-hop")]


@pytest.mark.parametrize(("command", "option"), [*product(COMMANDS, [("--raw",), ("--undated-as-span",)])])
def test_every_command_refuses_what_its_table_does_not_know(
    ilocal: Ilocal, registry: Path, command: tuple[str, ...], option: tuple[str, ...]
) -> None:
    result = ilocal(*command, *option)
    assert (result.code, result.out, result.err.split("\n")[0]) == (
        2, "", f"ilocal: {option[0]} cannot be used with the format table",
    )  # fmt: skip


def test_excel_alone_is_a_table_for_excel(ilocal: Ilocal, registry: Path) -> None:
    expected = ilocal("list", "-f", "csv", "--excel")
    assert expected.out.startswith("\ufeff")
    assert ilocal("list", "--excel") == expected
    assert ilocal("show", "2020-hop", "--excel") == ilocal("show", "2020-hop", "-f", "csv", "--excel")
    ilocal("export", "a.csv", "--excel")
    assert Path("a.csv").read_bytes().decode() == expected.out
    assert ilocal("export", "a.json", "--excel").code == 2
    assert ilocal("show", "2020-hop", "-o", "a.txt", "--columns", "id").err.startswith(
        "ilocal: --columns cannot be used with the format page\n"
    )


def test_columns_of_json_are_keys_in_their_order(ilocal: Ilocal, registry: Path) -> None:
    text = registry.read_text(encoding="utf-8").replace('"2020-hop"\n', '"2020-hop"\nx-room = "A1"\n')
    registry.write_text(text, encoding="utf-8")
    rows = ilocal("list", "-f", "jsonl", "--columns", "when,id,extra").out.splitlines()
    assert json.loads(rows[0]) == {"start": "2020-02-25", "end": "2020-02-29", "id": "2020-khao-sat"}
    assert list(json.loads(rows[0])) == ["start", "end", "id"]
    assert [json.loads(row)["x-room"] for row in rows if "x-room" in row] == ["A1"]
