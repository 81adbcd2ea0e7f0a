"""Events in the markup of a page, as schema.org has them: microdata (itemprop), and the classes of h-event."""

from __future__ import annotations

from typing import Any

from ilocal.formats.html.document import Element
from ilocal.formats.html.json_ld import SchemaItem, is_event_type
from ilocal.formats.html.page_text import format_page_text

_VALUE_ATTRIBUTES = {
    "meta": "content", "time": "datetime", "a": "href", "link": "href", "area": "href", "data": "value", "img": "src",
}  # fmt: skip
_MAX_NESTING = 20
# The names of h-event (microformats.org/wiki/h-event), and of hCalendar before it.
_H_EVENT_PROPERTIES = {
    "p-name": "name", "summary": "name", "dt-start": "startDate", "dtstart": "startDate", "dt-end": "endDate",
    "dtend": "endDate", "p-location": "location", "location": "location", "p-organizer": "organizer",
    "organizer": "organizer", "p-category": "keywords", "category": "keywords", "u-url": "url", "url": "url",
    "e-content": "description", "e-description": "description", "p-description": "description",
    "description": "description", "p-summary": "summary", "p-attendee": "audience", "attendee": "audience",
    "p-x-project": "about", "p-x-kind": "additionalType",
}  # fmt: skip
_OWN_CATEGORIES = {"p-x-project", "p-x-kind"}  # which other programs take for categories
_LISTS = ("keywords", "organizer", "location", "performer", "about", "audience")


def find_microdata_items(document: Element) -> list[SchemaItem]:
    """Return the events of a page's microdata."""
    events = [one for one in document.iterate() if "itemscope" in one.attributes and _has_event_type(one)]
    return [item for item in (_read_scope(one, 0) for one in events) if item.get("name")]


def _has_event_type(element: Element) -> bool:
    return any("schema.org/" in kind and is_event_type(kind) for kind in element.attributes.get("itemtype", "").split())


def _read_scope(scope: Element, depth: int) -> dict[str, Any]:
    """Return the properties of an item; those of items in it belong to them."""
    found: dict[str, Any] = {"@type": scope.attributes.get("itemtype", "").rpartition("/")[2], "@line": scope.line}
    stack = [child for child in reversed(scope.children) if isinstance(child, Element)]
    while stack:
        one = stack.pop()
        has_scope = "itemscope" in one.attributes
        for name in one.attributes.get("itemprop", "").split():
            value = _read_scope(one, depth + 1) if has_scope and depth < _MAX_NESTING else _read_value(one)
            _put_microdata_property(found, name, value)
        if not has_scope:
            stack += [child for child in reversed(one.children) if isinstance(child, Element)]
    return found


def _read_value(element: Element) -> str:
    """Return the value of an element: its machine-readable attribute, else its text."""
    for name in ("content", _VALUE_ATTRIBUTES.get(element.tag, "")):
        if name and element.attributes.get(name):
            return element.attributes[name].strip()
    return " ".join(element.collect_text().split())


def _put_microdata_property(found: dict[str, Any], name: str, value: Any) -> None:
    if name in found and name in _LISTS:
        found[name] = [*(found[name] if isinstance(found[name], list) else [found[name]]), value]
    else:
        found.setdefault(name, value)


def find_h_events(document: Element) -> list[SchemaItem]:
    """Return the events that a page marks with the classes of h-event or hCalendar."""
    roots = [one for one in document.iterate() if {"h-event", "vevent"} & {*one.classes}]
    return [item for item in map(_read_h_event, roots) if item.get("name")]


def _read_h_event(root: Element) -> SchemaItem:
    found: SchemaItem = {"@type": "Event", "@line": root.line}
    stack = [child for child in reversed(root.children) if isinstance(child, Element)]
    while stack:
        one = stack.pop()
        if {"h-event", "vevent"} & {*one.classes}:
            continue
        is_hidden_part = False
        is_own_category = bool(_OWN_CATEGORIES & {*one.classes})
        for name in one.classes:
            meant = _H_EVENT_PROPERTIES.get(name)
            if meant is None or (meant == "keywords" and is_own_category):
                continue
            is_hidden_part = is_hidden_part or name.startswith("e-")
            value = _read_h_property(one, meant)
            _put_microdata_property(found, meant, {"@type": "Project", "name": value} if meant == "about" else value)
        if not is_hidden_part:
            stack += [child for child in reversed(one.children) if isinstance(child, Element)]
    found.setdefault("description", found.pop("summary", ""))
    if not found.get("startDate"):  # a page that marks its dates for machines alone
        days = [
            one.attributes["datetime"] for one in root.iterate() if one.tag == "time" and "datetime" in one.attributes
        ]
        found |= dict(zip(("startDate", "endDate"), days, strict=False))
    return found


def _read_h_property(element: Element, meant: str) -> str:
    """Return the value of a property: an address, a date for machines, a text with its paragraphs, or a line."""
    if meant in ("startDate", "endDate"):
        inner = next((one for one in element.iterate() if "value" in one.classes or one.tag == "time"), element)
        for one in (element, inner):
            if value := one.attributes.get("datetime") or one.attributes.get("title"):
                return value.strip()
        return " ".join(inner.collect_text().split())
    if meant == "url":
        return element.attributes.get("href", "").strip() or " ".join(element.collect_text().split())
    if meant == "description":
        return format_page_text(element, is_part=True)
    return " ".join(element.collect_text().split())
