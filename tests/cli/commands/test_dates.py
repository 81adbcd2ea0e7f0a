"""`ilocal dates`: how a date is read."""

from __future__ import annotations

import json

from tests.support.cli import Ilocal


def test_dates_says_how_a_date_is_read(ilocal: Ilocal) -> None:
    assert ilocal("dates", "25-29/02/2020") == (
        0,
        "2020-02-25..2020-02-29\nstart: 2020-02-25 (Tuesday)\nend: 2020-02-29 (Saturday)\ndays: 5, including both ends\n",
        "",
    )
    assert ilocal("--lang", "vi", "dates", "-2w").out.startswith("2020-02-06\nbắt đầu: 2020-02-06 (thứ Năm)\n")
    result = ilocal("dates", "02/25/2020")
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        'ilocal: cannot read "02/25/2020" as a date: there is no month 25; the day comes first: 25/02/2020\n'
    )


def test_a_program_reads_how_a_date_is_read(ilocal: Ilocal) -> None:
    said = {
        text: json.loads(ilocal("dates", text, "-f", "json").out) for text in ("25-29/02/2020", "-2w", "quý 1/2020")
    }
    assert said == {
        "25-29/02/2020": {
            "period": "2020-02-25..2020-02-29", "start": "2020-02-25", "end": "2020-02-29", "precision": "day",
            "first_day": "2020-02-25", "last_day": "2020-02-29", "days": 5,
        },
        "-2w": {
            "period": "2020-02-06", "start": "2020-02-06", "precision": "day",
            "first_day": "2020-02-06", "last_day": "2020-02-06", "days": 1,
        },
        "quý 1/2020": {
            "period": "2020-01..2020-03", "start": "2020-01", "end": "2020-03", "precision": "month",
            "first_day": "2020-01-01", "last_day": "2020-03-31", "days": 91,
        },
    }  # fmt: skip
