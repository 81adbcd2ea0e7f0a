"""The benchmark runs, its programs agree, and the documentation shows its newest result."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.cli import make_environment
from tests.support.paths import ROOT

pytestmark = pytest.mark.long

RESULT = ROOT / "benchmarks" / "result"


@pytest.mark.process
def test_the_benchmark_checks_answers_and_writes_its_report(tmp_path: Path) -> None:
    command = [sys.executable, "benchmarks", "--sizes", "21", "--turns", "1", "--no-khal", "--peers-only"]
    done = subprocess.run(
        [*command, "--output", str(tmp_path / "result"), "--work", str(tmp_path / "work")],
        cwd=ROOT, env=make_environment(tmp_path), capture_output=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    report = (tmp_path / "result" / "result.md").read_text(encoding="utf-8")
    assert done.stdout.decode() == report + "\n"
    assert re.search(r"\| ilocal \| 21 \|( [\d.,]+ \|){7}\n", report)
    assert (tmp_path / "result" / "result.svg").read_text(encoding="utf-8").startswith("<svg")


def test_the_documentation_shows_the_newest_result() -> None:
    report = (RESULT / "result.md").read_text(encoding="utf-8").splitlines()
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert len(rows) > 20
    assert not [row for row in rows if row not in report]


def test_the_readme_shows_a_part_of_the_newest_result() -> None:
    report = (RESULT / "result.md").read_text(encoding="utf-8")
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## Speed\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if re.match(r"\| (first use|month|next ten|word|add) ", line)]
    assert len(rows) == 5
    assert not [row for row in rows if row.removesuffix(" |") not in report]
