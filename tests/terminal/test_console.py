"""What Rich draws obeys nothing and hides nothing."""

from __future__ import annotations

from datetime import date

import pytest

from ilocal.model import describe
from ilocal.model.describe import Listing, Part
from ilocal.model.event import Event
from ilocal.terminal import console, tables
from tests.support.hostile_text import OBEYED, find_dangers

pytestmark = pytest.mark.promise("P17")


@pytest.mark.parametrize("text", OBEYED)
def test_what_rich_draws_obeys_nothing_and_hides_nothing(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    event = Event(f"x {text} y", location=text, start=date(2020, 2, 20), extra={"k": text})
    screen = console.console(False, 120)
    tables.listing([event], Listing("en", ("title", "location", "when", "id")), screen)
    tables.page(
        [
            Part("title", text),
            Part("field", text, text),
            Part("bullet", text),
            Part("text", text),
            Part("heading", text),
        ],
        screen,
    )
    tables.page(list(describe.page(event, "en")), screen)
    assert find_dangers(capsys.readouterr().out) == []
    assert find_dangers(tables.highlighted(text, ()).plain) == []
