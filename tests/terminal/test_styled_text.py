"""Text cut, wrapped and made plain by the cells that terminals use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ilocal.terminal.styled_text import VERBATIM_STYLE, StyledText, draw_styled_text_as_plain, to_ascii_lines
from ilocal.terminal.text_width import clip_to_width, measure_width, pad_to_width, wrap_to_width
from tests.support import strategies


@given(strategies.lines, st.integers(0, 40))
def test_what_is_cut_fits_and_says_so(text: str, most: int) -> None:
    found = clip_to_width(text, most)
    assert measure_width(found) <= most
    assert found == text or most == 0 or (found.endswith("…") and text.startswith(found[:-1]))
    assert measure_width(pad_to_width(found, 50)) == 50


@given(strategies.lines, st.integers(2, 40))
def test_what_is_wrapped_fits_and_is_whole(text: str, most: int) -> None:
    lines = wrap_to_width(text, most)
    assert max(map(measure_width, lines)) <= most
    assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.parametrize(
    "text", ["Hội thảo quốc gia", "Ho\u0323p", "社會科學院", "👩\u200d💻 a", "❤️", "1️⃣", "", "…–“”▸█"]
)
def test_cells_are_those_that_terminals_use(text: str) -> None:
    assert measure_width(text) == cell_len(text)


def test_plain_signs_take_the_same_room_and_leave_titles_alone() -> None:
    lines = [[StyledText("│◂1 Họp… ━▸│", "bar0"), StyledText("Họp… – hết", VERBATIM_STYLE)]]
    assert list(draw_styled_text_as_plain(to_ascii_lines(lines))) == ["|<1 Họp~ =>|Họp… – hết\n"]
