"""`ilocal check`: what is valid and yet hardly meant, said with its line, and little that is meant."""

from __future__ import annotations

import json
import re
import shlex
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal import review
from ilocal.review.links import targets, wrong
from ilocal.review.texts import says
from ilocal.spelling import is_slip, key, meant, near, same
from tests.conftest import FOUR, ROOT, SHIPPED, Ilocal, parsed
from tests.support.strategies import registry_texts

DAY = date(2020, 2, 20)


def doubts(text: str, today: date = DAY) -> list[str]:
    """What is doubted in a registry's text: the line, the field, the message and the code."""
    found = review.review(parsed(text), today)
    return [f"{one.line}: {one.field}: {one.message} ({one.code})" for one in found]


def test_of_the_shipped_events_one_is_doubted_and_rightly() -> None:
    """It says "early next year", is put on the day that the page prints, and nobody has said since that it was."""
    assert doubts(SHIPPED.read_text(encoding="utf-8")) == [
        "82: status: tentative, and its last day was 2020-01-01 (past-tentative)"
    ]
    assert doubts(SHIPPED.read_text(encoding="utf-8"), date(2019, 6, 1)) == []


@given(registry_texts(), st.dates())
def test_whatever_a_registry_holds_it_is_reviewed(text: str, today: date) -> None:
    """Each doubt has a line of the text, and each warning one of the codes."""
    for one in review.review(parsed(text), today):
        assert one.level == "warning" or one.code in ("duplicate-id", "unknown-key")
        assert one.level == "error" or one.code in review.codes()
        assert 0 <= one.line <= text.count("\n") + 1


# ---------------------------------------------------------------------------------------------------------------- keys

MISTYPED = """\
[registry]
langauge = "vi"

[[events]]
title = "lost"

[[event]]
id = "a"
title = "A"
topic = ["CSR"]
Descripton = "x"
room = 12

[[event.section]]
heading = "h"
room = 1

[[event.section]]
heading = "h"
boddy = "b"
room = 2

[event.translations.en]
tittle = "A"

[[event.override]]
recurrence_id = 2020-02-03
loction = "Huế"
"""


def test_unknown_keys_are_named_in_their_own_table_with_the_one_that_may_be_meant() -> None:
    text = MISTYPED.replace('id = "a"', 'id = "a"\nstart = 2020-02-03\nrrule = "FREQ=DAILY;COUNT=2"')
    assert doubts(text) == [
        "4: events: an unknown table, and what is in it is left out; did you mean [[event]]? (unknown-key)",
        '2: langauge: unknown key, kept as it is; did you mean "language"? (unknown-key)',
        '12: topic: unknown key, kept as it is; did you mean "topics"? (unknown-key)',
        '13: Descripton: unknown key, kept as it is; did you mean "description"? (unknown-key)',
        "14: room: unknown key, kept as it is (unknown-key)",
        "18: room: unknown key, kept as it is (unknown-key)",
        '22: boddy: unknown key, kept as it is; did you mean "body"? (unknown-key)',
        "23: room: unknown key, kept as it is (unknown-key)",
        '26: en.tittle: unknown key, kept as it is; did you mean "title"? (unknown-key)',
        '30: loction: unknown key, kept as it is; did you mean "location"? (unknown-key)',
    ]


BROKEN = """\
[[event]]
id = "a"
titel = "no title"

[[event.section]]
boddy = "b"

[[event]]
id = "a"
title = "A"

[[event]]
id = "b"
title = "no date"
start = 12
room = 1

[event.translations.en]
tittle = "A"

[[event]]
id = "b"
title = "no date either"
end = 2020-02-20
"""


def test_of_events_that_are_left_out_the_keys_and_ids_are_named_too(ilocal: Ilocal) -> None:
    Path("events.toml").write_text(BROKEN, encoding="utf-8")
    assert ilocal("check") == (
        3,
        'events.toml:2: id: "a" is already the id of the event in line 8\n'
        "events.toml:5: title: an event needs a title\n"
        'events.toml:15: start: a date is wanted here, not a number (write "12")\n'
        'events.toml:22: id: "b" is already the id of the event in line 12\n'
        "events.toml:24: end: an end without a start\n"
        'events.toml:3: titel: unknown key, kept as it is; did you mean "title"?\n'
        'events.toml:6: boddy: unknown key, kept as it is; did you mean "body"?\n'
        "events.toml:16: room: unknown key, kept as it is\n"
        'events.toml:19: en.tittle: unknown key, kept as it is; did you mean "title"?\n',
        "1 event, 5 errors, 4 warnings\n",
    )


