"""`ilocal sync`: what it says, and what it returns."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.cli import Ilocal
from tests.support.terminal import Talk


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the config with a folder to synchronize with."""
    path = tmp_path / "config.toml"
    path.write_text(f'[sync.desk]\nvdir = "{tmp_path}/desk"\n', encoding="utf-8")
    monkeypatch.setenv("ILOCAL_CONFIG", str(path))
    return path


def find_item(tmp_path: Path, text: str) -> Path:
    (path,) = [one for one in (tmp_path / "desk").iterdir() if text in one.read_text("utf-8").replace("\n ", "")]
    return path


def test_what_is_sent_taken_and_in_conflict_is_said(
    ilocal: Ilocal, registry: Path, config: Path, tmp_path: Path
) -> None:
    assert ilocal("sync") == (
        0,
        "there new 2020-hop\nthere new 2020-khao-sat\n",
        "desk: here 0 new, 0 updated, 0 removed; there 2 new, 0 updated, 0 removed\n",
    )
    item = find_item(tmp_path, "SUMMARY:Họp")
    item.write_text(item.read_text("utf-8").replace("LOCATION:Hà Nội", "LOCATION:Huế"), encoding="utf-8")
    assert ilocal("edit", "2020-hop", "--location", "Vinh").code == 0
    conflict = '2020-hop: location was changed on both sides: here "Vinh", there "Huế"'
    assert ilocal("sync", "desk") == (
        5,
        "",
        f"ilocal: warning: desk: {conflict}\n"
        "desk: here 0 new, 0 updated, 0 removed; there 0 new, 0 updated, 0 removed; 1 conflict\n"
        "hint: resolve conflicts with --mine, --theirs or ilocal edit\n",
    )
    assert ilocal("sync", "--status").out == (
        f"desk: {tmp_path}/desk\n  last sync: 2020-02-19T17:00:00+00:00; changes to send: 1; conflicts: 1\n"
        '  2020-hop: location: here "Vinh", there "Huế"\n'
    )
    assert ilocal("sync", "--theirs").out == "here updated 2020-hop\n"
    assert 'location = "Huế"' in registry.read_text("utf-8")
    assert ilocal("undo").code == 0
    assert 'location = "Vinh"' in registry.read_text("utf-8")


def test_filters_choose_what_is_sent(ilocal: Ilocal, registry: Path, config: Path, tmp_path: Path) -> None:
    config.write_text(
        f'[sync.desk]\nvdir = "{tmp_path}/desk"\nselect = ["--on", "2020-02-20"]\nundated = "span"\n', "utf-8"
    )
    assert ilocal("sync", "--dry-run").out == "there new 2020-hop\n"
    config.write_text(f'[sync.desk]\nvdir = "{tmp_path}/desk"\nundated = "span"\n', "utf-8")
    assert len(ilocal("sync").out.splitlines()) == 3
    config.write_text(f'[sync.desk]\nvdir = "{tmp_path}/desk"\nselect = ["--bogus"]\n', "utf-8")
    assert ilocal("sync") == (2, "", "ilocal: select: No such option: --bogus\n")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('url = "http://cloud.example/ilo/"', "url: use https; http is allowed only on this machine"),
        ('url = "ftp://cloud.example/"', '"ftp://cloud.example/" is not a web address'),
        ('vdir = "calendars"', "vdir: expected an absolute path, starting with / or ~"),
        ('vdir = "/a"\nurl = "https://b.example/"', "expected either url or vdir"),
        ('vdir = "/a"\ndirection = "up"', 'direction: "up" is not a valid value'),
        ('vdir = "/a"\nselect = "--topic CSR"', "select: expected a list of strings"),
        ('vdir = "/a"\npassword = "x"', 'unknown setting "password"'),
    ],
)
def test_a_table_that_cannot_be_used_is_named_with_its_line(
    ilocal: Ilocal, registry: Path, config: Path, table: str, said: str
) -> None:
    config.write_text(f"\n[sync.desk]\n{table}\n", encoding="utf-8")
    result = ilocal("sync")
    assert result.code == 2
    assert result.err.splitlines()[0].startswith(f"ilocal: warning: {config}:2: sync.desk: {said}")
    assert f"ilocal: {said}" in result.err


def test_without_a_target_or_with_another_name_the_way_out_is_said(
    ilocal: Ilocal, registry: Path, config: Path
) -> None:
    assert ilocal("sync", "phone") == (
        2,
        "",
        "ilocal: there is no [sync.phone] in your config file\nhint: use one of desk\n",
    )
    config.write_text("", encoding="utf-8")
    assert ilocal("sync") == (
        2,
        "",
        "ilocal: your config file has no [sync.NAME] table to synchronize with\n"
        f"hint: to see what to write into {config}, run: ilocal sync --find URL\n",
    )


