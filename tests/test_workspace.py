"""A registry from Python: its questions by keywords, its length, what it shows of itself."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import ilocal
from ilocal import DateError, EventNotFound, IlocalError, Month, Period, Registry, RegistryError, UsageError, Year
from tests.support.cli import Ilocal
from tests.support.paths import SHIPPED_REGISTRY

SERIES = """\
[registry]
language = "vi"

[aliases]
"LĐTE" = "lao động trẻ em"

[[event]]
id = "giao-ban"
title = "Họp giao ban"
start = 2020-01-06
rrule = "FREQ=MONTHLY"
topics = ["CSR"]

[[event]]
id = "khao-sat"
title = "Khảo sát lao động trẻ em"
start = 2020-02-25
end = 2020-02-29
location = "TP Huế"
status = "cancelled"
language = "en"

[[event]]
id = "chua-dinh"
title = "Hội nghị"
"""


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    (tmp_path / "events.toml").write_text(SERIES, encoding="utf-8")
    with Registry(tmp_path / "events.toml") as found:
        yield found


def ids(registry: Registry, **filters: Any) -> list[str]:
    return [f"{event.id} {event.start}" for event in registry.events(**filters)]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"month": "2020-02"}, ["giao-ban 2020-02-06", "khao-sat 2020-02-25"]),
        ({"month": Month(2020, 2), "topic": "csr"}, ["giao-ban 2020-02-06"]),
        ({"month": ["Tháng Hai 2020", "2020-03"], "topic": ["CSR"]}, ["giao-ban 2020-02-06", "giao-ban 2020-03-06"]),
        ({"on": date(2020, 2, 26)}, ["khao-sat 2020-02-25"]),
        ({"on": Period(date(2020, 2, 1), date(2020, 2, 7))}, ["giao-ban 2020-02-06"]),
        ({"on": "hôm nay", "today": date(2020, 2, 25)}, ["khao-sat 2020-02-25"]),
        ({"year": 2020, "once": True}, ["giao-ban 2020-01-06", "khao-sat 2020-02-25"]),
        ({"year": Year(2020), "location": "hue"}, ["khao-sat 2020-02-25"]),
        ({"from_": "2020-02-07", "to": "2020-03-06"}, ["khao-sat 2020-02-25", "giao-ban 2020-03-06"]),
        ({"status": "đã hủy"}, ["khao-sat 2020-02-25"]),
        ({"status": "confirmed", "once": True}, ["giao-ban 2020-01-06", "chua-dinh None"]),
        ({"language": "vi", "once": True}, ["giao-ban 2020-01-06", "chua-dinh None"]),
        ({"words": "LDTE"}, ["khao-sat 2020-02-25"]),
        ({"words": ["khảo sát", "trẻ em"]}, ["khao-sat 2020-02-25"]),
        ({"words": ["khảo sát"], "without": "trẻ em"}, []),
        ({"without": "khảo sát", "once": True}, ["giao-ban 2020-01-06", "chua-dinh None"]),
        ({"where_missing": ["location", "topic"]}, ["chua-dinh None"]),
        ({"undated": True}, ["chua-dinh None"]),
        ({"limit": 2, "sort": "id", "once": True}, ["chua-dinh None", "giao-ban 2020-01-06"]),
        ({"limit": 1, "sort": "id", "reverse": True, "once": True}, ["khao-sat 2020-02-25"]),
        ({"topic": "CSR", "today": date(2020, 1, 7), "reverse": True, "limit": 1}, ["giao-ban 2021-01-06"]),
    ],
)
def test_events_are_found_by_keywords(registry: Registry, filters: dict[str, Any], expected: list[str]) -> None:
    assert ids(registry, **filters) == expected


def test_keywords_find_what_the_options_of_the_command_line_find(ilocal: Ilocal) -> None:
    registry = Registry(SHIPPED_REGISTRY)
    for option, value in (("month", "2020-02"), ("topic", "lao dong tre em"), ("location", "ha noi"), ("year", "2019")):
        printed = ilocal("-r", str(SHIPPED_REGISTRY), "list", f"--{option}", value, "--reverse", "-f", "ids").out
        assert [event.id for event in registry.events(**{option: value})] == printed.split()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("filters", "error", "message"),
    [
        ({"month": "2020"}, UsageError, 'month: "2020" is not a month'),
        ({"year": "2020-02"}, UsageError, 'year: "2020-02" is not a year'),
        ({"year": 0}, DateError, None),
        ({"on": "29 Feb 2021"}, DateError, None),
        ({"from_": "2020-03", "to": "2020-02"}, UsageError, "from 2020-03-01 is after to 2020-02-29"),
        ({"topic": ""}, UsageError, "topic: the name is missing"),
        ({"status": "maybe"}, UsageError, 'status: "maybe" is not a status'),
        ({"where_missing": "colour"}, UsageError, 'unknown field "colour"'),
        ({"words": "–"}, UsageError, '"–" contains no words to search for'),
        ({"sort": "colour"}, UsageError, 'unknown sort order "colour"'),
        ({"colour": "red"}, TypeError, None),
    ],
)
def test_a_filter_that_cannot_be_read_is_refused(
    registry: Registry, filters: dict[str, Any], error: type[Exception], message: str | None
) -> None:
    with pytest.raises(error) as raised:
        registry.events(**filters)
    assert message is None or str(raised.value) == message


def test_a_registry_has_a_length_and_its_events_by_date(registry: Registry) -> None:
    assert len(registry) == 3
    assert [event.id for event in registry] == ["giao-ban", "khao-sat", "chua-dinh"]
    assert registry.info.aliases == {"LĐTE": ("lao động trẻ em",)}
    with pytest.raises(EventNotFound):
        registry.find("tet")


def test_a_registry_shows_its_path_and_the_number_of_its_events(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert repr(Registry("events.toml")) == "<Registry 'events.toml': 3 events>"
    assert repr(Registry("other.toml")) == "<Registry 'other.toml': cannot be read>"


def test_what_was_closed_can_be_asked_again(registry: Registry) -> None:
    with registry as same:
        assert len(same) == 3
    assert len(registry) == 3
    registry.close()
    registry.close()


def test_a_registry_that_is_not_there_is_an_error_when_asked(tmp_path: Path) -> None:
    with Registry(tmp_path / "none.toml") as registry, pytest.raises(RegistryError):
        registry.events(topic="CSR")


def test_every_name_of_the_api_is_there_and_says_what_it_is() -> None:
    for name in ilocal.__all__:
        assert name in dir(ilocal)
        value = getattr(ilocal, name)
        assert value.__doc__, name
    assert issubclass(RegistryError, IlocalError)
    with pytest.raises(AttributeError):
        ilocal.Workspace  # noqa: B018


@pytest.mark.parametrize("name", ["Registry", "Transaction"])
def test_every_method_of_the_api_has_a_docstring_and_is_in_its_page(name: str) -> None:
    page = (SHIPPED_REGISTRY.parent.parent / "docs" / "api.md").read_text(encoding="utf-8")
    for member, value in vars(getattr(ilocal, name)).items():
        if member.startswith("_"):
            continue
        assert inspect.getdoc(value), member
        if name == "Registry":
            assert f"`{member}" in page or f", `{member}" in page, member


def test_today_is_that_of_the_registrys_time_zone(tmp_path: Path) -> None:
    days = []
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):  # they are 25 hours apart
        (tmp_path / "events.toml").write_text(
            f'[registry]\ntimezone = "{zone}"\n[[event]]\ntitle = "A"\nstart = 2020-01-01\nrrule = "FREQ=DAILY"\n',
            encoding="utf-8",
        )
        with Registry(tmp_path / "events.toml") as registry:
            days += [event.start for event in registry.events(on="today")]
    assert isinstance(days[0], date)
    assert isinstance(days[1], date)
    assert days[0] > days[1]
