"""What all tests share: no test sees this machine's own registry, cache, clock, language or terminal."""

from __future__ import annotations

import compileall
import gc
import json
import os
import signal
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from pathlib import Path

import pytest
import typer.main
from hypothesis import HealthCheck, settings

from ilocal.cli.main import run_command_line
from ilocal.i18n import messages
from tests.support.cli import Ilocal, Result, make_environment
from tests.support.editor import write_editor
from tests.support.forked_program import run_program
from tests.support.paths import ROOT
from tests.support.registry import FOUR_EVENTS
from tests.support.terminal import Dialogue, Talk

settings.register_profile(
    "suite",
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile("long", settings.get_profile("suite"), max_examples=1000, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

# Tests make many objects and few circles of them; to look for those as often as Python does is a tenth of the time.
gc.set_threshold(20_000, 50, 50)

# Who starts the tests with `&` in a script, or with nohup, has them ignore signals, and so would all that they start.
# A handler does not pass on to other programs, as that does.
for _number in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, lambda *_: None)


# Typer reads the signatures of a command each time it is run, which is most of what a short command costs, and finds
# the same each time: in a process it is run once.
typer.main.get_params_from_function = cache(typer.main.get_params_from_function)  # type: ignore[attr-defined]


# Fixtures that run the program as a process of its own.
_STARTING = {"process", "talk", "open_terminal"}


def pytest_configure() -> None:
    """Compile the program once, as the processes that tests start may not: each of them would do so for itself."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        compileall.compile_dir(ROOT / "src" / "ilocal", quiet=2)


def pytest_collection_finish() -> None:
    """Leave what is there before the first test out of what is searched for garbage, again and again."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with `process` that has a fixture which starts one."""
    for item in items:
        if _STARTING & set(getattr(item, "fixturenames", ())):
            item.add_marker("process")


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield a sequence of new folders."""
    root = tmp_path_factory.mktemp("homes")
    return (root / str(number) for number in count())


@pytest.fixture(autouse=True)
def _apart(_homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = next(_homes)
    folder.mkdir()
    for name in list(os.environ):
        ours = name.startswith(("ILOCAL_", "LC_", "LANG")) and name != "ILOCAL_FIGURES"
        if ours or name in ("NO_COLOR", "COLUMNS", "VISUAL", "EDITOR", "TZ"):
            monkeypatch.delenv(name)
    for name, value in make_environment(folder).items():
        monkeypatch.setenv(name, value)
    messages.set_language(messages.SOURCE_LANGUAGE)


@pytest.fixture
def ilocal(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ilocal:
    """Run the program in this process, in an empty folder: `ilocal("list", "-f", "csv")`."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Result:
        code = run_command_line(arguments)
        return Result(code, *capsys.readouterr())

    return call


@pytest.fixture
def process(tmp_path: Path) -> Ilocal:
    """Run the program as a process of its own: `process("add", "A", input="…", env={…})`."""

    def call(*arguments: str, input: str = "", env: dict[str, str] | None = None) -> Result:
        return run_program(arguments, tmp_path, make_environment(tmp_path) | (env or {}), input=input.encode())

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
    """Return an `events.toml` of four events in the current folder."""
    path = tmp_path / "events.toml"
    path.write_text(FOUR_EVENTS, encoding="utf-8")
    return path


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    """Run the program on a terminal: `talk("edit", "hop", editor="…")`."""
    begun: list[Dialogue] = []

    def call(*arguments: str, editor: str = "", piped: bool = False, **env: str) -> Dialogue:
        if editor:
            env["EDITOR"] = write_editor(tmp_path, editor)
        begun.append(Dialogue(tmp_path, *arguments, env=env, piped=piped))
        return begun[-1]

    yield call
    for one in begun:
        one.kill()


@pytest.fixture
def vietnamese() -> Iterator[None]:
    """Let messages be in Vietnamese."""
    with messages.use_language("vi"):
        yield
