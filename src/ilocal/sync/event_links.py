"""Links between new events and new remote items of other UIDs that are the same: by title and days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from ilocal.model.dates import DateRange
from ilocal.model.event import Event
from ilocal.model.text_folding import fold_text


def find_event_links(here: Mapping[str, Event], there: Mapping[str, Event]) -> dict[str, str]:
    """Return the UIDs of remote events with that of the event here which has the same title and days.

    An event that several on one side may be is not linked.
    """
    ours, theirs = _group_by_title_and_days(here), _group_by_title_and_days(there)
    return {
        theirs[key][0]: uids[0]
        for key, uids in ours.items()
        if len(uids) == 1 and len(theirs.get(key, ())) == 1 and key[1] is not None
    }


def _group_by_title_and_days(events: Mapping[str, Event]) -> dict[tuple[str, DateRange | None], list[str]]:
    found = defaultdict(list)
    for uid, event in events.items():
        found[fold_text(event.title), event.date_range].append(uid)
    return found
