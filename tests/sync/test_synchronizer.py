"""A registry and a calendar brought to say the same, whatever each side did, and whatever fails on the way."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ilocal.errors import ConflictError, IlocalError
from ilocal.model.event import Event
from ilocal.model.fields import AUTOMATIC_FIELDS
from ilocal.model.query import Query
from ilocal.sync.collection import Collection
from ilocal.sync.vdir_collection import VdirCollection
from ilocal.workspace import Registry
from tests.support.dav import FaultyTransport, RadicaleServer, edit_registry, run_sync
from tests.support.paths import SHIPPED_REGISTRY

EMPTY = '[registry]\ntitle = "B"\nlanguage = "vi"\ntimezone = "Asia/Ho_Chi_Minh"\nuid_domain = "ilocal.example"\n'
CSR = "2020-hop-khoi-dong-nhom-co-van-csr-thuc-day-thuc-hien-csr"
CONFERENCE = "2018-hoi-nghi-thanh-tra-lao-dong-chau-a-lan-thu-7-chien-luoc"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """Return the registry of 21 events."""
    return Path(shutil.copy(SHIPPED_REGISTRY, tmp_path / "events.toml"))


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Return an empty registry with the same UIDs."""
    path = tmp_path / "other.toml"
    path.write_text(EMPTY, encoding="utf-8")
    return path


@pytest.fixture
def server(tmp_path: Path) -> RadicaleServer:
    return RadicaleServer(tmp_path / "radicale")


def read_events(path: Path) -> dict[str, Event]:
    """Return the events of a registry by id, without what each registry keeps for itself."""
    plain: dict[str, Any] = dict.fromkeys(AUTOMATIC_FIELDS)
    with Registry(path) as registry:
        return {event.id: replace(event, **plain | {"revision": 0}) for event in registry.select(Query())}


def make_opener(kind: str, tmp_path: Path) -> Callable[[], Collection]:
    if kind == "vdir":
        return lambda: VdirCollection(tmp_path / "vdir")
    server = RadicaleServer(tmp_path / "radicale")
    return server.open_collection


@pytest.mark.promise("P19")
@pytest.mark.parametrize("kind", ["vdir", "caldav"])
def test_all_events_go_up_and_come_down_into_an_empty_registry_equal(
    kind: str, office: Path, other: Path, tmp_path: Path
) -> None:
    open_collection = make_opener(kind, tmp_path)
    assert len(run_sync(office, open_collection(), direction="push").there) == 21
    assert len(run_sync(other, open_collection()).here) == 21
    assert read_events(other) == read_events(office)
    text = other.read_bytes()
    for path in (office, other, office):
        report = run_sync(path, open_collection())
        assert (report.here, report.there, report.conflicts, report.problems) == ([], [], [], [])
    assert other.read_bytes() == text
    with Registry(other) as registry:
        assert len(list(registry.undo_history())) == 1


def test_an_edit_there_and_another_here_come_together_and_two_of_one_field_wait_for_a_decision(
    office: Path, server: RadicaleServer
) -> None:
    run_sync(office, server.open_collection())
    server.change_items(lambda text: text.replace("LOCATION:Thành phố Hồ Chí Minh", "LOCATION:Huế"))
    edit_registry(office, CONFERENCE, topics=("CSR", "thanh tra"))
    report = run_sync(office, server.open_collection())
    assert (report.here, report.there, report.conflicts) == ([("updated", CONFERENCE)], [("updated", CONFERENCE)], [])
    assert (read_events(office)[CONFERENCE].location, read_events(office)[CONFERENCE].topics) == (
        "Huế",
        ("CSR", "thanh tra"),
    )
    (item,) = [text for text in server.read_items().values() if CONFERENCE in text]
    assert "LOCATION:Huế" in item and "CATEGORIES:CSR,thanh tra" in item

    server.change_items(lambda text: text.replace("LOCATION:Huế", "LOCATION:Đà Nẵng"))
    edit_registry(office, CONFERENCE, location="Hà Nội")
    edit_registry(office, CSR, location="Hải Phòng")
    before, items = office.read_bytes(), server.read_items()
    report = run_sync(office, server.open_collection())
    assert [one.fields for one in report.conflicts] == [(("location", "Hà Nội", "Đà Nẵng"),)]
    assert report.there == [("updated", CSR)]  # a conflict stops nothing else
    assert office.read_bytes() == before
    assert [text for text in server.read_items().values() if "Đà Nẵng" in text] == [
        text for text in items.values() if "Đà Nẵng" in text
    ]
    assert run_sync(office, server.open_collection(), preference="theirs").here == [("updated", CONFERENCE)]
    assert read_events(office)[CONFERENCE].location == "Đà Nẵng"
    assert not run_sync(office, server.open_collection()).conflicts


