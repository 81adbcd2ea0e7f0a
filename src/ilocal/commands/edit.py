"""`ilocal edit`."""

from dataclasses import dataclass, replace
from typing import Annotated, Any

import typer

from ilocal.errors import ConflictError, UsageError
from ilocal.event import LISTS, POINT_LISTS, STAMPS, Event, changed_fields
from ilocal.fields import Fields, Text, Texts, edited, given, stamped, with_rule
from ilocal.options import Session, flat, say, warn_of_names
from ilocal.query import field_named
from ilocal.text import fold


@dataclass
class Changes:
    """What edit can do beyond setting a field."""

    title: Annotated[Text, typer.Option("--title", metavar="TITLE")] = None
    when: Annotated[
        Text, typer.Option("--when", metavar="DATES", help='Start and end at once: "25 - 29 Feb 2020".')
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
    handle: Annotated[str, typer.Argument(metavar="HANDLE", help="An id, the start of one, or words of its title.")],
    fields: Fields,
    changes: Changes,
) -> None:
    """Change an event: the fields named by options, or its text in $EDITOR where there are none."""
    session: Session = ctx.obj
    id = session.workspace.find(handle).id
    if any(value is not None and value != [] for value in (*vars(fields).values(), *vars(changes).values())):
        what = by_options(session, id, fields, changes)
    else:
        what = in_editor(session, id)
    say(f"{id}: " + (", ".join(what) + " changed" if what else "nothing to change"))


def by_options(session: Session, id: str, fields: Fields, changes: Changes) -> list[str]:
    """Change the event in one write; returns the fields that are different now."""
    said = given(fields, session)
    now = session.now
    if said.get("id") == "":
        raise UsageError("an event cannot be without id")
    if changes.when is not None:
        if "start" in said or "end" in said:
            raise UsageError("the date is given twice, with --when and with --start or --end")
        span = session.read(changes.when)
        said |= {"start": span.start, "end": span.end}
    if changes.title is not None:
        said["title"] = changes.title
    for name, more in (("rdates", changes.add_rdate), ("exdates", changes.add_exdate)):
        if more:
            said[f"more {name}"] = tuple(map(session.read_point, more))
    with session.workspace.changing() as draft:
        before = draft.get(id)
        if before is None:
            raise ConflictError(f'"{id}" was removed meanwhile; nothing was changed')
        after = changed(before, with_rule(said, said.get("start", before.start), session), changes)
        what = changed_fields(before, after)
        if what:
            draft.put(id, stamped(after, now))
    warn_of_names(session, [after], what)
    return what


def changed(before: Event, said: dict[str, Any], changes: Changes) -> Event:
    """The event with what was said. Raises RecordError or UsageError where that cannot be."""
    values = dict(said)
    for name in map(field_named, changes.unset or ()):
        if name in ("id", "title"):
            raise UsageError(f"an event cannot be without {name}")
        if name in values:
            raise UsageError(f"{name} is both set and unset")
        values[name] = _ABSENT.get(name, "")
    for name in POINT_LISTS:
        more_points = values.pop(f"more {name}", ())
        if more_points:
            values[name] = tuple(dict.fromkeys((*values.get(name, getattr(before, name)), *more_points)))
    for name in LISTS:
        singular = name.removesuffix("s")
        more, less = (
            getattr(changes, f"add_{singular}") or (),
            {fold(x) for x in getattr(changes, f"remove_{singular}") or ()},
        )
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


def in_editor(session: Session, id: str) -> list[str]:
    """Let the user edit the event's own lines; what does not parse is refused, and kept in a file."""
    from ilocal.registry import read_block

    text, now = session.workspace.block(id), session.now

    def save(new: str) -> list[str]:
        with session.workspace.changing() as draft:
            if draft.block(id) != text:
                raise ConflictError(f'"{id}" was changed meanwhile; nothing was changed')
            before = draft.get(id)
            assert before is not None
            if read_block(text).id and not read_block(new).id:
                raise UsageError("an event cannot be without id")
            after = draft.put_block(id, new, now)
            what = changed_fields(before, after)
        warn_of_names(session, [after], what)
        return [name for name in what if name not in STAMPS and name != "revision"] or ["comments"]

    return edited(text, id, save) or []