@pytest.mark.parametrize(
    ("name", "is_error"), [("[[events]]", True), ("[[evnet]]", True), ("[Events]", True), ("[[rooms]]", False)]
)
def test_events_under_a_mistyped_name_are_an_error(ilocal: Ilocal, name: str, is_error: bool) -> None:
    Path("events.toml").write_text(f'{name}\ntitle = "A"\n', encoding="utf-8")
    assert ilocal("check").code == (3 if is_error else 0)


@pytest.mark.parametrize(
    ("key", "meant"), [("date", "start"), ("When", "start"), ("name", "title"), ("place", "location")]
)
def test_a_key_may_be_another_word_for_what_is_meant(key: str, meant: str) -> None:
    said = f'4: {key}: unknown key, kept as it is; did you mean "{meant}"? (unknown-key)'
    assert doubts(f'[[event]]\nid = "a"\ntitle = "A"\n{key} = "x"\n') == [said]


# ---------------------------------------------------------------------------------------------------------------- past


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ('start = "2020-02"', []),
        ('start = "2020-01"', ["3: start: 2020-01 is over, and no day is known (no-day)"]),
        ('start = "2019-11"\nend = "2020-02"', []),
        ('start = "2019"', ["3: start: 2019 is over, and no day is known (no-day)"]),
        ('start = "2020-01"\nstatus = "cancelled"', []),
        ('start = 2020-02-19\nstatus = "tentative"',
         ["4: status: tentative, and its last day was 2020-02-19 (past-tentative)"]),
        ('start = 2020-02-20\nstatus = "tentative"', []),
        ('start = 2020-02-10\nend = 2020-02-20\nstatus = "tentative"', []),
        ('start = 2019-01-01\nrrule = "FREQ=YEARLY"\nstatus = "tentative"', []),
        ('status = "tentative"', []),
    ],
)  # fmt: skip
def test_what_is_over_is_not_still_to_come(fields: str, said: list[str]) -> None:
    assert doubts(f'[[event]]\ntitle = "A"\n{fields}\nid = "a"\n') == said


def test_today_decides_what_is_over(ilocal: Ilocal, registry: Path) -> None:
    over = "events.toml:31: start: 2019-11 is over, and no day is known\n"
    assert over not in ilocal("--today", "2019-11-30", "check").out
    assert over in ilocal("--today", "2019-12-01", "check").out


def test_an_end_before_its_start_is_an_error_in_the_line_of_the_end(ilocal: Ilocal) -> None:
    Path("events.toml").write_text(
        '[[event]]\nid = "a"\ntitle = "A"\nstart = 2020-02-20\n\nend = 2020-02-19\n', encoding="utf-8"
    )
    said = "events.toml:6: end: the end (2020-02-19) is before the start (2020-02-20)\n"
    assert ilocal("check") == (3, said, "0 events, 1 error, 0 warnings\n")


@pytest.mark.parametrize("year", ["0202", "1899", "2101"])
def test_a_year_that_is_hardly_meant_is_doubted(year: str) -> None:
    said = f"4: start: the year {year} is hardly meant (unlikely-year)"
    assert doubts(f'[[event]]\nid = "a"\ntitle = "A"\nstart = {year}-02-20\n') == [said]
    assert doubts('[[event]]\nid = "a"\ntitle = "A"\nstart = 1900-01-01\nend = 2100-12-31\n') == []


# --------------------------------------------------------------------------------------------------------------- names

