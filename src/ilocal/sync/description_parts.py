"""Splitting of a description changed by another program into the original summary, description and sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ilocal.formats.ics.to_vevent import format_vevent_description
from ilocal.model.event import Event, Section

if TYPE_CHECKING:
    from ilocal.formats.base import ImportedEvent

_GAP = -1  # the blank line between two parts


@dataclass
class _Part:
    """A text of the event: `kind` is summary, description, heading or body; `section` its number."""

    kind: str
    section: int
    lines: list[str]


def place_synced_description(event: Event, old_text: str, new_text: str) -> dict[str, Any] | None:
    """Return summary, description and sections of an event after a change of its combined description.

    Arguments:
        event: the event in the registry.
        old_text: the combined description before the change.
        new_text: the same after the change.

    A changed line belongs to the part in which it was. Returns None if this is uncertain. The combined result equals
    `new_text`.
    """
    if not event.summary and not event.sections:
        return {"description": new_text}
    if _normalize_remote_description(old_text) != _normalize_remote_description(format_vevent_description(event)):
        return None
    parts = _split_parts_of_synced_description(event)
    if not _apply_remote_line_changes(parts, _normalize_remote_description(new_text)):
        return None
    values = _join_parts_of_remote_description(event, parts)
    if values is None:
        return None
    is_exact = _normalize_remote_description(
        format_vevent_description(replace(event, **values))
    ) == _normalize_remote_description(new_text)
    return values if is_exact else None


def separate_imported_description(old: Event, entry: ImportedEvent) -> ImportedEvent:
    """Return an imported event whose description has the text of the old one's summary and sections without that text.

    Calendars get all texts of an event as one description, and other programs drop the properties by which ilocal
    takes it apart. Lines that were changed go to the part in which they were; if that is uncertain, the description
    keeps all of its text, and the parts that it contains are removed.
    """
    stated, new_text = entry.stated_fields, entry.event.description
    if stated is None or "description" not in stated or stated & {"summary", "sections"}:
        return entry
    if _normalize_remote_description(new_text) == _normalize_remote_description(old.description) or not _contains_parts(
        new_text, old
    ):
        return entry
    values = place_synced_description(old, format_vevent_description(old), new_text) or {
        "description": new_text,
        "summary": "" if _contains_lines(new_text, old.summary) else old.summary,
        "sections": tuple(one for one in old.sections if not _contains_section(new_text, one)),
    }
    return replace(entry, event=replace(entry.event, **values), stated_fields=stated | {"summary", "sections"})


def _contains_parts(text: str, event: Event) -> bool:
    """Return whether a text contains the summary or a section of an event."""
    return _contains_lines(text, event.summary) or any(_contains_section(text, one) for one in event.sections)


def _contains_section(text: str, section: Section) -> bool:
    return _contains_lines(text, section.heading) or _contains_lines(text, section.body)


def _contains_lines(text: str, part: str) -> bool:
    """Return whether a text contains all lines of a part, one after the other."""
    wanted = "\n".join(_normalize_remote_description(part))
    return bool(wanted) and f"\n{wanted}\n" in "\n{}\n".format("\n".join(_normalize_remote_description(text)))


def _normalize_remote_description(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def _split_parts_of_synced_description(event: Event) -> list[_Part]:
    """Return the parts in the order in which a calendar shows them."""
    found = [("summary", -1, event.summary), ("description", -1, event.description)]
    for number, section in enumerate(event.sections):
        found += [("heading", number, section.heading), ("body", number, section.body)]
    return [_Part(kind, number, _normalize_remote_description(text)) for kind, number, text in found if text.strip()]


def _apply_remote_line_changes(parts: list[_Part], new: Sequence[str]) -> bool:
    """Change the lines of the parts into those of `new`; False where a line may belong to several parts."""
    from difflib import SequenceMatcher

    old: list[str] = []
    owners: list[int] = []
    for number, part in enumerate(parts):
        old += ([""] if number else []) + part.lines
        owners += ([_GAP] if number else []) + [number] * len(part.lines)
        part.lines = []
    for kind, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            for at in range(start, end):
                if owners[at] != _GAP:
                    parts[owners[at]].lines.append(old[at])
            continue
        lines = list(new[new_start:new_end])
        if not lines:
            continue
        touched = {owner for owner in owners[start:end] if owner != _GAP}
        if len(touched) > 1:
            return False
        owner = next(iter(touched)) if touched else _find_nearest_part_of_remote_line(owners, start)
        parts[owner].lines += lines
    return True


def _find_nearest_part_of_remote_line(owners: Sequence[int], at: int) -> int:
    """Return the part before a place between lines."""
    return next((owner for owner in reversed(owners[:at]) if owner != _GAP), 0)


def _join_parts_of_remote_description(event: Event, parts: Sequence[_Part]) -> dict[str, Any] | None:
    """Return the fields of the parts; None if a section's heading is missing or has several lines."""
    texts = {(part.kind, part.section): "\n".join(part.lines).strip() for part in parts}
    sections = []
    for number, section in enumerate(event.sections):
        heading, body = texts.get(("heading", number), ""), texts.get(("body", number), "")
        if not heading and not body:
            continue
        if not heading or "\n" in heading:
            return None
        sections.append(replace(section, heading=heading, body=body))
    return {
        "summary": texts.get(("summary", -1), ""),
        "description": texts.get(("description", -1), ""),
        "sections": tuple(sections),
    }
