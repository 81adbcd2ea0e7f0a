"""What other users leave beside a registry is not read, and stops no write; what an editor saves is waited for."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from ilocal.model.event import Event
from ilocal.storage.changes import undo_log
from ilocal.workspace import Registry
from tests.support.cli import Ilocal
from tests.support.registry import FOUR_EVENTS


@pytest.mark.promise("P16")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to another user")
def test_swap_files_of_other_users_are_left_alone(ilocal: Ilocal, registry: Path) -> None:
    names = [f".events.toml.{n}-2-3-4.swap" for n in range(500)] + [f".events.toml.{n:012x}.tmp" for n in range(500)]
    for name in names:
        path = registry.with_name(name)
        path.touch()
        os.truncate(path, 8 << 30)  # sparse: it takes no space
        os.chown(path, 12345, 12345)
    begun = time.monotonic()
    assert ilocal("add", "Mới") == (0, "tba-moi\n", "")
    assert time.monotonic() - begun < 10
    assert all(registry.with_name(name).stat().st_size == 8 << 30 for name in names)


def test_a_swap_file_that_is_too_large_for_a_registry_stops_no_write(ilocal: Ilocal, registry: Path) -> None:
    path = registry.with_name(".events.toml.1-2-3-4.swap")
    path.touch()
    os.truncate(path, 8 << 30)
    assert ilocal("add", "Mới") == (0, "tba-moi\n", "")
    assert path.exists()


def test_a_displaced_text_is_kept_byte_for_byte(registry: Path, tmp_path: Path) -> None:
    displaced = registry.with_name(".events.toml.1-2-3-4.swap")
    data = os.urandom(3_000_000)
    displaced.write_bytes(data)
    kept = undo_log.save_displaced_file(tmp_path / "state", displaced)
    assert kept.read_bytes() == data
    assert not displaced.exists()


@pytest.mark.promise("P6")
def test_an_editor_that_is_saving_a_file_of_a_folder_is_waited_for(tmp_path: Path) -> None:
    years = tmp_path / "years"
    years.mkdir()
    path = years / "2020.toml"
    path.write_text(FOUR_EVENTS, encoding="utf-8")
    half = FOUR_EVENTS.index("title") + 9  # in the middle of a string
    editor = path.open("w", encoding="utf-8")
    editor.write(FOUR_EVENTS[:half])
    editor.flush()

    def finish() -> None:
        time.sleep(0.3)
        editor.write(FOUR_EVENTS[half:])
        editor.close()

    saving = threading.Thread(target=finish)
    saving.start()
    with Registry(years).transaction() as draft:
        draft.add(Event("Mới"))
    saving.join()
    assert path.read_text(encoding="utf-8") == FOUR_EVENTS
    assert len(Registry(years)) == 5
