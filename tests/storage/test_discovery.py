"""Where the registry is looked for."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.support.cli import Ilocal


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


def test_a_folder_with_a_registry_toml_is_found_here_and_above(
    ilocal: Ilocal, registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = ilocal("--lang", "en", "split", "years").err.splitlines()
    assert said[1:] == [
        "events.toml was not changed, and commands here still use this registry; to use the folder, remove the old "
        "registry, and run: ilocal config registry years"
    ]
    count = len(ilocal("list", "-f", "ids").out.splitlines())
    ilocal("add", "Only in the file", "2020-03-01")
    assert len(ilocal("list", "-f", "ids").out.splitlines()) == count + 1
    (tmp_path / "years" / "deeper").mkdir()
    for folder in (tmp_path / "years", tmp_path / "years" / "deeper"):
        monkeypatch.chdir(folder)
        assert len(ilocal("list", "-f", "ids").out.splitlines()) == count
    monkeypatch.chdir(tmp_path)
    registry.unlink()
    (tmp_path / "years").rename(tmp_path / "events")
    assert len(ilocal("list", "-f", "ids").out.splitlines()) == count
    monkeypatch.chdir(tmp_path / "events")
    assert ilocal("add", "In the folder", "2020-03-02", "--id", "new") == (0, "new\n", "")
    assert 'id = "new"' in (tmp_path / "events" / "2020.toml").read_text(encoding="utf-8")


def test_no_line_at_all_is_said_and_is_no_error(ilocal: Ilocal, registry: Path) -> None:
    Path("none.jsonl").write_text("", encoding="utf-8")
    assert ilocal("--lang", "en", "add", "--jsonl", "none.jsonl") == (
        0, "", "none.jsonl: no events found; nothing was added\n"
    )  # fmt: skip
