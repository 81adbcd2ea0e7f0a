"""What Rich draws obeys nothing and hides nothing."""

from __future__ import annotations

from datetime import date

import pytest

from ilocal.model import describe
from ilocal.model.describe import DetailLine, ListOptions
from ilocal.model.event import Event
from ilocal.terminal import console, tables
from tests.support.hostile_text import OBEYED, find_dangers

pytestmark = pytest.mark.promise("P17")


@pytest.mark.parametrize("text", OBEYED)
def test_what_rich_draws_obeys_nothing_and_hides_nothing(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    event = Event(f"x {text} y", location=text, start=date(2020, 2, 20), extra={"k": text})
    screen = console.create_console(False, 120)
    tables.draw_event_tables([event], ListOptions("en", ("title", "location", "when", "id")), screen)
    tables.draw_event_page(
        [
            DetailLine("title", text),
            DetailLine("field", text, text),
            DetailLine("bullet", text),
            DetailLine("text", text),
            DetailLine("heading", text),
        ],
        screen,
    )
    tables.draw_event_page(list(describe.describe_event_fields(event, "en")), screen)
    assert find_dangers(capsys.readouterr().out) == []
    assert find_dangers(tables.highlight_matches(text, ()).plain) == []
