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

from tests.support.cli import make_environment
from tests.support.paths import PAGES, ROOT, SHIPPED_REGISTRY
from tests.support.registry import parse_registry

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = [text for text in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) if "venv" not in text]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the shipped registry, the pages, and `ilocal` on the path."""
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
def test_the_quick_start_makes_a_registry_and_takes_a_change_back(folder: Path) -> None:
    (block,) = (text for text in BLOCKS if "ilocal init" in text)
    done = run_script(folder, block)
    assert done.returncode == 0, done.stderr
    registry = parse_registry((folder / "office" / "events.toml").read_text(encoding="utf-8"))
    (event,) = registry.events.values()
    assert (event.title, event.topics, event.location) == ("Hội thảo về CSR trong ngành gỗ", ("CSR",), "Cần Thơ")
    assert (str(event.start), str(event.end), event.status) == ("2027-02-13", "2027-02-14", "")
    assert registry.diagnostics == ()


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#:]+)", README))))
def test_what_the_readme_links_to_is_there(link: str) -> None:
    assert (ROOT / link).is_file()


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


def test_the_pictures_carry_their_letters_and_fetch_nothing() -> None:
    for picture in (ROOT / "docs").glob("*.svg"):
        svg = picture.read_text(encoding="utf-8")
        assert not re.search(r"url\(\s*['\"]?http|href=", svg)
        assert svg.count("src: url(data:font/woff2;base64,") == 2, f"{picture.name}: its letters, light and bold"
