"""Candidates of completion: commands, options, values, files and names from the registry."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.cli import app
from ilocal.model.query import Query
from ilocal.model.text_folding import fold_text, slugify_words
from ilocal.workspace import Registry
from tests.support import strategies
from tests.support.cli import Ilocal, make_environment
from tests.support.completion import HOSTILE, complete_in_bash, list_candidates, list_values, write_hostile_names
from tests.support.index import make_folder
from tests.support.registry import FOUR_EVENTS

pytestmark = [pytest.mark.usefixtures("registry"), pytest.mark.long]


# ------------------------------------------------------------------------------------------------ commands and options


def test_commands_stand_beside_their_help() -> None:
    assert [line for line in list_candidates("") if line[:2] in ("va", "li", "un")] == [
        "values",
        "list|list      List events by month, newest first",
        "undo|undo      Undo the latest change, or the change with the given number",
    ]
    assert list_values("s") == [name for name in sorted(app.find_command_modules()) if name.startswith("s")]


def test_help_is_in_the_language_of_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "cancelled|cancelled" in list_candidates("list", "--status", "c")
    assert "cancelled|cancelled  đã hủy" in list_candidates("--lang", "vi", "list", "--status", "c")
    assert "cancelled|cancelled  đã hủy" in list_candidates("--lang=vi", "list", "--status", "c")
    monkeypatch.setenv("ILOCAL_LANG", "vi")
    assert "2020-02|2020-02  Tháng Hai 2020" in list_candidates("list", "--month", "")


def test_what_stats_counts_by_is_said_in_the_language_of_the_line() -> None:
    assert list_candidates("stats", "--by", "") == [
        "values",
        *(f"{name}|{name}" for name in list_values("stats", "--by", "")),
    ]
    assert [line.split("|")[1].split(maxsplit=1) for line in list_candidates("--lang", "vi", "stats", "--by", "")[1:]] == [
        ["month", "Tháng"], ["year", "Năm"], ["kind", "Loại"], ["project", "Dự án"], ["topic", "Chủ đề"],
        ["organizer", "Đơn vị tổ chức"], ["location", "Địa điểm"], ["status", "Trạng thái"],
    ]  # fmt: skip


def test_options_are_offered_until_they_are_given() -> None:
    assert list_candidates("list", "--on") == [
        "values",
        "--on|--on  Only events on this day, or in these days",
    ]
    assert list_values("list", "--once", "--on") == ["--on"]
    assert list_values("list", "--topic", "CSR", "--top") == ["--topic"]
    assert list_values("-r") == ["-r"]
    assert {"-n", "--limit", "-h", "--help"} <= set(list_values("list", "-"))
    assert "-n" not in list_values("list", "--")
    assert list_values("list", "--la") == ["--language", "--lang"]  # global options, after those of the command
    assert list_values("site", "build", "--reg") == ["--registry"]
    assert list_values("list", "--lang", "") == ["vi", "en"]
    assert list_values("list", "--to") == ["--to", "--topic", "--today"]
    assert list_values("add", "A", "--la") == ["--language", "--lang"]
    assert list_values("list", "2020-0") == ["2020-02"]
    assert list_values("upcoming", "") == ["7d", "2w", "1m", "3m"]
    assert list_values("edit", "hop", "--add", "to") == ["topics="]
    assert list_values("edit", "hop", "--add", "ki") == []
    assert list_values("edit", "--where", "topic=c") == ["topic=CSR"]
    assert "--from" in list_values("timeline", "")  # a command without arguments goes on with options
    assert list_candidates("list", "--", "--o") == ["values"]
    assert "--topic" not in list_values("--")


def test_values_of_options() -> None:
    assert list_values("--lang", "") == ["vi", "en"]
    assert list_values("--color=a") == ["--color=auto", "--color=always"]
    assert list_values("list", "--sort", "") == ["date", "title", "id", "updated"]
    assert list_values("list", "--status", "") == ["tentative", "confirmed", "cancelled", "postponed"]
    assert list_values("list", "-f", "j") == ["json", "jsonl"]
    assert list_values("list", "-fj") == ["-fjson", "-fjsonl"]  # joined to its name
    assert "table" in list_values("list", "-f", "")
    assert "md" in list_values("export", "x", "-f", "")
    assert list_values("import", "-f", "") == ["csv", "html", "ics", "json", "jsonl", "page", "toml", "xlsx"]
    assert list_values("list", "--where-missing", "lo") == ["location"]
    assert "title" not in list_values("edit", "hop", "--unset", "")
    assert list_candidates("list", "--columns", "title,st") == [
        "values nospace",
        "title,start|start",
        "title,status|status",
    ]
    assert list_values("list", "--columns", "start,when,st") == ["start,when,status"]
    assert list_values("list", "--month", "") == ["2020-02", "2019-11"]
    assert list_values("list", "--year", "20") == ["2020", "2019"]
    assert list_candidates("search", "ti") == ["values nospace", "title:|title:  Event"]
    assert list_values("add", "x", "--timezone", "ho_chi") == ["Asia/Ho_Chi_Minh"]
    assert list_values("check", "--skip", "past") == ["past-tentative"]
    assert list_values("config", "la") == ["language"]
    assert list_values("config", "color", "a") == ["auto", "always"]
    assert list_values("--show-completion", "") == ["bash", "zsh", "fish"]
    assert list_values("add", "") == list_values("add", "x", "--id", "") == list_values("list", "--from", "") == []


def test_files_and_folders_are_left_to_the_shell() -> None:
    for words in (
        ["-r", ""],
        ["list", "-o", "x"],
        ["list", "--output=x"],
        ["import", "a.csv", ""],
        ["export", ""],
        ["add", "--jsonl", ""],
    ):
        assert list_candidates(*words) == ["files"], words
    assert list_candidates("split", "") == ["folders"]


# ---------------------------------------------------------------------------------------------- what the registry says


def test_names_come_from_the_registry_with_their_numbers() -> None:
    assert list_candidates("list", "--topic", "") == [
        "values",
        "CSR|CSR              1 event",
        "lao động trẻ em|lao động trẻ em  1 event",
        "thủy sản|thủy sản         1 event",
    ]
    assert list_candidates("list", "--topic", "THUY s") == ["values replace", "thủy sản|thủy sản  1 event"]
    assert list_values("list", "--topic=dong") == ["--topic=lao động trẻ em"]  # a word in it
    assert list_values("list", "--organizer", "bo") == list_values("add", "X", "--organizer", "bộ") == ["Bộ LĐTBXH"]
    assert list_values("list", "--location", "h") == ["Hà Nội"]
    assert list_values("list", "--topic", "x") == list_values("list", "--kind", "") == []


def test_of_names_that_are_one_to_a_filter_the_most_frequent_is_offered(registry: Path) -> None:
    more = "".join(f'[[event]]\ntitle = "{n}"\ntopics = ["Csr"]\n' for n in range(2))
    registry.write_text(FOUR_EVENTS + more, encoding="utf-8")
    assert list_candidates("list", "--topic", "c") == ["values replace", "Csr|Csr  3 events"]


def test_a_topic_that_is_to_go_is_one_of_the_event() -> None:
    assert list_values("edit", "hop", "--add-topic", "") == ["CSR", "lao động trẻ em", "thủy sản"]
    assert list_values("edit", "hop", "--remove-topic", "") == ["CSR", "thủy sản"]
    assert list_values("edit", "hop", "--remove-topic", "t") == ["thủy sản"]
    assert list_values("edit", "hop", "khao", "--remove-topic", "") == ["CSR", "thủy sản", "lao động trẻ em"]
    assert list_values("edit", "--year", "2020", "--remove-topic", "t") == ["thủy sản"]


def test_what_is_set_is_a_field_and_what_events_have_in_it() -> None:
    assert list_candidates("edit", "hop", "--set", "lo") == ["values nospace", "location=|location="]
    assert list_candidates("edit", "hop", "--set", "location=ha") == [
        "values replace",
        "location=Hà Nội|Hà Nội  1 event",
    ]
    assert list_values("edit", "hop", "--set=status=p") == ["--set=status=postponed"]
    assert complete_in_bash("ilocal edit hop --set topic=lao") == ["values", "lao\\ động\\ trẻ\\ em"]


def test_handles_are_offered_with_titles_newest_first() -> None:
    assert list_candidates("show", "") == [
        "values",
        "2020-khao-sat|2020-khao-sat  Khảo sát cuối kì về lao động trẻ em",
        '2020-hop|2020-hop       Họp "Nhóm cố vấn CSR"',
        "2019-dien-dan|2019-dien-dan  Diễn đàn Lao động",
        "tba-hoi-nghi|tba-hoi-nghi   Hội nghị Thanh tra",
    ]


@pytest.mark.parametrize(
    "typed", ["2020-k", "2020 khảo", "khao", "khảo s", "KHẢO SÁT", "sat", "sát", "trẻ em", "cuối kỳ", "lao dong tre"]
)
def test_handles_are_found_by_what_find_takes(typed: str) -> None:
    assert list_values("show", typed)[:1] == ["2020-khao-sat"]


def test_several_handles_are_each_named_once() -> None:
    assert list_values("show", "2020-hop", "20") == ["2020-khao-sat", "2019-dien-dan"]
    assert list_values("remove", "--yes", "2020-hop", "tba-hoi-nghi", "h") == []
    assert list_values("edit", "2020-hop", "k") == ["2020-khao-sat"]
    assert list_values("edit", "2020-hop", "2020") == ["2020-khao-sat"]


def test_the_registry_is_the_one_of_the_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / "my events.toml"
    other.write_text('[[event]]\nid = "2021-x"\ntitle = "X"\n', encoding="utf-8")
    assert list_values("-r", str(other), "show", "") == ["2021-x"]
    assert list_values(f"--registry={other}", "show", "") == ["2021-x"]
    monkeypatch.setenv("HOME", str(tmp_path / "other"))
    assert (
        list_values("-r", "~/my events.toml", "show", "")
        == list_values("-r", "$HOME/my events.toml", "show", "")
        == ["2021-x"]
    )
    monkeypatch.setenv("ILOCAL_REGISTRY", str(other))
    assert list_values("show", "") == ["2021-x"]


def test_at_most_two_hundred_candidates(registry: Path) -> None:
    registry.write_text(
        "".join(f'[[event]]\ntitle = "Việc {n}"\ntopics = ["{n}"]\n' for n in range(300)), encoding="utf-8"
    )
    assert (
        len(list_values("show", ""))
        == len(list_values("list", "--topic", ""))
        == len(list_values("show", "viec"))
        == 200
    )


def test_no_control_character_is_offered(registry: Path) -> None:
    write_hostile_names(registry)
    assert list_values("list", "--topic", "") == [HOSTILE[5], HOSTILE[4]]
    assert list_candidates("show", "") == ["values", "2020-x|2020-x  A\\x1b[31m b c"]


# ------------------------------------------------------------------------------------------------------------- promises


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("bash", []), ("fish", []), ("tcsh", ["100", ""]), ("zsh", ["x", "show", ""]), ("zsh", ["100", "show", "\udcff"]),
        ("zsh", ["100", "-r", "/nowhere", "show", ""]), ("zsh", ["100", "nix", ""]),
    ],
)  # fmt: skip
def test_whatever_goes_wrong_is_not_said(process: Ilocal, name: str, arguments: list[str]) -> None:
    code, out, err = process(*arguments, env={"_ILOCAL_COMPLETE": name})
    assert (code, err) == (0, "")
    assert out in ("", "nothing\n", "values\n") or arguments == ["x", "show", ""]


@pytest.mark.parametrize("text", ["[[event\n", "\0", "", "[registry]\nlanguage = 5\n"])
def test_a_registry_that_cannot_be_read_offers_nothing(process: Ilocal, registry: Path, text: str) -> None:
    registry.write_text(text, encoding="utf-8")
    code, out, err = process("100", "show", "", env={"_ILOCAL_COMPLETE": "zsh"})
    assert (code, out.splitlines()[1:], err) == (0, [], "")


def test_what_must_be_said_of_the_registry_is_left_to_the_next_command(process: Ilocal, registry: Path) -> None:
    process("list")
    old = registry.read_bytes()
    assert process("add", "Mới", "2020-03-01").code == 0
    registry.write_bytes(old)  # an editor saved over it
    for _ in range(2):
        assert process("100", "show", "", env={"_ILOCAL_COMPLETE": "zsh"}).err == ""
    assert "are no longer in the file" in process("--lang", "en", "list", "-n", "1").err
    assert process("--lang", "en", "list", "-n", "1").err == ""


@given(strategies.registry_texts(), st.data())
def test_every_id_and_name_is_offered_for_each_of_its_beginnings(text: str, data: st.DataObject) -> None:
    with make_folder() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        registry = folder / "events.toml"
        registry.write_text(text, encoding="utf-8", newline="")
        workspace = Registry(registry)
        events = list(workspace.select(Query(collapse_series=True))) if len(workspace) else []
        for id in [event.id for event in events[:5]]:
            begin = id[: data.draw(st.integers(0, len(id)))]
            assert id in dict(workspace.suggestions.query_handle_suggestions(begin, 10_000))
            words = slugify_words(id)[1:]
            if words and id == "-".join(slugify_words(id)):
                assert id in dict(workspace.suggestions.query_handle_suggestions("-".join(words), 10_000))
        for name in list(workspace.count_names("topics"))[:5]:
            begin = fold_text(name)[: data.draw(st.integers(0, len(fold_text(name))))]
            assert fold_text(name) in {
                fold_text(found) for found, _ in workspace.suggestions.query_name_suggestions("topics", begin, 10_000)
            }


@pytest.mark.process
def test_nothing_of_completion_is_loaded_by_other_commands(tmp_path: Path) -> None:
    code = "import sys; from ilocal.cli.main import run_command_line as run; run(['list']); print([m for m in sys.modules if 'ilocal.cli.comp' in m])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, cwd=tmp_path, env=make_environment(tmp_path), check=True
    )
    assert done.stdout.decode().splitlines()[-1] == "[]"
