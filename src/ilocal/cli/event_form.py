"""An event asked for field by field, from somebody at a terminal."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ilocal.cli.event_options import Fields, given, with_rule
from ilocal.cli.filters import status_named
from ilocal.cli.name_chooser import Known, completions, listed, unique
from ilocal.cli.session import Session
from ilocal.errors import IlocalError, NotDurableError
from ilocal.i18n.labels import word
from ilocal.i18n.messages import _, spoken
from ilocal.model.describe import describe_period, label
from ilocal.model.event import Event
from ilocal.model.fields import LISTS, POINT_LISTS, STATUSES
from ilocal.model.safe_text import message, safe, shown
from ilocal.terminal.capabilities import columns
from ilocal.terminal.prompts import choice, likely, line
from ilocal.terminal.status import caution, say, tell
from ilocal.terminal.text_width import wrapped

Values = dict[str, Any]
Save = Callable[[Event, bool], list[str]]
_NAMED = ("location", "kind", "organizers", "projects", "topics")


def added(session: Session, fields: Fields, save: Save) -> list[str] | None:
    """Ask for all that the options do not say, show the event, and give it to `save` once that is agreed.

    `save` is told whether the event is meant although there is one like it. Returns its answer, None where it is
    cancelled. Raises KeyboardInterrupt or EOFError, when all that was typed has been shown once more.
    """
    values = given(fields, session)
    Event(title="?", **_without_rule(values))  # what cannot be is said before anything is asked
    known = {field: Known(session.workspace.names(field)) for field in _NAMED}
    session.workspace.close()  # nothing is held open while somebody thinks
    try:
        _tell(_("Enter alone leaves a field out; Ctrl-C stops, and nothing is added."))
        _title(values)
        _dates(session, values)
        _resembles(session, Event(**values))
        for field in _NAMED:
            if field not in values:
                (_several if field in LISTS else _one)(field, known[field], values)
        _status(values)
        _description(values)
        return _agreed(session, Event(**values), save, values)
    except (KeyboardInterrupt, EOFError):
        with suppress(OSError):
            _last_words(values)
        raise


# ----------------------------------------------------------------------------------------------------------- questions


def _title(values: Values) -> None:
    while not values.get("title"):
        title = " ".join(line(_("Title: "), ()).split())
        if title:
            values["title"] = title
        else:
            _tell(_("an event needs a title"), "  ")


def _dates(session: Session, values: Values) -> None:
    """Ask until the dates can be read, and tell how they were."""
    if "start" in values or "end" in values:
        values |= with_rule(values, values.get("start"), session)
        return
    while True:
        typed = " ".join(line(_("Date, or from when to when (Enter: to be announced): "), ()).split())
        try:
            span = session.read(typed) if typed else None
            dates = {"start": span.start, "end": span.end} if span else {}
            dated = with_rule(values | dates, dates.get("start"), session)
            Event(**dated)
        except IlocalError as error:
            _explain(error)
        else:
            values |= dated
            if span is not None:
                _tell(describe_period(span), "  ")
            return


def _one(field: str, known: Known, values: Values) -> None:
    """Ask for a field with one name."""
    _offer(known)
    if name := known.one(line(f"{word(field, spoken())}: ", completions(known))):
        values[field] = _meant(name, known)


def _several(field: str, known: Known, values: Values) -> None:
    """Ask for a list of names, on one line or on several."""
    _offer(known)
    found: list[str] = []
    question = _("{field} (commas between them): ", field=word(field, spoken()))
    while typed := line(question, completions(known)).strip():
        found = unique([*found, *(_meant(name, known) for name in known.several(typed))])
        values[field] = tuple(found)
        _tell("; ".join(map(safe, found)), "  ")
        question = _("more of them (Enter: no more): ")


def _status(values: Values) -> None:
    if "status" in values:
        return
    said = {name: word(name, spoken()) for name in STATUSES}
    known = Known(dict.fromkeys(STATUSES, 0))
    _offer(known, said)
    while True:
        status = status_named(known.one(line(_("Status (Enter: confirmed): "), [*said.values()])))
        if status in STATUSES:
            values["status"] = status
        if status in ("", *STATUSES):
            return
        _tell(_("one of {names}", names=", ".join(said.values())), "  ")


def _description(values: Values) -> None:
    """Ask for lines until one is a full stop; an empty first one is no description."""
    if "description" in values:
        return
    _tell(_('Description: lines up to a "." alone, or Ctrl-D; e opens the editor'))
    lines: list[str] = []
    with suppress(EOFError):
        while (typed := line("> ", ())) != "." and (typed or lines):
            if typed.strip() == "e" and not lines:
                lines = _in_editor()
                break
            lines.append(typed.rstrip())
            values["description"] = "\n".join(lines)
    if text := "\n".join(lines).strip("\n"):
        values["description"] = text


def _in_editor() -> list[str]:
    from ilocal.terminal.editor import written

    try:
        return written("", "description.md").strip().split("\n")
    except IlocalError as error:
        _explain(error)
        return []


# --------------------------------------------------------------------------------------------------------------- names


def _offer(known: Known, labels: dict[str, str] | None = None) -> None:
    for text in listed(known, columns(), labels):
        say(text)


def _meant(name: str, known: Known) -> str:
    """The name, or the one that is known and nearly the same, where that is meant."""
    near = known.near(name)
    return near if near and likely("  " + _('did you mean "{name}"? [Y/n] ', name=safe(near))) else name


# ----------------------------------------------------------------------------------------------------------------- end


def _agreed(session: Session, event: Event, save: Save, values: Values) -> list[str] | None:
    """Show the event and ask what to do with it, until it is saved or cancelled."""
    while True:
        say("")
        _print(event)
        insists = _resembles(session, event)
        answer = choice(_("[s]ave, [e]dit or [c]ancel? "), ("save", "edit", "cancel"))
        if answer == "cancel":
            return None
        try:
            if answer == "save":
                return save(event, insists)
            event = _edited(event) or event
            values.clear()
            values |= {name: getattr(event, name) for name in event.__dataclass_fields__}
        except NotDurableError:
            raise
        except IlocalError as error:
            _explain(error)


def _edited(event: Event) -> Event | None:
    from ilocal.storage.loader import read_block
    from ilocal.storage.toml.event_writer import render
    from ilocal.terminal.editor import edited

    return edited(render(event), "event", read_block)


def _resembles(session: Session, event: Event) -> bool:
    """Warn of an event that this one may be; whether there is any."""
    from dataclasses import replace

    from ilocal.model.similar_events import beside

    pairs = beside([replace(event, id=event.id or "?")], session.workspace.select)
    session.workspace.close()
    for _event, like in pairs:
        what = f"{label(like.start, like.end)} {shown(like.title)} ({safe(like.id)})".strip()
        caution(_("there seems to be such an event already: {event}", event=what))
    return bool(pairs)


def _tell(text: str, indent: str = "") -> None:
    """Say something in as many lines as it needs here."""
    for part in wrapped(message(text), columns() - len(indent)):
        say(indent + part)


def _explain(error: IlocalError) -> None:
    _tell(error.message, "  ")
    if error.hint:
        _tell(error.hint, "  ")


def _last_words(values: Values) -> None:
    """Show what was typed so far, so that it can be pasted elsewhere."""
    if not values.get("title"):
        say(_("nothing was added"))
        return
    say(_("nothing was added; this was typed so far:"))
    _print(Event(**(values if "start" in values else _without_rule(values))))


def _without_rule(values: Values) -> Values:
    """The values without those that are nothing without a date."""
    return {name: value for name, value in values.items() if name not in ("rrule", *POINT_LISTS)}


def _print(event: Event) -> None:
    from ilocal.storage.toml.event_editor import visible
    from ilocal.storage.toml.event_writer import render

    tell(visible(render(event)))
