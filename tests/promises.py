"""Every promise about the data, tried: `python -m tests.promises` runs the tests that are marked with one and sums up.

The sum is a table in Markdown, as it stands in docs/reliability.md; `--write` puts it there.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->"
NUMBERS = [f"P{n}" for n in range(1, 23)]


def main(arguments: list[str]) -> int:
    """Run, print the table, and write it where that was said; the exit code of pytest."""
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures"
        figures.mkdir()
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-m", "promise", "-rs", f"--junitxml={report}"]
        env = {**os.environ, "ILOCAL_FIGURES": str(figures)}
        code = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
        text = table(report) + "\n" + sums(figures)
    print(text)
    if "--write" in arguments:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        PAGE.write_text(before + BEGIN + text + END + rest.partition(END)[2], encoding="utf-8")
    return code


def table(report: Path) -> str:
    """Each promise with the tests that try it, and how they ended."""
    ended: dict[str, Counter[str]] = defaultdict(Counter)
    named: dict[str, dict[str, None]] = defaultdict(dict)
    for case in ElementTree.parse(report).iter("testcase"):
        outcome = next((child.tag for child in case if child.tag in ("failure", "error", "skipped")), "passed")
        for found in case.iterfind("properties/property[@name='promise']"):
            number = found.get("value", "")
            ended[number][outcome] += 1
            name = re.sub(r"\[.*", "", case.get("name", ""), flags=re.DOTALL)
            named[number][f"`{case.get('classname', '').rpartition('.')[2]}.{name}`"] = None
    lines = ["| promise | tests | passed | failed | skipped |", "|---|---|---|---|---|"]
    for number in NUMBERS:
        of = ended[number]
        tests = "<br>".join(named[number])
        lines.append(f"| {number} | {tests} | {of['passed']} | {of['failure'] + of['error']} | {of['skipped']} |")
    return "\n".join(lines) + "\n"


def sums(folder: Path) -> str:
    """Return a table of what the tests counted, by name."""
    total: Counter[str] = Counter()
    for path in sorted(folder.iterdir()):
        for line in path.read_text(encoding="utf-8").splitlines():
            name, n = json.loads(line)
            total[name] += n
    return "| tried | how many |\n|---|---|\n" + "".join(f"| {name} | {n:,} |\n" for name, n in sorted(total.items()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
