"""The first law: whatever is asked, and in whatever state the index is, the answer is what `Query.matches` means."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from shutil import rmtree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.errors import RegistryError
from ilocal.i18n import messages
from ilocal.model.dates import DateRange
from ilocal.model.event import Event
from ilocal.model.query import Query
from ilocal.model.search_terms import parse_search_term
from ilocal.workspace import Registry
from tests.support import strategies
from tests.support.cli import Ilocal, make_environment
from tests.support.index import describe_registry, find_index_file, list_titles, load_meaning, make_folder
from tests.support.registry import FOUR_EVENTS, parse_registry

STATES = ("cold", "warm", "stale", "destroyed", "cut short", "garbage", "other version", "unwritable", "a folder")


def put_index_into(state: str, registry: Path, text: str) -> None:
    """Bring the index of a registry into a state."""
    registry.write_text(text if state != "stale" else FOUR_EVENTS, encoding="utf-8", newline="")
    if state == "cold":
        return
    with suppress(RegistryError):
        len(Registry(registry))
    path = find_index_file(registry)
    if state == "stale":
        registry.write_text(text, encoding="utf-8", newline="")
    elif state == "destroyed":
        path.unlink()
    elif state == "cut short":
        path.write_bytes(path.read_bytes()[:5000])
    elif state == "garbage":
        path.write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 40)
    elif state == "other version":
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE meta SET version = -1")
    elif state == "a folder":
        path.unlink()
        path.mkdir()
    elif state == "unwritable":
        cache = path.parent.parent
        rmtree(cache)
        cache.write_text("in the way")


@pytest.mark.promise("P13", "P14")
@given(strategies.registry_texts(), st.lists(strategies.queries(), min_size=1, max_size=4), st.sampled_from(STATES))
def test_every_answer_is_what_the_query_means(text: str, queries: list[Query], state: str) -> None:
    with make_folder() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        registry = folder / "events.toml"
        put_index_into(state, registry, text)
        events = list(parse_registry(text).events.values())
        for query in queries:
            found, meant = list(Registry(registry).select(query)), query.evaluate(events)
            assert found == meant
            assert [event.series for event in found] == [event.series for event in meant]


@pytest.mark.process
@pytest.mark.promise("P13")
def test_an_index_that_other_processes_keep_is_right(tmp_path: Path) -> None:
    registry = tmp_path / "events.toml"
    registry.write_text(FOUR_EVENTS, encoding="utf-8")
    script = """
import sys
from ilocal.cli.main import run_command_line as run
for n in range(5):
    run(["-r", sys.argv[1], "add", f"việc {sys.argv[2]} {n}", "2020-05-05"])
    run(["-r", sys.argv[1], "search", "viec", "-n", "2"])
    run(["-r", sys.argv[1], "edit", f"2020-viec-{sys.argv[2]}-{n}", "--topic", "gỗ"])
    if n % 2:
        run(["-r", sys.argv[1], "remove", f"2020-viec-{sys.argv[2]}-{n}", "--yes"])