WRITTEN_OTHERWISE = [
    ("Thuỷ sản", "thủy sản"), ("Ha Noi", "Hà Nội"), ("hà nội", "Hà Nội"), ("DFISH", "D-FISH"), ("ASEAN ", "Asean"),
    ("Bộ LĐ-TBXH", "Bộ LĐTBXH"), ("an toan lao dong", "an toàn lao động"), ("kỹ năng", "kĩ năng"), ("thue", "thuế"),
]  # fmt: skip
SLIPS = [
    ("lao độg trẻ em", "lao động trẻ em"), ("thanh tra lao đọng", "thanh tra lao động"), ("Enviroment", "Environment"),
    ("Goverment", "Government"), ("Organisation", "Organization"), ("chuổi cung ứng", "chuỗi cung ứng"),
    ("việc làm bền vữg", "việc làm bền vững"), ("ENHANCED", "ENHANCE"), ("Environemnt", "Environment"),
]  # fmt: skip
APART = """
An Giang;Bà Rịa - Vũng Tàu;Bạc Liêu;Bắc Giang;Bắc Kạn;Bắc Ninh;Bến Tre;Bình Dương;Bình Định;Bình Phước;Bình Thuận;Cà Mau;
Cao Bằng;Cần Thơ;Đà Nẵng;Đắk Lắk;Đắk Nông;Điện Biên;Đồng Nai;Đồng Tháp;Gia Lai;Hà Giang;Hà Nam;Hà Nội;Hà Tĩnh;Hải Dương;
Hải Phòng;Hậu Giang;Hòa Bình;Thành phố Hồ Chí Minh;Hưng Yên;Khánh Hòa;Kiên Giang;Kon Tum;Lai Châu;Lạng Sơn;Lào Cai;Lâm Đồng;
Long An;Nam Định;Nghệ An;Ninh Bình;Ninh Thuận;Phú Thọ;Phú Yên;Quảng Bình;Quảng Nam;Quảng Ngãi;Quảng Ninh;Quảng Trị;Sóc Trăng;
Sơn La;Tây Ninh;Thái Bình;Thái Nguyên;Thanh Hóa;Thừa Thiên Huế;Tiền Giang;Trà Vinh;Tuyên Quang;Vĩnh Long;Vĩnh Phúc;Yên Bái;
Gambia;Zambia;Austria;Australia;Niger;Nigeria;Slovakia;Slovenia;Iran;Iraq;Malawi;Malaysia;Guinea;Guyana;Quận 1;Quận 2;Quận 10;
Quận 1 0;tiền lương;tiên lượng;thuế;thuê;gỗ;gò;go;cá;CSR;CSO;SCORE;SCOPE;employers;employees;trainer;trainee;import;export;
migration;mitigation;immigration;emigration;ILO 100 năm;ILO 101 năm;Khu A;Khu B;Giai đoạn II;Giai đoạn III;C;C++;C#;di cư;
định cư;ngành may;ngành mây;bảo hiểm xã hội;bảo trợ xã hội;miền Bắc;miền Nam;an ninh;an sinh;kinh tế;quốc tế;y tế
""".replace("\n", "").split(";")  # fmt: skip


@pytest.mark.parametrize(("name", "other"), WRITTEN_OTHERWISE)
def test_names_are_the_same_that_differ_in_how_they_are_written_alone(name: str, other: str) -> None:
    assert (same(name, other), same(other, name)) == (True, True)


@pytest.mark.parametrize(("name", "other"), SLIPS)
def test_a_slip_is_told_from_a_word_of_its_own(name: str, other: str) -> None:
    assert (same(name, other), is_slip(name, other)) == (False, True)


def test_provinces_numbers_abbreviations_and_short_words_are_not_alike() -> None:
    assert [
        pair for pair in permutations(APART, 2) if (same(*pair) or is_slip(*pair)) and pair[0] not in ("go", "gò", "gỗ")
    ] == [("ngành may", "ngành mây"), ("ngành mây", "ngành may")]


def test_the_more_frequent_of_two_is_meant() -> None:
    assert meant({"CSR": 3, "CSr": 1}) == {"CSr": "CSR"}
    assert meant({"CSR": 3, "CSr": 4}) == {"CSR": "CSr"}
    assert meant({"Ha Noi": 1, "Hà Nội": 1}) == {"Ha Noi": "Hà Nội"}
    assert meant({"Enviroment": 3, "Environment": 5}) == {}  # both are in use: who knows
    assert meant({"Enviroment": 2, "Environment": 4}) == {"Enviroment": "Environment"}
    assert meant({"Enviroment": 1, "environment": 1, "Environment": 4}) == {
        "Enviroment": "Environment", "environment": "Environment",
    }  # fmt: skip


LETTERS = st.text("abc", max_size=6).map("x".__add__)


@given(st.lists(LETTERS, max_size=5, unique=True), st.lists(LETTERS, max_size=12, unique=True))
def test_nothing_is_missed_that_differs_in_one_place_by_two_letters(few: list[str], many: list[str]) -> None:
    def is_near(one: str, other: str) -> bool:
        rests = [{one[:at] + one[at + n :] for at in range(1, len(one) + 1) for n in (0, 1, 2)} for one in (one, other)]
        return one != other and not rests[0].isdisjoint(rests[1])

    assert sorted(set(near(few, many))) == sorted((one, other) for one in few for other in many if is_near(one, other))


