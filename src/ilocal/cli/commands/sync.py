"""`ilocal sync`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from ilocal.cli.filters import parse_select_options
from ilocal.cli.output import write_command_output
from ilocal.cli.session import Session
from ilocal.errors import ConflictError, IlocalError, UsageError
from ilocal.i18n.messages import _, n_
from ilocal.model.safe_text import escape_message, make_text_safe
from ilocal.terminal.prompts import is_interactive
from ilocal.terminal.status import print_status, print_warning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ilocal.cli.settings.sync_targets import SyncTarget
    from ilocal.model.event import Event
    from ilocal.sync.collection import Collection
    from ilocal.sync.planned_items import Preference
    from ilocal.sync.sync_state import SyncState
    from ilocal.sync.synchronizer import SyncOptions, SyncReport


HELP_GROUP = "exchange"
EXAMPLES = {
    "ilocal sync --dry-run": "preview of the changes on both sides",
    "ilocal sync desk --theirs": "one calendar, resolving conflicts with the other side",
}


def run(
    ctx: typer.Context,
    names: Annotated[
        Optional[list[str]],
        typer.Argument(metavar="[NAME…]", help="Names of [sync.NAME] tables in the config. [default: all]"),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be changed without changing anything.")
    ] = False,
    mine: Annotated[bool, typer.Option("--mine", help="Resolve conflicts with the values in the registry.")] = False,
    theirs: Annotated[
        bool, typer.Option("--theirs", help="Resolve conflicts with the values of the other side.")
    ] = False,
    accept_deletions: Annotated[
        Optional[int],
        typer.Option("--accept-deletions", metavar="N", min=0, help="Allow up to N removals at once."),
    ] = None,
    link: Annotated[
        Optional[bool],
        typer.Option(
            "--link/--no-link",
            help="Link new events that both sides have by title and days, or keep them as two. [default: ask]",
        ),
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Discard the state of the last sync and compare both sides from scratch.")
    ] = False,
    status: Annotated[
        bool,
        typer.Option(
            "--status", help="Show the last sync, pending changes and conflicts without connecting to a server."
        ),
    ] = False,
    find: Annotated[
        Optional[str],
        typer.Option(
            "--find", metavar="URL", help="List the calendars on the server at URL, to copy into your config file."
        ),
    ] = None,
    user: Annotated[str, typer.Option("--user", metavar="NAME", help="User name for signing in with --find.")] = "",
) -> None:
    """Synchronize events with CalDAV calendars and folders of calendar files (vdir).

    Changes on both sides are merged by field. If both sides changed a field differently, there is a conflict: each side
    keeps its value until you resolve the conflict with --mine, --theirs or an edit.
    """
    session: Session = ctx.obj
    if mine and theirs:
        raise UsageError(_("--mine and --theirs cannot be used together"))
    if find is not None:
        write_command_output(find_calendars(find, user))
        return
    targets = choose_targets(session, names or [])
    if status:
        write_command_output(
            line for name, target in targets for line in format_sync_command_status(session, name, target)
        )
        return
    preference: Preference = "mine" if mine else "theirs" if theirs else ""
    codes = []
    for name, target in targets:
        try:
            options = make_sync_options(session, target, preference, accept_deletions, dry_run=dry_run, link=link)
            codes.append(synchronize(session, name, target, options, rebuild=rebuild))
        except IlocalError as error:
            if len(targets) == 1:
                raise
            print_warning(f"{name}: {error.message}")
            codes.append(error.exit_code)
    if code := next(filter(None, codes), 0):
        raise typer.Exit(code)


def choose_targets(session: Session, names: list[str]) -> list[tuple[str, "SyncTarget"]]:
    """Return the targets of the config by name. Raises UsageError for an unknown name, or an invalid table."""
    from ilocal.cli.settings.config import validate_setting

    known = session.config.sync_names
    if not known:
        raise UsageError(
            _("your config file has no [sync.NAME] table to synchronize with"),
            hint=_(
                "to see what to write into {path}, run: ilocal sync --find URL",
                path=session.config.path or "config.toml",
            ),
        )
    for name in names:
        if name not in known:
            said = _("there is no [sync.{name}] in your config file", name=escape_message(name))
            raise UsageError(said, hint=_("use one of {names}", names=", ".join(known)))
    found = []
    for name in names or known:
        target = session.config.get_setting(f"sync.{name}")
        if target is None:
            validate_setting(f"sync.{name}", session.config.get_raw_setting(f"sync.{name}"))
        found.append((name, target))
    return found


def make_sync_options(
    session: Session,
    target: "SyncTarget",
    preference: "Preference",
    accepted: int | None,
    *,
    dry_run: bool,
    link: bool | None = None,
) -> "SyncOptions":
    """Return how to sync with a target. Raises UsageError for options in `select` that cannot be read."""
    from ilocal.sync.synchronizer import SyncOptions

    query = parse_select_options(session, target.select)
    return SyncOptions(query, target.direction, preference, target.has_undated, accepted, dry_run, link)


def synchronize(session: Session, name: str, target: "SyncTarget", options: "SyncOptions", *, rebuild: bool) -> int:
    """Sync with one target, print the result, and return the exit code."""
    from ilocal.sync.synchronizer import Synchronizer

    with open_state(session, name, target) as state, open_collection(name, target) as collection:
        if rebuild and not options.is_dry_run:
            state.forget_all()
            state.set_value("target", str(target))
        report = Synchronizer(
            session.registry, collection, state, options, session.now, lambda events: confirm_links(name, events)
        ).run()
    write_command_output(format_sync_command_lines(report))
    print_report(name, report, is_dry_run=options.is_dry_run)
    if report.conflicts:
        return ConflictError.exit_code
    return UsageError.exit_code if report.failure or report.problems else 0


def confirm_links(name: str, events: "Sequence[Event]") -> bool:
    """Ask whether new events are the items of the same title and days there; without a terminal, they are two."""
    from ilocal.terminal.prompts import confirm_default_yes

    if not is_interactive():
        said = n_(
            "{n} event has the title and days of another item there; both are kept: --link makes them one",
            "{n} events have the titles and days of other items there; both are kept: --link makes each pair one",
            len(events),
        )
        print_warning(f"{name}: {said}")
        return False
    for event in events:
        print_status(f"  {event.id}: {escape_message(event.title)}")
    return confirm_default_yes(
        n_(
            "{n} event has the title and days of another item there. Is it the same? [Y/n] ",
            "{n} events have the titles and days of other items there. Are they the same? [Y/n] ",
            len(events),
        )
    )


@contextmanager
def open_state(session: Session, name: str, target: "SyncTarget") -> Iterator["SyncState"]:
    """Yield the state of a sync; empty where the target was another one."""
    from ilocal.sync.sync_state import SyncState

    with SyncState(session.path, name) as state:
        if state.get_value("target") != str(target):
            state.forget_all()
            state.set_value("target", str(target))
        yield state


def open_collection(name: str, target: "SyncTarget") -> "Collection":
    """Return the items of a target. Raises UsageError."""
    if target.vdir is not None:
        from ilocal.sync.vdir_collection import VdirCollection

        return VdirCollection(target.vdir)
    from ilocal.sync.caldav_collection import open_caldav_collection

    return open_caldav_collection(target.url, read_credentials(name, target))


def read_credentials(name: str, target: "SyncTarget") -> tuple[str, str] | None:
    """Return user and password of a target. Raises UsageError."""
    import os

    from ilocal.sync.credentials import find_credentials
    from ilocal.sync.web_addresses import get_host

    ask = ask_password_for_command if is_interactive() else None
    return find_credentials(name, get_host(target.url), target.user, target.password_command, os.environ, ask)


def ask_password_for_command(question: str) -> str:
    """Return the hidden input of the user."""
    from getpass import getpass

    return getpass(question)


# -------------------------------------------------------------------------------------------------------------- answers


def format_sync_command_lines(report: "SyncReport") -> Iterator[str]:
    """Yield a line for each changed event: the side, the kind of change, and the id."""
    for side, done in (("here", report.here), ("there", report.there)):
        for what, id in done:
            yield f"{side} {what} {make_text_safe(id)}\n"


def print_report(name: str, report: "SyncReport", *, is_dry_run: bool) -> None:
    """Print notes, conflicts, problems, and the counts."""
    for note in report.notes:
        print_status(f"{name}: {note}")
    for conflict in report.conflicts:
        for field, ours, theirs in conflict.fields:
            said = _(
                "{id}: {field} was changed on both sides: here {ours}, there {theirs}",
                id=conflict.id, field=field, ours=_quote_sync_argument(ours), theirs=_quote_sync_argument(theirs),
            )  # fmt: skip
            print_warning(f"{name}: {said}")
    for problem in report.problems:
        print_warning(f"{name}: {problem}")
    if report.failure is not None:
        print_warning(f"{name}: {report.failure.message}")
        print_status(_("hint: {hint}", hint=_("run the command again to continue where it stopped")))
    counts = _(
        "here {here}; there {there}",
        here=count_sync_command_outcomes(report.here),
        there=count_sync_command_outcomes(report.there),
    )
    if report.conflicts:
        conflicts = n_("{n} conflict", "{n} conflicts", len(report.conflicts))
        counts += f"; {conflicts}"
    print_status(f"{name}: " + (_("dry run: {counts}", counts=counts) if is_dry_run else counts))
    if report.conflicts:
        print_status(_("hint: {hint}", hint=_("resolve conflicts with --mine, --theirs or ilocal edit")))


def _quote_sync_argument(text: str) -> str:
    short = text if len(text) <= 60 else text[:59] + "…"
    return f'"{escape_message(short)}"'


def count_sync_command_outcomes(done: list[tuple[str, str]]) -> str:
    """Return the counts of one side, in the format of import."""
    counts = {what: sum(one == what for one, _id in done) for what in ("new", "updated", "removed")}
    return ", ".join(
        (
            n_("{n} new", "{n} new", counts["new"]),
            n_("{n} updated", "{n} updated", counts["updated"]),
            n_("{n} removed", "{n} removed", counts["removed"]),
        )
    )


def format_sync_command_status(session: Session, name: str, target: "SyncTarget") -> Iterator[str]:
    """Yield the lines on one target: its address, its last sync, pending changes, and conflicts."""
    from ilocal.sync.synchronizer import count_pending_changes

    options = make_sync_options(session, target, "", None, dry_run=True)
    with open_state(session, name, target) as state:
        last = state.get_value("last_run") or _("never")
        pending = count_pending_changes(session.registry, state, options)
        conflicts = list(state.read_conflicts())
    yield f"{name}: {escape_message(str(target))}\n"
    yield (
        "  "
        + _("last sync: {time}; changes to send: {n}; conflicts: {m}", time=last, n=pending, m=len(conflicts))
        + "\n"
    )
    for conflict in conflicts:
        for field, ours, theirs in conflict.fields:
            shown = _(
                "{id}: {field}: here {ours}, there {theirs}",
                id=conflict.id, field=field, ours=_quote_sync_argument(ours), theirs=_quote_sync_argument(theirs),
            )  # fmt: skip
            yield f"  {shown}\n"


def find_calendars(url: str, user: str) -> Iterator[str]:
    """Yield a table for the config for each calendar that a server has."""
    from ilocal.cli.settings.sync_targets import SyncTarget, parse_sync_target_setting
    from ilocal.storage.toml.event_writer import format_toml_value
    from ilocal.sync.caldav_discovery import find_server_calendars

    target: SyncTarget = parse_sync_target_setting("sync.find", {"url": url, "user": user})
    taken: set[str] = set()
    for calendar in find_server_calendars(url, read_credentials("find", target)):
        name = calendar.make_name(taken)
        taken.add(name)
        yield f"# {make_text_safe(calendar.title)}\n[sync.{name}]\nurl = {format_toml_value(calendar.url)}\n"
        yield f"user = {format_toml_value(user)}\n" if user else ""
        yield 'direction = "push"\n\n'