"""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(registry), name],
            env=make_environment(Path(os.environ["HOME"])),
            stdout=-1,
        )
        for name in ("a", "b", "c")
    ]
    while any(process.poll() is None for process in started):
        assert len(list_titles(registry)) >= 4
    for process in started:
        process.communicate()
    assert len(list_titles(registry)) == 4 + 3 * 3
    assert describe_registry(registry) == load_meaning(registry, registry.read_text(encoding="utf-8"))
    kept = [
        list(Registry(registry).select(Query(terms=(parse_search_term(word, {}),)))) for word in ("viec", "go", "csr")
    ]
    assert [len(found) for found in kept] == [9, 9, 1]


@given(strategies.any_events())
def test_an_event_comes_out_of_the_index_as_it_went_in(event: Event) -> None:
    with make_folder() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        registry = folder / "events.toml"
        registry.write_text("", encoding="utf-8")
        workspace = Registry(registry)
        with workspace.transaction() as draft:
            added = draft.add(event)
        assert list(workspace.select(Query())) == [added]
        assert workspace.find(added.id) == added


def test_a_question_of_any_size_is_answered(tmp_path: Path) -> None:
    registry = tmp_path / "events.toml"
    registry.write_text(FOUR_EVENTS, encoding="utf-8")
    day = DateRange(date(2020, 2, 20), date(2020, 2, 20))
    events = list(parse_registry(FOUR_EVENTS).events.values())
    for query in (
        Query(overlapping=((day,) * 2000,)), Query(overlapping=((day,),) * 2000), Query(terms=(parse_search_term("họp", {}),) * 2000),
        Query(terms=(parse_search_term("họp " * 2000, {}),)), Query(field_values=(("topics", ("csr",) * 40_000),)),
    ):  # fmt: skip
        assert list(Registry(registry).select(query)) == query.evaluate(events)


def test_an_answer_is_of_one_moment_whoever_writes_meanwhile(tmp_path: Path) -> None:
    registry = tmp_path / "events.toml"
    dated = "".join(f'[[event]]\nid = "e{n}"\ntitle = "{n}"\nstart = 2020-01-01\n\n' for n in range(300))
    registry.write_text(dated, encoding="utf-8")
    workspace = Registry(registry)
    answer = workspace.select(Query())
    found = [next(answer).id for _ in range(3)]
    registry.write_text(dated.replace("start = 2020-01-01\n", ""), encoding="utf-8")
    assert [event.start for event in Registry(registry).select(Query())] == [None] * 300
    assert [*found, *(event.id for event in answer)] == [f"e{n}" for n in range(300)]
    assert len(workspace) == 300


def test_an_event_that_is_inline_and_then_is_not(ilocal: Ilocal, registry: Path) -> None:
    inline = ",".join(f'{{id="i{n}", title="t{n}"}}' for n in range(350))
    registry.write_text(f"event = [{inline}]\n", encoding="utf-8")
    assert ilocal("list", "-f", "ids").out.count("\n") == 350
    registry.write_text('[[event]]\nid = "e1"\ntitle = "event 1"\n', encoding="utf-8")
    assert '"source_line": 1\n' in ilocal("list", "-f", "json").out
    assert ilocal("add", "t300", "--if-absent") == (0, "tba-t300\n", "")


def test_what_is_not_toml_outside_of_events_is_named_and_never_written(ilocal: Ilocal, registry: Path) -> None:
    text = 'x = [\n[[event]]\ntitle = "q"\n[2]]\n'
    registry.write_text(text, encoding="utf-8")
    said = "ilocal: warning: events.toml:1: not valid TOML"
    assert said in ilocal("list").err
    assert ilocal("add", "new", "2020-01-01").code == 3
    assert ilocal("check").code == 3
    assert registry.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    "text",
    [
        f'[[event]]\ntitle = "a"\nrevision = 0x{"F" * 4000}\n',
        f'[[event]]\ntitle = "a"\nown = [0x{"F" * 4000}]\n',
    ],
)
def test_a_number_that_is_too_large_is_a_problem_like_any_other(ilocal: Ilocal, registry: Path, text: str) -> None:
    registry.write_text(FOUR_EVENTS + text, encoding="utf-8")
    line = FOUR_EVENTS.count("\n") + 3
    assert ilocal("list", "-f", "ids").out.count("\n") == 4
    assert f"events.toml:{line}: " in ilocal("list").err
    assert ilocal("check").code == 3


BROKEN_REGISTRY = '[registry]\ntitle = 2\n\n[[event]]\ntitle = "A\n\n[[event]]\ntitle = "B"\nend = 2020-01-01\n\n[[event]]\ntitle = "C"\nrrule = "FREQ=NO"\nstart = 2020-01-01\n\n[[event]]\ntitle = "D"\n'

PROBLEMS_EN = """\
{0}:5: title: the closing quote is missing: title = "A"
{0}:9: end: the event has an end but no start
{0}:13: rrule: "FREQ=NO" is not a recurrence rule: FREQ is missing (YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY)
{0}:2: title: expected a string, found a number
"""
PROBLEMS_VI = """\
{0}:5: title: thiếu dấu nháy đóng: title = "A"
{0}:9: end: sự kiện có lúc kết thúc nhưng thiếu lúc bắt đầu
{0}:13: rrule: quy tắc lặp lại "FREQ=NO" không hợp lệ: phải có FREQ, một trong: YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY
{0}:2: title: ở đây phải là chữ, không phải số
"""


def test_what_the_index_keeps_is_told_in_the_language_of_each_run(tmp_path: Path) -> None:
    path = tmp_path / "r.toml"
    path.write_text(BROKEN_REGISTRY)
    for lang, lines in (("vi", PROBLEMS_VI), ("en", PROBLEMS_EN), ("vi", PROBLEMS_VI)):
        messages.set_language(lang)
        with closing(Registry(path)) as registry:
            found = registry.diagnostics
        assert [one.format_with_file(str(path)) for one in found] == lines.format(path).splitlines()
        assert [one.code for one in found] == ["not-toml", "invalid-value", "invalid-value", "invalid-value"]
