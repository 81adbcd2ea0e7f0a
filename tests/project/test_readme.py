"""The README is true: its commands run as they stand there, and its pictures say what the program says."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import screens
import tomli

from tests.support.cli import make_environment
from tests.support.paths import PAGES, ROOT, SHIPPED_REGISTRY
from tests.support.registry import parse_registry

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = [text for text in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) if "venv" not in text]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the shipped registry, the pages, and `ilocal` on the path."""
    (tmp_path / "data").mkdir()
    shutil.copy(SHIPPED_REGISTRY, tmp_path / "data")
    shutil.copytree(PAGES, tmp_path / "tests" / "pages")
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin" / "ilocal"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -m ilocal "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return tmp_path


def run_script(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    env = make_environment(folder)
    env["PATH"] = f"{folder / 'bin'}:{env['PATH']}"
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.process
def test_the_commands_do_what_the_readme_says(folder: Path) -> None:
    scripts, sheets = next(b for b in BLOCKS if "--jsonl" in b), next(b for b in BLOCKS if "csr.csv" in b)
    before = (folder / "data" / "events.toml").read_text(encoding="utf-8")
    run_script(folder, scripts)
    after = (folder / "data" / "events.toml").read_text(encoding="utf-8")
    assert after.startswith(before)
    assert [e.id for e in list(parse_registry(after).events.values())[21:]] == ["2020-khao-sat", "2020-cong-bo-ket-qua"]
    (removed,) = tomli.loads((folder / "removed.toml").read_text(encoding="utf-8"))["event"]
    assert removed["topics"] == ["CSR", "gỗ"]
    assert run_script(folder, sheets).stdout == "23\n"
    assert (folder / "csr.csv").read_text(encoding="utf-8").count("\n") == 4
    assert (folder / "quy-4.csv").read_bytes().startswith("\ufeffNgày;Sự kiện;Địa điểm\r\n".encode())
    assert "20 unchanged" in run_script(folder, next(b for b in BLOCKS if "dry-run tests" in b)).stderr


def test_the_record_in_the_readme_is_a_valid_registry() -> None:
    (text,) = re.findall(r"```toml\n(\[registry\].*?)```", README, re.DOTALL)
    registry = parse_registry(text)
    assert (list(registry.events), registry.diagnostics) == (["2020-hop-khoi-dong"], ())


@pytest.mark.parametrize("name", screens.SCREENS)
def test_the_pictures_say_what_the_program_says(name: str) -> None:
    def words(svg: str) -> list[str]:
        return [html.unescape(text) for text in re.findall(r">([^<>]+)</text>", svg)]

    picture = (ROOT / "docs" / f"{name}.svg").read_text(encoding="utf-8")
    assert words(picture) == words(screens.drawn(name, screens.SCREENS[name])), "run: python docs/screens.py"


def test_no_picture_fetches_anything() -> None:
    for picture in (ROOT / "docs").glob("*.svg"):
        assert not re.search(r"url\(\s*['\"]?http|href=", picture.read_text(encoding="utf-8"))
