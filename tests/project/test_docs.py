"""The documentation is true: every command in it runs, prints what is said there, and every link leads somewhere."""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
from pathlib import Path

import blocks
import manual
import pytest

from ilocal.cli import app
from tests.support.paths import ROOT, SHIPPED_REGISTRY
from tests.support.registry import parse_registry

PAGES = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in blocks.PAGES}


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name, text in PAGES.items() if any(blocks.commands(text))])
def test_the_commands_of_a_page_run_and_print_what_it_says(name: str, tmp_path: Path) -> None:
    code, printed = blocks.run(PAGES[name], tmp_path)
    assert code == 0, printed[-1]
    commands = list(blocks.commands(PAGES[name]))
    assert len(printed) == len(commands)
    for command, text in zip(commands, printed, strict=True):
        assert "Traceback" not in text
        assert "\x1b" not in text
        if command.printed is not None and not blocks.says(command.printed, text):
            assert text == command.printed, f"{command.text}: run python docs/blocks.py"


def test_what_sets_up_a_machine_is_all_that_is_not_run_here() -> None:
    left_out = [
        line
        for text in PAGES.values()
        for block in re.findall(r"^```(?:sh|console)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        if blocks.NOT_HERE.search(block)
        for line in block.splitlines()
    ]
    assert all(re.match(r"(python3|\.venv|pipx|uv|pip|git clone|sudo|#|$)", line) for line in left_out), left_out


def test_the_examples_of_the_api_print_what_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(SHIPPED_REGISTRY, tmp_path / "events.toml")
    monkeypatch.chdir(tmp_path)
    source = "\n".join(re.findall(r"^```pycon\n(.*?)^```$", PAGES["docs/api.md"], re.MULTILINE | re.DOTALL))
    test = doctest.DocTestParser().get_doctest(source, {}, "api.md", "docs/api.md", 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    said: list[str] = []
    runner.run(test, out=said.append)
    assert len(test.examples) > 10
    assert not runner.failures, "".join(said)


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name: str) -> None:
    folder = (ROOT / name).parent
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", re.sub(r"```.*?```", "", PAGES[name], flags=re.DOTALL)):
        assert target.startswith(("http://", "https://", "mailto:")) or (folder / target).exists(), target


def test_every_registry_in_the_documentation_is_valid() -> None:
    found = [
        text for page in PAGES.values() for text in re.findall(r"^```toml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    ]
    registries = [text for text in found if "[[event]]" in text]
    assert registries
    assert [parse_registry(text).diagnostics for text in registries] == [()] * len(registries)


def test_every_page_is_in_the_site() -> None:
    config = (ROOT / "zensical.toml").read_text(encoding="utf-8")
    for name in PAGES:
        if name.startswith("docs/"):
            assert f'"{name.removeprefix("docs/")}"' in config, name


def test_the_reference_of_commands_is_what_the_program_says() -> None:
    assert manual.REFERENCE.read_text(encoding="utf-8") == manual.reference(), "run: python build_hooks/manual.py"


@pytest.mark.process
@pytest.mark.skipif(shutil.which("man") is None, reason="there is no man to read the manual with")
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_manual_is_read_by_man_without_a_complaint(lang: str, tmp_path: Path) -> None:
    path = tmp_path / "ilocal.1"
    path.write_text(manual.manual(lang), encoding="utf-8")
    done = subprocess.run(
        ["man", "--warnings", "-E", "UTF-8", "-l", path],
        env={**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80", "MANPAGER": "cat"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    for name in app.find_command_modules():
        assert f"ilocal {name} " in done.stdout
    headings = {
        "en": ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES",
               "SEE ALSO"],
        "vi": ["TÊN", "CÚ PHÁP", "MÔ TẢ", "TÙY CHỌN", "CÁC LỆNH", "MÃ THOÁT", "BIẾN MÔI TRƯỜNG", "TỆP", "VÍ DỤ", "XEM THÊM"],
    }[lang]  # fmt: skip
    page = re.sub(r"\x1b\[[0-9;]*m|.\x08", "", done.stdout)
    assert [line for line in page.splitlines()[1:-1] if line[:1].strip()] == headings
    assert "~/.config/ilocal/config.toml" in page
