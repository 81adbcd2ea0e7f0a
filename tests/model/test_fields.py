"""The table of an event's fields: a row is all that a new field needs."""

from __future__ import annotations

import dataclasses

from ilocal.model.event import Event
from ilocal.model.fields import FIELDS


def test_an_event_has_the_fields_of_the_table_in_their_order() -> None:
    names = [field.name for field in dataclasses.fields(Event)]
    assert names == [*(field.name for field in FIELDS), "extra", "source_file", "source_line"]


def test_a_field_that_is_absent_has_the_empty_value_of_its_kind() -> None:
    event = Event("Họp")
    assert {field.name: getattr(event, field.name) for field in FIELDS[1:]} == {
        field.name: field.empty_value for field in FIELDS[1:]
    }
