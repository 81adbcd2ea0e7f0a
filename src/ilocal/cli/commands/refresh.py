"""`ilocal refresh`."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Optional

import typer

from ilocal.cli.output import format_command_json, write_command_output
from ilocal.cli.session import Session
from ilocal.errors import IlocalError, RegistryError, UsageError
from ilocal.i18n.messages import _, n_
from ilocal.model.safe_text import make_text_safe
from ilocal.terminal.status import print_status, print_warning

if TYPE_CHECKING:
    from ilocal.model.event import Event
    from ilocal.sync.http_client import FetchedDocument
    from ilocal.sync.sources import SnapshotPlan, Source, SourceList


HELP_GROUP = "exchange"
EXAMPLES = {
    "ilocal refresh": "all lists that are due",
    "ilocal refresh hanoi --dry-run": "preview of the changes in one list",
}


class FetchState(NamedTuple):
    """State of the last fetch of a source; invalid once the source or its snapshot changes."""

    key: str = ""  # of the source, as the registry names it, and of its snapshot
    etag: str = ""
    last_modified: str = ""
    time: str = ""


def run(
    ctx: typer.Context,
    names: Annotated[
        Optional[list[str]],
        typer.Argument(metavar="[NAME…]", help="Names of [[source]] tables in the registry. [default: all]"),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be changed without changing anything.")
    ] = False,
    format: Annotated[
        str, typer.Option("-f", "--format", metavar="FORMAT", help="Output format: text or json.")
    ] = "text",
    accept_deletions: Annotated[
        Optional[int], typer.Option("--accept-deletions", metavar="N", min=0, help="Allow up to N removals at once.")
    ] = None,
    private: Annotated[
        bool, typer.Option("--private", help="Allow addresses on this machine and on private networks.")
    ] = False,
) -> None:
    """Fetch the event lists of other offices, configured as [[source]], and save a snapshot of each.

    Each snapshot is a file of the registry, sources/NAME.toml, so that git shows what the other office changed. If a
    list cannot be fetched, is suddenly empty or is much shorter, its snapshot is not changed and a warning is shown.
    """
    session: Session = ctx.obj
    if format not in ("text", "json"):
        raise UsageError(
            _('the result cannot be printed in the format "{name}"', name=make_text_safe(format)), hint="text, json"
        )
    sources = read_sources(session.path)
    chosen = choose_sources_by_arguments(sources, names or [])
    if not session.path.is_dir():
        raise RegistryError(
            _("{path}: lists of other offices require a registry that is a folder", path=session.path),
            hint=_("to split the registry into a folder, run: ilocal split FOLDER"),
        )
    states = {source.name: read_fetch_state(session.path, source) for source in sources}
    fetched = {}
    for source in chosen:
        if names or is_due(states[source.name], source, session.now):
            fetched[source.name] = fetch_source(session, source, states[source.name], is_private=private)
    plans = refresh_snapshots(session, sources, fetched, accept_deletions, dry_run=dry_run)
    for name, (document, _events) in fetched.items():
        plan = plans[name]
        if document is not None and not dry_run and not plan.suspicious_removals:
            write_fetch_state(session, plan.source, document)
    print_plans(list(plans.values()), format, is_dry_run=dry_run)


FetchResult = tuple["FetchedDocument | None", "list[Event] | None"]


def read_sources(path: Path) -> "list[Source]":
    """Return the sources that the registry names. Raises RegistryError."""
    from ilocal.storage.files import list_registry_files, read_file
    from ilocal.storage.loader import read_table_list
    from ilocal.sync.sources import parse_source

    files = ((str(member.path), read_file(member.path).data) for member in list_registry_files(path))
    found = [parse_source(table) for table in read_table_list(files, "source")]
    names = [source.name for source in found]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise RegistryError(_("two [[source]] tables have the name {name}", name=twice))
    return found


def choose_sources_by_arguments(sources: "list[Source]", names: list[str]) -> "list[Source]":
    """Return the sources that are named, or all. Raises UsageError."""
    if not sources:
        hint = '[[source]] name = "hanoi" url = "https://example.org/events.ics"'
        raise UsageError(_("the registry has no [[source]]"), hint=hint)
    known = [source.name for source in sources]
    for name in names:
        if name not in known:
            said = _('there is no [[source]] "{name}"', name=make_text_safe(name))
            raise UsageError(said, hint=_("use one of {names}", names=", ".join(known)))
    return [source for source in sources if not names or source.name in names]


# ---------------------------------------------------------------------------------------------------------------- fetch


def fetch_source(session: Session, source: "Source", state: FetchState, *, is_private: bool) -> FetchResult:
    """Return the document and the events of a source; None for events if unchanged or unavailable."""
    from ilocal.sync.http_client import fetch_document
    from ilocal.sync.sources import prepare_source_events

    try:
        document = fetch_document(
            source.url, etag=state.etag, last_modified=state.last_modified, allow_private=is_private
        )
        if document.is_unchanged:
            return document, None
        return document, prepare_source_events(source, read_document_events(session, source, document))
    except IlocalError as error:
        age = _("last fetched {time}", time=state.time) if state.time else _("never fetched")
        print_warning(
            _("{name}: {reason}; the list was not changed ({age})", name=source.name, reason=error.message, age=age)
        )
        return None, None


def read_document_events(session: Session, source: "Source", document: "FetchedDocument") -> "Iterator[Event]":
    """Yield the events of a document, reporting unreadable ones. Raises UsageError."""
    from ilocal.cli.import_sources import read_document_of_import_argument
    from ilocal.formats.base import ReadOptions

    # UIDs of the source's own domain have its ids; those of ours, which come back in its list, stay as they are.
    info = replace(session.registry.info, uid_domain=source.uid_domain or source.name)
    options = ReadOptions(session.today, info)
    found = read_document_of_import_argument(document, source.display_url, source.format or None, options)
    for problem in found.problems:
        if problem.severity == "error":
            print_warning(f"{source.name}: {problem.format_with_file(source.display_url)}")
    if found.problems and not found.entries:
        raise UsageError(_("{address}: no event could be read", address=source.display_url))
    yield from (entry.event for entry in found.entries if not entry.is_removal)


def is_due(state: FetchState, source: "Source", now: datetime) -> bool:
    """Return whether the snapshot is older than the source allows."""
    if not state.time:
        return True
    return now.astimezone(UTC) - datetime.fromisoformat(state.time) >= source.every - timedelta(minutes=5)


def get_state_path(registry: Path, source: "Source") -> Path:
    """Return the path of a source's state, in the user's state folder."""
    from ilocal.sync.sync_state import get_sync_folder

    return get_sync_folder(registry) / f"source-{source.name}.json"


def compute_state_key(registry: Path, source: "Source") -> str:
    """Return a digest of the source as it is named, and of its snapshot as it is now."""
    from hashlib import sha256

    try:
        data = (registry / "sources" / source.file_name).read_bytes()
    except OSError:
        data = b""
    return sha256(repr(source).encode() + b"\0" + data).hexdigest()


def read_fetch_state(registry: Path, source: "Source") -> FetchState:
    """Return the state of the last fetch; an empty one if the source or its snapshot has changed."""
    try:
        found = FetchState(*map(str, json.loads(get_state_path(registry, source).read_bytes())))
        _time = datetime.fromisoformat(found.time)
    except (OSError, ValueError, TypeError):
        return FetchState()
    return found if found.key == compute_state_key(registry, source) else FetchState(time=found.time)


def write_fetch_state(session: Session, source: "Source", document: "FetchedDocument") -> None:
    """Store the state for the next fetch; if that fails, the next fetch is merely unconditional."""
    time = session.now.astimezone(UTC).isoformat(timespec="seconds")
    key = compute_state_key(session.path, source)
    path = get_state_path(session.path, source)
    old = read_fetch_state(session.path, source)
    etag, modified = document.etag, document.last_modified
    if document.is_unchanged:
        etag, modified = etag or old.etag, modified or old.last_modified
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(json.dumps([key, etag, modified, time]), encoding="utf-8")
    except OSError:
        return


# ------------------------------------------------------------------------------------------------------------ snapshots


def refresh_snapshots(
    session: Session, sources: "list[Source]", fetched: dict[str, FetchResult], accepted: int | None, *, dry_run: bool
) -> "dict[str, SnapshotPlan]":
    """Write the snapshots that change in one write; return the plans of fetched or changed sources, by name."""
    from ilocal.sync.sources import format_source_snapshot, plan_source_snapshots

    own, lists = split_events(session, sources, fetched)
    plans = plan_source_snapshots(lists, own, session.registry.info, session.today, accepted)
    if any(plan.is_changed for plan in plans) and not dry_run:
        with session.registry.transaction() as draft:
            for plan in plans:
                if plan.is_changed:
                    draft.replace_snapshot(plan.source.file_name, format_source_snapshot(plan.source, plan.events))
    return {plan.source.name: plan for plan in plans if plan.source.name in fetched or plan.is_changed}


def split_events(
    session: Session, sources: "list[Source]", fetched: dict[str, FetchResult]
) -> "tuple[list[Event], list[SourceList]]":
    """Return the events of the registry itself, and those of each source: as fetched, and as in its snapshot."""
    from ilocal.model.query import Query
    from ilocal.sync.sources import SourceList

    own: list[Event] = []
    snapshots: dict[str, list[Event]] = {source.file_name: [] for source in sources}
    for event in session.registry.select(Query()):
        file = Path(event.source_file)
        is_snapshot = file.parent.name == "sources" and file.name in snapshots
        (snapshots[file.name] if is_snapshot else own).append(event)
    lists = []
    for source in sources:
        events = fetched[source.name][1] if source.name in fetched else None
        lists.append(SourceList(source, events, snapshots[source.file_name]))
    return own, lists


def print_plans(plans: "list[SnapshotPlan]", format: str, *, is_dry_run: bool) -> None:
    """Print the ids of changed events to stdout, and counts and warnings to stderr."""
    if format == "json":
        write_command_output([format_command_json([plan_to_dict(plan) for plan in plans])])
    else:
        write_command_output(line for plan in plans for line in format_refresh_command_lines(plan))
    for plan in plans:
        for note in plan.notes:
            print_status(f"{plan.source.name}: {note}")
        if plan.suspicious_removals:
            n = plan.suspicious_removals
            said = n_(
                "{n} upcoming event is missing from the fetched list; the list was not changed",
                "{n} upcoming events are missing from the fetched list; the list was not changed",
                n,
            )
            print_warning(f"{plan.source.name}: {said}")
            print_status(_("hint: {hint}", hint=_("to remove these events, add --accept-deletions {n}", n=n)))
            continue
        counts = ", ".join(
            (
                n_("{n} new", "{n} new", len(plan.new)),
                n_("{n} updated", "{n} updated", len(plan.updated)),
                n_("{n} removed", "{n} removed", len(plan.removed)),
            )
        )
        print_status(f"{plan.source.name}: " + (_("dry run: {counts}", counts=counts) if is_dry_run else counts))


def format_refresh_command_lines(plan: "SnapshotPlan") -> Iterator[str]:
    """Yield a line for each changed event: the source, the kind of change, and the id."""
    for what, ids in (("new", plan.new), ("updated", plan.updated), ("removed", plan.removed)):
        yield from (f"{plan.source.name} {what} {make_text_safe(id)}\n" for id in ids)


def plan_to_dict(plan: "SnapshotPlan") -> dict[str, Any]:
    """Return the changes of a source as JSON data."""
    return {
        "source": plan.source.name,
        "new": plan.new,
        "updated": plan.updated,
        "removed": plan.removed,
        "unchanged": len(plan.events) - len(plan.new) - len(plan.updated),
        "kept_for_removals": plan.suspicious_removals,
    }
