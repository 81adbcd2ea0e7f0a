"""`ilocal site serve`: on this machine alone, following what is saved."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest

from ilocal.site.development_server import DevelopmentServer
from tests.support.cli import make_environment
from tests.support.paths import SHIPPED_REGISTRY


@pytest.fixture
def server(tmp_path: Path) -> Iterator[DevelopmentServer]:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("<body>Trang nhà</body>", encoding="utf-8")
    (tmp_path / "site" / "events.ics").write_text("BEGIN:VCALENDAR")
    (tmp_path / "secret.txt").write_text("secret")
    server = DevelopmentServer(tmp_path / "site", 0)
    yield server
    server.close()


def fetch(url: str, **headers: str) -> tuple[int, str, str]:
    """Return status, type and text of an answer."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=60) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except HTTPError as error:
        return error.code, "", ""


def test_pages_have_the_script_that_reloads_them_and_other_files_have_not(server: DevelopmentServer) -> None:
    script = '<script src="/-/reload.js"></script>\n'
    assert fetch(server.url) == (200, "text/html; charset=utf-8", f"<body>Trang nhà{script}</body>")
    assert fetch(f"{server.url}events.ics") == (200, "text/calendar; charset=utf-8", "BEGIN:VCALENDAR")
    assert fetch(f"{server.url}-/reload.js")[0] == 200


def test_nothing_outside_of_the_site_is_served_and_no_other_name_is_answered(server: DevelopmentServer) -> None:
    assert server.url.startswith("http://127.0.0.1:")
    assert fetch(f"{server.url}../secret.txt")[0] == 404
    assert fetch(f"{server.url}%2e%2e/secret.txt")[0] == 404
    assert fetch(server.url, Host="attacker.example")[0] == 403


def test_a_port_that_is_taken_is_said(server: DevelopmentServer, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=f"port {server.port}: ") as raised:
        DevelopmentServer(tmp_path, server.port)
    assert getattr(raised.value, "exit_code", None) == 2


@pytest.mark.process
@pytest.mark.long
def test_an_open_page_is_told_when_the_registry_is_saved(tmp_path: Path) -> None:
    registry = tmp_path / "events.toml"
    shutil.copy(SHIPPED_REGISTRY, registry)
    command = [sys.executable, "-m", "ilocal", "-r", str(registry), "site", "serve", "--port", "0"]
    environment = make_environment(tmp_path)
    with (
        (tmp_path / "said").open("w") as said,
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=said, text=True) as serving,
    ):
        try:
            assert serving.stdout is not None
            url = serving.stdout.readline().strip()
            with urllib.request.urlopen(f"{url}-/events", timeout=60) as events:
                text = registry.read_text(encoding="utf-8")
                registry.write_text(text.replace('location = "Cần Thơ"', 'location = "Huế"'), encoding="utf-8")
                assert events.readline() == b"event: reload\n"
                assert "Huế" in fetch(f"{url}2020.html")[2]
                registry.write_text(text + "\n[[event]\n", encoding="utf-8")  # the pages stay as they were
                time.sleep(1.5)
                assert "Huế" in fetch(f"{url}2020.html")[2]
        finally:
            serving.send_signal(signal.SIGINT)
            assert serving.wait(timeout=60) == 0
