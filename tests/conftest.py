"""What all tests share: no test sees this machine's own registry, cache, clock, language or terminal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings

from ilocal import files, language
from ilocal.cli import run
from ilocal.draft import Draft
from ilocal.index import Index, store
from ilocal.index.fill import filling
from ilocal.registry import Registry, load

ROOT = Path(__file__).resolve().parent.parent
PAGES = Path(__file__).resolve().parent / "pages"
SHIPPED = ROOT / "data" / "events.toml"

settings.register_profile(
    "suite",
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile("long", settings.get_profile("suite"), max_examples=1000, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

# Who starts the tests with `&` in a script, or with nohup, has them ignore signals, and so would all that they start.
# A handler does not pass on to other programs, as that does.
for _number in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, lambda *_: None)


class Result(NamedTuple):
    """What a run of the program left: exit code, stdout, stderr."""

    code: int
    out: str
    err: str


Ilocal = Callable[..., Result]


def parsed(text: str, file: str = "f.toml") -> Registry:
    """A registry's text, read whole."""
    return load([(file, text.encode())])


def drafted(text: str) -> Draft:
    """A draft of changes to a registry with this text, `f.toml` in the home folder of the test."""
    path = Path(os.environ["HOME"]) / "f.toml"
    path.write_bytes(text.encode())
    return Draft(Index(store.in_memory(filling(files.members(path))), path), {})


def drawn_up(draft: Draft) -> str:
    """The new text that a draft of changes to one file comes to."""
    (change,) = draft.changes()
    assert change.data is not None
    return change.data.decode()


def environment(folder: Path) -> dict[str, str]:
    """The variables of a process that sees nothing of this machine but its programs."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "VIRTUAL_ENV") if name in os.environ}
    return kept | {
        "HOME": str(folder),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_STATE_HOME": str(folder / "state"),
        "LANG": "C.UTF-8",
        "PAGER": "cat",
        "ILOCAL_TODAY": "2020-02-20",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


@pytest.fixture(autouse=True)
def _apart(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        ours = name.startswith(("ILOCAL_", "LC_", "LANG")) and name != "ILOCAL_FIGURES"
        if ours or name in ("NO_COLOR", "COLUMNS", "VISUAL", "EDITOR", "TZ"):
            monkeypatch.delenv(name)
    for name, value in environment(folder).items():
        monkeypatch.setenv(name, value)
    language.speak(language.SOURCE)


@pytest.fixture
def ilocal(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ilocal:
    """Run the program in this process, in an empty folder: `ilocal("list", "-f", "csv")`."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Result:
        code = run(arguments)
        return Result(code, *capsys.readouterr())

    return call


@pytest.fixture
def process(tmp_path: Path) -> Ilocal:
    """Run the program as a process of its own: `process("add", "A", input="…", env={…})`."""

    def call(*arguments: str, input: str = "", env: dict[str, str] | None = None) -> Result:
        done = subprocess.run(
            [sys.executable, "-m", "ilocal", *arguments],
            input=input.encode(),
            capture_output=True,
            cwd=tmp_path,
            env=environment(tmp_path) | (env or {}),
            timeout=60,
            check=False,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


@pytest.fixture(autouse=True)
def _promises(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> None:
    for mark in request.node.iter_markers("promise"):
        for number in mark.args:
            record_property("promise", number)


@pytest.fixture
def figure() -> Callable[[str, int], None]:
    """Note how much a test tried, for the sum that `python -m tests.promises` makes: `figure("strings", 500)`."""

    def note(name: str, n: int) -> None:
        if folder := os.environ.get("ILOCAL_FIGURES"):
            with open(Path(folder) / f"{os.getpid()}.jsonl", "a", encoding="utf-8") as file:
                file.write(json.dumps([name, n]) + "\n")

    return note


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """An `events.toml` of four events in the current folder."""
    path = tmp_path / "events.toml"
    path.write_text(FOUR, encoding="utf-8")
    return path


FOUR = """\
# Ours.
[registry]
title = "Sự kiện"
language = "vi"
timezone = "Asia/Ho_Chi_Minh"

[aliases]
"LĐTE" = "lao động trẻ em"

[[event]]
id = "2020-khao-sat"
title = "Khảo sát cuối kì về lao động trẻ em"
start = 2020-02-25
end = 2020-02-29  # the last day
topics = ["lao động trẻ em"]
description = "Phòng ngừa LĐTE."

# Attached to the meeting.
[[event]]
id = "2020-hop"
title = 'Họp "Nhóm cố vấn CSR"'
start = 2020-02-20
location = "Hà Nội"
topics = ["CSR", "thủy sản"]
status = "confirmed"
room = 12  # a key of our own

[[event]]
id = "2019-dien-dan"
title = "Diễn đàn Lao động"
start = "2019-11"
organizers = ["ILO", "Bộ LĐTBXH"]

[[event]]
id = "tba-hoi-nghi"
title = "Hội nghị Thanh tra"

[[event.section]]
heading = "Mục tiêu"
body = \"\"\"
- một
- hai\"\"\"
"""