def test_a_conflict_is_settled_for_mine_or_by_an_edit(office: Path, server: RadicaleServer) -> None:
    run_sync(office, server.open_collection())
    server.change_items(lambda text: text.replace("LOCATION:Thành phố Hồ Chí Minh", "LOCATION:Huế"))
    edit_registry(office, CONFERENCE, location="Hà Nội")
    assert run_sync(office, server.open_collection()).conflicts
    assert run_sync(office, server.open_collection(), preference="mine").there == [("updated", CONFERENCE)]
    assert any("LOCATION:Hà Nội" in text for text in server.read_items().values())

    server.change_items(lambda text: text.replace("LOCATION:Hà Nội", "LOCATION:Vinh"))
    edit_registry(office, CONFERENCE, location="Nha Trang")
    assert run_sync(office, server.open_collection()).conflicts
    edit_registry(office, CONFERENCE, location="Vinh")
    report = run_sync(office, server.open_collection())
    assert (report.conflicts, report.here, report.there) == ([], [], [])


@pytest.mark.promise("P19")
@pytest.mark.parametrize("kind", ["vdir", "caldav"])
def test_a_side_that_is_suddenly_empty_or_much_smaller_changes_nothing(kind: str, office: Path, tmp_path: Path) -> None:
    open_collection = make_opener(kind, tmp_path)
    run_sync(office, open_collection())
    before = office.read_bytes()
    with open_collection() as collection:
        for href, etag in collection.list_items("").etags.items():
            collection.delete_item(href, etag)
    with pytest.raises(
        ConflictError, match="21 events were removed remotely and would be removed locally; nothing was changed"
    ) as caught:
        run_sync(office, open_collection())
    assert caught.value.hint == "to remove these events, add --accept-deletions 21"
    assert office.read_bytes() == before
    assert len(run_sync(office, open_collection(), direction="push").there) == 21

    with Registry(office) as registry, registry.transaction() as draft:
        for id in list(read_events(office))[:6]:
            draft.remove(id)
    with pytest.raises(
        ConflictError, match="6 events were removed locally and would be removed remotely; nothing was changed"
    ):
        run_sync(office, open_collection())
    assert len(run_sync(office, open_collection(), accepted_removals=6).there) == 6
    with open_collection() as collection:
        assert len(collection.list_items("").etags) == 15


def test_a_program_that_drops_what_it_does_not_know_takes_no_section_and_no_project_away(
    office: Path, server: RadicaleServer
) -> None:
    run_sync(office, server.open_collection())
    before = read_events(office)

    def edit(text: str) -> str:
        kept = [line for line in text.split("\n") if not line.startswith("X-ILOCAL")]
        return (
            "\n".join(kept)
            .replace("LOCATION:Thành phố Hồ Chí Minh", "LOCATION:Huế")
            .replace("Bối cảnh", "Bối cảnh chung")
        )

    server.change_items(edit)
    run_sync(office, server.open_collection())
    after = read_events(office)
    old = before.pop(CONFERENCE)
    new = after.pop(CONFERENCE)
    assert before == after
    sections = tuple(replace(one, heading=one.heading.replace("Bối cảnh", "Bối cảnh chung")) for one in old.sections)
    assert len(sections) > 1
    assert new == replace(old, location="Huế", sections=sections)
    assert not run_sync(office, server.open_collection()).here


