"""Completion in real shells, and what the program tells the script of each."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from ilocal.cli import main
from ilocal.cli.completion.shells import list_shells, read_completion_script
from ilocal.model.text_folding import fold_text
from ilocal.terminal.text_width import measure_width
from tests.support.completion import HOSTILE, complete_in_bash, write_hostile_names
from tests.support.shells import needs_shell, open_shell

pytestmark = [pytest.mark.usefixtures("registry"), pytest.mark.long]


def test_bash_replaces_the_word_as_readline_sees_it() -> None:
    assert complete_in_bash("ilocal list --topic lao") == ["values", "lao\\ động\\ trẻ\\ em"]
    assert complete_in_bash('ilocal list --topic "lao') == ["values", "lao động trẻ em"]
    assert complete_in_bash("ilocal list --topic='lao đ") == ["values", "lao động trẻ em"]
    assert complete_in_bash("ilocal list --topic=lao\\ d") == ["values", "lao\\ động\\ trẻ\\ em"]
    assert complete_in_bash("ilocal list --columns=title,st") == ["values nospace", "title,start", "title,status"]
    assert complete_in_bash("ilocal --lang vi li") == ["values", "list"]


def test_long_ids_leave_room_for_titles(registry: Path) -> None:
    registry.write_text(f'[[event]]\nid = "2020-{"dai-" * 12}x"\ntitle = "{"Dài " * 20}"\n' * 2, encoding="utf-8")
    registry.write_text(registry.read_text().replace("x", "y", 1), encoding="utf-8")
    assert [line.rstrip() for line in complete_in_bash("ilocal show 2020", "63", 61)] == [
        "values",
        "2020-dai-dai-dai-dai-dai-dai-dai-da…  Dài Dài Dài Dài Dài D…",
        "2020-dai-dai-dai-dai-dai-dai-dai-da…  Dài Dài Dài Dài Dài D…",
    ]


def test_bash_lists_help_and_keeps_what_was_typed() -> None:
    assert complete_in_bash("ilocal show h") == [
        "values",
        "tba-hoi-nghi",
        "2020-hop",
        "…",
    ]  # or readline would cut the h off
    assert complete_in_bash("ilocal show h", "37") == ["values", "tba-hoi-nghi", "2020-hop"]
    assert complete_in_bash("ilocal show 20") == ["values", "2020-khao-sat", "2020-hop", "2019-dien-dan"]
    assert [line.rstrip() for line in complete_in_bash("ilocal show 20", "63", 40)] == [
        "values",
        "2020-khao-sat  Khảo sát cuối kì về lao…",
        '2020-hop       Họp "Nhóm cố vấn CSR"',
        "2019-dien-dan  Diễn đàn Lao động",
    ]
    assert all(20 <= measure_width(line) < 40 for line in complete_in_bash("ilocal show 20", "63", 40)[1:])


def test_fish_is_offered_what_it_will_keep() -> None:
    def told(*words: str) -> list[str]:
        return main.complete_command_line("fish", words).replace("\t", "|").splitlines()

    assert told("list", "--topic", "lao\\ đ") == ["values|", "lao động trẻ em|1 event"]
    assert told("list", "--topic=lao\\ d") == ["values|--topic=", "--topic=lao dong tre em|lao động trẻ em, 1 event"]
    filtered = told("edit", "--where=topic=lao\\ d")  # which finds events; what is to be written has its accents
    assert filtered == ["values|--where=topic=", "--where=topic=lao dong tre em|lao động trẻ em, 1 event"]
    for line in (("edit", "hop", "--topic=lao\\ d"), ("edit", "--year=2020", "--add=topic=lao\\ d")):
        assert "lao dong" not in "".join(told(*line))
    assert told("add", "X", "--topic", "'lao d") == ["values|"]  # what is written must have its accents
    assert told("show", "'họp") == ["values|", 'họp|2020-hop, Họp "Nhóm cố vấn CSR"']
    assert told("list", "-o", "x") == ["files|"]
    assert told("list", "--output=x") == ["files|--output="]


@pytest.mark.process
def test_every_script_can_be_read_by_its_shell() -> None:
    assert list_shells() == ["bash", "fish", "zsh"]
    for name in list_shells():
        if shutil.which(name):
            subprocess.run([name, "-n"], input=read_completion_script(name).encode(), check=True)


REAL = [pytest.param(name, marks=needs_shell[name]) for name in ("bash", "zsh", "fish")]


@pytest.mark.process
@pytest.mark.parametrize("name", REAL)
def test_a_real_shell_completes(name: str, tmp_path: Path) -> None:
    with open_shell(name, tmp_path) as typed:
        assert typed.words("ilocal li\t", "list ") == ["list"]
        assert typed.words("ilocal list --rev\t", "--reverse ") == ["list", "--reverse"]
        assert typed.words("ilocal show khao\t", "2020-khao-sat ") == ["show", "2020-khao-sat"]
        assert typed.words("ilocal list --topic lao\t", "em ") == ["list", "--topic", "lao động trẻ em"]
        assert typed.words("ilocal list --topic 'lao đ\t", "em' ") == ["list", "--topic", "lao động trẻ em"]
        assert typed.words("ilocal list --topic=lao\t", "em ") == ["list", "--topic=lao động trẻ em"]
        assert typed.words("ilocal list -o ev\t", "events.toml ") == ["list", "-o", "events.toml"]
        assert typed.words("ilocal search ti\t", "title:") == ["search", "title:"]


@pytest.mark.process
@pytest.mark.parametrize("name", REAL)
def test_a_real_shell_shows_titles_beside_handles(name: str, tmp_path: Path) -> None:
    with open_shell(name, tmp_path) as typed:
        typed.type("ilocal show 2020-\t")
        if name == "bash":
            typed.wait("2020-")
            typed.type("\t")
        seen = typed.wait("Họp.*Khảo sát|Khảo sát.*Họp")
        assert "2020-khao-sat" in seen


@pytest.mark.process
@pytest.mark.parametrize("name", REAL)
def test_accents_may_be_left_out(name: str, tmp_path: Path) -> None:
    with open_shell(name, tmp_path) as typed:
        place = {"bash": "Hà\\\\ Nội ", "zsh": "Hà\\\\ Nội ", "fish": "ha\\\\ noi "}[name]
        assert fold_text(typed.words("ilocal list --location ha\t", place)[-1]) == "ha noi"


@pytest.mark.process
@pytest.mark.parametrize("name", REAL)
def test_no_name_is_run_by_a_shell(name: str, tmp_path: Path, registry: Path) -> None:
    write_hostile_names(registry)
    with open_shell(name, tmp_path) as typed:
        assert typed.words("ilocal list --topic 'a$\t", "b' ")[2:] == [HOSTILE[4]]
        assert typed.words("ilocal list --topic a:\t", "d ") == ["list", "--topic", HOSTILE[5]]
    assert not (tmp_path / "x").exists()
