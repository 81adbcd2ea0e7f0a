"""Labels of fields and values, and counts, in the language of an answer."""

from __future__ import annotations

from collections.abc import Sequence

from ilocal.i18n.messages import N_, _, format_number, translate, translate_plural


def translate_list_summary(items: Sequence[str], most: int) -> str:
    """Return the first of many items, and how many more there are: `a, b and 7 more`."""
    first, left = ", ".join(items[:most]), len(items) - most
    return _("{first} and {n} more", first=first, n=format_number(left)) if left > 0 else first


# ----------------------------------------------------------------------------------------- headings, labels and counts

_LABELS = {
    "when": N_("Date"),
    "month": N_("Month"),
    "year": N_("Year"),
    "undated": N_("To be announced"),
    "events": N_("Events"),
    "running": N_("running"),
    "on that day": N_("today"),
    "running now": N_("Running"),
    "today": N_("Today"),
    "began earlier": N_("Began earlier"),
    "tentative": N_("tentative"),
    "confirmed": N_("confirmed"),
    "cancelled": N_("cancelled"),
    "postponed": N_("postponed"),
    "nothing coming": N_("No upcoming events."),
    "last event": N_("The last event was: {when} {title}"),
    "nothing in this time": N_("No events in this period."),
    "next event": N_("The next event is: {when} {title}"),
    "nothing found": N_("No events found."),
    "no events": N_("There are no events yet."),
    "none match": N_("No events match."),
}


def translate_label(key: str, lang: str) -> str:
    """Return the heading, label or sentence for `key`; an unknown key unchanged."""
    return translate(_LABELS[key], lang) if key in _LABELS else key


def translate_event_count(n: int, lang: str) -> str:
    """Return a number of events with its noun: `21 events`."""
    return translate_plural("{n} event", "{n} events", n, lang)