def test_check_names_each_event_with_a_name_that_is_hardly_meant() -> None:
    topics = (["thủy sản", "CSR"], ["thủy sản"], ["Thuỷ sản", "CSR"], ["thuỷ sản"])
    text = "".join(
        f'[[event]]\nid = "{n}"\ntitle = "{n}"\ntopics = {json.dumps(names, ensure_ascii=False)}\n'
        for n, names in enumerate(topics)
    )
    assert doubts(text) == [
        '12: topics: "Thuỷ sản" is spelled almost like "thủy sản": is it the same? (similar-name)',
        '16: topics: "thuỷ sản" is spelled almost like "thủy sản": is it the same? (similar-name)',
    ]


LIKE = 'ilocal: warning: topics: "lao độg trẻ em" is spelled almost like "lao động trẻ em": is it the same?\n'
PLACE = 'ilocal: warning: location: "ha noi" is spelled almost like "Hà Nội": is it the same?\n'


def test_add_edit_and_import_say_it_and_save_all_the_same(ilocal: Ilocal, registry: Path) -> None:
    added = ilocal(
        "add", "Tập huấn", "2020-03-01", "--topic", "lao độg trẻ em", "--topic", "CSR", "--location", "ha noi"
    )
    assert added == (0, "2020-tap-huan\n", LIKE + PLACE)
    assert ilocal("add", "Toạ đàm", "--topic", "thủy sản", "--location", "Huế").err == ""
    assert (
        ilocal("edit", "toa-dam", "--add-topic", "lao độngg trẻ em").err
        == LIKE.replace("độg", "độngg") + "tba-toa-dam: topics changed\n"
    )
    assert ilocal("edit", "toa-dam", "--url", "https://e.example").err == "tba-toa-dam: url changed\n"
    Path("a.jsonl").write_text('{"title": "Hội chợ", "location": "ha noi"}\n', encoding="utf-8")
    assert ilocal("import", "a.jsonl").err == "1 new, 0 updated, 0 unchanged, 0 rejected\n" + PLACE


def test_names_that_many_have_or_that_differ_in_numbers_are_no_news(ilocal: Ilocal) -> None:
    block = '[[event]]\nid = "{0}"\ntitle = "{0}"\ntopics = ["an toàn", "chủ đề {0}"]\nlocation = "Huế"\n'
    Path("events.toml").write_text("".join(block.format(n) for n in range(300)), encoding="utf-8")
    assert ilocal("add", "A", "--topic", "an toàn", "--topic", "chủ đề 301", "--location", "Huế").err == ""
    said = 'topics: "An toàn" is spelled almost like "an toàn": is it the same?'
    assert ilocal("add", "B", "--topic", "An toàn").err == f"ilocal: warning: {said}\n"


def test_letters_of_any_script_are_compared() -> None:
    assert key("Lao-động / 2020, 日本") == "laodong2020日本"
    assert meant({"日本": 2, "日 本": 1}) == {}
    assert meant({"": 1, " ": 1, "—": 2, "…": 1}) == {}


# --------------------------------------------------------------------------------------------------------------- links


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://www.ilo.org/hanoi?a=1&b=a_(b)", None),
        ("http://ilo.org", None),
        ("HTTPS://ILO.ORG", None),
        ("mailto:hanoi@ilo.org", None),
        ("tel:+8424", None),
        ("javascript:alert(1)", "unsafe-link"),
        ("java\tscript:alert(1)", "unsafe-link"),
        ("DATA:text/html,x", "unsafe-link"),
        ("file:///etc/passwd", "unsafe-link"),
        ("ftp://ilo.org", "broken-link"),
        ("www.ilo.org", "broken-link"),
        ("ilo.org:8080/x", "broken-link"),
        ("trang của ILO", "broken-link"),
        ("https://", "broken-link"),
        ("https:/ilo.org", "broken-link"),
        ("https//ilo.org", "broken-link"),
        ("htps://ilo.org", "broken-link"),
        ("https://ilo.org/a b", "broken-link"),
    ],
)
def test_what_can_be_said_of_a_link_without_a_network(url: str, code: str | None) -> None:
    assert (found := wrong(url)) == (None if code is None else (found and found[0], code))


