"""`ilocal edit`."""

from dataclasses import dataclass, replace
from typing import Annotated, Any, Optional

import typer

from ilocal.cli.bulk_edit import EventChange, edit_filtered_events, edit_named_events, print_bulk_edit_changed_fields
from ilocal.cli.event_editor import run_editor_for_command
from ilocal.cli.event_handles import find_events, pick_events
from ilocal.cli.event_options import (
    DateOptions,
    DetailOptions,
    EventOptions,
    OptionalText,
    OptionalTexts,
    collect_option_values,
    parse_repeat_option,
    parse_set_options,
    split_typed_names,
)
from ilocal.cli.filters import DateFilters, Filters, MissingFilters
from ilocal.cli.option_groups import expand_option_groups
from ilocal.cli.output import warn_about_name_typos
from ilocal.cli.session import Session
from ilocal.errors import FileChangedError, UsageError
from ilocal.i18n.messages import _, current_language
from ilocal.model.differences import find_changed_fields
from ilocal.model.event import Event
from ilocal.model.fields import DATE_LIST_FIELDS, FIELDS_BY_NAME, LIST_FIELDS, name_field, resolve_field_name
from ilocal.model.safe_text import make_text_safe
from ilocal.model.text_folding import fold_text
from ilocal.terminal.prompts import is_interactive
from ilocal.terminal.status import print_status


@dataclass
class FilterOrValue:
    """What a named event is to have; where none is named, which events are meant."""

    location: Annotated[
        OptionalTexts, typer.Option("--location", metavar="PLACE", help="The new place; without HANDLE: events there.")
    ] = None
    organizer: Annotated[
        OptionalTexts, typer.Option("--organizer", metavar="NAME", help="The new ones; without HANDLE: events by it.")
    ] = None
    project: Annotated[
        OptionalTexts, typer.Option("--project", metavar="NAME", help="The new ones; without HANDLE: events of it.")
    ] = None
    topic: Annotated[
        OptionalTexts, typer.Option("--topic", metavar="NAME", help="The new ones; without HANDLE: events on it.")
    ] = None
    kind: Annotated[
        OptionalTexts, typer.Option("--kind", metavar="KIND", help="The new kind; without HANDLE: events of it.")
    ] = None
    status: Annotated[
        OptionalTexts,
        typer.Option("--status", metavar="STATUS", help="The new status; without HANDLE: events with it."),
    ] = None
    language: Annotated[
        OptionalTexts,
        typer.Option("--language", metavar="LANG", help="The new language; without HANDLE: events in it."),
    ] = None


@dataclass
class EditOptions:
    """What edit can do beyond setting a field."""

    title: Annotated[OptionalText, typer.Option("--title", metavar="TITLE")] = None
    when: Annotated[
        OptionalText, typer.Option("--when", metavar="DATES", help='Start and end at once: "25 - 29 Feb 2020".')
    ] = None
    set: Annotated[
        OptionalTexts,
        typer.Option(
            "--set",
            metavar="FIELD=VALUE",
            help="Set FIELD to VALUE; commas or semicolons separate the items of a list. May be repeated.",
        ),
    ] = None
    unset: Annotated[
        OptionalTexts, typer.Option("--unset", metavar="FIELD", help="Leave this field out. May be repeated.")
    ] = None
    add_rdate: Annotated[OptionalTexts, typer.Option("--add-rdate", metavar="DATE")] = None
    add_exdate: Annotated[OptionalTexts, typer.Option("--add-exdate", metavar="DATE")] = None
    add_organizer: Annotated[OptionalTexts, typer.Option("--add-organizer", metavar="NAME")] = None
    remove_organizer: Annotated[OptionalTexts, typer.Option("--remove-organizer", metavar="NAME")] = None
    add_project: Annotated[OptionalTexts, typer.Option("--add-project", metavar="NAME")] = None
    remove_project: Annotated[OptionalTexts, typer.Option("--remove-project", metavar="NAME")] = None
    add_topic: Annotated[OptionalTexts, typer.Option("--add-topic", metavar="NAME")] = None
    remove_topic: Annotated[OptionalTexts, typer.Option("--remove-topic", metavar="NAME")] = None


