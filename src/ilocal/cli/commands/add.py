"""`ilocal add`."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Optional

import typer

from ilocal.cli.event_options import Fields, new_event
from ilocal.cli.option_groups import flat
from ilocal.cli.output import warn_of_names, write
from ilocal.cli.session import Session
from ilocal.errors import ConflictError, Problem, UsageError
from ilocal.i18n.messages import _
from ilocal.model.event import Event
from ilocal.model.safe_text import safe
from ilocal.terminal.editor import edited
from ilocal.terminal.prompts import can_ask
from ilocal.terminal.status import say


@flat
def run(
    ctx: typer.Context,
    fields: Fields,
    title: Annotated[Optional[str], typer.Argument(metavar="TITLE", help="What the event is called.")] = None,
    when: Annotated[
        Optional[str], typer.Argument(metavar="[WHEN]", help='A date or a range: 2020-02-20, "25 - 29 Feb 2020".')
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Also where such an event is there already.")] = False,
    if_absent: Annotated[
        bool, typer.Option("--if-absent", help="Where such an event is there already, print its id and add nothing.")
    ] = False,
    jsonl: Annotated[
        Optional[Path], typer.Option("--jsonl", metavar="FILE", help="Add an event a line, all or none; - is stdin.")
    ] = None,
    edit: Annotated[bool, typer.Option("--edit", help="Write the event in $EDITOR.")] = False,
) -> None:
    """Add an event and print its id. At a terminal, without TITLE, each field is asked for.

    The same title with dates that touch is a duplicate and is refused, unless --force or --if-absent says otherwise.
    """
    session: Session = ctx.obj
    if force and if_absent:
        raise UsageError(_("--force and --if-absent exclude each other"))

    def save(events: Iterable[Event]) -> list[str]:
        return added(session, list(events), force=force, if_absent=if_absent)

    if jsonl is not None:
        if title is not None or edit or any(value for value in vars(fields).values()):
            raise UsageError(_("--jsonl takes everything from its lines: no title, no other fields"))
        ids = save(from_lines(jsonl, session))
    elif edit:
        ids = edited(template(title, when, fields, session), "event", lambda text: save([from_text(text)])) or []
        if not ids:
            say(_("nothing was written in the editor, and nothing was added"))
    elif title is None:
        ids = asked(session, fields, force=force, if_absent=if_absent)
    else:
        ids = save([new_event(title, when, fields, session)])
    write(f"{id}\n" for id in ids)


def asked(session: Session, fields: Fields, *, force: bool, if_absent: bool) -> list[str]:
    """Ask for the event field by field, where somebody is there to answer."""
    if not can_ask():
        raise UsageError(_("a title is wanted"), hint=_('ilocal add "TITLE" 2020-02-20'))
    from ilocal.cli import event_form

    def save(event: Event, insists: bool) -> list[str]:
        return added(session, [event], force=force or (insists and not if_absent), if_absent=if_absent)

    ids = event_form.added(session, fields, save)
    if ids is None:
        say(_("nothing was added"))
        raise typer.Exit(130)
    return ids


def added(session: Session, events: list[Event], *, force: bool, if_absent: bool) -> list[str]:
    """Add the events in one write, all or none; returns the id of each, of the one already there with `if_absent`."""
    ids = []
    now = session.now
    with session.workspace.changing() as draft:
        for event in events:
            old = None if force else draft.twin(event)
            if old is not None and not if_absent:
                raise duplicate(old, event, event.source_line if len(events) > 1 else 0)
            ids.append(old or draft.add(replace(event, created=event.created or now)).id)
    warn_of_names(session, events)
    return ids


def duplicate(old: str, event: Event, line: int) -> ConflictError:
    """What is said of an event that is there already; `line` is that of its input, or 0."""
    said = _('there is already such an event: "{id}"', id=safe(old))
    hint = _("--if-absent takes that one, --force adds it all the same")
    return ConflictError(
        said + (" " + _("(line {line})", line=line) if line else ""),
        hint=_("--if-absent takes that one") if event.id else hint,
    )


def from_lines(path: Path, session: Session) -> list[Event]:
    """The events of a JSON Lines file or stdin. Raises UsageError for the first line that is none."""
    from ilocal.cli.input_files import read_input, read_stdin
    from ilocal.formats import jsonl
    from ilocal.formats.base import Reading

    name = "stdin" if str(path) == "-" else str(path)
    text = read_stdin() if name == "stdin" else read_input(path)
    events = []
    for item in jsonl.load(text, Reading(session.today)):
        if isinstance(item, Problem):
            raise UsageError(item.at(name), hint=_("nothing was added"))
        events.append(item)
    return events


def template(title: str | None, when: str | None, fields: Fields, session: Session) -> str:
    """A block to fill in: what was said, and the other fields as comments."""
    from ilocal.storage.toml.event_writer import KEYS, render

    text = render(new_event(title or "?", when, fields, session)).replace('title = "?"', 'title = ""')
    ours = ("id", "created", "updated", "revision")
    absent = [key for key in KEYS if key not in ours and f"\n{key} = " not in text]
    return text + "".join(f"# {key} =\n" for key in absent)


def from_text(text: str) -> Event:
    from ilocal.storage.loader import read_block

    return read_block(text)