def test_a_description_that_cannot_be_put_back_into_sections_is_a_conflict(
    office: Path, server: RadicaleServer
) -> None:
    run_sync(office, server.open_collection())

    def rewrite(text: str) -> str:
        return re.sub("(?m)^DESCRIPTION:.*$", "DESCRIPTION:Viết lại hết.", text) if CONFERENCE in text else text

    server.change_items(rewrite)
    report = run_sync(office, server.open_collection())
    assert [(one.id, one.fields[0][0], one.fields[0][2]) for one in report.conflicts] == [
        (CONFERENCE, "description", "Viết lại hết.")
    ]
    assert read_events(office)[CONFERENCE].sections
    run_sync(office, server.open_collection(), preference="mine")
    assert not any("Viết lại" in text for text in server.read_items().values())


def test_removed_on_one_side_and_changed_on_the_other_is_kept(office: Path, server: RadicaleServer) -> None:
    run_sync(office, server.open_collection())
    server.delete_items(lambda text: "UID:" + CONFERENCE[:40] in text)
    edit_registry(office, CONFERENCE, location="Huế")
    report = run_sync(office, server.open_collection())
    assert report.notes == [f"{CONFERENCE}: removed there but changed here; sent again"]
    assert report.there == [("new", CONFERENCE)]

    server.change_items(lambda text: text.replace("LOCATION:Huế", "LOCATION:Vinh"))
    with Registry(office) as registry, registry.transaction() as draft:
        draft.remove(CONFERENCE)
    report = run_sync(office, server.open_collection())
    assert report.notes == [f"{CONFERENCE}: removed here but changed there; restored here"]
    assert read_events(office)[CONFERENCE].location == "Vinh"
    assert len(server.read_items()) == 21


def test_what_leaves_the_selection_is_removed_there_and_what_was_made_there_never_is(
    office: Path, server: RadicaleServer
) -> None:
    query = Query(field_values=(("topics", ("csr",)),))
    there = len(run_sync(office, server.open_collection(), query=query).there)
    assert 0 < there < 21
    with server.open_collection() as collection:
        collection.create_item(
            "phone-1",
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:phone-1\r\nDTSTAMP:20200101T000000Z\r\nDTSTART;VALUE=DATE:20200301\r\nSUMMARY:Họp ở Huế\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        )
    assert run_sync(office, server.open_collection(), query=query).here == [("new", "2020-hop-o-hue")]
    edit_registry(office, CSR, topics=())
    report = run_sync(office, server.open_collection(), query=query)
    assert report.there == [("removed", CSR)]
    assert CSR in read_events(office)
    assert len(server.read_items()) == there
    report = run_sync(office, server.open_collection(), query=query)
    assert (report.here, report.there) == ([], [])


def test_push_takes_nothing_and_overwrites_nothing_unasked_and_pull_sends_nothing(
    office: Path, other: Path, server: RadicaleServer
) -> None:
    run_sync(office, server.open_collection(), direction="push")
    run_sync(other, server.open_collection(), direction="pull")
    edit_registry(other, CSR, location="Vinh")
    assert not run_sync(other, server.open_collection(), direction="pull").there
    server.change_items(lambda text: text.replace("LOCATION:Thành phố Hồ Chí Minh", "LOCATION:Huế"))
    text = office.read_bytes()
    report = run_sync(office, server.open_collection(), direction="push")
    assert [one.fields for one in report.conflicts] == [(("location", "Thành phố Hồ Chí Minh", "Huế"),)]
    assert (office.read_bytes(), report.there) == (text, [])
    assert run_sync(other, server.open_collection(), direction="pull").here == [("updated", CONFERENCE)]
    assert read_events(other)[CSR].location == "Vinh"
    assert run_sync(office, server.open_collection(), direction="push", preference="mine").there == [
        ("updated", CONFERENCE)
    ]
    assert run_sync(other, server.open_collection(), direction="both").there == [("updated", CSR)]


def test_a_lost_state_loses_nothing(office: Path, server: RadicaleServer) -> None:
    run_sync(office, server.open_collection(), name="one")
    text = office.read_bytes()
    report = run_sync(office, server.open_collection(), name="two")
    assert (report.here, report.there, report.conflicts) == ([], [], [])
    edit_registry(office, CSR, location="Vinh")
    assert [one.fields for one in run_sync(office, server.open_collection(), name="three").conflicts] == [
        (("location", "Vinh", "Hà Nội"),)
    ]
    assert len(server.read_items()) == 21 and text != office.read_bytes()