def test_links_in_texts_are_those_of_markdown() -> None:
    text = 'a [x](javascript:y) [b](https://a_(b) "T u") ![i](<a b>) <ftp://z> [e]() 5 < 6: 7 > 3 [f](#below)\n[1]: data:x\n'
    assert list(targets(text)) == ["javascript:y", "https://a_(b)", "a b", "ftp://z", "", "#below", "data:x"]


def test_links_are_doubted_in_their_field() -> None:
    text = (
        '[[event]]\nid = "a"\ntitle = "A"\nurl = "ilo.org"\nsummary = "[x](#y) [z](https://z.example)"\n'
        'description = "[tài liệu](file:///C:/a.doc)"\n[[event.section]]\nheading = "h"\nbody = "<ftp://x.example>"\n'
        '[event.translations.en]\ntitle = "A"\ndescription = "[a](www.x.example/a)"\n'
    )
    assert doubts(text) == [
        '4: url: "ilo.org" has no scheme: write https://ilo.org (broken-link)',
        '6: description: "file:" is no link to a page (unsafe-link)',
        '7: sections: browsers do not open "ftp:" any more (broken-link)',
        '10: translations: "www.x.example/a" has no scheme: write https://www.x.example/a (broken-link)',
    ]


# --------------------------------------------------------------------------------------------------------------- dates


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
    found = says(text)
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
         ['2: title: says "25/02/2020", and the date is 2020/03/25 (other-date)']),
        ('title = "Họp 25-29/02/2020"\nstart = 2020-02-25\nend = 2020-02-28',
         ['2: title: says "25-29/02/2020", and the date is 2020/02/25 - 2020/02/28 (other-date)']),
        ('title = "A"\nstart = 2020-03-25\ndescription = "Vào ngày 25 tháng 2 năm 2020 tại Huế."',
         ['4: description: says "25 tháng 2 năm 2020", and the date is 2020/03/25 (other-date)']),
        ('title = "Họp 25/02/2019"\nstart = 2020-02-25',
         ['2: title: says "25/02/2019", and the date is 2020/02/25 (other-date)']),
        ('title = "Hai năm sau ngày 25/02/2019"\nstart = 2021-02-25', []),
        ('title = "Bàn về Tuyên bố 25/02/2020"\nstart = 2020-03-25', []),
        ('title = "Bản dịch, Version 2.1 25/02/2020"\nstart = 2020-03-25', []),
        ('title = "Văn bản số 12 25/02/2020"\nstart = 2020-03-25', []),
    ],
)  # fmt: skip
def test_a_text_that_says_another_date_is_doubted(fields: str, said: list[str]) -> None:
    assert doubts(f'[[event]]\n{fields}\nid = "a"\n') == said


# ------------------------------------------------------------------------------------------------------------- formats


def test_json_is_an_array_with_a_code_that_stays(ilocal: Ilocal) -> None:
    Path("events.toml").write_text(
        '[[event]]\nid = "a"\ntitle = "A"\nend = 2020-01-01\n"x\\ny" = 1\n[[event]]\nid="a"\ntitle="B\\u200b"\n'
    )
    result = ilocal("check", "-f", "json")
    assert json.loads(result.out) == [
        {"file": "events.toml", "line": 2, "level": "error", "code": "duplicate-id", "field": "id",
         "message": '"a" is already the id of the event in line 6'},
        {"file": "events.toml", "line": 4, "level": "error", "code": "invalid-value", "field": "end",
         "message": "an end without a start"},
        {"file": "events.toml", "line": 5, "level": "warning", "code": "unknown-key", "field": "x\ny",
         "message": "unknown key, kept as it is"},
        {"file": "events.toml", "line": 8, "level": "warning", "code": "invisible-character", "field": "title",
         "message": "an invisible character, U+200B ZERO WIDTH SPACE"},
    ]  # fmt: skip
    assert (result.code, result.err) == (3, "1 event, 2 errors, 2 warnings\n")
    Path("events.toml").write_text("", encoding="utf-8")
    assert ilocal("check", "-f", "json") == (0, "[]\n", "0 events, 0 errors, 0 warnings\n")


