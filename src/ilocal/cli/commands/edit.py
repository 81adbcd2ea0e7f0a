"""`ilocal edit`."""

from dataclasses import dataclass, replace
from typing import Annotated, Any, Optional

import typer

from ilocal.cli.bulk_edit import Change, edit_found, edit_named, say_what
from ilocal.cli.event_options import Fields, Others, Text, Texts, Times, given, settings, with_rule
from ilocal.cli.filters import Dated, Filters, Lacking
from ilocal.cli.option_groups import flat
from ilocal.cli.output import warn_of_names
from ilocal.cli.session import Session
from ilocal.errors import MeanwhileError, UsageError
from ilocal.i18n.messages import _
from ilocal.model.differences import changed_fields
from ilocal.model.event import Event
from ilocal.model.fields import LISTS, POINT_LISTS, STAMPS, field_named
from ilocal.model.safe_text import safe
from ilocal.model.text_folding import fold
from ilocal.terminal.editor import edited


@dataclass
class Either:
    """What a named event is to have; where none is named, which events are meant."""

    location: Annotated[
        Texts, typer.Option("--location", metavar="PLACE", help="The new place; without HANDLE: events there.")
    ] = None
    organizer: Annotated[
        Texts, typer.Option("--organizer", metavar="NAME", help="The new ones; without HANDLE: events by it.")
    ] = None
    project: Annotated[
        Texts, typer.Option("--project", metavar="NAME", help="The new ones; without HANDLE: events of it.")
    ] = None
    topic: Annotated[
        Texts, typer.Option("--topic", metavar="NAME", help="The new ones; without HANDLE: events on it.")
    ] = None
    kind: Annotated[
        Texts, typer.Option("--kind", metavar="KIND", help="The new kind; without HANDLE: events of it.")
    ] = None
    status: Annotated[
        Texts, typer.Option("--status", metavar="STATUS", help="The new status; without HANDLE: events with it.")
    ] = None
    language: Annotated[
        Texts, typer.Option("--language", metavar="LANG", help="The new language; without HANDLE: events in it.")
    ] = None


@dataclass
class Changes:
    """What edit can do beyond setting a field."""

    title: Annotated[Text, typer.Option("--title", metavar="TITLE")] = None
    when: Annotated[
        Text, typer.Option("--when", metavar="DATES", help='Start and end at once: "25 - 29 Feb 2020".')
    ] = None
    set: Annotated[
        Texts,
        typer.Option(
            "--set",
            metavar="FIELD=VALUE",
            help="Let this field be that; names of a list have commas between them. May be repeated.",
        ),
    ] = None
    unset: Annotated[Texts, typer.Option("--unset", metavar="FIELD", help="Leave this field out. May be repeated.")] = (
        None
    )
    add_rdate: Annotated[Texts, typer.Option("--add-rdate", metavar="DATE")] = None
    add_exdate: Annotated[Texts, typer.Option("--add-exdate", metavar="DATE")] = None
    add_organizer: Annotated[Texts, typer.Option("--add-organizer", metavar="NAME")] = None
    remove_organizer: Annotated[Texts, typer.Option("--remove-organizer", metavar="NAME")] = None
    add_project: Annotated[Texts, typer.Option("--add-project", metavar="NAME")] = None
    remove_project: Annotated[Texts, typer.Option("--remove-project", metavar="NAME")] = None
    add_topic: Annotated[Texts, typer.Option("--add-topic", metavar="NAME")] = None
    remove_topic: Annotated[Texts, typer.Option("--remove-topic", metavar="NAME")] = None


@flat
def run(
    ctx: typer.Context,
    dated: Dated,
    either: Either,
    lacking: Lacking,
    times: Times,
    others: Others,
    changes: Changes,
    handles: Annotated[
        Optional[list[str]], typer.Argument(metavar="HANDLE…", help="An id, the start of one, or words of its title.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be changed, and change nothing.")] = False,
) -> None:
    """Change an event: the fields named by options, or its text in $EDITOR where there are none.

    With HANDLE, options such as --topic are what to set. Without one they are filters, and all events that these find
    are changed in one write, by --set, --unset, --add-topic, --remove-topic and the like.
    """
    session: Session = ctx.obj
    filters = Filters(**vars(dated), **vars(either), **vars(lacking))
    if not handles:
        check_many(filters, times, others, changes)
        edit_found(session, filters, changer(session, Fields(), changes), yes=yes, dry_run=dry_run)
        return
    if option := next((name for name, value in (*vars(dated).items(), *vars(lacking).items()) if value), None):
        raise UsageError(
            _("{option} says which events, and so does HANDLE: one of the two", option=dashed(option)),
            hint="ilocal edit --help",
        )
    fields = Fields(**vars(times), **vars(others), **as_fields(either))
    ids = list(dict.fromkeys(session.find(handle).id for handle in handles))
    if any(value is not None and value != [] for value in (*vars(fields).values(), *vars(changes).values())):
        edit_named(session, ids, changer(session, fields, changes), dry_run=dry_run)
    elif len(ids) > 1 or dry_run:
        raise UsageError(
            _("what is to be changed is not said"), hint=_("the editor takes one event: ilocal edit HANDLE")
        )
    else:
        say_what(ids[0], in_editor(session, ids[0]))


