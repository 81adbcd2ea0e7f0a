"""The examples of help and manual: each command has some, and each of them does what it says on the shipped registry."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import manual
import pytest
import typer

from ilocal.cli.app import EXAMPLES, find_command_modules, typer_app
from ilocal.cli.commands import refresh
from ilocal.cli.commands.site import serve
from ilocal.i18n import messages
from tests.support.cli import Ilocal
from tests.support.git import GitFolder
from tests.support.paths import SHIPPED_REGISTRY

PROGRAM: Any = typer.main.get_command(typer_app)
NAMES = [
    *sorted(set(find_command_modules()) - {"site", "git"}),
    *(f"site {name}" for name in sorted(find_command_modules("site"))),
    "git install",
]


def find_examples(name: str) -> dict[str, str]:
    group, _, sub = name.partition(" ")
    command = PROGRAM.get_command(None, group)
    return dict((command.get_command(None, sub) if sub else command).examples)


def commit_registry(folder: Path, _monkeypatch: pytest.MonkeyPatch) -> None:
    git = GitFolder(folder)
    git.run("add", "events.toml")
    git.run("commit", "-q", "-m", "The events")


def add_link(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "events.toml"
    text = path.read_text(encoding="utf-8").split("\n")
    at = next(n for n, line in enumerate(text) if "Nhóm cố vấn" in line)
    path.write_text("\n".join([*text[: at + 1], 'url = "https://example.org/"', *text[at + 1 :]]), encoding="utf-8")
    monkeypatch.setattr("webbrowser.open", lambda url: url == "https://example.org/")


def name_calendar(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "config.toml").write_text(f'[sync.desk]\nvdir = "{folder}/desk"\n', encoding="utf-8")
    monkeypatch.setenv("ILOCAL_CONFIG", str(folder / "config.toml"))


def name_source(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the registry a folder that names a list; that of another office is read elsewhere, with a server."""
    (folder / "events.toml").rename(folder / "2020.toml")
    source = '[registry]\nuid_domain = "a.example"\n[[source]]\nname = "hanoi"\nurl = "https://b.example/a.json"\n'
    (folder / "registry.toml").write_text(source + 'uid_domain = "b.example"\n', encoding="utf-8")
    text = (folder / "2020.toml").read_text(encoding="utf-8")
    (folder / "2020.toml").write_text(text[text.index("[[event]]") :], encoding="utf-8")
    monkeypatch.setattr(refresh, "fetch_source", lambda *_arguments, **_options: (None, None))


def write_table(folder: Path, _monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "plan.csv").write_text("Việc,Hôm nào\nHọp,2020-03-03\n", encoding="utf-8")


def write_lines(folder: Path, _monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "new.jsonl").write_text('{"title": "A"}\n', encoding="utf-8")


SCENES: dict[str, Callable[[Path, pytest.MonkeyPatch], None]] = {
    "add": write_lines,
    "git install": commit_registry,
    "import": write_table,
    "log": commit_registry,
    "open": add_link,
    "refresh": name_source,
    "site serve": lambda _, monkeypatch: monkeypatch.setattr(serve, "serve_until_interrupted", lambda *_: None),
    "sync": name_calendar,
}
# What is typed before, so that there is something to do.
BEFORE = {
    "undo": ["ilocal add A"],
    "redo": ["ilocal add A", "ilocal undo"],
    "join": ["ilocal split years"],
    "import": ["ilocal export events.ics", "ilocal export events.csv"],
    "fmt": ["ilocal fmt"],
}
NO_REGISTRY = ("init",)


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_of_a_command_can_be_typed(
    ilocal: Ilocal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    if name not in NO_REGISTRY:
        (tmp_path / "events.toml").write_bytes(SHIPPED_REGISTRY.read_bytes())
    if scene := SCENES.get(name):
        scene(tmp_path, monkeypatch)
    examples = find_examples(name)
    assert examples
    for line in (*BEFORE.get(name, ()), *examples):
        program, *words = shlex.split(line)
        assert program == "ilocal"
        result = ilocal("--lang", "en", *words)
        assert (line, result.code, result.err if result.code else "") == (line, 0, "")
    assert all(f" {name}" in line for line in examples)


def test_the_examples_of_the_program_can_be_typed(ilocal: Ilocal, tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_bytes(SHIPPED_REGISTRY.read_bytes())
    assert [ilocal(*shlex.split(line)[1:]).code for line in EXAMPLES] == [0] * 4


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_help_and_manual_end_with_examples(ilocal: Ilocal, lang: str) -> None:
    heading = {"en": "Examples", "vi": "Ví dụ"}[lang]
    with messages.use_language(lang):
        printed = manual.manual(lang)
        for name in NAMES:
            examples = find_examples(name)
            lines = [f"  {text}" for line, said in examples.items() for text in (f"# {messages._(said)}", line)]
            help_lines = ilocal("--lang", lang, *name.split(), "--help").out.splitlines()
            assert help_lines[-len(lines) - 1 :] == [f"{heading}:", *lines]
    assert printed.count(".SH ") > 5
    (section,) = (
        part for part in printed.split(".SH ") if part.startswith({"en": "EXAMPLES\n", "vi": "VÍ DỤ\n"}[lang])
    )
    assert section.count(".TP") == sum(len(find_examples(name)) for name in NAMES) + len(EXAMPLES)


GROUPS = {
    "Look": "calendar dates list log open search show stats timeline upcoming",
    "Change": "add check copy edit fmt redo remove resolve undo",
    "Exchange": "export import refresh sync",
    "Publish": "site",
    "Set up": "config git init join schema split",
}


def test_help_lists_every_command_in_its_group(ilocal: Ilocal) -> None:
    found: dict[str, list[str]] = {}
    heading = ""
    for line in ilocal("--lang", "en", "--help").out.splitlines():
        if line.endswith(":") and not line.startswith(" "):
            heading = line.removesuffix(":")
        elif heading in GROUPS and line[:2] == "  " and line[2:3].isalpha():
            found.setdefault(heading, []).append(line.split()[0])
    assert found == {name: commands.split() for name, commands in GROUPS.items()}
    assert sorted(" ".join(GROUPS.values()).split()) == sorted(find_command_modules())
