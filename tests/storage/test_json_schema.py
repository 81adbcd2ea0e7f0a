"""The schema for editors: it knows every field of the record, and takes what the program takes."""

from __future__ import annotations

from typing import Any

import pytest
import tomli
from hypothesis import given
from jsonschema import Draft7Validator

from ilocal.errors import RegistryError
from ilocal.model.fields import FIELD_NAMES, OVERRIDABLE_FIELDS, TOML_NAMES_BY_FIELD
from ilocal.model.registry_info import REGISTRY_KEYS
from ilocal.model.serialization import to_json_value
from ilocal.storage.json_schema import build_schema_of_registry_file
from ilocal.sync.sources import parse_source
from tests.support import strategies
from tests.support.paths import SHIPPED_REGISTRY

VALIDATOR = Draft7Validator(build_schema_of_registry_file())


def list_errors(text: str) -> list[str]:
    """Where a registry's text is not as the schema wants it, dates as text, as editors have them."""
    found = VALIDATOR.iter_errors(to_json_value(tomli.loads(text.replace("\r\n", "\n").removeprefix("\ufeff"))))
    return sorted(".".join(map(str, error.absolute_path)) for error in found)


def is_described(part: Any) -> bool:
    """Whether every property that ilocal knows by name says what it is."""
    return all(inner.get("description") for inner in part["properties"].values())


def test_every_field_of_the_record_is_in_the_schema() -> None:
    Draft7Validator.check_schema(build_schema_of_registry_file())
    properties = build_schema_of_registry_file()["properties"]
    event = properties["event"]["items"]
    wanted = [
        TOML_NAMES_BY_FIELD.get(name, name) for name in FIELD_NAMES if name != "recurrence_id"
    ]  # which only occurrences have
    assert list(event["properties"]) == wanted
    assert list(properties["registry"]["properties"]) == list(REGISTRY_KEYS)
    override = event["properties"]["override"]["items"]
    assert list(override["properties"]) == [*OVERRIDABLE_FIELDS, "recurrence_id"]
    assert all(map(is_described, (event, override, properties["registry"])))


def test_the_shipped_registry_is_as_the_schema_wants_it() -> None:
    assert list_errors(SHIPPED_REGISTRY.read_text(encoding="utf-8")) == []


@given(strategies.registry_texts())
def test_what_ilocal_reads_the_schema_takes(text: str) -> None:
    assert list_errors(text) == []


SERIES = """\
[[event]]
title = "Họp tuần"
start = 2020-02-03T08:30:00+07:00
rrule = "FREQ=WEEKLY"
rdates = [2020-02-05 08:30:00]
exdates = 2020-02-10
topics = "CSR"
start_of_my_own = 5

[[event.override]]
recurrence_id = 2020-02-17T08:30:00+07:00
status = "cancelled"
"""


def test_series_and_keys_of_the_owners_own_are_taken() -> None:
    assert list_errors(SERIES) == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('[registry]\nlanguage = 5\n[aliases]\na = [1]\n', ["aliases.a", "registry.language"]),
        ('[[event]]\nid = "a b"\n', ["event.0", "event.0.id"]),
        ('[[event]]\ntitle = " "\nstatus = "done"\n', ["event.0.status", "event.0.title"]),
        ('[[event]]\ntitle = "a"\nstart = "2020-13"\nend = "25/02/2020"\n', ["event.0.end", "event.0.start"]),
        ('[[event]]\ntitle = "a"\nstart = 2020\ncreated = "2020-02"\n', ["event.0.created", "event.0.start"]),
        ('[[event]]\ntitle = "a"\ntopics = [1]\nrevision = -1\n', ["event.0.revision", "event.0.topics"]),
        ('[[event]]\ntitle = "a"\n[[event.section]]\nheading = 5\n', ["event.0.section.0.heading"]),
        ('[[event]]\ntitle = "a"\n[event.translations]\nen = "A"\n', ["event.0.translations.en"]),
        ('[[event]]\ntitle = "a"\n[[event.override]]\nrevision = "x"\n', ["event.0.override.0", "event.0.override.0.revision"]),
        ('[event]\ntitle = "a"\n', ["event"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_place(text: str, places: list[str]) -> None:
    assert list_errors(text) == places


SOURCE = {"name": "hanoi", "url": "https://example.org/events.json"}


@pytest.mark.parametrize(
    "more",
    [
        {}, {"every": "1d", "trust": "add-only", "removals": "keep"}, {"map": {"topics": ["Hà Nội"], "projects": "CSR"}},
        {"format": "ics", "timezone": "Asia/Ho_Chi_Minh", "uid_domain": "hanoi.example"},
        {"every": "soon"}, {"trust": "all"}, {"removals": "hide"}, {"owner": "Lan"}, {"map": {"topics": [3]}}, {"url": 3},
    ],
)  # fmt: skip
def test_a_source_is_valid_in_an_editor_if_refresh_takes_it(more: dict[str, Any]) -> None:
    table = SOURCE | more
    try:
        parse_source(table)
        is_taken = True
    except RegistryError:
        is_taken = False
    assert (not list(VALIDATOR.iter_errors({"source": [table]}))) is is_taken
    assert is_described(build_schema_of_registry_file()["properties"]["source"]["items"])
