"""An event that ends at 00:00 is over then, in each command that asks for days."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.cli import Ilocal

MIDNIGHT = """\
[registry]
timezone = "Asia/Ho_Chi_Minh"
[[event]]
id = "gala"
title = "Gala"
start = 2020-03-28T20:00:00
end = 2020-03-29T00:00:00
[[event]]
id = "fair"
title = "Fair"
start = 2020-03-26T08:00:00+09:00
end = 2020-03-29T00:00:00+09:00
[[event]]
id = "shift"
title = "Shift"
start = 2020-03-22T16:00:00
end = 2020-03-23T00:00:00
rrule = "FREQ=WEEKLY;COUNT=2"
[[event]]
id = "days"
title = "Days"
start = 2020-03-28
end = 2020-03-29
[[event]]
id = "deadline"
title = "Deadline"
start = 2020-03-29T00:00:00
"""


def test_what_ends_at_midnight_is_over_then_wherever_days_are_asked_for(ilocal: Ilocal) -> None:
    """RFC 5545, 3.6.1 and 3.8.2.2. An end of days stays inclusive in the registry."""
    Path("events.toml").write_text(MIDNIGHT)
    expected = {"2020-03-28": ["days", "fair", "gala"], "2020-03-29": ["days", "deadline", "shift"], "2020-03-30": []}
    for day, ids in expected.items():
        assert sorted(ilocal("list", "--on", day, "-f", "ids").out.split()) == ids
    shown = json.loads(ilocal("calendar", "2020-03", "-f", "json").out)["days"]
    for day, ids in expected.items():
        assert sorted(next(one["events"] for one in shown if one["date"] == day)) == ids
    upcoming = ilocal("--today", "2020-03-29", "upcoming", "-f", "ids").out.split()
    assert sorted(upcoming) == ["days", "deadline", "shift"]
    drawn = json.loads(ilocal("timeline", "--on", "2020-03-28", "-f", "json").out)["events"]
    bars = {row["id"]: row["bars"] for row in drawn}
    assert (bars["gala"], bars["fair"]) == (
        [{"from": "2020-03-28", "to": "2020-03-28"}],
        [{"from": "2020-03-26", "to": "2020-03-28"}],
    )
