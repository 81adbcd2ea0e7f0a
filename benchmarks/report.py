"""The result as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import events
from bare import BARE
from measure import Runs
from programs import MILLION, QUESTIONS, Question
from race import Entry
from targets import MEANT_FOR, Target
from vocabulary import PHRASE, TWIN, WORD


@dataclass(slots=True)
class Result:
    """All results."""

    day: date
    turns: int
    machine: Mapping[str, str]
    versions: Mapping[str, str | None]  # of each program; None: not installed
    floor: int  # bytes: the least measurable peak memory
    entries: list[Entry] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    bare: Mapping[str, Runs] = field(default_factory=dict)
    sizes: Mapping[int, tuple[int, int]] = field(default_factory=dict)  # bytes of registry and index


def markdown(result: Result) -> str:
    """Return the whole report; parts that were not measured are left out."""
    parts = [_head(result)]
    if result.entries:
        parts += [_times(result), _ratios(result.entries), _growth(result)]
    if result.targets:
        parts.append(_targets(result))
    if result.bare:
        parts.append(_bare(result.bare))
    return "".join(parts)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; the first column is left-aligned, all others right-aligned."""
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.0f}" if seconds >= 0.01 else f"{seconds * 1000:.1f}"


def ratio(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def megabytes(size: float) -> str:
    return f"{size / 1e6:,.0f}" if size >= 1e7 else f"{size / 1e6:.2g}"


def _head(result: Result) -> str:
    programs = ", ".join(f"{name} {version or 'not installed'}" for name, version in result.versions.items())
    lines = [
        f"Measured on {result.day} with `python benchmarks`, {result.turns} runs of each in turn; medians.",
        "A step that has had three runs and a minute in all is not run again.\n",
        *(f"- {name}: {value}" for name, value in result.machine.items()),
        f"- programs: {programs}",
    ]
    return "\n".join(lines) + "\n"


def _times(result: Result) -> str:
    head = [
        "program", "events", *(f"{question}, ms" for question in QUESTIONS),
        "peak, first use, MB", "peak, next ten, MB",
    ]  # fmt: skip
    rows = [
        [
            entry.program,
            f"{entry.count:,}",
            *(_cell(entry, question) for question in QUESTIONS),
            _peak(entry.runs["first use"], result.floor),
            _peak(entry.runs["next ten"], result.floor),
        ]
        for entry in result.entries
    ]
    return "\n## The same questions\n\n" + table(head, rows) + "\n" + _notes(result)


def _notes(result: Result) -> str:
    most = {entry.program: entry.count for entry in result.entries}  # the last one is the largest
    capped = [
        f"{name} is asked about {count:,} events at most" for name, count in most.items() if count < most["ilocal"]
    ]
    notes = [
        f"First use: the month, without index or database. Month: {events.MONTH}. Next ten: from {events.TODAY} on."
        f' Word: "{WORD}". Add: one event, on disk. Every answer goes into a pipe.',
        "calcurse and remind keep nothing between answers: their first is like any other.",
        "remind has no search and no command that adds. khal cannot be asked for ten: it is asked for two months, and"
        " `head` takes ten lines. calcurse's ten lines name an event again on each of its days.",
        *([f"{'; '.join(capped)} (`--all` asks about all)."] if capped else []),
        *(["A million events lie in a folder of one file a year."] if most["ilocal"] == MILLION else []),
        f"A peak below {megabytes(result.floor)} MB cannot be told: that is what measuring takes itself.",
        "All answers agree with each other and with a plain scan of the events, as far as they can be compared"
        " (`benchmarks/answers.py` says how).",
    ]
    return "".join(f"- {note}\n" for note in notes)


def _cell(entry: Entry, question: Question) -> str:
    return milliseconds(entry.runs[question].seconds) if question in entry.runs else "–"


def _peak(runs: Runs, floor: int) -> str:
    return megabytes(runs.peak) if runs.peak > floor * 1.02 else f"< {megabytes(floor)}"


def _ratios(entries: Sequence[Entry]) -> str:
    ours = {entry.count: entry.runs for entry in entries if entry.program == "ilocal"}
    rows = []
    for entry in entries:
        if entry.program != "ilocal":
            cells = [
                ratio(entry.runs[question].seconds / ours[entry.count][question].seconds)
                if question in entry.runs
                else "–"
                for question in QUESTIONS
            ]
            rows.append([f"{entry.program} : ilocal", f"{entry.count:,}", *cells])
    if not rows:
        return ""
    text = "\n## Peers beside ilocal\n\nTheir time divided by ilocal's; above 1, ilocal is faster.\n\n"
    return text + table(["", "events", *QUESTIONS], rows)


def _growth(result: Result) -> str:
    ours = [entry for entry in result.entries if entry.program == "ilocal"]
    head = ["ilocal, ms", *(f"{entry.count:,}" for entry in ours), f"{ours[-1].count:,} : {ours[0].count:,}"]
    rows = [
        [
            question,
            *(milliseconds(entry.runs[question].seconds) for entry in ours),
            ratio(ours[-1].runs[question].seconds / ours[0].runs[question].seconds),
        ]
        for question in QUESTIONS
    ]
    for n, name in enumerate(("registry, MB", "index, MB")):
        rows.append([name, *(megabytes(result.sizes[entry.count][n]) for entry in ours), ""])
    return "\n## How cost grows with size\n\n" + table(head, rows)


def _targets(result: Result) -> str:
    rows = [
        [
            target.measure,
            _amount(target.ours, target.unit),
            _amount(target.theirs, target.unit),
            ratio(target.ratio),
            f"{'≥' if target.at_least else '≤'} {target.bound:g}" if target.bound else "–",
            {True: "yes", False: "**no**", None: "–"}[target.is_met],
        ]
        for target in result.targets
    ]
    few, many = MEANT_FOR
    text = (
        f"\n## Targets\n\nThe bounds are meant for {many:,} and {few} events."
        f' The three words are "{PHRASE}", the rare word is "{TWIN}".\n\n'
    )
    return text + table(["measure", "first", "second", "ratio", "bound", "met"], rows)


def _amount(value: float, unit: str) -> str:
    return f"{milliseconds(value)} ms" if unit == "seconds" else f"{megabytes(value)} MB"


def _bare(found: Mapping[str, Runs]) -> str:
    yardstick = found[BARE].seconds
    rows = [[name, milliseconds(runs.seconds), ratio(runs.seconds / yardstick)] for name, runs in found.items()]
    text = "\n## Beside a bare Typer program\n\nThe shipped registry, a terminal of 100 columns.\n\n"
    return text + table(["command", "ms", "ratio"], rows)
