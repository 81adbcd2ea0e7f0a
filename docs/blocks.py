"""Runner of the commands in the documentation: `python docs/blocks.py [PAGE…]` updates their output in the pages.

Blocks of a page run one after the other, in one shell, in a folder with the shipped registry (`data/events.toml`), on
20 February 2020:

- ```` ```sh ````: commands that must succeed;
- ```` ```console ````: commands after `$ `, each followed by its output; a line `…` stands for any lines.

Output goes to a pipe, so it has plain lines. A test runs all pages and compares the output.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_BLOCK = re.compile(r"^```(sh|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Commands that set up a machine are run by CI, line by line, in an environment of its own.
NOT_HERE = re.compile(r"^(python3 -m venv|\.venv/bin/|pipx |uv |pip |git clone|sudo )", re.MULTILINE)
_MARK = "\x1e"  # before the output of each command


@dataclass(frozen=True, slots=True)
class Command:
    """A command in a page; `printed` is None if the page does not show its output."""

    text: str
    printed: str | None
    begin: int = 0  # of the output in the page
    end: int = 0


def commands(page: str) -> Iterator[Command]:
    """Yield the commands of a page, in order."""
    for block in _BLOCK.finditer(page):
        kind, text = block.groups()
        if NOT_HERE.search(text):
            continue
        if kind == "sh":
            yield Command(text, None)
            continue
        at = block.start(2)
        for part in re.split(r"^(?=\$ )", text, flags=re.MULTILINE):
            if part.startswith("$ "):
                command, _, printed = part[2:].partition("\n")
                while command.endswith("\\"):  # goes on in the next line
                    more, _, printed = printed.partition("\n")
                    command += "\n" + more
                begin = at + 2 + len(command) + 1
                yield Command(command, printed, begin, begin + len(printed))
            at += len(part)


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a shell that sees nothing of this machine but its programs."""
    kept = {name: os.environ[name] for name in ("PYTHONPATH", "VIRTUAL_ENV") if name in os.environ}
    return kept | {
        "PATH": f"{folder / '.bin'}:{os.environ['PATH']}",
        "HOME": str(folder / ".home"),
        "LANG": "C.UTF-8",
        "ILOCAL_TODAY": "2020-02-20",
        "TZ": "UTC",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def prepared(folder: Path) -> None:
    """Copy into a folder what the pages use: the shipped registry, saved web pages, and `ilocal` on the path."""
    for name in ("data", "tests/pages"):
        shutil.copytree(ROOT / name, folder / name)
    for name in (".home", ".bin"):
        (folder / name).mkdir()
    script = folder / ".bin" / "ilocal"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -m ilocal "$@"\n', encoding="utf-8")
    script.chmod(0o755)


def run(page: str, folder: Path) -> tuple[int, list[str]]:
    """Run the commands of a page in a folder; return the exit code, and the output of each."""
    prepared(folder)
    lines = ["set -eo pipefail"]
    for command in commands(page):
        lines.append(f"printf '{_MARK}'")
        # A page may show commands that fail: only those without output must succeed.
        lines.append(command.text if command.printed is None else f"{{ {command.text.rstrip()}\n}} || true")
    done = subprocess.run(
        ["bash", "-c", "\n".join(lines)],
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout.split(_MARK)[1:]


def says(page: str, printed: str) -> bool:
    """Return whether the output in a page matches the real one; `…` alone on a line is any number of lines."""
    pattern = "".join(r"(?:.*\n)*?" if line == "…" else re.escape(line) + "\n" for line in page.splitlines())
    return re.fullmatch(pattern, printed) is not None


def written(page: str, printed: list[str]) -> str:
    """Return the page with the output of its commands updated; lines left out with `…` stay left out."""
    for command, text in reversed(list(zip(commands(page), printed, strict=True))):
        if command.printed is not None and not ("…\n" in command.printed and says(command.printed, text)):
            page = page[: command.begin] + text + page[command.end :]
    return page


def main(names: list[str]) -> int:
    """Bring pages up to date; returns 1 where one of them fails."""
    failed = 0
    for path in [Path(name).resolve() for name in names] or PAGES:
        text = path.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            code, printed = run(text, Path(folder))
        if code:
            failed = 1
            print(f"{path.relative_to(ROOT)}: exit code {code} after: {''.join(printed[-1:])}", file=sys.stderr)
        else:
            path.write_text(written(text, printed), encoding="utf-8")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
