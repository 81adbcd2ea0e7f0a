"""What the program of commit edb52ec wrote is read by the one of today: registry, index, config and list of changes.

The files in `data/earlier_version` were written by that program, in this order: `events-0.toml` by hand, then each
`events-N.toml` by the command whose change is `undo/0000000N.json`; `list.json` is what `list -f json` printed of the
last one, `index.sqlite.gz` its index and `config.toml` the user's settings.
"""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ilocal.index import database
from ilocal.storage import files
from ilocal.storage.changes.undo_log import get_undo_folder
from tests.support.cli import Ilocal

DATA = Path(__file__).parent / "data" / "earlier_version"
LAST = 5


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """Return the last registry that the earlier version wrote, with its list of changes."""
    path = tmp_path / "events.toml"
    shutil.copy(DATA / f"events-{LAST}.toml", path)
    shutil.copytree(DATA / "undo", get_undo_folder(path))
    return path


def put_index(registry: Path, state: str | None = None) -> Path:
    """Put the earlier version's index where it would be; with `state` as that of the registry when it was read."""
    path = database.get_index_folder(registry) / "01795828466510583921-11880.sqlite"
    path.parent.mkdir(parents=True)
    path.write_bytes(gzip.decompress((DATA / "index.sqlite.gz").read_bytes()))
    if state is not None:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE file SET stamp = ?, read_at = 9000000000000000000", (state,))
    return path


def test_the_list_of_changes_and_the_index_are_looked_for_where_they_were(tmp_path: Path) -> None:
    # A registry that is not there: the names depend on its path alone.
    registry = Path("/srv/ilocal/events.toml")
    assert get_undo_folder(registry).parts[-3:] == ("ilocal", "undo", "events-c47e1f9ffb4334ab")
    assert database.get_index_folder(registry).parts[-2:] == ("ilocal", "events-15abbbd2")


def test_answers_are_what_they_were(ilocal: Ilocal, registry: Path) -> None:
    before = json.loads((DATA / "list.json").read_text(encoding="utf-8"))
    now = json.loads(ilocal("--lang", "vi", "list", "--occurrences", "-f", "json").out)
    assert [{key: event.get(key) for key in old} for old, event in zip(before, now, strict=True)] == before


@pytest.mark.parametrize("is_current", [False, True], ids=["read again", "taken for current"])
def test_an_index_of_the_earlier_version_gives_the_answers_of_a_new_one(
    ilocal: Ilocal, registry: Path, is_current: bool
) -> None:
    commands = (("list", "-f", "json"), ("check", "-f", "json"), ("search", "lao dong"), ("show", "giao-ban"))
    expected = [ilocal(*command) for command in commands]
    shutil.rmtree(database.get_index_folder(registry))
    put_index(registry, files.read_file_state(registry).text if is_current else None)
    assert [ilocal(*command) for command in commands] == expected
    assert ilocal("--lang", "vi", "list").err.count("30/2/2020") == 1


def test_changes_of_the_earlier_version_are_listed_with_what_they_did(ilocal: Ilocal, registry: Path) -> None:
    printed = ilocal("undo", "--list").out.splitlines()
    assert [(line.split()[0], line.split("  ")[2]) for line in printed] == [
        ("5", "edit of 2 events: kind"),
        ("4", "edit of Họp giao ban: url"),
        ("3", "removal of Diễn đàn Lao động"),
        ("2", "edit of Khảo sát cuối kì về lao động trẻ em: location"),
        ("1", "addition of Hội thảo tổng kết"),
    ]


def test_changes_of_the_earlier_version_are_taken_back_to_the_byte(ilocal: Ilocal, registry: Path) -> None:
    for number in range(LAST, 0, -1):
        assert ilocal("undo", str(number)).code == 0
        assert registry.read_bytes() == (DATA / f"events-{number - 1}.toml").read_bytes()


def test_a_change_in_the_middle_is_taken_back_alone(ilocal: Ilocal, registry: Path) -> None:
    assert "url = " in registry.read_text(encoding="utf-8")
    assert ilocal("undo", "4").code == 0
    text = registry.read_text(encoding="utf-8")
    assert "url = " not in text
    assert text.count('kind = "workshop"') == 2


def test_what_an_older_save_took_out_is_known_from_the_list_of_the_earlier_version(
    ilocal: Ilocal, registry: Path
) -> None:
    put_index(registry)
    shutil.copy(DATA / f"events-{LAST - 1}.toml", registry)
    assert "undo --lost" in ilocal("list").err
    assert ilocal("undo", "--lost").code == 0
    assert registry.read_bytes() == (DATA / f"events-{LAST}.toml").read_bytes()


def test_settings_of_the_earlier_version_hold(ilocal: Ilocal, registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ILOCAL_CONFIG", str(DATA / "config.toml"))
    rows = {row["key"]: row for row in json.loads(ilocal("config", "-f", "json").out)}
    assert {key: row["value"] for key, row in rows.items() if row["source"] == "config"} == {
        "language": "vi",
        "columns": ["title", "when", "topics"],
        "week_start": "sunday",
        "pager": "less -R",
        "styles.date": "bold magenta",
    }
    assert ilocal("list").err.count("config.toml") == 0
