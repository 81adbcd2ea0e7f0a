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
