"""CSV as people have it: from spreadsheets and calendars, edited and given back, in any encoding."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ilocal.block import render

from . import strategies
from .conftest import Ilocal

HEAD = '[registry]\nlanguage = "vi"\ntimezone = "Asia/Ho_Chi_Minh"\n\n'
SERIES = (
    HEAD + '[[event]]\nid = "hop-tuan"\ntitle = "Họp tuần"\nstart = 2020-03-02T09:00:00\nend = 2020-03-02T10:00:00\n'
    'rrule = "FREQ=WEEKLY;COUNT=4"\ntopics = ["CSR"]\n'
)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline="")))


def sheet(rows: list[dict[str, str]]) -> str:
    out = StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def stored(ilocal: Ilocal) -> list[dict[str, object]]:
    return [json.loads(line) for line in ilocal("list", "-f", "jsonl").out.splitlines()]


# ---------------------------------------------------------------------------------------------------- the round trip


@given(
    st.one_of(
        strategies.registry_texts(least=1),
        st.lists(strategies.series().map(render), min_size=1, max_size=2).map("\n".join),
    ),
    st.sampled_from([(), ("--excel",)]),
)
def test_a_list_that_nobody_edited_changes_no_byte(
    ilocal: Ilocal, tmp_path: Path, text: str, how: tuple[str, ...]
) -> None:
    registry = tmp_path / "events.toml"
    registry.write_bytes(text.encode())
    count = ilocal("list", "-f", "csv", *how, "-o", "a.csv").err
    assert "warning" not in count
    result = ilocal("import", "--update", "a.csv")
    n = len(ilocal("list", "-f", "ids").out.splitlines())
    assert (result.code, result.out, result.err) == (0, "", f"0 new, 0 updated, {n} unchanged, 0 rejected\n")
    assert registry.read_bytes() == text.encode()
