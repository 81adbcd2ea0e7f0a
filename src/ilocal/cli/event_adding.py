"""Adding of new events to the registry, unless they exist already."""

from dataclasses import replace

from ilocal.cli.output import warn_about_name_typos
from ilocal.cli.session import Session
from ilocal.errors import ConflictError
from ilocal.i18n.messages import _
from ilocal.model.event import Event
from ilocal.model.safe_text import make_text_safe


def add_events_from_command(session: Session, events: list[Event], *, force: bool, if_absent: bool) -> list[str]:
    """Add the events in one write, all or none; return their ids, with `if_absent` those of existing ones."""
    ids = []
    now = session.now
    with session.registry.transaction() as draft:
        for event in events:
            old = None if force else draft.find_duplicate(event)
            if old is not None and not if_absent:
                raise build_add_duplicate_error(old, event, event.source_line if len(events) > 1 else 0)
            ids.append(old or draft.add(replace(event, created=event.created or now)).id)
    warn_about_name_typos(session, events)
    return ids


def build_add_duplicate_error(old: str, event: Event, line: int) -> ConflictError:
    """Return the error for an event that exists already; `line` is that of its input, or 0."""
    said = _('a similar event already exists: "{id}"', id=make_text_safe(old))
    hint = _("to get the id of that event, use --if-absent; to add another event, use --force")
    return ConflictError(
        said + (" " + _("(line {line})", line=line) if line else ""),
        hint=_("to get the id of that event, use --if-absent") if event.id else hint,
    )
