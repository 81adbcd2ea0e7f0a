"""The table of an event's fields: a row is all that a new field needs."""

from __future__ import annotations

import compileall
import dataclasses
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import ilocal
from ilocal.model.event import Event
from ilocal.model.fields import FIELDS
from tests.support.cli import make_environment


def test_an_event_has_the_fields_of_the_table_in_their_order() -> None:
    names = [field.name for field in dataclasses.fields(Event)]
    assert names == [*(field.name for field in FIELDS), "extra", "source_file", "source_line", "series"]


def test_a_field_that_is_absent_has_the_empty_value_of_its_kind() -> None:
    event = Event("Họp")
    assert {field.name: getattr(event, field.name) for field in FIELDS[1:]} == {
        field.name: field.empty_value for field in FIELDS[1:]
    }


ROWS = """
    Field("venue", "text", "Venue", "The hall.", is_searched=True, is_filterable=True, is_overridable=True),
    Field("sponsors", "texts", "Sponsors", "Who pays.", "sponsor", is_searchable=True, is_filterable=True),
    Field("deadline", "date", "Deadline", "The last day of registration."),
    Field("breaks", "dates", "Breaks", "Days off."),
    Field("printed", "timestamp", "Printed", "When it was printed."),
    Field("capacity", "number", "Capacity", "How many may come."),
)
# fmt: on
"""
EVENT = """[[event]]
id = "2020-workshop"
title = "Workshop"
start = 2020-02-25
venue = "Blue hall"
sponsors = ["Red Cross", "ILO"]
deadline = "2020-01"
breaks = [2020-02-26]
printed = 2020-01-02T03:04:05
capacity = 40
"""
VALUES = {
    "venue": "Blue hall",
    "sponsors": ["Red Cross", "ILO"],
    "deadline": "2020-01",
    "breaks": ["2020-02-26"],
    "printed": "2020-01-02T03:04:05",
    "capacity": 40,
}
OTHER_EVENT = '[[event]]\nid = "2020-meeting"\ntitle = "Meeting"\nstart = 2020-03-01\n'
Run = Callable[..., str]
RunAll = Callable[..., list[str]]
# Runs commands one after the other, and prints the outputs: to start Python is most of what one of them takes.
CODE = """
import contextlib, io, json, sys
from ilocal.cli.main import run_command_line
outputs = []
for command in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), "utf-8")) as stream:
        assert run_command_line(command) == 0, command
        stream.flush()
        outputs.append(stream.buffer.getvalue().decode())
print(json.dumps(outputs))
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the program with six more rows in its table of fields, and no other edit."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(Path(ilocal.__path__[0]), folder / "ilocal", ignore=shutil.ignore_patterns("__pycache__"))
    table = folder / "ilocal" / "model" / "fields.py"
    before, end, after = table.read_text(encoding="utf-8").partition("\n)\n# fmt: on\n")
    assert end
    table.write_text(before + ROWS + after, encoding="utf-8")
    compileall.compile_dir(folder, quiet=2)  # once, and not in each process
    return folder


@pytest.fixture
def run_all(program: Path, tmp_path: Path) -> RunAll:
    """Return a function that runs commands of that copy in a folder with a registry of two events."""
    (tmp_path / "events.toml").write_text(f"{EVENT}\n{OTHER_EVENT}", encoding="utf-8")

    def call(*commands: tuple[str, ...]) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", CODE, json.dumps(commands)],
            cwd=tmp_path,
            env=make_environment(tmp_path) | {"PYTHONPATH": str(program)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            text=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr
        outputs: list[str] = json.loads(done.stdout)
        return outputs

    return call


@pytest.fixture
def run(run_all: RunAll) -> Run:
    """Return a function that runs one command of that copy."""
    return lambda *arguments: run_all(arguments)[0]


@pytest.mark.process
def test_a_new_row_is_read_and_shown(run: Run) -> None:
    for _ in range(2):  # from the text, and from the index
        (event,) = json.loads(run("show", "2020-workshop", "-f", "json"))
        assert {name: event[name] for name in VALUES} == VALUES
    shown = run("show", "2020-workshop")
    lines = [line for line in shown.splitlines() if line.split(":")[0].split("  ")[0].strip() in LABELS]
    assert [" ".join(line.split()) for line in lines] == [f"{label} {text}" for label, text in LABELS.items()]


LABELS = {
    "Venue": "Blue hall",
    "Sponsors": "Red Cross; ILO",
    "Deadline": "2020/01",
    "Breaks": "2020/02/26",
    "Printed": "2020/01/02 03:04",
    "Capacity": "40",
}


@pytest.mark.process
def test_a_new_row_is_written(run: Run, tmp_path: Path) -> None:
    run("edit", "2020-meeting", "--set", "sponsors=ILO, UN", "--set", "deadline=2020-02-01")
    text = (tmp_path / "events.toml").read_text(encoding="utf-8")
    assert 'sponsors = ["ILO", "UN"]\ndeadline = 2020-02-01\n' in text
    run("undo")
    assert (tmp_path / "events.toml").read_text(encoding="utf-8") == f"{EVENT}\n{OTHER_EVENT}"
    run("edit", "2020-workshop", "--set", "venue=Green hall", "--set", "capacity=50", "--unset", "deadline")
    text = (tmp_path / "events.toml").read_text(encoding="utf-8")
    assert 'venue = "Green hall"\nsponsors = ["Red Cross", "ILO"]\nbreaks' in text
    assert "capacity = 50\n" in text


@pytest.mark.process
def test_a_new_row_filters_and_is_searched(run_all: RunAll) -> None:
    missing = run_all(*(("list", "--where-missing", name, "-f", "ids") for name in VALUES))
    assert missing == ["2020-meeting\n"] * len(VALUES)
    words = ("venue:blue", "blue hall", "sponsor:cross")
    *found, listed = run_all(
        *(("search", word, "-f", "ids") for word in words), ("list", "--columns", "id,venue,sponsors", "-f", "csv")
    )
    assert found == ["2020-workshop\n"] * len(words)
    assert listed == "id,venue,sponsors\n2020-meeting,,\n2020-workshop,Blue hall,Red Cross; ILO\n"


@pytest.mark.process
@pytest.mark.parametrize("format", ["json", "jsonl", "csv", "toml", "ics"])
def test_a_new_row_is_exported_and_imported_back(run_all: RunAll, format: str) -> None:
    *_, listed = run_all(
        ("export", f"out.{format}"),
        ("init", "copy.toml"),
        ("-r", "copy.toml", "import", f"out.{format}"),
        ("-r", "copy.toml", "list", "--month", "2020-02", "-f", "json"),
    )
    (event,) = json.loads(listed)
    assert {name: event[name] for name in VALUES} == VALUES


@pytest.mark.process
def test_a_new_row_is_known_to_check_and_schema(run: Run) -> None:
    assert "unknown" not in run("check")
    properties = json.loads(run("schema"))["properties"]["event"]["items"]["properties"]
    assert properties["capacity"] == {"description": "How many may come.", "type": "integer", "minimum": 0}
    overridden = properties["override"]["items"]["properties"]
    assert overridden["venue"] == {"description": "The hall.", "type": "string"}
    assert "sponsors" not in overridden
