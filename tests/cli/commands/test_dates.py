"""`ilocal dates`: how a date is read."""

from __future__ import annotations

from tests.support.cli import Ilocal


def test_dates_says_how_a_date_is_read(ilocal: Ilocal) -> None:
    assert ilocal("dates", "25-29/02/2020") == (
        0,
        "2020-02-25..2020-02-29\nstart: 2020-02-25 (Tuesday, a day)\nend: 2020-02-29 (Saturday, a day)\n"
        "days: 5, both ends counted\n",
        "",
    )
    assert ilocal("--lang", "vi", "dates", "-2w").out.startswith(
        "2020-02-06\nbắt đầu: 2020-02-06 (Thứ Năm, một ngày)\n"
    )
    result = ilocal("dates", "02/25/2020")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(
        'ilocal: cannot read "02/25/2020" as a date: there is no month 25; the day comes first: 25/'
    )
    assert result.err.count("\nhint: ") == 1
