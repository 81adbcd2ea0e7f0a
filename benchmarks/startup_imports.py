"""Comparison of the imports at start with those of Typer: `python -m benchmarks.startup_imports`.

It prints the self times of `-X importtime` in a warm `ilocal list -f csv`: those of the modules that a program with
only Typer loads, and those of all others. Each is the minimum of several runs, so that other load has little effect.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.support.cli import make_environment

DATA = Path(__file__).parent.parent / "data" / "events.toml"
RUNS = 7
SETTLING_SECONDS = 2.5  # after which a new file is no longer read again because of its times
TYPER_PROGRAM = """\
import typer
app = typer.Typer(add_completion=False, rich_markup_mode=None)
@app.command()
def hello(name: str = ""): print(name)
app()
"""


def measure_imports(arguments: list[str], folder: Path) -> dict[str, int]:
    """Return the microseconds that each module took by itself, in the quickest of several runs."""
    environment = make_environment(folder)
    del environment["PYTHONDONTWRITEBYTECODE"]
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    fastest: dict[str, int] = {}
    for _ in range(RUNS):
        done = subprocess.run(
            [sys.executable, "-X", "importtime", *arguments],
            cwd=folder, env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        for microseconds, name in re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)", done.stderr):
            fastest[name] = min(fastest.get(name, int(microseconds)), int(microseconds))
    return fastest


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "events.toml").write_bytes(DATA.read_bytes())
        time.sleep(SETTLING_SECONDS)
        for _ in range(2):
            subprocess.run(
                [sys.executable, "-m", "ilocal", "list"],
                cwd=folder, env=make_environment(folder), stdout=subprocess.DEVNULL, check=True,
            )  # fmt: skip
        python = measure_imports(["-c", ""], folder)
        typer = measure_imports(["-c", TYPER_PROGRAM], folder)
        ours = measure_imports(["-m", "ilocal", "list", "-f", "csv"], folder)
    beyond = {name: cost for name, cost in ours.items() if name not in python and name not in typer}
    typer_time = sum(cost for name, cost in typer.items() if name not in python)
    modules = [name for name in beyond if name.split(".")[0] == "ilocal"]
    print(f"Typer   {typer_time / 1000:6.1f} ms")
    print(f"ilocal  {sum(beyond.values()) / 1000:6.1f} ms ({len(modules)} modules of {len(beyond)})")
    print(f"ratio   {sum(beyond.values()) / typer_time:6.2f}")
    for name, cost in sorted(beyond.items(), key=lambda one: -one[1])[:15]:
        print(f"  {cost / 1000:6.2f} ms  {name}")


if __name__ == "__main__":
    main()
