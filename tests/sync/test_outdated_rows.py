"""A table that is older than the registry: what was edited there since is not replaced by an import."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.model.event import Event
from ilocal.sync.outdated_rows import has_newer_state
from tests.support import strategies
from tests.support.cli import Ilocal
from tests.support.registry import read_stored_events

FILES = [("a.xlsx",), ("a.csv",), ("a.csv", "--excel"), ("a.json",), ("a.toml",)]


def list_locations(ilocal: Ilocal) -> dict[str, str]:
    return {
        str(event["id"]).removeprefix("2020-"): str(event.get("location", "")) for event in read_stored_events(ilocal)
    }


@pytest.fixture
def two_events(ilocal: Ilocal, tmp_path: Path) -> Path:
    ilocal("init", "events.toml")
    for title in ("Alpha", "Beta"):
        ilocal("add", title, "2020-03-04", "--location", "Huế", "--force")
    return tmp_path / "events.toml"


@pytest.mark.parametrize("file", FILES, ids=" ".join)
def test_a_newer_edit_stays_until_force_is_given(ilocal: Ilocal, two_events: Path, file: tuple[str, ...]) -> None:
    name = file[0]
    ilocal("export", *file)
    ilocal("edit", "alpha", "--location", "Vinh")
    saved = two_events.read_bytes()
    for options in ((), ("--update",)):
        assert ilocal("import", *options, name) == (
            0, "",
            "2020-alpha: newer in the registry than in the file; differs in location\n"
            "0 new, 0 updated, 1 unchanged, 1 newer in the registry, 0 rejected\n"
            "1 event is newer in the registry than in the file, and was left as it is; "
            "--update --force takes it from the file\n",
        )  # fmt: skip
        assert two_events.read_bytes() == saved
    assert ilocal("import", "--update", "--force", name) == (
        0, "updated 2020-alpha\n", "0 new, 1 updated, 1 unchanged, 0 rejected\n",
    )  # fmt: skip
    assert list_locations(ilocal) == {"alpha": "Huế", "beta": "Huế"}


def test_it_is_said_in_vietnamese_too(ilocal: Ilocal, two_events: Path) -> None:
    ilocal("export", "a.csv")
    for id in ("alpha", "beta"):
        ilocal("edit", id, "--location", "Vinh", "--start", "2020-03-05")
    assert ilocal("--lang", "vi", "import", "--update", "a.csv").err == (
        "2020-alpha: bản trong sổ mới hơn bản trong tệp; khác nhau ở bắt đầu, địa điểm\n"
        "2020-beta: bản trong sổ mới hơn bản trong tệp; khác nhau ở bắt đầu, địa điểm\n"
        "0 mới, 0 cập nhật, 0 giữ nguyên, 2 sự kiện trong sổ mới hơn, 0 không đọc được\n"
        "2 sự kiện trong sổ mới hơn trong tệp nên được giữ nguyên; để lấy theo tệp, hãy dùng --update --force\n"
    )


def test_a_sheet_that_is_edited_and_imported_again_and_again_is_not_older_than_itself(
    ilocal: Ilocal, two_events: Path
) -> None:
    ilocal("export", "a.csv", "--excel")
    sheet = Path("a.csv")
    for before, after in (("Huế", "Vinh"), ("Vinh", "Hà Nội"), ("Hà Nội", "Huế")):
        sheet.write_text(sheet.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
        result = ilocal("import", "--update", "a.csv")
        assert sorted(result.out.splitlines()) == ["updated 2020-alpha", "updated 2020-beta"]
        assert list_locations(ilocal) == {"alpha": after, "beta": after}
    ilocal("edit", "alpha", "--location", "Lào Cai")  # somebody else's
    sheet.write_text(sheet.read_text(encoding="utf-8").replace("Huế", "Đà Nẵng"), encoding="utf-8")
    assert ilocal("import", "--update", "a.csv").out == "updated 2020-beta\n"
    Path("b.csv").write_text(sheet.read_text(encoding="utf-8").replace("Đà Nẵng", "Sơn La"), encoding="utf-8")
    assert ilocal("import", "--update", "b.csv").out == ""  # of the same age, and not the file that was imported
    assert list_locations(ilocal) == {"alpha": "Lào Cai", "beta": "Đà Nẵng"}


def test_a_newer_event_is_not_removed_by_an_old_sheet(ilocal: Ilocal, two_events: Path) -> None:
    ilocal("export", "a.csv")
    rows = Path("a.csv").read_text(encoding="utf-8").splitlines()
    Path("a.csv").write_text(f"{rows[0]},action\n{rows[1]},remove\n{rows[2]},remove\n", encoding="utf-8")
    ilocal("edit", "alpha", "--location", "Vinh")
    assert ilocal("import", "--update", "a.csv").out == "removed 2020-beta\n"
    assert list_locations(ilocal) == {"alpha": "Vinh"}
    assert ilocal("import", "--update", "--force", "a.csv").out == "removed 2020-alpha\n"


def test_occurrences_of_a_newer_series_stay_and_those_of_one_sheet_do_not_shut_out_each_other(
    ilocal: Ilocal, two_events: Path
) -> None:
    ilocal("edit", "alpha", "--repeat", "FREQ=DAILY;COUNT=3")
    ilocal("list", "alpha", "--occurrences", "-o", "a.csv")
    sheet = Path("a.csv")
    sheet.write_text(sheet.read_text(encoding="utf-8").replace("Huế", "Vinh"), encoding="utf-8")
    old = ilocal("import", "--update", "a.csv")
    assert old.err == "0 new, 3 updated, 0 unchanged, 0 rejected\n"
    ilocal("edit", "alpha", "--location", "Hà Nội")
    sheet.write_text(sheet.read_text(encoding="utf-8").replace("Vinh", "Sơn La"), encoding="utf-8")
    assert "3 newer in the registry" in ilocal("import", "--update", "a.csv").err


def test_a_sheet_without_these_columns_is_taken_as_ever(ilocal: Ilocal, two_events: Path) -> None:
    ilocal("list", "--columns", "id,title,location", "-o", "a.csv")
    ilocal("edit", "alpha", "--location", "Vinh")
    assert ilocal("import", "--update", "a.csv").out == "updated 2020-alpha\n"


states = st.builds(
    Event,
    st.just("A"),
    updated=st.none()
    | st.datetimes(timezones=strategies.zones).map(lambda at: at.replace(microsecond=0))
    | strategies.days,
    revision=st.integers(min_value=0, max_value=3),
)


@given(states, states, st.sampled_from([(), ("revision",), ("updated",), ("revision", "updated")]))
def test_of_two_states_at_most_one_is_newer(one: Event, other: Event, stated: tuple[str, ...]) -> None:
    is_newer, is_older = has_newer_state(one, other, stated), has_newer_state(other, one, stated)
    assert not (is_newer and is_older)
    if (one.revision, one.updated) == (other.revision, other.updated) or not stated:
        assert not is_newer
    if "revision" in stated and one.revision != other.revision:
        assert is_newer == (one.revision > other.revision)
