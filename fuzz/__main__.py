"""`python -m fuzz [TARGET…] [--seconds N] [--runs N] [--seed N] [--keep FOLDER]`: a line a target, finds kept.

A find is kept in FOLDER (`fuzz-found` here), with its traceback. Its bytes belong into tests/project/test_fuzz.py.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

TARGETS = ("page", "dates", "registry", "ics", "csv", "whole")
LONGEST = 20  # seconds that one input may take


def main(arguments: Sequence[str]) -> int:
    """Run the targets one after the other; return 1 if one has a find."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", choices=[*TARGETS, []], metavar="TARGET")
    parser.add_argument("--seconds", type=int, default=10, help="for each target; 0 for no end")
    parser.add_argument("--runs", type=int, default=-1, help="executions of each target; -1 for no end")
    parser.add_argument("--seed", type=int, default=1, help="the same seed and --runs try the same inputs")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-found"), help="where finds are kept")
    said = parser.parse_args(arguments)
    if find_spec("atheris") is None:
        print("fuzz: atheris is not installed here (pip install -e '.[fuzz]'); nothing was tried")
        return 0
    limits = [f"-seed={said.seed}", f"-max_total_time={said.seconds}", f"-runs={said.runs}"]
    return max([run(name, limits, said.keep) for name in said.targets or TARGETS])


def run(name: str, limits: Sequence[str], keep: Path) -> int:
    """Run one target, and print a line about it."""
    target = import_module(f"fuzz.{name}")
    with tempfile.TemporaryDirectory() as folder:
        corpus, words, found = Path(folder) / "corpus", Path(folder) / "words", Path(folder) / "found"
        corpus.mkdir()
        found.mkdir()
        for n, data in enumerate(target.seeds()):
            (corpus / f"{n:03}").write_bytes(data)
        words.write_text("".join(map(_quoted, target.WORDS)), encoding="ascii")
        command = [
            sys.executable, "-m", "fuzz.child", name, *limits, f"-dict={words}", f"-artifact_prefix={found}/",
            f"-timeout={LONGEST}", "-max_len=4096", "-rss_limit_mb=2048", "-print_final_stats=1", str(corpus),
        ]  # fmt: skip
        done = subprocess.run(command, env={**os.environ, **_alone(folder)}, capture_output=True, check=False)
        log = (done.stdout + done.stderr).decode(errors="replace")
        finds = sorted(found.iterdir())
        if finds or done.returncode:
            keep.mkdir(exist_ok=True)
            for path in finds:
                (keep / f"{name}-{path.name}").write_bytes(path.read_bytes())
            (keep / f"{name}.log").write_text(log, encoding="utf-8")
    counted = re.findall(r"stat::number_of_executed_units: ([0-9]+)|^#([0-9]+)\t", log, re.MULTILINE)
    executions = max([int(one or other) for one, other in counted], default=0)
    broken = " (it did not run to its end)" if done.returncode and not finds else ""
    print(f"{name}: {executions:,} executions, {len(finds)} finds{broken}", flush=True)
    return int(bool(finds) or done.returncode != 0)


def _quoted(word: str) -> str:
    """Return a word in the format of libFuzzer's dictionaries."""
    return '"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"\n'


def _alone(folder: str) -> dict[str, str]:
    """Return the environment of a process that sees nothing of this machine."""
    return {"HOME": folder, "XDG_CACHE_HOME": f"{folder}/cache", "LANG": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
