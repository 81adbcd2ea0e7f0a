"""What is said on stderr: one line in a pipe, and on a terminal lines that are broken between words."""

from __future__ import annotations

import pytest

from tests.support.terminal import OpenTerminal, strip_escapes

pytestmark = pytest.mark.process

LONG_WORD = "ngay-nao-do-trong-thang-khong-ai-biet-duoc-la-ngay-nao-ca-trong-nam-sau-hay-nam-nay"


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_no_word_of_a_message_is_broken_where_the_terminal_ends(open_terminal: OpenTerminal, columns: int) -> None:
    refused = open_terminal("--lang", "vi", "list", "--month", LONG_WORD, COLUMNS=str(columns))
    lines = strip_escapes(refused.shown()).replace("\r", "").splitlines()
    words = " ".join(lines).split()
    assert f'"{LONG_WORD}"' in words  # longer than a line: one to copy
    assert all(len(line) <= columns or " " not in line.strip() for line in lines)
    assert {"không", "hiểu", "ngày", "gợi", "2020-02-25", "25/02/2020"} <= {word.strip(",:;") for word in words}
