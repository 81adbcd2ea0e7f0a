"""Where and how an answer is written: format, columns, pager, file or chart."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from ilocal.cli.session import Session
from ilocal.errors import IlocalError
from ilocal.model.event import Event
from ilocal.model.similar_names import FIELDS, likeness
from ilocal.terminal.status import caution


def warn_of_names(session: Session, events: Sequence[Event], fields: Sequence[str] = FIELDS) -> None:
    """Say which names of events that were just saved are spelled almost like names that more events have."""
    with suppress(IlocalError):  # what was to be done is done
        for slip in session.workspace.slips(events, fields):
            caution(f"{slip.field}: {likeness(slip.name, slip.other)}")
