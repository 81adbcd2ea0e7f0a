"""The contract of the command line: whole answers, in English and in Vietnamese, as `contract.console` has them.

A case is a line `$ ilocal …; ilocal …` and the answers of these commands in each language, run one after the other in a
folder with the files of `contract/`: stdout as it is, lines of stderr behind `! `, and exit codes other than 0 behind
`= `. Global options stand behind the command. Capitals are not part of the contract.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.cli import Ilocal

DATA = Path(__file__).with_name("contract")
_VISIBLE = {"\ufeff": "<BOM>", "\r": "<CR>"}


class Case(NamedTuple):
    """Commands, and their answers by language."""

    commands: str
    answers: dict[str, str]


def read_cases() -> Iterator[Case]:
    """Yield the cases of the transcript."""
    text = (DATA / "contract.console").read_text(encoding="utf-8")
    for block in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        commands, rest = block.split("\n", 1)
        _, *parts = re.split(r"^\[(en|vi)\]\n", re.split(r"^# ", rest, flags=re.MULTILINE)[0], flags=re.MULTILINE)
        yield Case(commands, {lang: text.rstrip("\n") for lang, text in zip(parts[::2], parts[1::2], strict=True)})


def run_commands(ilocal: Ilocal, commands: str, lang: str) -> str:
    """Return the answers of commands separated by semicolons, as a case writes them."""
    said: list[str] = []
    for command in re.split(r"; (?=ilocal )", commands):
        _, *words = shlex.split(command)
        code, out, err = ilocal(*words, *(() if "--lang" in words else ("--lang", lang)))
        said += out.splitlines() + [f"! {line}" for line in err.splitlines()] + ([f"= {code}"] if code else [])
    text = "\n".join(line.rstrip(" ") for line in said)
    for character, name in _VISIBLE.items():
        text = text.replace(character, name)
    return re.sub(r"\d{4}[-/]\d\d[-/]\d\d \d\d:\d\d:\d\d( UTC[+-]\d\d:\d\d)?", "<time>", text).strip("\n")


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("case", [pytest.param(case, id=case.commands) for case in read_cases()])
def test_the_answer_is_the_one_of_the_contract(ilocal: Ilocal, tmp_path: Path, case: Case, lang: str) -> None:
    shutil.copytree(DATA / "files", tmp_path, dirs_exist_ok=True)
    assert run_commands(ilocal, case.commands, lang).casefold() == case.answers[lang].casefold()


@pytest.mark.parametrize(
    ("locale", "warning"),
    [("en_US.UTF-8", "No events match.\n"), ("vi_VN.UTF-8", "Không có sự kiện nào khớp với điều kiện.\n")],
)
def test_messages_follow_the_user_and_headings_the_registry(
    ilocal: Ilocal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locale: str, warning: str
) -> None:
    shutil.copytree(DATA / "files", tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("LANG", locale)
    assert ilocal("list", "2020-02-20", "--topic", "CSR", "--location", "Huế").out == (
        "Tháng Hai 2020\n  1. 2020/02/20 08:30 - 10:00  Họp nhóm cố vấn\n"
    )
    assert ilocal("list", "--year", "1999") == (0, "", warning)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_folder_with_a_registry_toml_is_found_in_it_and_below(
    ilocal: Ilocal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    shutil.copytree(DATA / "files" / "office", tmp_path, dirs_exist_ok=True)
    below = tmp_path / "papers"
    below.mkdir()
    month, mark = {"en": ("February 2020", " [vi]"), "vi": ("Tháng Hai 2020", "")}[lang]
    for folder in (tmp_path, below):
        monkeypatch.chdir(folder)
        assert ilocal("list", "--lang", lang) == (0, f"{month}\n  1. 2020/02/21               Khai trương{mark}\n", "")
