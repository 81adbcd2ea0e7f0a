"""Dates in a title or a description that are not those of the event."""

from __future__ import annotations

import pytest

from ilocal.checks.dates_in_text import check_date_in_text
from tests.support.checks import list_findings


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Hội thảo CSR 25/02/2020", "2020-02-25"),
        ("Hội thảo ngày 25 tháng 2 năm 2020 tại Huế. Có 30 người.", "2020-02-25"),
        ("Cuộc họp ngày 25 tháng Hai năm 2020", "2020-02-25"),
        ("Thứ Ba, 25.2.2020, lúc 8:30-11:30: họp", "2020-02-25"),
        ("Họp 25-29/02/2020.", "2020-02-25..2020-02-29"),
        ("Họp từ ngày 25 đến ngày 29/02/2020 tại Hà Nội", "2020-02-25..2020-02-29"),
        ("Hội thảo dự kiến diễn ra từ 13-14 tháng Hai 2020 tại Cần Thơ. Rồi thôi.", "2020-02-13..2020-02-14"),
        ("Workshop, February 25-29, 2020", "2020-02-25..2020-02-29"),
        ("Workshop on 25 February 2020 in Hanoi", "2020-02-25"),
        ("Từ 30/09/2020 đến 02/10/2020 tại Huế", "2020-09-30..2020-10-02"),
        # Two dates, a part of one, another year, or a date of something else: nothing is said for certain.
        ("Họp 25/02/2020, 27/02/2020", None),
        ("Họp 25 và 26/02/2020", None),
        ("ngày 25, 26 tháng 2 năm 2020", None),
        ("sáng 25/02/2020 và chiều 26/02", None),
        ("Khảo sát 2018, ngày 25/02/2020", None),
        ("Hội thảo ngày 25/02/2020. Hạn đăng ký 20/02.", None),
        ("Đăng ký đến 20/02/2020", None),
        ("Nộp bài trước ngày 20/02/2020", None),
        ("Báo cáo ngày 25/02/2020", None),
        ("Published on 25 February 2020", None),
        ("Nghị định ngày 25/02/2020", None),
        ("Tiếp nối hội thảo ngày 25/02/2020, dự án mời họp", None),
        ("Dự án đã khởi động ngày 25/02/2020", None),
        ("Một hội thảo. Họp ngày 25/02/2020", None),
        ("31/02/2020", None),
        ("Quyết định số 25/02/2020/QĐ", None),
        ("Gọi 02/02/2020-1234", None),
        ("ngày 20/2 tại Hà Nội", None),
    ],
)
def test_a_text_says_a_date_where_there_can_be_no_doubt(text: str, days: str | None) -> None:
    found = check_date_in_text(text)
    assert (found and "..".join(dict.fromkeys(map(str, found[1])))) == days


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ('title = "Họp 25/02/2020"\nstart = 2020-02-25', []),
        ('title = "Họp 25/02/2020"\nstart = 2020-02-25T09:00:00', []),
        ('title = "Họp 26/02/2020"\nstart = 2020-02-25\nend = 2020-02-29', []),
        ('title = "Họp 25/02/2020"\nstart = "2020-02"', []),
        ('title = "Họp 25/02/2020"', []),
        ('title = "Họp 25/02/2020"\nstart = 2020-03-25\nstatus = "postponed"', []),
        ('title = "Họp 25/02/2020"\nstart = 2020-03-25',
         ['2: title: the text says "25/02/2020", but the date is 2020/03/25 (other-date)']),
        ('title = "Họp 25-29/02/2020"\nstart = 2020-02-25\nend = 2020-02-28',
         ['2: title: the text says "25-29/02/2020", but the date is 2020/02/25 - 2020/02/28 (other-date)']),
        ('title = "A"\nstart = 2020-03-25\ndescription = "Vào ngày 25 tháng 2 năm 2020 tại Huế."',
         ['4: description: the text says "25 tháng 2 năm 2020", but the date is 2020/03/25 (other-date)']),
        ('title = "Họp 25/02/2019"\nstart = 2020-02-25',
         ['2: title: the text says "25/02/2019", but the date is 2020/02/25 (other-date)']),
        ('title = "Hai năm sau ngày 25/02/2019"\nstart = 2021-02-25', []),
        ('title = "Bàn về Tuyên bố 25/02/2020"\nstart = 2020-03-25', []),
        ('title = "Bản dịch, Version 2.1 25/02/2020"\nstart = 2020-03-25', []),
        ('title = "Văn bản số 12 25/02/2020"\nstart = 2020-03-25', []),
    ],
)  # fmt: skip
def test_a_text_that_says_another_date_is_doubted(fields: str, said: list[str]) -> None:
    assert list_findings(f'[[event]]\n{fields}\nid = "a"\n') == said
