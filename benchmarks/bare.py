"""Cost of a command beyond starting Python with Typer and Rich, compared with a bare Typer program that draws ten rows.

Both draw for a terminal (a pty of 100 columns), as for a person, except for output meant for a pipe.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from measure import Runs, Stage, Step, in_turn
from programs import COMMAND, TODAY

BARE = "bare Typer program, ten Rich rows"
_REGISTRY = Path(__file__).resolve().parent.parent / "data" / "events.toml"
_PROGRAM = """
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


def bare_step(stage: Stage) -> Step:
    """Return the step for comparison."""
    program = stage.folder / "bare.py"
    program.write_text(_PROGRAM, encoding="utf-8")
    return Step((sys.executable, str(program)), terminal=True)


def beside_bare(stage: Stage, turns: int) -> Mapping[str, Runs]:
    """Measure commands on the shipped registry, after the bare program."""
    ilocal = (*COMMAND, "-r", str(_REGISTRY), *TODAY)
    steps = {
        BARE: bare_step(stage),
        "`ilocal upcoming`": Step((*ilocal, "upcoming"), terminal=True),
        "`ilocal list`": Step((*ilocal, "list"), terminal=True),
        '`ilocal search "lao dong tre em"`': Step((*ilocal, "search", "lao dong tre em"), terminal=True),
        "`ilocal list -f csv`, in a pipe": Step((*ilocal, "list", "-f", "csv")),
        "`ilocal --help`, in a pipe": Step((*COMMAND, "--help")),
    }
    return in_turn(stage, steps, turns, warm_up=2)
