"""Names that are one name, and names that are nearly another."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.model.similar_names import (
    find_intended_names_of_events,
    find_near_pairs,
    fold_name,
    is_likely_typo,
    is_same_name,
)

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
    assert (is_same_name(name, other), is_same_name(other, name)) == (True, True)


@pytest.mark.parametrize(("name", "other"), SLIPS)
def test_a_slip_is_told_from_a_word_of_its_own(name: str, other: str) -> None:
    assert (is_same_name(name, other), is_likely_typo(name, other)) == (False, True)


def test_provinces_numbers_abbreviations_and_short_words_are_not_alike() -> None:
    assert [
        pair
        for pair in permutations(APART, 2)
        if (is_same_name(*pair) or is_likely_typo(*pair)) and pair[0] not in ("go", "gò", "gỗ")
    ] == [("ngành may", "ngành mây"), ("ngành mây", "ngành may")]


def test_the_more_frequent_of_two_is_meant() -> None:
    assert find_intended_names_of_events({"CSR": 3, "CSr": 1}) == {"CSr": "CSR"}
    assert find_intended_names_of_events({"CSR": 3, "CSr": 4}) == {"CSR": "CSr"}
    assert find_intended_names_of_events({"Ha Noi": 1, "Hà Nội": 1}) == {"Ha Noi": "Hà Nội"}
    assert find_intended_names_of_events({"Enviroment": 3, "Environment": 5}) == {}  # both are in use: who knows
    assert find_intended_names_of_events({"Enviroment": 2, "Environment": 4}) == {"Enviroment": "Environment"}
    assert find_intended_names_of_events({"Enviroment": 1, "environment": 1, "Environment": 4}) == {
        "Enviroment": "Environment", "environment": "Environment",
    }  # fmt: skip


LETTERS = st.text("abc", max_size=6).map("x".__add__)


@given(st.lists(LETTERS, max_size=5, unique=True), st.lists(LETTERS, max_size=12, unique=True))
def test_nothing_is_missed_that_differs_in_one_place_by_two_letters(few: list[str], many: list[str]) -> None:
    def is_near(one: str, other: str) -> bool:
        rests = [{one[:at] + one[at + n :] for at in range(1, len(one) + 1) for n in (0, 1, 2)} for one in (one, other)]
        return one != other and not rests[0].isdisjoint(rests[1])

    assert sorted(set(find_near_pairs(few, many))) == sorted(
        (one, other) for one in few for other in many if is_near(one, other)
    )


def test_letters_of_any_script_are_compared() -> None:
    assert fold_name("Lao-động / 2020, 日本") == "laodong2020日本"
    assert find_intended_names_of_events({"日本": 2, "日 本": 1}) == {}
    assert find_intended_names_of_events({"": 1, " ": 1, "—": 2, "…": 1}) == {}