def test_a_dry_run_changes_nothing(office: Path, other: Path, server: RadicaleServer) -> None:
    text = office.read_bytes()
    assert len(run_sync(office, server.open_collection(), is_dry_run=True).there) == 21
    assert (server.read_items(), office.read_bytes()) == ({}, text)
    assert len(run_sync(office, server.open_collection()).there) == 21
    assert len(run_sync(other, server.open_collection(), is_dry_run=True).here) == 21
    assert other.read_text("utf-8") == EMPTY


def test_an_item_that_cannot_be_read_stops_no_other_and_is_not_taken_for_gone(office: Path, tmp_path: Path) -> None:
    folder = tmp_path / "vdir"
    run_sync(office, VdirCollection(folder))
    names = sorted(path.name for path in folder.iterdir())
    (folder / names[0]).write_bytes(b"\xff\xfe")
    (folder / names[1]).write_text("no calendar", encoding="utf-8")
    (folder / "task.ics").write_text(
        "BEGIN:VCALENDAR\nBEGIN:VTODO\nUID:1\nEND:VTODO\nEND:VCALENDAR\n", encoding="utf-8"
    )
    edit_registry(office, CSR, location="Vinh")
    report = run_sync(office, VdirCollection(folder))
    assert (report.here, report.there, len(report.problems)) == ([], [("updated", CSR)], 2)
    assert len(read_events(office)) == 21


@pytest.mark.promise("P19")
@pytest.mark.parametrize(
    "fault",
    ["cut", *(pytest.param(one, marks=pytest.mark.long) for one in ("refuse", "409", "412", "500", "507", "503"))],
)
def test_after_a_failure_at_any_request_the_next_sync_finishes(
    fault: str, tmp_path: Path, other: Path, figure: Callable[[str, int], None]
) -> None:
    """Three events to send, one to take, one to change there, one to delete there; each request fails once."""
    tried = 0
    for at in range(1, 40):
        folder = tmp_path / f"{fault}-{at}"
        folder.mkdir()
        server, path = RadicaleServer(folder / "radicale"), folder / "events.toml"
        prepare_work(path, folder, server)
        transport = FaultyTransport(server.transport, fault, at)
        with suppress(IlocalError):
            run_sync(path, server.open_collection(transport))
        if len(transport.methods) < at:
            break
        tried += 1
        for _again in range(2):
            run_sync(path, server.open_collection())
        report = run_sync(path, server.open_collection())
        assert (report.here, report.there, report.conflicts, report.problems) == ([], [], [], []), at
        assert sorted(event.title for event in read_events(path).values()) == [
            "A1",
            "A2 changed",
            "A4",
            "B1",
            "N1",
            "N2",
            "N3",
        ], at
        uids = [re.findall("(?m)^UID:(.*)$", text) for text in server.read_items().values()]
        assert len(uids) == len({uid for found in uids for uid in found}) == 7, at
    assert tried >= 5
    figure("requests of a sync that failed", tried)


def prepare_work(path: Path, folder: Path, server: RadicaleServer) -> None:
    """Make a registry and a server that agreed once, and that each did something since."""
    path.write_text(EMPTY, encoding="utf-8")
    with Registry(path) as registry, registry.transaction() as draft:
        for n in range(1, 5):
            draft.add(Event(f"A{n}", start=date(2020, 3, n), location="Hà Nội"))
    run_sync(path, server.open_collection())
    with Registry(path) as registry, registry.transaction() as draft:
        for n in range(1, 4):
            draft.add(Event(f"N{n}", start=date(2020, 4, n)))
        draft.remove("2020-a3")
        event = draft.get("2020-a2")
        assert event is not None
        draft.update("2020-a2", replace(event, title="A2 changed"))
    second = folder / "second.toml"
    second.write_text(EMPTY, encoding="utf-8")
    with Registry(second) as registry, registry.transaction() as draft:
        draft.add(Event("B1", start=date(2020, 5, 1)))
    run_sync(second, server.open_collection(), direction="push")
    server.change_items(lambda text: text.replace("LOCATION:Hà Nội", "LOCATION:Huế") if "SUMMARY:A1" in text else text)
