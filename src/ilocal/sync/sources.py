"""Lists of other offices: the tables `[[source]]`, and a list as the snapshot that the registry keeps of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from ilocal.errors import InvalidEventError, RegistryError, UsageError
from ilocal.i18n.messages import _
from ilocal.model.dates import date_sort_key
from ilocal.model.event import Event
from ilocal.model.event_uids import make_event_uid
from ilocal.model.fields import FIELDS_BY_NAME, LIST_FIELDS, TEXT_FIELDS, resolve_field_name
from ilocal.model.ids import make_event_id
from ilocal.model.registry_info import RegistryInfo
from ilocal.model.safe_text import make_text_safe
from ilocal.storage.toml.event_writer import format_event_block
from ilocal.sync.sync_plan import is_suspicious_removal
from ilocal.sync.web_addresses import hide_secrets, normalize_remote_address

Trust = Literal["add-and-change", "add-only"]
Removals = Literal["remove", "mark-cancelled", "keep"]

_NAME_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,40}")
_EVERY_PATTERN = re.compile(r"([0-9]{1,4})\s*([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_TRUSTS, _REMOVALS = ("add-and-change", "add-only"), ("remove", "mark-cancelled", "keep")
_TEXT_KEYS = ("name", "url", "every", "trust", "removals", "uid_domain", "timezone", "format")


@dataclass(frozen=True, slots=True)
class Source:
    """A list of another office, as the registry names it."""

    name: str
    url: str
    every: timedelta = timedelta()  # age from which a snapshot is fetched again if no source is named
    additions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # values added to each event, by field
    trust: Trust = "add-and-change"
    removals: Removals = "remove"
    uid_domain: str = ""  # of the events that the office itself keeps
    timezone: str = ""  # of times without one
    format: str = ""  # of the list; "": by its address and content

    @property
    def file_name(self) -> str:
        return f"{self.name}.toml"

    @property
    def display_url(self) -> str:
        """Return the address without secrets."""
        return make_text_safe(hide_secrets(self.url))


def parse_source(table: Any) -> Source:
    """Return a table `[[source]]` as it is used. Raises RegistryError."""
    if not isinstance(table, Mapping):
        raise RegistryError(_("[[source]]: expected a table"))
    texts = {key: table.get(key, "") for key in _TEXT_KEYS}
    name = texts["name"]
    if not isinstance(name, str) or not _NAME_PATTERN.fullmatch(name):
        raise RegistryError(_("[[source]]: name: expected a name of letters, digits, - and _"))
    where = f"[[source]] {name}"
    unknown = next((key for key in table if key not in (*_TEXT_KEYS, "map")), None)
    if unknown is not None:
        known = ", ".join((*_TEXT_KEYS, "map"))
        said = _('{where}: there is no key "{key}"', where=where, key=make_text_safe(str(unknown)))
        raise RegistryError(said, hint=_("use one of {names}", names=known))
    for key, value in texts.items():
        if not isinstance(value, str):
            raise RegistryError(_("{where}: {key}: expected a string", where=where, key=key))
    try:
        url = normalize_remote_address(texts["url"])
    except UsageError as error:
        raise RegistryError(f"{where}: {error.message}", hint=error.hint) from None
    return Source(
        name,
        url,
        _parse_interval_of_source(where, texts["every"]),
        _parse_additions_of_source(where, table.get("map", {})),
        _choose_source(where, "trust", texts["trust"], _TRUSTS),
        _choose_source(where, "removals", texts["removals"], _REMOVALS),
        texts["uid_domain"],
        texts["timezone"],
        texts["format"],
    )


def _parse_interval_of_source(where: str, text: str) -> timedelta:
    found = _EVERY_PATTERN.fullmatch(text.strip())
    if text and found is None:
        raise RegistryError(_('{where}: every: "{text}" is not a duration such as 12h or 1d', where=where, text=text))
    return int(found[1]) * _UNITS[found[2]] if found else timedelta()


def _choose_source(where: str, key: str, value: str, choices: Sequence[str]) -> Any:
    if value and value not in choices:
        said = _('{where}: {key}: "{text}" is not a valid value', where=where, key=key, text=make_text_safe(value))
        raise RegistryError(said, hint=_("use one of {names}", names=", ".join(choices)))
    return value or choices[0]


def _parse_additions_of_source(where: str, table: Any) -> dict[str, tuple[str, ...]]:
    """Return the values to add to each event.

    Raises RegistryError unless they are texts or lists of texts of fields.
    """
    wrong = RegistryError(_("{where}: map: expected fields with a string or a list of strings", where=where))
    if not isinstance(table, Mapping):
        raise wrong
    found = {}
    for key, value in table.items():
        texts = [value] if isinstance(value, str) else value
        try:
            name = resolve_field_name(key)
        except UsageError:
            raise wrong from None
        is_text = name in (*LIST_FIELDS, *TEXT_FIELDS) and name not in ("id", "uid", "title")
        if not is_text or not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
            raise wrong
        found[name] = tuple(texts)
    return found


# ----------------------------------------------------------------------------------------------------------- snapshots


@dataclass(frozen=True, slots=True)
class SourceList:
    """The events of a source: as fetched, or None if the snapshot stays as it is; and the snapshot."""

    source: Source
    fetched: Sequence[Event] | None
    snapshot: Sequence[Event]


@dataclass
class SnapshotPlan:
    """The planned events of a snapshot, and the changes, by id."""

    source: Source
    events: list[Event] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    suspicious_removals: int = 0  # number of removals because of which the snapshot stays as it is

    @property
    def is_changed(self) -> bool:
        return bool(self.new or self.updated or self.removed)


def prepare_source_events(source: Source, events: Iterable[Event]) -> list[Event]:
    """Return fetched events with a UID, the additions of the source, and where they are from."""
    info = RegistryInfo(uid_domain=source.uid_domain or source.name)
    found: dict[str, Event] = {}
    for event in events:
        id = event.id or make_event_id(event.title, event.start, ())
        values: dict[str, Any] = {"id": id, "uid": event.uid or make_event_uid(replace(event, id=id), info)}
        values["source"] = event.source or source.display_url
        if source.timezone and isinstance(event.start, datetime) and event.start.tzinfo is None and not event.timezone:
            values["timezone"] = source.timezone
        for name, texts in source.additions.items():
            old = getattr(event, name)
            is_list = FIELDS_BY_NAME[name].kind == "texts"
            values[name] = tuple(dict.fromkeys((*old, *texts))) if is_list else old or " ".join(texts)
        try:
            found.setdefault(values["uid"], replace(event, **values))
        except InvalidEventError:
            found.setdefault(values["uid"], replace(event, id=id, uid=values["uid"]))
    return list(found.values())


def plan_source_snapshots(
    lists: Sequence[SourceList], own_events: Sequence[Event], info: RegistryInfo, today: date, accepted: int | None
) -> list[SnapshotPlan]:
    """Return the plan for each snapshot.

    An event in several lists goes to its owner's: the registry or the source whose domain is in its UID, else the
    first. A list that is suddenly empty or much shorter changes nothing.

    Arguments:
        lists: all sources, in the order of the registry.
        own_events: those of the registry itself.
        info: of the registry.
        today: past events stay when a list drops them.
        accepted: the number of removals that the user accepts.
    """
    owners = {make_event_uid(event, info): "" for event in own_events}
    domains = {one.source.uid_domain: one.source.name for one in lists if one.source.uid_domain}
    for one in lists:
        for event in one.snapshot if one.fetched is None else one.fetched:
            domain = event.uid.rpartition("@")[2]
            is_owner = domains.get(domain) == one.source.name and domain != info.uid_domain
            if event.uid not in owners or (is_owner and owners[event.uid] != ""):
                owners[event.uid] = one.source.name
    taken = {event.id for event in own_events}
    plans = []
    for one in lists:
        plan = _plan_source_snapshot(one, owners, taken, today, accepted)
        taken |= {event.id for event in plan.events}
        plans.append(plan)
    return plans


def _plan_source_snapshot(
    one: SourceList, owners: Mapping[str, str], taken: set[str], today: date, accepted: int | None
) -> SnapshotPlan:
    source, plan = one.source, SnapshotPlan(one.source)
    old = {event.uid: event for event in one.snapshot}
    fetched = one.snapshot if one.fetched is None else one.fetched
    mine = {event.uid: event for event in fetched if owners[event.uid] == source.name}
    for uid in (event.uid for event in fetched if event.uid not in mine):
        plan.notes.append(
            _("{uid}: skipped, because the owner's version of the event is used", uid=make_text_safe(uid))
        )
    vanished = [event for event in one.snapshot if event.uid not in {found.uid for found in fetched}]
    coming = [event for event in vanished if not _is_source_event_over(event, today)]
    is_suspicious = is_suspicious_removal(len(coming), len(old)) or (bool(old) and not fetched)
    if is_suspicious and source.removals != "keep" and (accepted is None or accepted < len(coming)):
        plan.suspicious_removals = max(len(coming), 1)
        plan.events = list(one.snapshot)
        return plan
    for uid, event in mine.items():
        plan.events.append(_place_source_event(plan, event, old.get(uid), taken))
    for event in vanished:
        _keep_vanished(plan, event, is_over=_is_source_event_over(event, today))
    plan.removed += [old[uid].id for uid in old if uid not in mine and uid in {found.uid for found in fetched}]
    plan.events.sort(
        key=lambda event: (event.start is None, date_sort_key(event.start) if event.start else 0, event.id)
    )
    return plan


def _is_source_event_over(event: Event, today: date) -> bool:
    days = event.date_range
    return days is not None and days.last < today and not event.rrule


def _place_source_event(plan: SnapshotPlan, event: Event, old: Event | None, taken: set[str]) -> Event:
    """Return an event with its id in this registry, and record whether it is new or changed."""
    if old is not None:
        event = old if plan.source.trust == "add-only" else replace(event, id=old.id)
        if event != old:
            plan.updated.append(event.id)
        return event
    used = taken | {one.id for one in plan.events}
    id = event.id if event.id not in used else f"{plan.source.name}-{event.id}"
    if id in used:
        id = make_event_id(event.title, event.start, used)
    plan.new.append(id)
    return replace(event, id=id)


def _keep_vanished(plan: SnapshotPlan, event: Event, *, is_over: bool) -> None:
    """Keep, mark or leave out an event that the list no longer has."""
    if is_over or plan.source.removals == "keep":
        plan.events.append(event)
    elif plan.source.removals == "mark-cancelled":
        if event.status != "cancelled":
            plan.updated.append(event.id)
        plan.events.append(replace(event, status="cancelled"))
    else:
        plan.removed.append(event.id)


def format_source_snapshot(source: Source, events: Iterable[Event]) -> str:
    """Return the text of a snapshot: the same events give the same bytes."""
    head = f"# {source.display_url}\n# Fetched by `ilocal refresh {source.name}`, which replaces this file.\n"
    return head + "".join("\n" + format_event_block(event) for event in events)
