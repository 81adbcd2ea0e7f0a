"""`ilocal import`."""

import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Optional

import typer

from ilocal.bulk import Ledger, apply, is_special, named, placed, unlike
from ilocal.errors import ConflictError, IlocalError, Problem, RecordError, RegistryError, UsageError
from ilocal.event import FIELDS, Event
from ilocal.header import Header
from ilocal.options import Session, say
from ilocal.output import keep_registry, write
from ilocal.plain import plain_value, to_plain
from ilocal.text import safe

if TYPE_CHECKING:
    from ilocal.draft import Draft
    from ilocal.formats import Entry

NOTHING = "nothing could be read; the registry is as it was"
Outcome = Literal["new", "updated", "unchanged", "differs", "removed"]


@dataclass
class Input:
    """One file as read: its name, its events, and what in it is none."""

    name: str
    entries: "list[Entry]" = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def run(
    ctx: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="Files to read; - is stdin.")],
    format: Annotated[
        Optional[str],
        typer.Option("-f", "--format", metavar="FORMAT", help="page, csv, json, jsonl, toml or ics; else by suffix."),
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Where an event differs from the file, take the file's.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    rejects: Annotated[
        Optional[Path], typer.Option("--rejects", metavar="FILE", help="Write what could not be read to FILE.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Write nothing unless all of the files can be read.")
    ] = False,
    source: Annotated[
        str, typer.Option("--source", metavar="TEXT", help="The source of the new events, such as a URL.")
    ] = "",
    map: Annotated[
        Optional[list[str]],
        typer.Option("--map", metavar="NAME=FIELD,…", help="What columns of a CSV are called. May be repeated."),
    ] = None,
    encoding: Annotated[
        str, typer.Option("--encoding", metavar="NAME", help="Where it is not UTF-8 or UTF-16: windows-1258, …")
    ] = "",
) -> None:
    """Read events from calendars, CSV, web pages saved as text, JSON or TOML, in one write; twice is once."""
    session: Session = ctx.obj
    columns = mapping(map or [])
    inputs = [read(name, format, session, columns, encoding) for name in files]
    if rejects is not None:
        keep_registry(session, rejects)
    check_readable(inputs, rejects)
    outcomes: list[tuple[Outcome, Event, list[str]]] = []
    now = session.now
    changes: list[tuple[Event, Event | None]] = []
    with session.workspace.changing() as draft:
        for one in inputs:
            ledger = Ledger()
            entries = [sourced(entry, source) for entry in one.entries]
            outcomes += merge(draft, entries, now, update=update, ledger=ledger)
            changes += ledger.changes
            reject_late(one, ledger)
        keep_rejects(inputs, rejects)
        if strict and errors_in(inputs):
            raise UsageError(f"{errors_in(inputs)} rejected, and --strict was said; the registry is as it was")
        if not outcomes and any(one.problems for one in inputs):
            raise UsageError(NOTHING)
        if dry_run:
            draft.drop()
    if dry_run:
        show(changes, session)
    report(outcomes, inputs, dry_run=dry_run)
    resemblances(session, [event for outcome, event, _ in outcomes if outcome == "new"])


def check_readable(inputs: list[Input], rejects: Path | None) -> None:
    """Say what could not be read. Raises UsageError where that is everything; a table without rows is no error."""
    for one in inputs:
        for problem in one.problems:
            say(described(problem, one.name))
    if not any(one.entries for one in inputs) and any(one.problems for one in inputs):
        keep_rejects(inputs, rejects)
        raise UsageError(NOTHING)


def mapping(texts: list[str]) -> dict[str, str]:
    """The option `--map`: fields by the names of columns. Raises UsageError."""
    if not texts:
        return {}
    from ilocal.formats.csv import mapping_of

    return mapping_of(texts)


