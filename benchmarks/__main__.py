"""ilocal beside its peers, and the ratios it promises: medians of runs in turn, peak memory, a table and a chart.

    python benchmarks [--sizes 21,1000,10000,100000] [--million] [--turns N] [--targets-only | --peers-only]

Run it with the Python that ilocal is installed in. It makes its own events, works in a temporary folder and ends with
exit code 1 where programs disagree about an answer or a command fails.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from bare import beside_bare
from chart import chart
from machine import machine
from measure import BenchmarkError, Stage, Step
from peers import CalcurseMaker, KhalMaker, RemindMaker
from programs import MILLION, IlocalMaker, Maker
from race import Entry, race, tell
from report import Result, markdown
from targets import Pairs, beside_khal


def main() -> int:
    options = _options()
    try:
        if options.work:
            result = _measured(options, options.work)
        else:
            with tempfile.TemporaryDirectory(prefix="ilocal-benchmark-") as folder:
                result = _measured(options, Path(folder))
    except BenchmarkError as error:
        tell(f"benchmarks: {error}")
        return 1
    text = markdown(result)
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "result.md").write_text(text, encoding="utf-8")
    if result.entries:
        (options.output / "result.svg").write_text(chart(result.entries), encoding="utf-8")
    print(text)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python benchmarks", description="Measure ilocal beside its peers.")
    parser.add_argument("--sizes", type=_sizes, default="21,1000,10000,100000", help="numbers of events, 21 or more")
    parser.add_argument("--million", action="store_true", help="a million events as well, in a folder of files")
    parser.add_argument("--turns", type=int, default=7, metavar="N", help="runs of each step")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--targets-only", action="store_true", help="only the promised ratios that need no peer")
    only.add_argument("--peers-only", action="store_true", help="only the questions that peers are asked as well")
    parser.add_argument("--all", action="store_true", help="ask every program about every size, however long it takes")
    parser.add_argument("--no-khal", action="store_true", help="leave out khal, which is installed from PyPI")
    output = Path(__file__).resolve().parent / "result"
    parser.add_argument("--output", type=Path, default=output, metavar="FOLDER", help="for result.md and result.svg")
    parser.add_argument(
        "--work", type=_folder, metavar="FOLDER", help="keep data and khal here, and not for one run only"
    )
    options = parser.parse_args()
    if options.turns < 1:
        parser.error("--turns is at least 1")
    return options


def _sizes(text: str) -> list[int]:
    sizes = sorted({int(size) for size in text.split(",")})
    if sizes[0] < 21 or sizes[-1] >= MILLION:
        raise argparse.ArgumentTypeError(f"from 21 to {MILLION - 1:,} events; --million adds a million")
    return sizes


def _folder(text: str) -> Path:
    return Path(text).resolve()


def _measured(options: argparse.Namespace, work: Path) -> Result:
    run = work / "benchmark-run"
    shutil.rmtree(run, ignore_errors=True)
    stage = Stage(run)
    ilocal = IlocalMaker()
    peers: list[Maker] = [CalcurseMaker(), RemindMaker(), KhalMaker(wanted=not options.no_khal)]
    if options.targets_only:
        peers = []
    versions = {maker.name: maker.version(stage) for maker in (ilocal, *peers)}
    result = Result(
        day=datetime.now().astimezone().date(),
        turns=options.turns,
        machine=machine(),
        versions=versions,
        floor=stage.run(Step(("true",))).peak,
    )
    if not options.targets_only:
        present = [ilocal, *(peer for peer in peers if versions[peer.name])]
        _race(stage, present, options, result)
        result.sizes = {
            entry.count: (ilocal.make(stage, entry.count).registry.size, ilocal.make(stage, entry.count).index_size())
            for entry in result.entries
            if entry.program == "ilocal"
        }
    if not options.peers_only:
        result.targets += Pairs(stage, ilocal, options.sizes, options.turns).measured()
        tell("beside a bare Typer program")
        result.bare = beside_bare(stage, max(options.turns, 3))
    result.targets += beside_khal(result.entries)
    return result


def _race(stage: Stage, makers: list[Maker], options: argparse.Namespace, result: Result) -> None:
    for count in [*options.sizes, *([MILLION] if options.million else [])]:
        asked = [maker for maker in makers if options.all or maker.most is None or count <= maker.most]
        entries: list[Entry] = race(stage, asked, count, options.turns)
        result.entries += entries


if __name__ == "__main__":
    sys.exit(main())
