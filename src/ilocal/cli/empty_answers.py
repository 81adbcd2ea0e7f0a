"""Messages for empty results: which names no event has, and similar ones."""

from __future__ import annotations

from ilocal.cli.filters import Filters, split_filter_names
from ilocal.cli.session import Session
from ilocal.i18n.labels import translate_event_count, translate_label
from ilocal.i18n.messages import _, current_language
from ilocal.model.query import has_name
from ilocal.model.query_builder import FIELDS_BY_NAME_FILTER, build_query_names
from ilocal.model.safe_text import escape_single_line, make_text_safe
from ilocal.model.similar_names import find_nearest_names
from ilocal.model.value_labels import describe_event_value
from ilocal.terminal.status import print_status


def print_empty_answer(session: Session, filters: Filters) -> None:
    """Report that no event matches, and for each unknown name the most similar known ones."""
    if not len(session.registry):
        print_status(translate_label("no events", current_language()))
        print_status(_("to add an event, run: ilocal add"))
        return
    print_status(translate_label("none match", current_language()))
    print_near_names(session, filters)


def print_near_names(session: Session, filters: Filters) -> None:
    """Report the most similar known names for each name in the filters that no event has."""
    for name, typed in split_filter_names(session, filters).items():
        field = FIELDS_BY_NAME_FILTER[name]
        for text in typed if field not in ("status", "language") else ():
            counts = session.registry.count_names(field)
            meant = build_query_names({name: [text]}, lambda: session.registry.info)[0][1]
            if any(has_name(field, known, meant) for known in counts):
                continue
            near = [_format_counted_name(field, known, counts[known]) for known in find_nearest_names(text, counts)]
            what = {"option": f"--{name}", "name": make_text_safe(text)}
            if near:
                print_status(_('{option}: no event has "{name}"; similar: {names}', names=", ".join(near), **what))
            else:
                print_status(_('{option}: no event has "{name}"', **what))


def _format_counted_name(field: str, name: str, n: int) -> str:
    shown = escape_single_line(describe_event_value(field, name, current_language()))
    return f"{shown} ({translate_event_count(n, current_language())})"
