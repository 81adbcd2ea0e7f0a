"""The names that events have in a field, with how many have each, out of the index."""

from __future__ import annotations

from pathlib import Path

import pytest

from ilocal.errors import UsageError
from ilocal.workspace import Registry
from tests.support.cli import Ilocal

MORE = """
[[event]]
id = "2020-hop"
title = "Of the same id, and so hidden"
topics = ["hidden"]

[[event]]
id = "2021-serie"
title = "Họp hằng năm"
start = 2021-01-05
rrule = "FREQ=YEARLY"
topics = ["CSR", "Csr", "CSR"]
location = "Hà Nội"

[[event.override]]
recurrence_id = 2022-01-05
location = "Huế"
"""


def list_names(registry: Path, field: str) -> list[tuple[str, int]]:
    return list(Registry(registry).count_names(field).items())


def test_the_most_frequent_come_first_then_by_their_letters(registry: Path) -> None:
    assert list_names(registry, "topics") == [("CSR", 1), ("lao động trẻ em", 1), ("thủy sản", 1)]
    assert list_names(registry, "organizer") == [("Bộ LĐTBXH", 1), ("ILO", 1)]
    registry.write_text(registry.read_text(encoding="utf-8") + MORE, encoding="utf-8")
    assert list_names(registry, "topic") == [("CSR", 2), ("Csr", 1), ("lao động trẻ em", 1), ("thủy sản", 1)]
    assert list_names(registry, "location") == [("Hà Nội", 2), ("Huế", 1)]
    assert list_names(registry, "status") == [("confirmed", 1)]
    assert list_names(registry, "kind") == []


def test_they_follow_what_is_written(ilocal: Ilocal, registry: Path) -> None:
    ilocal("edit", "2020-hop", "--add-topic", "lao động trẻ em", "--remove-topic", "CSR")
    assert list_names(registry, "topics") == [("lao động trẻ em", 2), ("thủy sản", 1)]
    ilocal("remove", "2020-khao-sat", "2020-hop", "--yes")
    assert list_names(registry, "topics") == []
    ilocal("undo")
    assert list_names(registry, "topics") == [("lao động trẻ em", 2), ("thủy sản", 1)]


def test_a_field_without_names_is_refused(registry: Path) -> None:
    with pytest.raises(UsageError, match="the field description does not contain names"):
        Registry(registry).count_names("description")
