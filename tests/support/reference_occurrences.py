"""Print the occurrences in calendar files as computed by the library recurring-ical-events.

It runs in an environment of its own, as it requires an older dateutil. For each file named in the arguments it prints a
line of JSON: its occurrences as [uid, start, end, summary], or an error.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

FIRST, LAST = (1990, 1, 1), (2040, 1, 1)


def format_moment(moment: date) -> str:
    """Return a moment in UTC, a local time, or a day."""
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment.astimezone(UTC).isoformat()
    return moment.isoformat()


def read_occurrences(path: Path) -> list[list[str]]:
    import recurring_ical_events
    from icalendar import Calendar

    calendar = Calendar.from_ical(path.read_bytes())
    found = recurring_ical_events.of(calendar, components=["VEVENT"]).between(FIRST, LAST)
    return sorted(
        [str(event.get("UID", "")), format_moment(event.start), format_moment(event.end), str(event.get("SUMMARY", ""))]
        for event in found
    )


def main() -> None:
    for name in sys.argv[1:]:
        try:
            answer: object = {"file": name, "occurrences": read_occurrences(Path(name))}
        except Exception as error:  # any error of that library for a file
            answer = {"file": name, "error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer, ensure_ascii=False))


if __name__ == "__main__":
    main()
