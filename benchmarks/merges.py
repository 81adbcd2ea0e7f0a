"""The merge driver of git: conflicts and lost values of random branches, and the time of a merge.

    python -m benchmarks.merges [--pairs 200] [--sizes 21,10000] [--turns 7]

Branches of small registries add, change and remove events, comment on them and put them in the usual order; git merges
the same texts as a comparison. Times are medians of the processor time and of the time on the clock of whole
processes, as git starts them.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

from events import made
from writers import write_toml

from ilocal.storage.file_merge import merge_toml_files
from ilocal.storage.toml.conflict_markers import ConflictMarkers, split_toml_at_conflict_markers
from ilocal.storage.toml.table_merge import choose_side_of_toml_conflicts
from tests.support.branches import DISJOINT_FIELDS, FIELDS, change_branch, list_comments, list_facts, make_registry

ILOCAL = (sys.executable, "-m", "ilocal")
CHANGED_EVENTS = (5, 1000)  # on each side


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=200, help="pairs of random branches")
    parser.add_argument("--sizes", default="21,10000", help="numbers of events, with commas between")
    parser.add_argument("--turns", type=int, default=7, help="runs of each merge")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ilocal-merges-") as folder:
        print("| pairs of branches | with conflicts | of git | values lost | comments lost |\n|---|--:|--:|--:|--:|")
        for name, fields, removes in (
            ("that change other fields", DISJOINT_FIELDS, False),
            ("that change anything", (FIELDS, FIELDS), True),
        ):
            print(
                f"| {options.pairs} {name} | {describe_pairs(Path(folder), options.pairs, fields, removes=removes)} |"
            )
        print("\n| merge | ilocal, CPU s | on the clock | git merge-file, CPU s | ilocal --version, CPU s |")
        print("|---|--:|--:|--:|--:|")
        for size in map(int, options.sizes.split(",")):
            for changed in (count for count in CHANGED_EVENTS if 4 * count <= size):
                print(describe_times(Path(folder), size, changed, options.turns), flush=True)
    return 0


# ----------------------------------------------------------------------------------------------------- random branches


def describe_pairs(folder: Path, count: int, fields: tuple[tuple[str, ...], tuple[str, ...]], *, removes: bool) -> str:
    """Return the results of merging pairs of branches, as cells of a table."""
    ours, of_git, values, comments = 0, 0, 0, 0
    for seed in range(count):
        rng = random.Random(seed)
        base = make_registry(rng)
        sides = [change_branch(base, rng, name, fields[n], removes=removes) for n, name in enumerate("xy")]
        found = merge_toml_files(base.encode(), sides[0].encode(), sides[1].encode(), ConflictMarkers())
        ours += bool(found.conflict_count)
        of_git += merge_as_text(folder, base, *sides)
        lost = count_lost(base, sides, found.data.decode())
        values, comments = values + lost[0], comments + lost[1]
    return f"{ours} | {of_git} | {values} | {comments}"


def merge_as_text(folder: Path, base: str, ours: str, theirs: str) -> bool:
    """Return whether git has conflicts in the same texts."""
    paths = [folder / name for name in ("ours", "base", "theirs")]
    for path, text in zip(paths, (ours, base, theirs), strict=True):
        path.write_text(text, encoding="utf-8")
    return subprocess.run(["git", "merge-file", "-p", *paths], capture_output=True, check=False).returncode != 0


def count_lost(base: str, sides: list[str], merged: str) -> tuple[int, int]:
    """Return how many values, and how many comments, of a side alone are on neither side of a merged text."""
    parts = split_toml_at_conflict_markers(merged)
    versions = [choose_side_of_toml_conflicts(parts, "ours"), choose_side_of_toml_conflicts(parts, "theirs")]
    values = list_facts(versions[0]).keys() | list_facts(versions[1]).keys()
    comments = list_comments(versions[0]) | list_comments(versions[1])
    known = list_facts(base).keys()
    return (
        sum(len(list_facts(side).keys() - known - values) for side in sides),
        sum(len(list_comments(side) - list_comments(base) - comments) for side in sides),
    )


# ---------------------------------------------------------------------------------------------------------------- time


class Spent(NamedTuple):
    """Return the seconds that a process took."""

    processor: float
    clock: float


def describe_times(folder: Path, size: int, changed: int, turns: int) -> str:
    """Return a line of a table: a merge of branches that each add an event and change some."""
    write_toml(folder / "base.toml", made(size))
    base = (folder / "base.toml").read_text(encoding="utf-8")
    blocks = base.split("[[event]]\n")
    for n, side in enumerate(("ours", "theirs")):
        step = len(blocks) // (2 * changed)
        own = list(blocks)
        for place in range(1 + n * (step // 2 or 1), len(own), step)[:changed]:
            own[place] = f'location = "Phòng {place} {side}"\n' + drop_key(own[place], "location")
        text = "[[event]]\n".join(own) + f'\n[[event]]\nid = "new-{side}"\ntitle = "Mới {side}"\n'
        (folder / f"{side}.toml").write_text(text, encoding="utf-8")
    files = [str(folder / f"{name}.toml") for name in ("base", "result", "theirs")]
    merges, texts, starts = [], [], []
    for _turn in range(turns):
        shutil.copyfile(folder / "ours.toml", files[1])
        merges.append(run((*ILOCAL, "git", "merge", *files)))
        texts.append(run(("git", "merge-file", "-p", str(folder / "ours.toml"), files[0], files[2])))
        starts.append(run((*ILOCAL, "--version")))
    spent = [statistics.median(one.processor for one in runs) for runs in (merges, texts, starts)]
    clock = statistics.median(one.clock for one in merges)
    name = f"{size:,} events, each side adds 1 and changes {min(changed, size):,}"
    return f"| {name} | {spent[0]:.2f} | {clock:.2f} | {spent[1]:.2f} | {spent[2]:.2f} |"


def drop_key(block: str, key: str) -> str:
    return "".join(line for line in block.splitlines(keepends=True) if not line.startswith(f"{key} = "))


def run(command: tuple[str, ...]) -> Spent:
    """Run a command, which may say that there are conflicts, and measure it."""
    began = time.monotonic()
    nowhere = os.open(os.devnull, os.O_RDWR)
    actions = [(os.POSIX_SPAWN_DUP2, nowhere, stream) for stream in (0, 1)]
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    _, status, used = os.wait4(process, 0)
    os.close(nowhere)
    if command[0] != "git" and os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{' '.join(command)}: exit code {os.waitstatus_to_exitcode(status)}")
    return Spent(used.ru_utime + used.ru_stime, time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main())
