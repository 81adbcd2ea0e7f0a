"""Wrong input ends with one clear line, the right exit code and a hint, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import typer

from ilocal.cli.app import find_command_modules, typer_app
from ilocal.cli.option_synonyms import _MEANT_OPTIONS
from ilocal.cli.usage_errors import _COMMAND_BY_SYNONYM, _COMMAND_SYNONYMS
from tests.support.cli import Ilocal
from tests.support.registry import FOUR_EVENTS


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
        (("show", "nothing"), 4, 'no event matches "nothing"'),
        (("show", "2020"), 4, '"2020" matches 2 events'),
        (("remove", "nothing", "-y"), 4, 'no event matches "nothing"'),
        (("add", "a", "31/02/2020"), 2, 'cannot read "31/02/2020" as a date: February 2020 has 29 days'),
        (("add", "a", "2020-02-20", "--end", "2020-02-19"), 2, "the date is specified twice, as WHEN and with --start or --end"),
        (("add", "a", "--end", "2020-02-19"), 2, "end: the event has an end but no start"),
        (("add", " "), 2, "title: an event must have a title"),
        (("add",), 2, "the title is missing"),
        (("add", "Họp", "thang sau"), 2, 'cannot read "thang sau" as a date: ambiguous: tháng sau, tháng sáu'),
        (("--today", "xyz", "list"), 2, 'cannot read "xyz" as a date'),
        (("edit", "hop", "--id", ""), 2, "an event must have id"),
        (("edit", "hop", "--start", "2020", "--when", "2021"), 2, "the date is specified twice, with --when and with --start or --end"),
        (("add", "a\udcff"), 2, "an argument is not UTF-8 text: a\\udcff"),
        (("list", "--month", "2020"), 2, '--month: "2020" is not a month'),
        (("list", "--month", "13"), 2, 'cannot read "13" as a date: there is no month 13'),
        (("list", "--from", "2020-03", "--to", "2020-02"), 2, "--from 2020-03-01 is after --to 2020-02-29"),
        (("list", "-f", "xml"), 2, 'ilocal cannot write the format "xml"'),
        (("list", "--from", ""), 2, 'cannot read "" as a date'),
        (("remove", "--organizer", "", "--yes"), 2, "--organizer: the name is missing"),
        (("remove", "--from", "", "--to", "2020", "--yes"), 2, 'cannot read "" as a date'),
        (("add", "x", "-2w"), 2, "No such option: -2"),
        (("list", "--columns", "colour"), 2, 'unknown field "colour"'),
        (("search", "&"), 2, '"&" contains no words to search for'),
        (("--lang", "fr", "list"), 2, 'unknown language "fr"'),
        (("--today", "2020-02", "list", "--on", "today"), 2, 'expected an exact day as today, found "2020-02"'),
        (("import", "none.txt"), 2, "none.txt: no such file or directory"),
        (("import", "folder"), 2, "folder: expected a file, found a folder"),
        (("import", "bytes.txt"), 2, "bytes.txt:2: not UTF-8 text (byte 0xff)"),
        (("import", "prose.txt"), 2, "prose.txt: no event found"),
        (("import", "empty.txt"), 2, "empty.txt:1: the file is empty"),
        (("list", "-o", "none/a.csv"), 2, "none/a.csv: there is no folder none"),
        (("nothing",), 2, "No such command 'nothing'"),
        (("lst",), 2, "No such command 'lst'. Did you mean 'list'?"),
        (("list", "--bogus"), 2, "No such option: --bogus"),
        (("list", "--status", "foo"), 2, '--status: "foo" is not a status'),
        (("list", "--column"), 2, "No such option: --column"),
    ]  # fmt: skip
    for arguments, code, message in cases:
        result = ilocal(*arguments)
        assert (result.code, result.out, result.err.split("\n")[0]) == (code, "", f"ilocal: {message}"), arguments
        assert all(line.startswith(("hint: ", "  ")) for line in result.err.split("\n")[1:-1]), arguments
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("list", "--from"), "ilocal list --help"), (("--lang",), "ilocal --help"), (("list", "--bogus"), "ilocal list --help"),
        (("list", "--status", "foo"), "use one of tentative, confirmed, cancelled, postponed"),
    ],
)  # fmt: skip
def test_a_hint_is_of_the_command_that_was_wrong(
    ilocal: Ilocal, registry: Path, arguments: Sequence[str], hint: str
) -> None:
    assert ilocal(*arguments).err.split("\n")[1:] == [f"hint: {hint}", ""]


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("ls",), "ilocal list"), (("rm", "x"), "ilocal remove"), (("next",), "ilocal upcoming"), (("find", "a"), "ilocal search"),
        (("new", "Họp"), "ilocal add"), (("help",), "ilocal --help"), (("help", "add"), "ilocal add --help"),
        (("version",), "ilocal --version"), (("delete",), "ilocal remove"), (("Thêm", "Họp"), "ilocal add"),
        (("--lang", "en", "tìm", "x"), "ilocal search"),
    ],
)  # fmt: skip
def test_an_everyday_word_gets_the_command_that_is_meant(ilocal: Ilocal, arguments: tuple[str, ...], hint: str) -> None:
    word = arguments[2] if arguments[0] == "--lang" else arguments[0]
    assert ilocal(*arguments) == (2, "", f"ilocal: No such command '{word}'\nhint: {hint}\n")


def test_an_unknown_status_is_named_with_the_statuses_in_words(ilocal: Ilocal, registry: Path) -> None:
    for arguments in (
        ("list", "--status", "x"),
        ("add", "Lễ", "--status", "x"),
        ("edit", "2020-hop", "--set", "status=x"),
    ):
        assert ilocal(*arguments).err == (
            'ilocal: --status: "x" is not a status\nhint: use one of tentative, confirmed, cancelled, postponed\n'
        )
        assert ilocal("--lang", "vi", *arguments).err == (
            'ilocal: --status: không có trạng thái "x"\ngợi ý: chọn một trong: dự kiến, đã xác nhận, đã hủy, đã hoãn\n'
        )


def test_no_command_is_called_as_an_everyday_word_for_another() -> None:
    assert not {*find_command_modules()} & {*_COMMAND_BY_SYNONYM}
    assert {*_COMMAND_SYNONYMS} - {"--help", "--version"} <= {*find_command_modules()}


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("list", "--date", "2020"), "did you mean --on?"), (("edit", "x", "--date", "2020"), "did you mean --when?"),
        (("add", "x", "--date", "2020"), "did you mean --when?"), (("copy", "x", "--date", "2020"), "did you mean --when?"),
        (("calendar", "--date", "2020"), "write the date without an option: ilocal calendar MONTH"),
        (("list", "--json"), "did you mean -f json?"), (("list", "--since", "2020"), "did you mean --from?"),
        (("add", "x", "--since", "2020"), "did you mean --start?"), (("list", "--tags", "gỗ"), "did you mean --topic?"),
        (("list", "--colour", "never"), "did you mean --color?"), (("remove", "x", "--force"), "did you mean --yes?"),
        (("undo", "--tags"), "ilocal undo --help"), (("undo", "--force"), "ilocal undo --help"),  # no such option there
    ],
)  # fmt: skip
def test_an_option_as_other_programs_call_it_gets_the_one_that_the_command_has(
    ilocal: Ilocal, arguments: tuple[str, ...], hint: str
) -> None:
    option = next(word for word in arguments if word.startswith("--"))
    assert ilocal(*arguments) == (2, "", f"ilocal: No such option: {option}\nhint: {hint}\n")


def test_options_that_are_proposed_exist_in_some_command() -> None:
    group: Any = typer.main.get_command(typer_app)
    commands = [group.get_command(None, name) for name in find_command_modules()]
    known = {option for command in (group, *commands) for one in getattr(command, "params", ()) for option in one.opts}
    meant = {option.split()[0] for options in _MEANT_OPTIONS.values() for option in options}
    assert meant - known == {"WHEN"}


@pytest.mark.parametrize(
    ("arguments", "same"),
    [
        (("stats", "--by", "địa điểm"), ("stats", "--by", "location")), (("list", "--sort", "Ngày"), ("list", "--sort", "date")),
        (("list", "--sort", "tieu de"), ("list", "--sort", "title")), (("list", "--language", "tiếng Việt"), ("list", "--language", "vi")),
        (("calendar", "--week-start", "chủ nhật"), ("calendar", "--week-start", "sunday")),
        (("list", "--where", "trạng thái=đã xác nhận"), ("list", "--where", "status=confirmed")),
    ],
)  # fmt: skip
def test_fields_and_values_have_their_names_in_any_language(
    ilocal: Ilocal, registry: Path, arguments: tuple[str, ...], same: tuple[str, ...]
) -> None:
    for lang in ("en", "vi"):
        assert ilocal("--lang", lang, *arguments) == ilocal("--lang", lang, *same)
        assert ilocal("--lang", lang, *arguments).code == 0


WRONG_WORDS = [
    (("lst",), "No such command 'lst'. Did you mean 'list'?", "không có lệnh 'lst'. Ý bạn là 'list'?"),
    (("xyzzy",), "No such command 'xyzzy'", "không có lệnh 'xyzzy'"),
    (("search",), "Missing argument 'WORDS…'", "thiếu tham số 'TỪ…'"),
    (("list", "--xyzzy"), "No such option: --xyzzy", "không có tùy chọn --xyzzy"),
    (
        ("undo", "--dryrun"),
        "No such option: --dryrun (Possible options: --dry-run)",
        "không có tùy chọn --dryrun (có thể là --dry-run)",
    ),
    (("list", "-o"), "Option '-o' requires an argument", "phải nêu giá trị sau tùy chọn '-o'"),
    (("list", "--raw=1"), "Option '--raw' does not take a value", "không được nêu giá trị sau tùy chọn '--raw'"),
    (("redo", "a", "b"), "Got unexpected extra argument(s) (a b)", "thừa tham số: a b"),
    (
        ("list", "-n", "x"),
        "Invalid value for '-n' / '--limit': 'x' is not a whole number",
        "giá trị không hợp lệ cho '-n' / '--limit': 'x' phải là số nguyên",
    ),
    (
        ("undo", "x"),
        "Invalid value for '[NUMBER]': 'x' is not a whole number",
        "giá trị không hợp lệ cho '[SỐ]': 'x' phải là số nguyên",
    ),
    (
        ("list", "-n", "-1"),
        "Invalid value for '-n' / '--limit': -1 is less than 0",
        "giá trị không hợp lệ cho '-n' / '--limit': -1 không được nhỏ hơn 0",
    ),
    (
        ("--color", "no", "list"),
        "Invalid value for '--color': 'no' is not one of 'auto', 'always', 'never'",
        "giá trị không hợp lệ cho '--color': 'no' phải là một trong: 'auto', 'always', 'never'",
    ),
    (
        ("list", "--sort", "x"),
        "Invalid value for '--sort': 'x' is not one of 'date', 'title', 'id', 'updated'",
        "giá trị không hợp lệ cho '--sort': 'x' phải là một trong: 'ngày', 'sự kiện', 'mã', 'sửa lúc'",
    ),
    (
        ("site", "serve", "--port", "99999"),
        "Invalid value for '--port': 99999 is not between 0 and 65535",
        "giá trị không hợp lệ cho '--port': 99999 không nằm trong khoảng từ 0 đến 65535",
    ),
]


@pytest.mark.parametrize(("arguments", "en", "vi"), WRONG_WORDS)
def test_wrong_words_are_named_in_both_languages(ilocal: Ilocal, arguments: tuple[str, ...], en: str, vi: str) -> None:
    english, vietnamese = ilocal("--lang", "en", *arguments), ilocal("--lang", "vi", *arguments)
    assert (english.code, english.err.splitlines()[0]) == (2, f"ilocal: {en}")
    assert (vietnamese.code, vietnamese.err.splitlines()[0]) == (2, f"ilocal: {vi}")
    assert vietnamese.err.splitlines()[1].startswith("gợi ý: ilocal ")