def read(name: str, format: str | None, session: Session, columns: Mapping[str, str] = {}, encoding: str = "") -> Input:
    """Read one file in the format that is said, or that its suffix or content says. Raises UsageError."""
    from ilocal import formats
    from ilocal.files import read_input, read_stdin

    shown = "stdin" if name == "-" else name
    text = read_stdin(encoding) if name == "-" else read_input(Path(name), encoding).replace("\r\n", "\n")
    if not text.strip("\ufeff \t\r\n"):
        raise UsageError(f"{shown}:1: an empty file")
    module: Any = formats.named(format) if format else None
    if module is None and name != "-":
        module = formats.by_suffix(Path(name), "load") or formats.by_suffix(Path(name), "dump")
    module = module or (formats.named("csv") if columns else formats.by_content(text))
    if columns and not hasattr(module, "has_columns"):
        raise UsageError(f"{shown}: only the columns of a CSV can be mapped", hint="say -f csv, where it is one")
    if not hasattr(module, "load"):
        raise UsageError(f'{shown}: "{module.__name__.rpartition(".")[2]}" is not a format to read')
    found = Input(shown)
    try:
        for item in module.load(text, formats.Reading(session.today, header(session), columns)):
            if isinstance(item, Problem):
                found.problems.append(item)
            else:
                found.entries.append(item if isinstance(item, formats.Entry) else formats.Entry(item))
    except IlocalError as error:
        place = error.message.removeprefix("line ") if error.message.startswith("line ") else f" {error.message}"
        raise UsageError(f"{shown}:{place}", hint=error.hint) from None
    return found


def described(problem: Problem, name: str) -> str:
    head = {"error": "not read: ", "warning": "", "note": ""}[problem.level]
    return replace(problem, message=head + problem.message).at(name).replace("\n", "\\n")


def keep_rejects(inputs: list[Input], path: Path | None) -> None:
    if path is not None:
        write((text for one in inputs for text in rejected(one)), path)


def rejected(one: Input) -> Iterator[str]:
    """What could not be read, with its reason above it."""
    for problem in one.problems:
        if problem.level == "error":
            yield f"# {safe(problem.at(one.name))}\n{safe(problem.text)}\n"


def errors_in(inputs: list[Input]) -> int:
    """How much of the files could not be taken."""
    return sum(problem.level == "error" for one in inputs for problem in one.problems)


def reject_late(one: Input, ledger: Ledger) -> None:
    """Say which rows ask for what cannot be done in this registry."""
    for problem in ledger.problems:
        say(described(problem, one.name))
    one.problems += ledger.problems


def show(changes: list[tuple[Event, Event | None]], session: Session) -> None:
    """Show the changes event by event on stderr: they are about the data."""
    from ilocal.diff import diff

    for before, after in changes:
        for line in diff(before, after, color=session.color):
            print(line, file=sys.stderr)


def sourced(entry: "Entry", source: str) -> "Entry":
    """The entry with the source that `--source` says, where it has none; then the file does not say it."""
    event = entry.event
    if not source or event.source:
        return entry
    says = None if entry.says is None else entry.says - {"source"}
    return replace(entry, event=replace(event, source=source), says=says)


def header(session: Session) -> Header:
    """What the registry says of itself; nothing, where it cannot be read."""
    try:
        return session.workspace.header
    except RegistryError:
        return Header()


# --------------------------------------------------------------------------------------------------------------- merge

# What an import does not compare: what the registry gives, and where a record came from.
_OWN = ("id", "created", "updated", "revision", "source")


def merge(
    draft: "Draft", entries: "list[Entry]", now: datetime, *, update: bool, ledger: Ledger
) -> Iterator[tuple[Outcome, Event, list[str]]]:
    """Put the events of one file into the draft; yields what became of each, and the fields in which it differs.

    An event of the file is one of the registry when it has its id, or its title and dates that touch; a file that has
    the same title and date twice has two events.
    """
    claimed: set[str] = set()
    for entry in (placed(entry, draft, differing) for entry in entries):
        event = entry.event
        if is_special(entry, draft):
            if (result := apply(draft, entry, now, ledger, differing, update=update)) is not None:
                yield result
            continue
        old_event = named(entry, draft, claimed, differing) or _match(event, draft, claimed)
        if old_event is None:
            if event.uid and event.id and event.id in draft:  # another registry's id; its UID is what tells it apart
                event = replace(event, id="")
            if event.id and (twin := draft.get(event.id)) is not None:
                if twin.recurs and not unlike(twin, entry, differing):  # listed once for each of its times
                    yield "unchanged", twin, []
                    continue
                raise ConflictError(
                    f'line {event.source_line}: the id "{event.id}" stands twice in the file',
                    hint="list it with --once, or with the column recurrence_id" if twin.recurs else "",
                )
            new = draft.add(replace(event, created=event.created or now))
            claimed.add(new.id)
            yield "new", new, []
            continue
        claimed.add(old_event.id)
        what = unlike(old_event, entry, differing)
        if what and update:
            values = {name: getattr(event, name) for name in what}
            if "extra" in what and entry.says is None:
                values["extra"] = {**old_event.extra, **event.extra}
            if "start" in what and "end" not in what and (entry.says is None or "end" in entry.says):
                values["end"] = event.end
            try:
                new = ledger.stamp(replace(old_event, **values), now)
            except RecordError as error:
                ledger.reject(entry, error)
                continue
            draft.put(old_event.id, new)
            ledger.changes.append((old_event, new))
        yield ("unchanged" if not what else "updated" if update else "differs"), old_event, what