@expand_option_groups
def run(
    ctx: typer.Context,
    dated: DateFilters,
    either: FilterOrValue,
    lacking: MissingFilters,
    times: DateOptions,
    others: DetailOptions,
    changes: EditOptions,
    handles: Annotated[
        Optional[list[str]], typer.Argument(metavar="HANDLE…", help="An id, the start of one, or words of its title.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be changed, and change nothing.")] = False,
) -> None:
    """Change an event: the fields named by options, or its text in $EDITOR where there are none.

    With HANDLE, options such as --topic are what to set. Without one they are filters, and all events that these find
    are changed in one write, by --set, --unset, --add-topic, --remove-topic and the like. At a terminal, without
    HANDLE and filters, pick the event from a list.
    """
    session: Session = ctx.obj
    filters = Filters(**vars(dated), **vars(either), **vars(lacking))
    if not handles and filters.has_no_filter_options and is_interactive():
        handles = [event.id for event in pick_events(session, _("ilocal edit HANDLE"), is_single=True)]
    if not handles:
        check_bulk_edit_options(filters, times, others, changes)
        edit_filtered_events(
            session, filters, build_change_from_options(session, EventOptions(), changes), yes=yes, dry_run=dry_run
        )
        return
    if option := next((name for name, value in (*vars(dated).items(), *vars(lacking).items()) if value), None):
        raise UsageError(
            _("{option} says which events, and so does HANDLE: one of the two", option=format_option_name(option)),
            hint="ilocal edit --help",
        )
    fields = EventOptions(**vars(times), **vars(others), **to_event_options(either))
    ids = [event.id for event in find_events(session, handles)]
    if any(value is not None and value != [] for value in (*vars(fields).values(), *vars(changes).values())):
        edit_named_events(session, ids, build_change_from_options(session, fields, changes), dry_run=dry_run)
    elif len(ids) > 1 or dry_run:
        raise UsageError(
            _("what is to be changed is not said"), hint=_("the editor takes one event: ilocal edit HANDLE")
        )
    else:
        edited = run_edit_in_editor(session, ids[0])
        if edited is None:
            print_status(_("{id}: nothing to change", id=make_text_safe(ids[0])))
        else:
            print_bulk_edit_changed_fields(*edited, is_text_changed=True)


def to_event_options(either: FilterOrValue) -> dict[str, Any]:
    """What is to be set: of a field that has one value, the last that was said."""
    return {
        name: value if resolve_field_name(name) in LIST_FIELDS or not value else value[-1]
        for name, value in vars(either).items()
    }


def check_bulk_edit_options(filters: Filters, times: DateOptions, others: DetailOptions, changes: EditOptions) -> None:
    """Raise UsageError unless it is said which events are to be changed, and what in all of them."""
    single = {**vars(times), **vars(others), "title": changes.title, "when": changes.when}
    if option := next((name for name, value in single.items() if value not in (None, [])), None):
        raise UsageError(
            _("{option} changes one event: name it", option=format_option_name(option)),
            hint=_("without HANDLE, what all events get is said by --set FIELD=VALUE"),
        )
    if filters.has_no_filter_options:
        raise UsageError(_("name the event, or say by filters which ones"), hint=_("ilocal edit HANDLE"))
    if all(value in (None, []) for value in vars(changes).values()):
        raise UsageError(
            _("what is to be changed is not said"),
            hint=_("without HANDLE, --topic and the like only find events; --set, --add-topic, … change them"),
        )
    alone = ("title", "id", "start", "end", "rrule", "rdates", "exdates")
    if name := next((name for name, _value in parse_set_options(changes.set) if name in alone), None):
        option = f"--set {name}"
        raise UsageError(_("{option} changes one event: name it", option=option))


def format_option_name(name: str) -> str:
    """An option as it is typed."""
    return "--" + name.rstrip("_").replace("_", "-")