def test_a_password_comes_from_a_command_and_is_never_shown(
    ilocal: Ilocal, registry: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(command: str) -> None:
        config.write_text(
            f'[sync.a]\nurl = "http://127.0.0.1:1/"\nuser = "lan"\npassword_command = {command}\n', encoding="utf-8"
        )

    write('["no-such-program"]')
    assert ilocal("sync").err == "ilocal: password_command: program no-such-program not found\n"
    write('["sh", "-c", "echo s3cret; exit 3"]')
    assert ilocal("sync").err == "ilocal: password_command: sh returned no password (exit code 3)\n"
    write("[]")
    assert ilocal("sync").err == (
        "ilocal: there is no password for lan at 127.0.0.1\n"
        "hint: set password_command in your config file, or the environment variable ILOCAL_SYNC_A_PASSWORD\n"
    )
    monkeypatch.setenv("ILOCAL_SYNC_A_PASSWORD", "s3cret")
    assert ilocal("sync") == (2, "", "ilocal: http://127.0.0.1:1/: cannot connect to the server\n")
    monkeypatch.delenv("ILOCAL_SYNC_A_PASSWORD")
    netrc = Path(config.parent / "netrc")
    netrc.write_text("machine 127.0.0.1 login lan password s3cret\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert ilocal("sync") == (2, "", "ilocal: http://127.0.0.1:1/: cannot connect to the server\n")


OTHER_UID = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:phone-1\r\nDTSTAMP:20200101T000000Z\r\n"
    "DTSTART;VALUE=DATE:20200220\r\nDTEND;VALUE=DATE:20200221\r\nSUMMARY:Họp tháng\r\nLOCATION:Huế\r\nEND:VEVENT\r\n"
    "END:VCALENDAR\r\n"
)


@pytest.fixture
def both(registry: Path, config: Path, tmp_path: Path) -> Path:
    """Return a registry with an event that the calendar has too, under a UID of another program."""
    registry.write_text('[[event]]\nid = "hop"\ntitle = "HỌP THÁNG"\nstart = 2020-02-20\ntopics = ["CSR"]\n', "utf-8")
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "p.ics").write_bytes(OTHER_UID.replace("Họp tháng", "Họp tháng").encode())
    return registry


def test_an_event_that_both_sides_have_is_linked_instead_of_doubled(ilocal: Ilocal, both: Path, tmp_path: Path) -> None:
    done = ilocal("sync", "--link", "--mine")
    assert done == (
        0,
        "here updated hop\nthere updated hop\n",
        "desk: hop: linked with the item of the same title and days there\n"
        "desk: here 0 new, 1 updated, 0 removed; there 0 new, 1 updated, 0 removed\n",
    )
    text = both.read_text("utf-8")
    assert 'uid = "phone-1"' in text
    assert 'location = "Huế"' in text
    assert text.count("[[event]]") == 1
    assert [one.name for one in (tmp_path / "desk").iterdir()] == ["p.ics"]
    quiet = (0, "", "desk: here 0 new, 0 updated, 0 removed; there 0 new, 0 updated, 0 removed\n")
    assert ilocal("sync") == quiet
    assert ilocal("undo").code == 0
    assert 'uid = "phone-1"' not in both.read_text("utf-8")


def test_without_an_answer_an_event_of_another_uid_stays_another_and_that_is_said(ilocal: Ilocal, both: Path) -> None:
    code, out, err = ilocal("sync")
    assert (code, sorted(out.splitlines())) == (0, ["here new 2020-hop-thang", "there new hop"])
    assert err.splitlines()[0] == (
        "ilocal: warning: desk: 1 event has the title and days of another item there; both are kept: --link makes them one"
    )
    assert "--link" not in ilocal("sync", "--no-link").err


def test_at_a_terminal_it_is_asked_whether_events_are_the_same(both: Path, config: Path, talk: Talk) -> None:
    dialogue = talk("sync", "--mine", ILOCAL_CONFIG=str(config))
    dialogue.see("1 event has the title and days of another item there. Is it the same? [Y/n] ")
    dialogue.type("y")
    dialogue.see("linked with the item of the same title and days there")
    assert dialogue.end()[0] == 0
    assert 'uid = "phone-1"' in both.read_text("utf-8")


@pytest.mark.process
def test_a_sync_of_nothing_loads_no_planner_and_no_calendar_format(
    both: Path, config: Path, ilocal: Ilocal, tmp_path: Path
) -> None:
    assert ilocal("sync", "--link", "--mine").code == 0
    code = "import sys; from ilocal.cli.main import run_command_line as run; run(['sync']); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path, env=dict(os.environ), capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stderr == "desk: here 0 new, 0 updated, 0 removed; there 0 new, 0 updated, 0 removed\n"
    needless = {
        "ilocal.sync.sync_plan",
        "ilocal.sync.remote_changes",
        "ilocal.sync.calendar_items",
        "ilocal.formats.ics",
        "httpx2",
    }
    assert needless & set(done.stdout.split()) == set()
