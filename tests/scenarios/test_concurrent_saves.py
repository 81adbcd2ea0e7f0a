"""P6: what somebody saves while ilocal writes is kept, and so is what ilocal wrote."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from subprocess import TimeoutExpired

import pytest

from ilocal.index.opening import open_index
from ilocal.model.event import Event
from ilocal.storage import recovery
from ilocal.storage.changes import undo_log
from ilocal.storage.loader import load_registry
from ilocal.workspace import Registry
from tests.support.cli import Ilocal
from tests.support.processes import find_leftovers, start_command, stop_at_failpoint, wait_for_result
from tests.support.registry import FOUR_EVENTS
from tests.support.saving import save_by_rename, save_in_place

pytestmark = pytest.mark.promise("P6")

EDITED = FOUR_EVENTS.replace('location = "Hà Nội"', 'location = "Huế"  # moved by hand') + "\n# at the end\n"
ADDED = '\n[[event]]\nid = "2020-moi"\ntitle = "Mới"\nstart = 2020-03-01\n'


saves = pytest.mark.parametrize("save", [save_in_place, save_by_rename])
# Before the file is looked at for the last time; after that, where only what comes out can tell; and before the lock.
places = pytest.mark.parametrize("place", ["locked", "made", "synced", "before"])
late = [*(pytest.param(place, marks=pytest.mark.long) for place in ("locked", "made")), "synced", "before"]


@pytest.mark.process
@saves
@places
def test_both_changes_are_there(registry: Path, tmp_path: Path, save: Callable[[Path, str], None], place: str) -> None:
    with stop_at_failpoint(place, tmp_path, "add", "Mới", "2020-03-01") as process:
        save(registry, EDITED)
    assert wait_for_result(process) == (0, "2020-moi\n", "")
    text = registry.read_text(encoding="utf-8")
    assert text.startswith(EDITED)
    assert list(load_registry([("", text.encode())]).events) == [
        "2020-khao-sat", "2020-hop", "2019-dien-dan", "tba-hoi-nghi", "2020-moi",
    ]  # fmt: skip
    assert find_leftovers(tmp_path) == []


@pytest.mark.process
@saves
@pytest.mark.parametrize("place", late)
def test_an_edit_and_a_save_of_another_event_are_both_there(
    registry: Path, tmp_path: Path, save: Callable[[Path, str], None], place: str
) -> None:
    with stop_at_failpoint(place, tmp_path, "edit", "2019-dien-dan", "--title", "Khác") as process:
        save(registry, EDITED)
    assert wait_for_result(process).code == 0
    text = registry.read_text(encoding="utf-8")
    assert 'location = "Huế"  # moved by hand' in text
    assert 'title = "Khác"' in text
    assert text.endswith("# at the end\n")


@pytest.mark.process
@saves
@pytest.mark.parametrize("place", late)
def test_a_removal_and_a_save_are_both_there(
    registry: Path, tmp_path: Path, save: Callable[[Path, str], None], place: str
) -> None:
    with stop_at_failpoint(place, tmp_path, "remove", "--yes", "tba-hoi-nghi") as process:
        save(registry, EDITED)
    assert wait_for_result(process).code == 0
    assert registry.read_text(encoding="utf-8") == EDITED[: EDITED.index('\n[[event]]\nid = "tba')] + "\n# at the end\n"


@pytest.mark.process
@saves
@pytest.mark.parametrize("place", late[1:])
def test_where_both_changed_one_event_the_saved_text_stands_and_it_is_said(
    registry: Path, tmp_path: Path, save: Callable[[Path, str], None], place: str
) -> None:
    with stop_at_failpoint(place, tmp_path, "edit", "2020-hop", "--title", "Khác") as process:
        save(registry, EDITED)
    assert wait_for_result(process) == (
        5, "", 'ilocal: "2020-hop" was changed by another program; nothing was changed\n',
    )  # fmt: skip
    assert registry.read_text(encoding="utf-8") == EDITED
    assert find_leftovers(tmp_path) == []


@pytest.mark.process
@saves
@pytest.mark.parametrize("place", late)
def test_what_is_no_toml_any_more_is_left_alone(
    registry: Path, tmp_path: Path, save: Callable[[Path, str], None], place: str
) -> None:
    broken = FOUR_EVENTS + '\n[[event]]\ntitle = "half\n'
    with stop_at_failpoint(place, tmp_path, "add", "Mới") as process:
        save(registry, broken)
    result = wait_for_result(process)
    assert (result.code, result.out) == (3, "")
    assert registry.read_text(encoding="utf-8") == broken
    assert find_leftovers(tmp_path) == []


@pytest.mark.process
@pytest.mark.long
def test_a_writer_waits_for_an_editor_in_the_midst_of_saving_in_place(registry: Path, tmp_path: Path) -> None:
    with open(registry, "r+b") as editor:
        editor.truncate(100)
        process = start_command(tmp_path, "add", "Mới", "2020-03-01")
        with pytest.raises(TimeoutError):
            wait_for_process(process.pid, 1.0)
        editor.seek(0)
        editor.write(EDITED.encode())
    assert wait_for_result(process) == (0, "2020-moi\n", "")
    assert registry.read_text(encoding="utf-8").startswith(EDITED)


@pytest.mark.process
@pytest.mark.long
def test_what_an_editor_had_only_begun_to_save_at_the_exchange_is_not_lost(registry: Path, tmp_path: Path) -> None:
    with stop_at_failpoint("before", tmp_path, "add", "Mới", "2020-03-01") as process:
        editor = open(registry, "r+b")  # noqa: SIM115
        editor.truncate(0)
    with pytest.raises(TimeoutExpired):
        process.wait(1.0)
    editor.write(EDITED.encode())
    editor.close()
    assert wait_for_result(process) == (0, "2020-moi\n", "")
    assert registry.read_text(encoding="utf-8").startswith(EDITED)


def wait_for_process(pid: int, seconds: float) -> None:
    """Wait for a process to end. Raises TimeoutError."""
    import time

    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return
        time.sleep(0.02)
    raise TimeoutError


def test_the_save_that_a_killed_write_displaced_is_kept_and_told_of(
    registry: Path, tmp_path: Path, process: Ilocal
) -> None:
    failing = start_command(tmp_path, "add", "Nữa", env={"ILOCAL_FAILPOINT": "exchanged:stop"})
    os.waitpid(failing.pid, os.WUNTRACED)
    (left,) = find_leftovers(tmp_path)
    (tmp_path / left).write_text(EDITED, encoding="utf-8")  # saved in place at that moment
    failing.kill()
    wait_for_result(failing)
    result = process("add", "Sau")
    assert (result.code, result.out) == (0, "tba-sau\n")
    kept = Path(result.err.partition("saved by another program; that version is in ")[2].strip())
    assert kept.read_text(encoding="utf-8") == EDITED
    assert kept.stat().st_mode & 0o777 == 0o600
    assert find_leftovers(tmp_path) == []


def test_what_was_displaced_is_on_disk_in_its_new_place_before_it_leaves_the_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / ".events.toml.1-2-3-4.swap"
    left.write_text(EDITED, encoding="utf-8")
    real, synced = os.fsync, []

    def fsync(descriptor: int) -> None:
        synced.append((Path(f"/proc/self/fd/{descriptor}").resolve().name, left.exists()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    kept = undo_log.save_displaced_file(tmp_path / "state", left)
    assert synced == [(kept.name, True), ("state", True)]
    assert not left.exists()


ONE = '[[event]]\nid = "2020-hop"\ntitle = "Họp"\nstart = 2020-02-20\n'
MORE = '\n[[event]]\nid = "2021-tay"\ntitle = "Bằng tay"\nstart = 2021-05-05\n'


@pytest.mark.long
@saves
@pytest.mark.parametrize("place", ["going", "gone"])
def test_what_is_saved_into_a_file_that_an_undo_removes_is_not_lost(
    tmp_path: Path, process: Ilocal, save: Callable[[Path, str], None], place: str
) -> None:
    years = tmp_path / "years"
    years.mkdir()
    (years / "2020.toml").write_text(ONE, encoding="utf-8")
    assert process("-r", "years", "add", "Mới", "2021-03-03").code == 0
    new = years / "2021.toml"
    made = new.read_text(encoding="utf-8")
    with stop_at_failpoint(place, tmp_path, "-r", "years", "undo") as undoing:
        save(new, made + MORE)
    result = wait_for_result(undoing)
    assert "Bằng tay" in new.read_text(encoding="utf-8")
    assert (years / "2020.toml").read_text(encoding="utf-8") == ONE
    assert find_leftovers(years) == []
    if place == "going":
        assert (result.code, new.read_text(encoding="utf-8")) == (0, MORE)
    else:  # the file was gone already: what was saved is another one
        assert (result.code, new.read_text(encoding="utf-8")) == (0, made + MORE)


@pytest.mark.long
def test_what_was_saved_in_place_just_before_an_undo_removed_the_file_is_put_back(
    tmp_path: Path, process: Ilocal
) -> None:
    years = tmp_path / "years"
    years.mkdir()
    (years / "2020.toml").write_text(ONE, encoding="utf-8")
    assert process("-r", "years", "add", "Mới", "2021-03-03").code == 0
    with stop_at_failpoint("gone", tmp_path, "-r", "years", "undo") as undoing:
        (left,) = find_leftovers(years)
        with open(years / left, "a", encoding="utf-8") as editor:  # one that had opened it before
            editor.write(MORE)
    assert wait_for_result(undoing).code == 0
    assert (years / "2021.toml").read_text(encoding="utf-8") == MORE
    assert find_leftovers(years) == []


# ------------------------------------------------------------------------------------------------------- an old buffer


@pytest.mark.long
def test_an_old_text_saved_over_newer_writes_is_noticed_once_with_a_way_back(registry: Path, process: Ilocal) -> None:
    assert process("add", "Mới", "2020-03-01").code == 0
    assert process("edit", "2019-dien-dan", "--title", "Khác").code == 0
    save_by_rename(registry, EDITED)  # an editor that had the old text open
    said = (
        "ilocal: warning: events.toml: changes made by ilocal are no longer in the file: 2019-dien-dan, 2020-moi; "
        "if an editor saved an older copy, run: ilocal undo --lost\n"
    )
    assert process("list", "-f", "ids").err == said
    assert process("list", "-f", "ids").err == ""
    assert "(lost)" in process("undo", "--list").out
    result = process("undo", "--lost")
    assert (result.code, result.err.splitlines()[-1]) == (0, "restored: 2020-moi, 2019-dien-dan")
    text = registry.read_text(encoding="utf-8")
    assert 'title = "Khác"' in text
    assert 'id = "2020-moi"' in text
    assert 'location = "Huế"  # moved by hand' in text
    assert process("undo", "--lost").code == 5


@pytest.mark.long
@pytest.mark.parametrize(
    ("place", "save"), [("exchanged", save_by_rename), ("folder", save_by_rename), ("folder", save_in_place)]
)
def test_an_old_text_saved_just_after_the_texts_changed_places_is_noticed(
    registry: Path, tmp_path: Path, process: Ilocal, place: str, save: Callable[[Path, str], None]
) -> None:
    with stop_at_failpoint(place, tmp_path, "add", "Mới", "2020-03-01") as writer:
        save(registry, FOUR_EVENTS)
    assert wait_for_result(writer) == (0, "2020-moi\n", "")
    result = process("list", "-f", "ids")
    assert "2020-moi" not in result.out
    assert "changes made by ilocal are no longer in the file: 2020-moi" in result.err
    assert process("undo", "--lost").err.splitlines()[-1] == "restored: 2020-moi"


@pytest.mark.long
def test_a_hand_edit_of_other_events_is_no_loss(registry: Path, process: Ilocal) -> None:
    assert process("add", "Mới", "2020-03-01").code == 0
    text = registry.read_text(encoding="utf-8")
    registry.write_text(text.replace("# Ours.", "# Theirs."), encoding="utf-8")
    assert process("list", "-f", "ids").err == ""
    registry.write_text(text.replace('title = "Mới"', 'title = "Mới hơn"'), encoding="utf-8")
    assert process("list", "-f", "ids").err == ""


@pytest.mark.long
def test_an_undone_write_is_no_loss(registry: Path, process: Ilocal) -> None:
    assert process("add", "Mới", "2020-03-01").code == 0
    assert process("undo").code == 0
    registry.write_text(FOUR_EVENTS + "# more\n", encoding="utf-8")
    assert process("list", "-f", "ids").err == ""


# Between the text and the list of writes that are kept there is a moment, and a reader may come in it.


@pytest.mark.long
def test_a_write_that_is_not_kept_yet_is_no_loss(registry: Path, tmp_path: Path, process: Ilocal) -> None:
    assert process("add", "Mới", "2020-03-01").code == 0
    with stop_at_failpoint("kept", tmp_path, "undo") as undoing:
        assert process("list", "-f", "ids").err == ""
    assert wait_for_result(undoing).code == 0
    assert "(lost)" not in process("undo", "--list").out


def test_a_write_that_is_newer_than_the_text_that_was_read_is_no_loss(registry: Path) -> None:
    workspace = Registry(registry)
    before = open_index(registry)
    with Registry(registry).transaction() as draft:
        draft.add(Event("Mới"))
    notes: list[str] = []
    recovery.record_lost_writes_if_unlocked(registry, before, notes)
    assert notes == []
    assert workspace.lost_writes() == []


@pytest.mark.long
def test_a_loss_that_a_reader_could_not_be_sure_of_is_said_by_the_next_write(
    registry: Path, tmp_path: Path, process: Ilocal
) -> None:
    assert process("add", "Mới", "2020-03-01").code == 0
    with stop_at_failpoint("locked", tmp_path, "add", "Sau") as writer:
        save_by_rename(registry, EDITED)
        assert process("list", "-f", "ids").err == ""
    assert "changes made by ilocal are no longer in the file: 2020-moi" in wait_for_result(writer).err
    assert process("undo", "--lost").err.splitlines()[-1] == "restored: 2020-moi"