def test_github_is_told_in_its_own_escapes(ilocal: Ilocal) -> None:
    path = Path("a, b: 100%.toml")
    path.write_text(
        '[[event]]\nid = "a"\ntitle = "A"\n"50%\\nx" = 1\nurl = "100%:"\n[[event]]\nid = "a"\ntitle = "B"\n'
    )
    assert ilocal("check", "-f", "github", str(path)) == (
        3,
        "::error file=a%2C b%3A 100%25.toml,line=7,title=ilocal duplicate-id::"
        'id: "a" is already the id of the event in line 1\n'
        "::warning file=a%2C b%3A 100%25.toml,line=4,title=ilocal unknown-key::50%25%0Ax: unknown key, kept as it is\n"
        "::warning file=a%2C b%3A 100%25.toml,line=5,title=ilocal broken-link::"
        'url: "100%25:" is no address: one begins with https://\n',
        "1 event, 1 error, 2 warnings\n",
    )


def test_a_file_that_is_no_toml_is_a_problem_like_any_other(ilocal: Ilocal) -> None:
    Path("a.toml").write_text("[registry\n", encoding="utf-8")
    Path("b.toml").write_text('[[event]]\ntitle = "B"\n', encoding="utf-8")
    result = ilocal("check", "-f", "json", "a.toml", "b.toml")
    assert [(one["file"], one["line"], one["code"]) for one in json.loads(result.out)] == [
        ("a.toml", 1, "not-toml"), ("b.toml", 1, "no-id"),
    ]  # fmt: skip
    assert (result.code, result.err) == (3, "1 event, 1 error, 1 warning\n")


def test_files_that_are_named_are_registries_of_their_own(ilocal: Ilocal, registry: Path) -> None:
    Path("one.toml").write_text('[[event]]\nid = "2020-hop"\ntitle = "Một"\n', encoding="utf-8")
    assert ilocal("check", "--strict", "one.toml", "one.toml") == (0, "", "2 events, 0 errors, 0 warnings\n")
    assert ilocal("check", "one.toml", "events.toml").err == "5 events, 0 errors, 2 warnings\n"
    assert ilocal("check", "nowhere.toml").code == 3


def test_warnings_of_a_kind_may_be_left_out_and_errors_never(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("check", "--strict", "--skip", "unknown-key", "--skip", "no-day").code == 0
    assert ilocal("check", "--skip", "nothing") == (
        2, "", 'ilocal: there is no warning "nothing"\nhint: ' + ", ".join(review.codes()) + "\n",
    )  # fmt: skip
    registry.write_text(FOUR.replace("2020-hop", "2020-khao-sat"), encoding="utf-8")
    assert ilocal("check", "--skip", "duplicate-id").code == 2
    assert ilocal("check", "--skip", "unknown-key").code == 3


def test_check_speaks_vietnamese_and_its_codes_stay(ilocal: Ilocal, registry: Path) -> None:
    english, vietnamese = (json.loads(ilocal("--lang", lang, "check", "-f", "json").out) for lang in ("en", "vi"))
    assert [one["code"] for one in english] == [one["code"] for one in vietnamese] == ["unknown-key", "no-day"]
    assert vietnamese[1]["message"] == "2019-11 đã qua mà vẫn chưa có ngày"


# ------------------------------------------------------------------------------------------------------------- hook


def test_the_hook_of_pre_commit_checks_the_files_that_it_is_given(process: Ilocal, registry: Path) -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    hook = dict(re.findall(r"^(?:- |  )(\w+): (.*)$", text, re.MULTILINE))
    assert (hook["id"], hook["language"], hook["require_serial"]) == ("ilocal-check", "python", "true")
    files = ["events.toml", "data/events.toml", "pyproject.toml", "events.toml.orig", "myevents.toml"]
    assert [name for name in files if re.search(hook["files"], name)] == ["events.toml", "data/events.toml"]
    program, *arguments = shlex.split(hook["entry"])
    assert program == "ilocal"
    assert process(*arguments, "events.toml", str(SHIPPED)).err == "25 events, 0 errors, 3 warnings\n"
    registry.write_text(FOUR + FOUR[FOUR.index("[[event]]") :], encoding="utf-8")
    assert process(*arguments, "events.toml").code == 3


def test_each_code_is_explained(ilocal: Ilocal) -> None:
    text = (ROOT / "docs" / "how-to" / "git-and-ci.md").read_text(encoding="utf-8")
    assert [code for code in review.codes() if f"`{code}`" not in text] == []
