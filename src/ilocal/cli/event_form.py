"""Form that asks for an event field by field at a terminal."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ilocal.cli.event_options import EventOptions, collect_option_values, parse_repeat_option
from ilocal.cli.name_chooser import (
    NameChooser,
    deduplicate_option_names,
    format_option_name_choices,
    list_name_completions,
)
from ilocal.cli.session import Session
from ilocal.errors import DurabilityError, IlocalError
from ilocal.i18n.labels import translate_label
from ilocal.i18n.messages import _, current_language
from ilocal.model.describe import describe_period, describe_period_of_event
from ilocal.model.event import Event
from ilocal.model.fields import DATE_LIST_FIELDS, FIELDS, LIST_FIELDS, STATUSES, name_event_field_as_heading
from ilocal.model.query_builder import parse_status
from ilocal.model.safe_text import escape_message, escape_single_line, make_text_safe
from ilocal.model.undated_words import is_undated_text
from ilocal.terminal.capabilities import get_terminal_width
from ilocal.terminal.prompts import confirm_default_yes, prompt_for_choice, prompt_for_line
from ilocal.terminal.status import print_status, print_warning, write_stderr
from ilocal.terminal.text_width import wrap_to_width

FormValues = dict[str, Any]
SaveEvent = Callable[[Event, bool], list[str]]
_NAME_FIELDS = tuple(field.name for field in sorted(FIELDS, key=lambda field: field.kind == "texts") if field.is_asked)


def ask_for_missing_options(session: Session, fields: EventOptions, save: SaveEvent) -> list[str] | None:
    """Ask for all values that the options lack, show the event, and pass it to `save` after confirmation.

    `save` is also told whether the user accepts a similar event. Returns its result, None if cancelled. Raises
    KeyboardInterrupt or EOFError, after showing what was typed.
    """
    values = collect_option_values(fields, session)
    Event(title="?", **_drop_date_dependent_options(values))  # invalid options are reported before any question
    known = {field: NameChooser(session.registry.count_names(field)) for field in _NAME_FIELDS}
    session.registry.close()  # nothing is kept open while the user thinks
    try:
        _print_option_message(_("Press Enter to leave a field empty, or Ctrl-C to stop without adding anything."))
        _ask_for_title_option(values)
        _ask_for_date_option(session, values)
        _warn_if_similar_exists(session, Event(**values))
        for field in _NAME_FIELDS:
            if field not in values:
                (_ask_for_list_option if field in LIST_FIELDS else _ask_for_name_option)(field, known[field], values)
        _ask_for_status_option(values)
        _ask_for_description_option(values)
        return _ask_to_save_options(session, Event(**values), save, values)
    except (KeyboardInterrupt, EOFError):
        with suppress(OSError):
            _print_unsaved_options(values)
        raise


# ----------------------------------------------------------------------------------------------------------- questions


def _ask_for_title_option(values: FormValues) -> None:
    while not values.get("title"):
        title = " ".join(prompt_for_line(_("Title: "), ()).split())
        if title:
            values["title"] = title
        else:
            _print_option_message(_("an event must have a title"), "  ")


def _ask_for_date_option(session: Session, values: FormValues) -> None:
    """Ask until the dates can be read, and show how they were read."""
    if "start" in values or "end" in values:
        values |= parse_repeat_option(values, values.get("start"), session)
        return
    while True:
        typed = " ".join(
            prompt_for_line(_("Date, such as 20/2/2027 or 25-29/2/2027 (Enter: to be announced): "), ()).split()
        )
        try:
            span = session.parse_period(typed) if typed and not is_undated_text(typed) else None
            dates = {"start": span.start, "end": span.end} if span else {}
            dated = parse_repeat_option(values | dates, dates.get("start"), session)
            Event(**dated)
        except IlocalError as error:
            _print_option_error(error)
        else:
            values |= dated
            if span is not None:
                _print_option_message(describe_period(span), "  ")
            return


def _ask_for_name_option(field: str, known: NameChooser, values: FormValues) -> None:
    """Ask for a field with one name."""
    _print_choices_of_option(known)
    if name := known.resolve_name(
        prompt_for_line(f"{name_event_field_as_heading(field, current_language())}: ", list_name_completions(known))
    ):
        values[field] = _confirm_known_name(name, known)


def _ask_for_list_option(field: str, known: NameChooser, values: FormValues) -> None:
    """Ask for a list of names, on one line or on several."""
    _print_choices_of_option(known)
    found: list[str] = []
    question = _("{field} (separated by commas): ", field=name_event_field_as_heading(field, current_language()))
    while typed := prompt_for_line(question, list_name_completions(known)).strip():
        found = deduplicate_option_names(
            [*found, *(_confirm_known_name(name, known) for name in known.resolve_names(typed))]
        )
        values[field] = tuple(found)
        _print_option_message("; ".join(map(make_text_safe, found)), "  ")
        question = _("More (Enter: done): ")


def _ask_for_status_option(values: FormValues) -> None:
    if "status" in values:
        return
    said = {name: translate_label(name, current_language()) for name in STATUSES}
    known = NameChooser(dict.fromkeys(STATUSES, 0))
    _print_choices_of_option(known, said)
    while True:
        status = parse_status(known.resolve_name(prompt_for_line(_("Status (Enter: confirmed): "), [*said.values()])))
        if status in STATUSES:
            values["status"] = status
        if status in ("", *STATUSES):
            return
        _print_option_message(_("use one of {names}", names=", ".join(said.values())), "  ")


def _ask_for_description_option(values: FormValues) -> None:
    """Ask for lines until one is a full stop; an empty first line means no description."""
    if "description" in values:
        return
    _print_option_message(_('Description (end with a line "." or Ctrl-D; e opens the editor)'))
    lines: list[str] = []
    with suppress(EOFError):
        while (typed := prompt_for_line("> ", ())) != "." and (typed or lines):
            if typed.strip() == "e" and not lines:
                lines = _write_description_option_in_editor()
                break
            lines.append(typed.rstrip())
            values["description"] = "\n".join(lines)
    if text := "\n".join(lines).strip("\n"):
        values["description"] = text


def _write_description_option_in_editor() -> list[str]:
    from ilocal.terminal.editor import edit_text_in_editor

    try:
        return edit_text_in_editor("", "description.md").strip().split("\n")
    except IlocalError as error:
        _print_option_error(error)
        return []


# --------------------------------------------------------------------------------------------------------------- names


def _print_choices_of_option(known: NameChooser, labels: dict[str, str] | None = None) -> None:
    for text in format_option_name_choices(known, get_terminal_width(), labels):
        print_status(text)


def _confirm_known_name(name: str, known: NameChooser) -> str:
    """Return the name, or a similar known one if the user confirms that."""
    near = known.choose_similar_name_for_option(name)
    return (
        near
        if near and confirm_default_yes("  " + _('did you mean "{name}"? [Y/n] ', name=make_text_safe(near)))
        else name
    )


# ----------------------------------------------------------------------------------------------------------------- end


def _ask_to_save_options(session: Session, event: Event, save: SaveEvent, values: FormValues) -> list[str] | None:
    """Show the event and ask what to do with it, until it is saved or cancelled."""
    while True:
        print_status("")
        _print_event_toml(event)
        insists = _warn_if_similar_exists(session, event)
        answer = prompt_for_choice(_("[s]ave, [e]dit or [c]ancel? "), ("save", "edit", "cancel"))
        if answer == "cancel":
            return None
        try:
            if answer == "save":
                return save(event, insists)
            event = _edit_options_in_editor(event) or event
            values.clear()
            values |= {name: getattr(event, name) for name in event.__dataclass_fields__}
        except DurabilityError:
            raise
        except IlocalError as error:
            _print_option_error(error)


def _edit_options_in_editor(event: Event) -> Event | None:
    from ilocal.cli.event_editor import run_editor_for_command
    from ilocal.storage.loader import parse_event_block
    from ilocal.storage.toml.event_writer import format_event_block

    return run_editor_for_command(format_event_block(event), "event", parse_event_block)


def _warn_if_similar_exists(session: Session, event: Event) -> bool:
    """Warn about similar events; return whether there are any."""
    from dataclasses import replace

    from ilocal.model.similar_events import find_events_similar_to_others

    pairs = find_events_similar_to_others([replace(event, id=event.id or "?")], session.registry.select)
    session.registry.close()
    for _event, like in pairs:
        when = describe_period_of_event(like.start, like.end)
        what = f"{when} {escape_single_line(like.title)} ({make_text_safe(like.id)})".strip()
        print_warning(_("a similar event already exists: {event}", event=what))
    return bool(pairs)


def _print_option_message(text: str, indent: str = "") -> None:
    """Print a message wrapped to the terminal."""
    for part in wrap_to_width(escape_message(text), get_terminal_width() - len(indent)):
        print_status(indent + part)


def _print_option_error(error: IlocalError) -> None:
    _print_option_message(error.message, "  ")
    if error.hint:
        _print_option_message(error.hint, "  ")


def _print_unsaved_options(values: FormValues) -> None:
    """Print what was typed so far, so that it can be pasted elsewhere."""
    if not values.get("title"):
        print_status(_("nothing was added"))
        return
    print_status(_("nothing was added; your input so far:"))
    _print_event_toml(Event(**(values if "start" in values else _drop_date_dependent_options(values))))


def _drop_date_dependent_options(values: FormValues) -> FormValues:
    """Return the values without those that require a date."""
    return {name: value for name, value in values.items() if name not in ("rrule", *DATE_LIST_FIELDS)}


def _print_event_toml(event: Event) -> None:
    from ilocal.storage.toml.event_editor import escape_toml_block
    from ilocal.storage.toml.event_writer import format_event_block

    write_stderr(escape_toml_block(format_event_block(event)))
