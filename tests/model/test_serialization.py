"""Events as plain data, read back the same."""

from __future__ import annotations

from datetime import date

from hypothesis import given

from ilocal.model.event import Event, Section
from ilocal.model.serialization import event_from_dict, event_to_dict
from tests.support import strategies


@given(strategies.any_events())
def test_plain_data_is_read_back_as_the_same_event(event: Event) -> None:
    assert event_from_dict(event_to_dict(event)) == event


def test_plain_data_leaves_out_what_is_absent() -> None:
    event = Event("Họp", id="2020-hop", start=date(2020, 2, 20), topics=("CSR",), sections=(Section("A", "b"),))
    assert event_to_dict(event) == {
        "id": "2020-hop", "title": "Họp", "start": "2020-02-20", "topics": ["CSR"],
        "sections": [{"heading": "A", "body": "b"}],
    }  # fmt: skip
