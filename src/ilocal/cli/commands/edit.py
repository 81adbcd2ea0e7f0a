"""`ilocal edit`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, NamedTuple, Optional

import typer

from ilocal.cli.bulk_edit import EventChange, edit_filtered_events, edit_named_events, print_bulk_edit_changed_fields
from ilocal.cli.event_editor import run_editor_for_command
from ilocal.cli.event_handles import ask_user_for_handles, find_events_to_change
from ilocal.cli.event_options import (
    CategoryOptions,
    DateOptions,
    DetailOptions,
    EventOptions,
    OptionalText,
    OptionalTexts,
    collect_option_values,
    parse_repeat_option,
    parse_set_options,
    parse_when,
    refuse_option_off_rule,
    split_typed_names,
)
from ilocal.cli.filters import DateFilters, FieldFilters, Filters, MissingFilters
from ilocal.cli.option_groups import expand_option_groups
from ilocal.cli.output import warn_about_name_typos
from ilocal.cli.session import Session
from ilocal.errors import FileChangedError, UsageError
from ilocal.i18n.messages import _, current_language
from ilocal.model.differences import find_changed_fields
from ilocal.model.event import Event
from ilocal.model.fields import DATE_LIST_FIELDS, FIELDS_BY_NAME, LIST_FIELDS, name_event_field, resolve_field_name
from ilocal.model.safe_text import make_text_safe
from ilocal.model.text_folding import fold_text
from ilocal.terminal.prompts import is_interactive
from ilocal.terminal.status import print_status

HELP_GROUP = "change"
EXAMPLES = {
    'ilocal edit "nhóm cố vấn" --when 21/02/2020 --location Huế': "another date and place",
    'ilocal edit "nhóm cố vấn" --add topic=gỗ --unset summary': "one more topic, and no summary",
    'ilocal edit --where topic=CSR --add "topic=trách nhiệm xã hội" --dry-run': "preview of a change to many events",
}


@dataclass
class EditOptions:
    """Changes that edit can make other than setting a field."""

    title: Annotated[OptionalText, typer.Option("--title", metavar="TITLE", help="Set the title.")] = None
    when: Annotated[
        OptionalText,
        typer.Option("--when", metavar="DATES", help='Set start and end together, as in "25 - 29 Feb 2020".'),
    ] = None
    set: Annotated[
        OptionalTexts,
        typer.Option(
            "--set",
            metavar="FIELD=VALUE",
            help="Set FIELD to VALUE; separate list items with commas or semicolons. May be repeated.",
        ),
    ] = None
    add: Annotated[
        OptionalTexts,
        typer.Option(
            "--add", metavar="FIELD=VALUE", help="Add VALUE to a list field, as in --add topic=CSR. May be repeated."
        ),
    ] = None
    remove: Annotated[
        OptionalTexts,
        typer.Option("--remove", metavar="FIELD=VALUE", help="Remove VALUE from a list field. May be repeated."),
    ] = None
    unset: Annotated[
        OptionalTexts, typer.Option("--unset", metavar="FIELD", help="Remove this field. May be repeated.")
    ] = None
    add_rdate: Annotated[
        OptionalTexts,
        typer.Option("--add-rdate", metavar="DATE", help="Add an occurrence on this date. May be repeated."),
    ] = None
    add_exdate: Annotated[
        OptionalTexts,
        typer.Option("--add-exdate", metavar="DATE", help="Skip the occurrence on this date. May be repeated."),
    ] = None
    add_organizer: Annotated[
        OptionalTexts, typer.Option("--add-organizer", metavar="NAME", help="Add an organizer. May be repeated.")
    ] = None
    remove_organizer: Annotated[
        OptionalTexts,
        typer.Option("--remove-organizer", metavar="NAME", help="Remove an organizer. May be repeated."),
    ] = None
    add_project: Annotated[
        OptionalTexts, typer.Option("--add-project", metavar="NAME", help="Add a project. May be repeated.")
    ] = None
    remove_project: Annotated[
        OptionalTexts, typer.Option("--remove-project", metavar="NAME", help="Remove a project. May be repeated.")
    ] = None
    add_topic: Annotated[
        OptionalTexts, typer.Option("--add-topic", metavar="NAME", help="Add a topic. May be repeated.")
    ] = None
    remove_topic: Annotated[
        OptionalTexts, typer.Option("--remove-topic", metavar="NAME", help="Remove a topic. May be repeated.")
    ] = None


@expand_option_groups
def run(
    ctx: typer.Context,
    dated: DateFilters,
    fields: FieldFilters,
    lacking: MissingFilters,
    times: DateOptions,
    categories: CategoryOptions,
    others: DetailOptions,
    changes: EditOptions,
    handles: Annotated[
        Optional[list[str]],
        typer.Argument(metavar="HANDLE…", help="The id of an event, the start of the id, or words from the title."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Answer yes to all questions.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be changed without changing anything.")
    ] = False,
) -> None:
    """Change fields of an event, or edit its text in $EDITOR if no option is given.

    Without HANDLE, --where FIELD=VALUE and the date filters select the events to change; --set, --add, --remove and
    --unset change all of them in one write. In a terminal, without HANDLE and filters, pick the event from a list.
    """
    session: Session = ctx.obj
    filters = Filters(**vars(dated), **vars(fields), **vars(lacking))
    if not handles:
        refuse_values_without_handle(categories)
    if not handles and filters.has_no_filter_options and is_interactive():
        handles = [event.id for event in ask_user_for_handles(session, _("ilocal edit HANDLE"), is_single=True)]
    if not handles:
        check_bulk_edit_options(filters, times, others, changes)
        edit_filtered_events(
            session, filters, build_change_from_options(session, EventOptions(), changes), yes=yes, dry_run=dry_run
        )
        return
    if option := next((name for name, value in vars(filters).items() if value), None):
        raise UsageError(
            _("{option} and HANDLE cannot be used together", option=format_option_name(option)),
            hint="ilocal edit --help",
        )
    values = EventOptions(**vars(times), **vars(others), **vars(categories))
    ids = [event.id for event in find_events_to_change(session, handles, can_ask=not yes)]
    if any(value is not None and value != [] for value in (*vars(values).values(), *vars(changes).values())):
        edit_named_events(session, ids, build_change_from_options(session, values, changes), dry_run=dry_run)
    elif len(ids) > 1 or dry_run:
        raise UsageError(
            _("no changes specified"), hint=_("to edit a single event in your editor, run: ilocal edit HANDLE")
        )
    else:
        edited = run_edit_in_editor(session, ids[0])
        if edited is None:
            print_status(_("{id}: nothing to change", id=make_text_safe(ids[0])))
            print_hint_for_vi()
        else:
            print_bulk_edit_changed_fields(*edited, is_text_changed=True)


def print_hint_for_vi() -> None:
    """Tell who left vi without a change how to save there, and how to use another editor."""
    from ilocal.terminal.editor import find_editor_command

    name = Path(find_editor_command()[0]).name
    if name in ("vi", "vim", "nvim", "vim.basic", "vim.tiny"):
        hint = _("{editor} saves and ends with :wq; for another editor: export EDITOR=nano", editor=name)
        print_status(_("hint: {hint}", hint=hint))


def refuse_values_without_handle(categories: CategoryOptions) -> None:
    """Raise UsageError for options such as --topic, which set values of a named event."""
    if option := next((name for name, value in vars(categories).items() if value not in (None, [])), None):
        raise UsageError(
            _("{option} changes a single event and requires HANDLE", option=format_option_name(option)),
            hint=_(
                "to select events, use --where {field}=…; to change the selected events, use --set {field}=…",
                field=option,
            ),
        )


def check_bulk_edit_options(filters: Filters, times: DateOptions, others: DetailOptions, changes: EditOptions) -> None:
    """Raise UsageError unless the options select events and define a change for all of them."""
    single = {**vars(times), **vars(others), "title": changes.title, "when": changes.when}
    if option := next((name for name, value in single.items() if value not in (None, [])), None):
        raise UsageError(
            _("{option} changes a single event and requires HANDLE", option=format_option_name(option)),
            hint=_("without HANDLE, use --set FIELD=VALUE to change all selected events"),
        )
    if filters.has_no_filter_options:
        raise UsageError(_("specify the event, or select events with filters"), hint=_("ilocal edit HANDLE"))
    if all(value in (None, []) for value in vars(changes).values()):
        raise UsageError(
            _("no changes specified"),
            hint=_(
                "--where and date options only select events; to change them, use --set, --add, --remove or --unset"
            ),
        )
    alone = ("title", "id", "start", "end", "rrule", "rdates", "exdates")
    if name := next((name for name, _value in parse_set_options(changes.set) if name in alone), None):
        option = f"--set {name}"
        raise UsageError(_("{option} changes a single event and requires HANDLE", option=option))


def format_option_name(name: str) -> str:
    """Return an option as it is typed."""
    return "--" + name.rstrip("_").replace("_", "-")


# ------------------------------------------------------------------------------------------------- changes


def build_change_from_options(session: Session, fields: EventOptions, edit_options: EditOptions) -> EventChange:
    """Return the change that the options define. Raises UsageError or DateError for invalid values."""
    lists = apply_list_options(session, edit_options)
    said = collect_option_values(fields, session, edit_options.set)
    if said.get("id") == "":
        raise UsageError(_("an event must have {field}", field=name_event_field("id", current_language())))
    if edit_options.when is not None:
        if "start" in said or "end" in said:
            raise UsageError(_("the date is specified twice, with --when and with --start or --end"))
        said |= parse_when(session, edit_options.when)
    if edit_options.title is not None:
        if "title" in said:
            raise UsageError(_("{field} is specified twice", field="title"))
        said["title"] = edit_options.title

    def change(before: Event) -> Event:
        command = f"ilocal edit {make_text_safe(before.id)} --start"
        values = parse_repeat_option(said, said.get("start", before.start), session, command)
        after = apply_edit_options(before, values, edit_options.unset or (), lists)
        if "rrule" not in said and after.start != before.start:
            refuse_option_off_rule(before, after)
        return after

    return change


class ListChange(NamedTuple):
    """Items to add to a list of names or dates, and items to remove from it."""

    added: tuple[Any, ...]
    removed: tuple[Any, ...]

    def apply_edit(self, items: Sequence[Any]) -> tuple[Any, ...]:
        """Return the list with the change. Names are compared without case and accents."""
        removed = set(map(_fold_option_value, self.removed))
        kept: dict[Any, Any] = {}
        for item in (*(item for item in items if _fold_option_value(item) not in removed), *self.added):
            kept.setdefault(_fold_option_value(item), item)
        return tuple(kept.values())


def _fold_option_value(item: Any) -> Any:
    return fold_text(item) if isinstance(item, str) else item


def apply_list_options(session: Session, edit_options: EditOptions) -> dict[str, ListChange]:
    """Return what --add and --remove, --add-topic and the like make of lists, by field. Raises UsageError."""
    typed: dict[str, dict[str, list[str]]] = {"add": {}, "remove": {}}
    for way, texts_by_field in typed.items():
        for name in (*LIST_FIELDS, *DATE_LIST_FIELDS):
            if texts := getattr(edit_options, f"{way}_{FIELDS_BY_NAME[name].singular}", None):
                texts_by_field.setdefault(name, []).extend(texts)
        for text in getattr(edit_options, way) or ():
            name, value = parse_item_option(way, text)
            texts_by_field.setdefault(name, []).append(value)

    def parse_items(name: str, texts: list[str]) -> tuple[Any, ...]:
        if name in DATE_LIST_FIELDS:
            return tuple(session.parse_date(date) for text in texts for date in text.split(";") if date.strip())
        return tuple(split_typed_names(name, texts, session.registry.count_names))

    return {
        name: ListChange(
            parse_items(name, typed["add"].get(name, [])), parse_items(name, typed["remove"].get(name, []))
        )
        for name in (*typed["add"], *typed["remove"])
    }


def parse_item_option(way: str, text: str) -> tuple[str, str]:
    """Return the list and the text of `--add FIELD=VALUE`; `way` is `add` or `remove`. Raises UsageError."""
    option, sign, value = text.partition("=")
    if not sign:
        raise UsageError(
            _('expected FIELD=VALUE, found "{text}"', text=make_text_safe(text)), hint=f"--{way} topic=CSR"
        )
    name = resolve_field_name(option.strip())
    if name not in (*LIST_FIELDS, *DATE_LIST_FIELDS):
        instead = f"--set {name}={value}" if way == "add" else f"--unset {name}"
        raise UsageError(
            _(
                "{option} can only be used with list fields, and {field} has a single value",
                option=f"--{way}",
                field=name_event_field(name, current_language()),
            ),
            hint=make_text_safe(instead),
        )
    return name, value


def apply_edit_options(
    before: Event, option_values: dict[str, Any], unset: Sequence[str], lists: Mapping[str, ListChange]
) -> Event:
    """Return the event with the changes applied. Raises InvalidEventError or UsageError if that is impossible."""
    values = dict(option_values)
    for name in map(resolve_field_name, unset):
        if name in ("id", "title"):
            raise UsageError(_("an event must have {field}", field=name_event_field(name, current_language())))
        if name in values:
            raise UsageError(_("{field} is both set and unset", field=name_event_field(name, current_language())))
        values[name] = FIELDS_BY_NAME[name].empty_value
    for name, change in lists.items():
        values[name] = change.apply_edit(values.get(name, getattr(before, name)))
    if values.get("start", ...) is None and "end" not in values:
        values["end"] = None
    return replace(before, **values)


# ------------------------------------------------------------------------------------------------- editor


def run_edit_in_editor(session: Session, id: str) -> tuple[Event, Event] | None:
    """Open the event's lines in the editor; return the event before and after, None if nothing was changed."""
    from ilocal.storage.loader import parse_event_block

    text, now = session.registry.read_block(id), session.now

    def save(new: str) -> tuple[Event, Event]:
        with session.registry.transaction() as draft:
            if draft.read_block(id) != text:
                raise FileChangedError(
                    _('"{id}" was changed by another program; nothing was changed', id=make_text_safe(id))
                )
            before = draft.get(id)
            assert before is not None
            if parse_event_block(text).id and not parse_event_block(new).id:
                raise UsageError(_("an event must have {field}", field=name_event_field("id", current_language())))
            after = draft.replace_block(id, new, now)
        warn_about_name_typos(session, [after], find_changed_fields(before, after))
        return before, after

    return run_editor_for_command(text, id, save)
