"""Peers of ilocal in the comparison, each with the same events in its own format and its own commands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import events
import writers
from measure import BenchmarkError, Stage, Step
from programs import Program, Question
from vocabulary import WORD

MOST = 10_000  # events; the first answers of khal take minutes beyond that


# ------------------------------------------------------------------------------------------------------------ calcurse


class Calcurse:
    """calcurse reads its file anew for every answer, so the first one costs as much as any."""

    name = "calcurse"
    # It counts and lists an event of several days once for each day.
    repeats = True

    def __init__(self, stage: Stage, count: int) -> None:
        self._folder = stage.folder / f"calcurse-{count}"
        writers.write_apts(self._folder, events.made(count))
        self._apts = (self._folder / "apts").read_bytes()
        self._new = stage.folder / "new.ics"
        self._new.write_text(writers.icalendar(events.NEW), encoding="utf-8", newline="")

    def steps(self) -> Mapping[Question, Step]:
        here = str(self._folder)
        calcurse = ("calcurse", "-D", here, "-C", here, "--input-datefmt", "4")
        # A tab distinguishes titles from the lines of days.
        form = ("--filter-type", "cal", "--format-event", "\\t%m\\n", "--format-recur-event", "\\t%m\\n")
        query = (*calcurse, "-Q", *form, "--from")
        month = Step((*query, str(events.MONTH_FIRST), "--to", str(events.MONTH_LAST)))
        return {
            "first use": month,
            "month": month,
            "next ten": Step((*query, str(events.TODAY), "--days", str(events.WINDOW), "-l", "10")),
            # It only searches titles; the word occurs nowhere else.
            "word": Step((*calcurse, "-G", *form, "-S", WORD)),
            "add": Step((*calcurse, "-q", "-i", str(self._new)), self._restore),
        }

    def titles(self, output: str) -> list[str]:
        return [line[1:] for line in output.splitlines() if line.startswith("\t")]

    def _restore(self) -> None:
        (self._folder / "apts").write_bytes(self._apts)


class CalcurseMaker:
    """calcurse from the system."""

    name = "calcurse"
    most: int | None = MOST

    def version(self, stage: Stage) -> str | None:
        return stage.answer(Step(("calcurse", "--version"))).split()[1] if shutil.which("calcurse") else None

    def make(self, stage: Stage, count: int) -> Program:
        return Calcurse(stage, count)


# -------------------------------------------------------------------------------------------------------------- remind


class Remind:
    """remind runs its script again for every answer. It can neither search nor add events: users edit the script."""

    name = "remind"
    repeats = False

    def __init__(self, stage: Stage, count: int) -> None:
        self._script = stage.folder / f"events-{count}.rem"
        writers.write_remind(self._script, events.made(count))

    def steps(self) -> Mapping[Question, Step]:
        script = str(self._script)
        month = Step(("remind", "-s1", script, str(events.MONTH_FIRST)))
        # -n gives the next date of each event, in the order of the script; its manual tells users to sort that.
        following = 'remind -n "$1" "$2" | sort | head -n 10'
        return {
            "first use": month,
            "month": month,
            "next ten": Step(("sh", "-c", following, "sh", script, str(events.TODAY))),
        }

    def titles(self, output: str) -> list[str]:
        """Return the titles from `2020/02/20 title` and from `2020/02/20 * * * * title`."""
        lines = (line.split(" ", 1)[1] for line in output.splitlines() if line)
        return [line.removeprefix("* * * * ") for line in lines]


class RemindMaker:
    """remind from the system."""

    name = "remind"
    most: int | None = 100_000

    def version(self, stage: Stage) -> str | None:
        if not shutil.which("remind"):
            return None
        said = subprocess.run(("remind", "-h"), capture_output=True, text=True, check=False)
        return next(word for word in (said.stdout + said.stderr).split() if word[0].isdigit())

    def make(self, stage: Stage, count: int) -> Program:
        return Remind(stage, count)


# ---------------------------------------------------------------------------------------------------------------- khal

_CONFIG = """\
[calendars]
[[events]]
path = {folder}/events
[sqlite]
path = {folder}/khal.db
[locale]
local_timezone = Asia/Ho_Chi_Minh
default_timezone = Asia/Ho_Chi_Minh
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[default]
default_calendar = events
"""


class Khal:
    """khal keeps a database of its folder of iCalendar files, as ilocal keeps its index."""

    name = "khal"
    repeats = False

    def __init__(self, stage: Stage, count: int, program: Path) -> None:
        self._stage = stage
        self._folder = stage.folder / f"khal-{count}"
        writers.write_vdir(self._folder / "events", events.made(count))
        config = self._folder / "config"
        config.write_text(_CONFIG.format(folder=self._folder), encoding="utf-8")
        self._command = (str(program), "-c", str(config))
        self._files = {path.name for path in (self._folder / "events").iterdir()}

    def steps(self) -> Mapping[Question, Step]:
        listing = (*self._command, "list", "--format", "{title}", "--day-format", "")
        month = (*listing, str(events.MONTH_FIRST), str(events.MONTH_LAST))
        new = events.NEW
        # It cannot limit the output to ten.
        following = ("sh", "-c", '"$@" | head -n 10', "sh", *listing, "--once", str(events.TODAY), f"{events.WINDOW}d")
        return {
            "first use": Step(month, self._forget),
            "month": Step(month),
            "next ten": Step(following),
            # A search breaks titles at the width of a terminal, also in a pipe.
            "word": Step((*self._command, "search", "--format", "{title}", WORD), environment={"COLUMNS": "1000"}),
            "add": Step((*self._command, "new", "-l", new.location, str(new.start), new.title), self._restore),
        }

    def titles(self, output: str) -> list[str]:
        return [line for line in output.splitlines() if line]

    def _forget(self) -> None:
        (self._folder / "khal.db").unlink(missing_ok=True)

    def _restore(self) -> None:
        added = [path for path in (self._folder / "events").iterdir() if path.name not in self._files]
        for path in added:
            path.unlink()
        if added:
            self._stage.run(self.steps()["month"])  # to update its database


class KhalMaker:
    """khal, installed in an environment of its own in the work folder on first use."""

    name = "khal"
    most: int | None = MOST

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted

    def version(self, stage: Stage) -> str | None:
        if not self._wanted:
            return None
        program = self._program(stage)
        if not program.exists():
            home = program.parent.parent
            try:
                subprocess.run((sys.executable, "-m", "venv", home), check=True, stdout=subprocess.DEVNULL)
                install = (home / "bin" / "pip", "install", "--quiet", "khal")
                subprocess.run(install, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            except (OSError, subprocess.CalledProcessError):
                return None
        return stage.answer(Step((str(program), "--version"))).split()[-1]

    def make(self, stage: Stage, count: int) -> Program:
        program = self._program(stage)
        if not os.access(program, os.X_OK):
            raise BenchmarkError("khal is not installed")
        return Khal(stage, count, program)

    def _program(self, stage: Stage) -> Path:
        return stage.folder.parent / "khal-environment" / "bin" / "khal"
