"""What a command costs beyond starting Python with Typer and Rich: medians of runs in turn, and their ratios.

    python benchmarks/startup.py [RUNS]

Both programs draw for a terminal (a pty of 100 columns), as a person sees them. The yardstick is a bare Typer program
that draws a Rich table of ten rows. Times on a busy machine move; the ratio is of the medians of runs that alternate.
"""

from __future__ import annotations

import os
import pty
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BARE = """
import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def main() -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table()
    for name in ("#", "Ngày", "Sự kiện"):
        table.add_column(name)
    for n in range(10):
        table.add_row(str(n), "2020/02/25 - 2020/02/29", "Khảo sát cuối kì về kiến thức, thái độ và hành vi")
    Console().print(table)


app()
"""


def run(command: list[str], environment: dict[str, str], *, terminal: bool) -> float:
    """Seconds from start to end of a command; all that it prints is read and thrown away."""
    started = time.perf_counter()
    if not terminal:
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
        return time.perf_counter() - started
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, env=environment, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    try:
        while os.read(ours, 65536):
            pass
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(ours)
    if process.wait():
        raise SystemExit(f"{command} failed")
    return time.perf_counter() - started


def main() -> None:
    """Print a Markdown table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 25
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder, "bare.py")
        bare.write_text(BARE, encoding="utf-8")
        environment = os.environ | {"COLUMNS": "100", "XDG_CACHE_HOME": folder, "PYTHONPYCACHEPREFIX": f"{folder}/pyc"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as installed: modules are compiled once
        ilocal = [sys.executable, "-m", "ilocal", "-r", str(ROOT / "data" / "events.toml"), "--today", "2020-02-20"]
        subjects = {
            "bare Typer program, ten Rich rows": ([sys.executable, str(bare)], True),
            "ilocal upcoming": ([*ilocal, "upcoming"], True),
            "ilocal list": ([*ilocal, "list"], True),
            'ilocal search "lao dong tre em"': ([*ilocal, "search", "lao dong tre em"], True),
            "ilocal list -f csv, in a pipe": ([*ilocal, "list", "-f", "csv"], False),
            "ilocal --help": ([sys.executable, "-m", "ilocal", "--help"], False),
        }
        times: dict[str, list[float]] = {name: [] for name in subjects}
        for turn in range(runs + 2):
            for name, (command, terminal) in subjects.items():
                seconds = run(command, environment, terminal=terminal)
                if turn >= 2:  # the first two warm the caches
                    times[name].append(seconds)
    yardstick = statistics.median(next(iter(times.values())))
    print(f"| command | median ms ({runs} runs) | ratio |\n|---|--:|--:|")
    for name, measured in times.items():
        median = statistics.median(measured)
        print(f"| {name} | {median * 1000:.0f} | {median / yardstick:.2f} |")


if __name__ == "__main__":
    main()
