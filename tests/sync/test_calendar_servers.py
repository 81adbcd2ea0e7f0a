"""Syncs with programs of others: Radicale and Xandikos as processes, vdirsyncer and khal as other clients."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ilocal.sync.caldav_collection import CaldavCollection, open_caldav_collection
from ilocal.sync.caldav_discovery import find_server_calendars
from ilocal.sync.http_client import HttpClient
from tests.support.cli import make_environment
from tests.support.dav import MKCOL_BODY, run_sync
from tests.support.paths import SHIPPED_REGISTRY

pytestmark = [pytest.mark.long, pytest.mark.process]

EMPTY = '[registry]\ntitle = "B"\nlanguage = "vi"\ntimezone = "Asia/Ho_Chi_Minh"\nuid_domain = "ilocal.example"\n'


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the programs, installed by name into an environment of their own; skip if that fails."""
    folder = tmp_path_factory.mktemp("calendar-programs")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    command = [
        str(folder / "bin" / "pip"),
        "install",
        "-q",
        "radicale>=3.5,<4",
        "xandikos>=0.2.12",
        "vdirsyncer>=0.19",
        "khal>=0.11",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode:
        pytest.skip(f"Radicale, Xandikos, vdirsyncer and khal cannot be installed: {done.stderr[-200:]}")
    return folder / "bin"


def find_free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


@contextmanager
def run_server(command: list[str | Path], port: int, folder: Path) -> Iterator[None]:
    """Run a server until it answers, and end it."""
    with open(folder / "server.log", "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        for _attempt in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert process.poll() is None, (folder / "server.log").read_text("utf-8")
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def run_radicale(programs: Path, folder: Path) -> Iterator[str]:
    """Yield the address of an empty calendar on a Radicale of its own."""
    port = find_free_port()
    options = [
        "--server-hosts",
        f"127.0.0.1:{port}",
        "--storage-filesystem-folder",
        str(folder / "radicale"),
        "--auth-type",
        "none",
    ]
    with run_server([programs / "python", "-m", "radicale", *options], port, folder):
        url = f"http://127.0.0.1:{port}/lan/ilo/"
        with HttpClient(allow_private=True, credentials=("lan", "x")) as client:
            assert client.request("MKCOL", url, content=MKCOL_BODY).status == 201
        yield url


@contextmanager
def run_xandikos(programs: Path, folder: Path) -> Iterator[str]:
    """Yield the address of an empty calendar on a Xandikos of its own."""
    port = find_free_port()
    options = [
        "serve",
        "-d",
        str(folder / "xandikos"),
        "--defaults",
        "--current-user-principal",
        "/lan/",
        "-l",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    (folder / "xandikos").mkdir()
    with run_server([programs / "xandikos", *options], port, folder):
        yield f"http://127.0.0.1:{port}/lan/calendars/calendar/"


def open_calendar(url: str) -> CaldavCollection:
    return open_caldav_collection(url, ("lan", "x"))


SERVERS = {"radicale": run_radicale, "xandikos": run_xandikos}


@pytest.mark.parametrize("name", SERVERS)
def test_two_registries_and_a_server_come_to_say_the_same(name: str, programs: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    shutil.copy(SHIPPED_REGISTRY, first)
    second.write_text(EMPTY, encoding="utf-8")
    with SERVERS[name](programs, tmp_path) as url:
        assert url in [calendar.url for calendar in find_server_calendars(url.partition("/lan")[0] + "/", ("lan", "x"))]
        assert len(run_sync(first, open_calendar(url)).there) == 21
        assert len(run_sync(second, open_calendar(url)).here) == 21
        text = second.read_text("utf-8").replace('location = "Thành phố Hồ Chí Minh"', 'location = "Huế"')
        second.write_text(text, encoding="utf-8")
        assert [what for what, _id in run_sync(second, open_calendar(url)).there] == ["updated"]
        assert [what for what, _id in run_sync(first, open_calendar(url)).here] == ["updated"]
        assert 'location = "Huế"' in first.read_text("utf-8")
        client = open_calendar(url)
        report = run_sync(first, client)
        assert (report.here, report.there, report.problems, client.request_count) == ([], [], [], 1)


def test_vdirsyncer_and_khal_edit_the_same_calendar(programs: Path, tmp_path: Path) -> None:
    path, desk = tmp_path / "events.toml", tmp_path / "desk"
    shutil.copy(SHIPPED_REGISTRY, path)
    with run_radicale(programs, tmp_path) as url:
        run_sync(path, open_calendar(url))
        config = tmp_path / "vdirsyncer.conf"
        config.write_text(
            f'[general]\nstatus_path = "{tmp_path}/status/"\n[pair p]\na = "l"\nb = "r"\ncollections = null\n'
            f'[storage l]\ntype = "filesystem"\npath = "{desk}"\nfileext = ".ics"\n'
            f'[storage r]\ntype = "caldav"\nurl = "{url}"\nusername = "lan"\npassword = "x"\n',
            encoding="utf-8",
        )
        env = make_environment(tmp_path) | {"VDIRSYNCER_CONFIG": str(config), "LC_ALL": "C.UTF-8"}

        def run(*words: str, answers: str = "") -> None:
            command = [str(programs / words[0]), *words[1:]]
            subprocess.run(command, env=env, check=True, capture_output=True, text=True, input=answers)

        run("vdirsyncer", "discover", answers="y\ny\n")
        run("vdirsyncer", "sync")
        assert len(list(desk.glob("*.ics"))) == 21
        khal = tmp_path / "khal.conf"
        khal.write_text(
            f"[calendars]\n[[ilo]]\npath = {desk}\n[locale]\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
            "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\ntimeformat = %H:%M\n",
            encoding="utf-8",
        )
        run("khal", "-c", str(khal), "new", "-a", "ilo", "-l", "Huế", "2020-06-01", "2020-06-02", "Hội thảo từ khal")
        for item in desk.glob("*.ics"):
            text = item.read_text("utf-8")
            if "Hồ Chí Minh" in text:
                item.write_text(re.sub("LOCATION:.*", "LOCATION:Vinh", text), encoding="utf-8")
        run("vdirsyncer", "sync")
        report = run_sync(path, open_calendar(url))
        assert sorted(what for what, _id in report.here) == ["new", "updated"]
        text = path.read_text("utf-8")
        assert 'title = "Hội thảo từ khal"' in text and 'location = "Vinh"' in text
        assert text.count("[[event.section]]") == SHIPPED_REGISTRY.read_text("utf-8").count("[[event.section]]")
        assert not run_sync(path, open_calendar(url)).there


# Ends as by a power cut when the N-th request is answered.
KILLED_AT_REQUEST = """
import os, signal, sys
from ilocal.sync import http_client
limit, asked = int(sys.argv.pop(1)), 0
send = http_client.HttpClient.request
def request(*arguments, **options):
    global asked
    answer = send(*arguments, **options)
    asked += 1
    if asked == limit:
        os.kill(os.getpid(), signal.SIGKILL)
    return answer
http_client.HttpClient.request = request
from ilocal.cli.main import main
main()
"""


@pytest.mark.promise("P19")
def test_a_sync_killed_after_any_request_is_finished_by_the_next(
    programs: Path, tmp_path: Path, figure: Callable[[str, int], None]
) -> None:
    events = "".join(f'\n[[event]]\nid = "e{n}"\ntitle = "E{n}"\nstart = 2020-03-{n % 28 + 1:02}\n' for n in range(30))
    killed = 0
    with run_radicale(programs, tmp_path) as first_url:
        for limit in range(1, 40):
            folder, url = tmp_path / f"office-{limit}", first_url.replace("/ilo/", f"/ilo{limit}/")
            folder.mkdir()
            (folder / "events.toml").write_text(EMPTY + events, encoding="utf-8")
            with HttpClient(allow_private=True, credentials=("lan", "x")) as client:
                client.request("MKCOL", url, content=MKCOL_BODY)
            config = folder / "config.toml"
            config.write_text(
                f'[sync.a]\nurl = "{url}"\nuser = "lan"\npassword_command = ["echo", "x"]\n', encoding="utf-8"
            )
            env = make_environment(folder) | {"ILOCAL_CONFIG": str(config)}

            def run(*words: str, folder: Path = folder, env: dict[str, str] = env) -> subprocess.CompletedProcess[str]:
                command = [sys.executable, *words, "sync"]
                return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)

            done = run("-c", KILLED_AT_REQUEST, str(limit))
            if done.returncode == 0:
                break
            assert done.returncode == -signal.SIGKILL, done.stderr
            killed += 1
            assert run("-m", "ilocal").returncode == 0
            assert (
                run("-m", "ilocal").stderr == "a: here 0 new, 0 updated, 0 removed; there 0 new, 0 updated, 0 removed\n"
            )
            with open_calendar(url) as collection:
                items = collection.fetch_items(list(collection.list_items("").etags))
            uids = [uid for item in items.values() for uid in re.findall("(?m)^UID:(.*?)\r?$", item.text)]
            assert (len(uids), len(set(uids))) == (30, 30)
    assert killed == 31
    figure("syncs killed at a request", killed)


def test_many_events_take_little_of_the_processor(programs: Path, tmp_path: Path) -> None:
    event = (
        '\n[[event]]\nid = "e{0}"\ntitle = "Hội thảo {0}"\nstart = {1}-03-02\nlocation = "Hà Nội"\ntopics = ["CSR"]\n'
    )
    path = tmp_path / "events.toml"
    path.write_text(EMPTY + "".join(event.format(n, 2015 + n % 10) for n in range(200)), encoding="utf-8")
    with run_radicale(programs, tmp_path) as url:
        start = os.times()
        assert len(run_sync(path, open_calendar(url)).there) == 200
        now = os.times()
    seconds = now.user + now.system - start.user - start.system
    assert seconds < 4  # 3.4 for a thousand events were measured
