"""Ids made for events, and handles that name one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.errors import HandleError
from ilocal.model.dates import Year
from ilocal.model.ids import make_event_id, resolve_event_id_prefix
from tests.support import strategies


def test_ids() -> None:
    title = 'Họp khởi động "Nhóm cố vấn CSR" thúc đẩy thực hiện CSR trong chuỗi cung ứng'
    assert make_event_id(title, date(2020, 2, 20), ()) == "2020-hop-khoi-dong-nhom-co-van-csr-thuc-day-thuc-hien-csr"
    assert make_event_id("Họp", None, {"tba-hop", "tba-hop-2"}) == "tba-hop-3"
    assert make_event_id("ກອງປະຊຸມ", Year(2020), ()) == "2020-event"


@given(st.one_of(strategies.titles, st.text(max_size=90)), strategies.spans(), st.integers(0, 12))
def test_an_id_is_short_ascii_and_free(title: str, pair: tuple[object, object], clashes: int) -> None:
    taken: set[str] = set()
    for _ in range(clashes + 1):
        made = make_event_id(title, pair[0], taken)  # type: ignore[arg-type]
        assert made not in taken
        assert len(made) <= 60
        assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        taken.add(made)


IDS = ["2020-khao-sat-cuoi-ki", "2019-khao-sat-cuoi-ki-cua-du-an", "2019-hop-bao", "2018-hop-bao", "A_1", "2021-lan-2"]


@pytest.mark.parametrize(
    ("handle", "id"),
    [
        ("2019-hop-bao", "2019-hop-bao"), ("2019-h", "2019-hop-bao"), ("khao-sat-cuoi-ki", "2020-khao-sat-cuoi-ki"),
        ("khao-sat-cuoi-ki-c", "2019-khao-sat-cuoi-ki-cua-du-an"), ("du-an", "2019-khao-sat-cuoi-ki-cua-du-an"),
        ("Dự án", "2019-khao-sat-cuoi-ki-cua-du-an"), ("bao 2018", "2018-hop-bao"), ("A_1", "A_1"),
        ("2", "2021-lan-2"),  # a word, and not the start of the others
    ],
)  # fmt: skip
def test_a_handle_names_one_event(handle: str, id: str) -> None:
    assert resolve_event_id_prefix(handle, IDS) == id


@pytest.mark.parametrize(
    ("handle", "ids"),
    [
        ("giao ban", ["2026-giao-ban-to", "2026-hop-giao-ban"]),  # the start of a title, and words in another
        ("Họp phụ huynh", ["2026-hop-phu-huynh", "2026-hop-phu-huynh-2"]),  # one title
        ("2026-hop", ["2026-hop-giao-ban", "2026-hop-phu-huynh", "2026-hop-phu-huynh-2"]),
    ],
)
def test_what_may_mean_several_events_is_not_decided(handle: str, ids: list[str]) -> None:
    with pytest.raises(HandleError) as error:
        resolve_event_id_prefix(
            handle, ["2026-giao-ban-to", "2026-hop-giao-ban", "2026-hop-phu-huynh", "2026-hop-phu-huynh-2"]
        )
    assert error.value.choices == ids


def test_an_ambiguous_handle_lists_its_candidates() -> None:
    with pytest.raises(HandleError) as error:
        resolve_event_id_prefix("hop", IDS)
    assert error.value.message == '"hop" matches 2 events'
    assert (error.value.hint, error.value.choices) == (
        "be more specific; it could be:",
        ["2019-hop-bao", "2018-hop-bao"],
    )
    for unknown in ("xyz", "", "…", "sat2"):
        with pytest.raises(HandleError, match="no event matches"):
            resolve_event_id_prefix(unknown, IDS)
