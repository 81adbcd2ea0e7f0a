"""What is said on stderr: one line in a pipe, and on a terminal lines that are broken between words."""

from __future__ import annotations

import pytest

from tests.support.terminal import OpenTerminal, strip_escapes

pytestmark = pytest.mark.process


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_no_word_of_a_message_is_broken_where_the_terminal_ends(open_terminal: OpenTerminal, columns: int) -> None:
    refused = open_terminal("--lang", "vi", "show", "hội thảo", COLUMNS=str(columns))
    lines = strip_escapes(refused.shown()).replace("\r", "").splitlines()
    assert lines[:2] == ['ilocal: có 5 sự kiện khớp với "hội thảo"', "gợi ý: hãy nói rõ hơn; có thể là:"]
    words = " ".join(lines).split()
    assert "(2019-hoi-thao-hoat-dong-mang-luoi-cong-doan-cac-khu-cong)" in words  # longer than a line: one to copy
    assert all(len(line) <= columns or " " not in line.strip() for line in lines)
    assert {"Hội", "thảo", "nghiệm", "quốc", "chính", "sách", "mạng", "lưới"} <= {*words}