def as_fields(either: Either) -> dict[str, Any]:
    """What is to be set: of a field that has one value, the last that was said."""
    lists = ("organizer", "project", "topic")
    return {name: value if name in lists or not value else value[-1] for name, value in vars(either).items()}


def check_many(filters: Filters, times: Times, others: Others, changes: Changes) -> None:
    """Raise UsageError unless it is said which events are to be changed, and what in all of them."""
    single = {**vars(times), **vars(others), "title": changes.title, "when": changes.when}
    if option := next((name for name, value in single.items() if value not in (None, [])), None):
        raise UsageError(
            _("{option} changes one event: name it", option=dashed(option)),
            hint=_("without HANDLE, what all events get is said by --set FIELD=VALUE"),
        )
    if filters.is_empty:
        raise UsageError(_("name the event, or say by filters which ones"), hint=_("ilocal edit HANDLE"))
    if all(value in (None, []) for value in vars(changes).values()):
        raise UsageError(
            _("what is to be changed is not said"),
            hint=_("without HANDLE, --topic and the like only find events; --set, --add-topic, … change them"),
        )
    alone = ("title", "id", "start", "end", "rrule", "rdates", "exdates")
    if name := next((name for name, _value in settings(changes.set) if name in alone), None):
        option = f"--set {name}"
        raise UsageError(_("{option} changes one event: name it", option=option))


def dashed(name: str) -> str:
    """An option as it is typed."""
    return "--" + name.rstrip("_").replace("_", "-")


# ------------------------------------------------------------------------------------------------- what is changed


def changer(session: Session, fields: Fields, changes: Changes) -> Change:
    """What the options make of an event. Raises UsageError or DateError for what cannot be read."""
    said = given(fields, session, changes.set)
    if said.get("id") == "":
        raise UsageError(_("an event cannot be without {field}", field="id"))
    if changes.when is not None:
        if "start" in said or "end" in said:
            raise UsageError(_("the date is given twice, with --when and with --start or --end"))
        span = session.read(changes.when)
        said |= {"start": span.start, "end": span.end}
    if changes.title is not None:
        if "title" in said:
            raise UsageError(_("{field} is given twice", field="title"))
        said["title"] = changes.title
    for name, more in (("rdates", changes.add_rdate), ("exdates", changes.add_exdate)):
        if more:
            said[f"more {name}"] = tuple(map(session.read_point, more))
    return lambda before: changed(before, with_rule(said, said.get("start", before.start), session), changes)


def changed(before: Event, said: dict[str, Any], changes: Changes) -> Event:
    """The event with what was said. Raises RecordError or UsageError where that cannot be."""
    values = dict(said)
    for name in map(field_named, changes.unset or ()):
        if name in ("id", "title"):
            raise UsageError(_("an event cannot be without {field}", field=name))
        if name in values:
            raise UsageError(_("{field} is both set and unset", field=name))
        values[name] = _ABSENT.get(name, "")
    for name in POINT_LISTS:
        more_points = values.pop(f"more {name}", ())
        if more_points:
            values[name] = tuple(dict.fromkeys((*values.get(name, getattr(before, name)), *more_points)))
    for name in LISTS:
        singular = name.removesuffix("s")
        more = getattr(changes, f"add_{singular}") or ()
        less = {fold(item) for item in getattr(changes, f"remove_{singular}") or ()}
        if more or less:
            items = [item for item in values.get(name, getattr(before, name)) if fold(item) not in less]
            items += [item for item in more if fold(item) not in map(fold, items)]
            values[name] = tuple(items)
    if values.get("start", ...) is None and "end" not in values:
        values["end"] = None
    return replace(before, **values)


_ABSENT: dict[str, Any] = {
    **dict.fromkeys(("start", "end", "created", "updated")),
    **dict.fromkeys((*LISTS, *POINT_LISTS, "sections", "translations", "overrides"), ()),
    "revision": 0,
}


# ------------------------------------------------------------------------------------------------- editor


def in_editor(session: Session, id: str) -> list[str]:
    """Let the user edit the event's own lines; returns the fields that are different now."""
    from ilocal.storage.loader import read_block

    text, now = session.workspace.block(id), session.now

    def save(new: str) -> list[str]:
        with session.workspace.changing() as draft:
            if draft.block(id) != text:
                raise MeanwhileError(_('"{id}" was changed meanwhile; nothing was changed', id=safe(id)))
            before = draft.get(id)
            assert before is not None
            if read_block(text).id and not read_block(new).id:
                raise UsageError(_("an event cannot be without {field}", field="id"))
            after = draft.put_block(id, new, now)
            what = changed_fields(before, after)
        warn_of_names(session, [after], what)
        return [name for name in what if name not in STAMPS and name != "revision"] or [_("comments")]

    return edited(text, id, save) or []