# ------------------------------------------------------------------------------------------------- what is changed


def build_change_from_options(session: Session, fields: EventOptions, edit_options: EditOptions) -> EventChange:
    """What the options make of an event. Raises UsageError or DateError for what cannot be read."""
    edit_options = split_edit_options(session, edit_options)
    said = collect_option_values(fields, session, edit_options.set)
    if said.get("id") == "":
        raise UsageError(_("an event cannot be without {field}", field=name_field("id", current_language())))
    if edit_options.when is not None:
        if "start" in said or "end" in said:
            raise UsageError(_("the date is given twice, with --when and with --start or --end"))
        span = session.parse_period(edit_options.when)
        said |= {"start": span.start, "end": span.end}
    if edit_options.title is not None:
        if "title" in said:
            raise UsageError(_("{field} is given twice", field="title"))
        said["title"] = edit_options.title
    for name, more in (("rdates", edit_options.add_rdate), ("exdates", edit_options.add_exdate)):
        if more:
            said[f"more {name}"] = tuple(map(session.parse_date, more))
    return lambda before: apply_edit_options(
        before, parse_repeat_option(said, said.get("start", before.start), session), edit_options
    )


def split_edit_options(session: Session, edit_options: EditOptions) -> EditOptions:
    """Return the options with the names of --add-topic and the like one by one."""
    texts: dict[str, Any] = {
        option: split_typed_names(name, typed, session.registry.count_names)
        for name in LIST_FIELDS
        for way in ("add", "remove")
        if (typed := getattr(edit_options, option := f"{way}_{FIELDS_BY_NAME[name].singular}", None))
    }
    return replace(edit_options, **texts)


def apply_edit_options(before: Event, option_values: dict[str, Any], edit_options: EditOptions) -> Event:
    """The event with what was said. Raises InvalidEventError or UsageError where that cannot be."""
    values = dict(option_values)
    for name in map(resolve_field_name, edit_options.unset or ()):
        if name in ("id", "title"):
            raise UsageError(_("an event cannot be without {field}", field=name_field(name, current_language())))
        if name in values:
            raise UsageError(_("{field} is both set and unset", field=name_field(name, current_language())))
        values[name] = FIELDS_BY_NAME[name].empty_value
    for name in DATE_LIST_FIELDS:
        more_points = values.pop(f"more {name}", ())
        if more_points:
            values[name] = tuple(dict.fromkeys((*values.get(name, getattr(before, name)), *more_points)))
    for name in LIST_FIELDS:
        singular = FIELDS_BY_NAME[name].singular
        more = getattr(edit_options, f"add_{singular}", None) or ()
        less = {fold_text(item) for item in getattr(edit_options, f"remove_{singular}", None) or ()}
        if more or less:
            items = [item for item in values.get(name, getattr(before, name)) if fold_text(item) not in less]
            items += [item for item in more if fold_text(item) not in map(fold_text, items)]
            values[name] = tuple(items)
    if values.get("start", ...) is None and "end" not in values:
        values["end"] = None
    return replace(before, **values)


# ------------------------------------------------------------------------------------------------- editor


def run_edit_in_editor(session: Session, id: str) -> tuple[Event, Event] | None:
    """Let the user edit the event's own lines; returns it as it was and as it is, None if nothing was changed."""
    from ilocal.storage.loader import parse_event_block

    text, now = session.registry.read_block(id), session.now

    def save(new: str) -> tuple[Event, Event]:
        with session.registry.transaction() as draft:
            if draft.read_block(id) != text:
                raise FileChangedError(_('"{id}" was changed meanwhile; nothing was changed', id=make_text_safe(id)))
            before = draft.get(id)
            assert before is not None
            if parse_event_block(text).id and not parse_event_block(new).id:
                raise UsageError(_("an event cannot be without {field}", field=name_field("id", current_language())))
            after = draft.replace_block(id, new, now)
        warn_about_name_typos(session, [after], find_changed_fields(before, after))
        return before, after

    return run_editor_for_command(text, id, save)