def _match(event: Event, draft: "Draft", claimed: set[str]) -> Event | None:
    """The event of the registry that one of the file is, if none before it was the same.

    One with a UID is the one with the same UID and no other, as calendars know them.
    """
    from ilocal.draft import touch

    if event.uid:
        return draft.with_uid(event.uid)
    if event.id and event.id not in claimed and (old := draft.get(event.id)) is not None:
        return old
    alike = [old for old in draft.titled(event.title) if old.id not in claimed]
    same = [old for old in alike if not differing(old, event)]
    near = [old for old in alike if touch(old, event) or (old.span is None and event.span is not None)]
    return next(iter([*same, *near]), None)


def differing(old: Event, event: Event, says: Collection[str] | None = None) -> list[str]:
    """The fields that the file gives and the registry has otherwise.

    What a file leaves out says nothing, but that in the fields that it `says` there is none.
    """
    names = [
        name for name in FIELDS if name not in _OWN and (name in says if says is not None else getattr(event, name))
    ]
    what = [name for name in names if _says_otherwise(old, event, name)]
    if says is not None:
        return what + ["extra"] * (
            "extra" in says and bool(plain_value(dict(old.extra)) != plain_value(dict(event.extra)))
        )
    if event.start is not None and event.end != old.end and "end" not in what:
        what.append("end")
    return what + ["extra"] * any(_unlike(old.extra.get(key), value) for key, value in event.extra.items())


def _says_otherwise(old: Event, event: Event, name: str) -> bool:
    if name in ("sections", "translations", "overrides"):  # may hold keys of the owner's own
        return bool(to_plain(old).get(name) != to_plain(event).get(name))
    return bool(getattr(old, name) != getattr(event, name))


def _unlike(old: Any, new: Any) -> bool:
    """Whether two values of an unknown key differ also as JSON has them, which knows no dates."""
    return bool(old != new) and (old is None or plain_value(old) != plain_value(new))


def report(outcomes: list[tuple[Outcome, Event, list[str]]], inputs: list[Input], *, dry_run: bool) -> None:
    """The ids of what is new or changed on stdout, the counts on stderr."""
    for outcome, event, what in outcomes:
        if outcome == "differs":
            say(f"{event.id}: differs in {', '.join(what)}; --update takes the file's")
    write(f"{outcome} {safe(event.id)}\n" for outcome, event, _ in outcomes if outcome in ("new", "updated", "removed"))
    kinds = ("new", "updated", "removed", "unchanged", "differs")
    counts = {kind: sum(outcome == kind for outcome, _, _ in outcomes) for kind in kinds}
    errors = errors_in(inputs)
    parts = [f"{n} {kind}" for kind, n in counts.items() if n or kind not in ("removed", "differs")] + [
        f"{errors} rejected"
    ]
    say(("would be: " if dry_run else "") + ", ".join(parts))


def resemblances(session: Session, new: list[Event]) -> None:
    """Say which of the new events may be one of the registry, or of the file, written otherwise; they are kept."""
    from ilocal.duplicates import beside, likeness

    for event, like in beside(new, session.workspace.select):
        say(f"ilocal: warning: {safe(event.id)}: {safe(likeness(like))}")
