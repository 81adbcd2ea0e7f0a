"""The first law: whatever is asked, and in whatever state the index is, the answer is what `Query.matches` means."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal import files, index
from ilocal.block import render
from ilocal.dates import Days
from ilocal.errors import RegistryError
from ilocal.event import Event
from ilocal.index import names, prepare, store
from ilocal.query import Query, read_term
from ilocal.workspace import Workspace
from tests.conftest import FOUR, SHIPPED, Ilocal, environment, parsed
from tests.support import strategies

STATES = ("cold", "warm", "stale", "destroyed", "cut short", "garbage", "other version", "unwritable", "a folder")


@contextmanager
def fresh_folder() -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        yield Path(folder)


def index_of(registry: Path) -> Path:
    """The file of a registry's index."""
    (path,) = store.folder_for(registry).glob("*.sqlite")
    return path


def put_into(state: str, registry: Path, text: str) -> None:
    """Bring the index of a registry into a state."""
    registry.write_text(text if state != "stale" else FOUR, encoding="utf-8", newline="")
    if state == "cold":
        return
    with suppress(RegistryError):
        len(Workspace(registry))
    path = index_of(registry)
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
    with fresh_folder() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        registry = folder / "events.toml"
        put_into(state, registry, text)
        events = list(parsed(text).events.values())
        for query in queries:
            assert list(Workspace(registry).select(query)) == query.answer(events)


BROKEN = (
    '[[event]]\ntitle = "no quote\n', '[[event]]\nstart = 2020-02-20\n', '[[event]]\nid = "x"\ntitle = "a"\n',
    '[[event]]\nid = "x"\ntitle = "b"\nstatus = "sure"\n', '[[event]]\ntitle = "khảo"\n', '[registry]\nlanguage = 5\n',
    '[[event]]\ntitle = "open"\ndescription = """\n', '"""\n', "# c\n", "\n", 'x = "\xff"\n', "event = [{title = 'y'}]\n",
    '# """\n', "x = [\n", "[2]]\n", '[[event]]\ntitle = "khảo"\ndescription = """\n[[event]]\n"""\n', "[aliases]\na = 1\n", "\ufeff",
)  # fmt: skip
INLINE = ("event = [{title = 'y'}]\n", "event = [{title = 'y'}, {title = 'y', id = 'x'}, {title = 'z'}]\n", "")


@pytest.mark.promise("P14")
@given(strategies.registry_texts(), st.data())
def test_an_index_brought_up_to_date_says_what_a_new_one_says(text: str, data: st.DataObject) -> None:
    blocks = st.one_of(strategies.events().map(render), st.sampled_from([*strategies.HAND_WRITTEN, *BROKEN]))
    with fresh_folder() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        patch.setattr(prepare, "PIECES", data.draw(st.integers(1, 3)))
        registry = folder / "events.toml"
        for _ in range(data.draw(st.integers(2, 5))):
            registry.write_bytes(text.encode())
            assert told(Workspace(registry)) == meant(registry, text)
            for query in data.draw(st.lists(strategies.queries(), max_size=2)):
                with suppress(RegistryError):
                    events = list(parsed(text).events.values())
                    assert list(Workspace(registry)._index.select(query)) == query.answer(events)
            lines = text.splitlines(keepends=True)
            first, last = sorted(data.draw(st.integers(0, len(lines))) for _ in range(2))
            kept = [] if data.draw(st.booleans()) else lines[first:last]
            text = "".join([*lines[:first], *data.draw(st.lists(blocks, max_size=3)), *kept, *lines[last:]])
            if data.draw(st.integers(0, 9)) == 0:
                text = data.draw(st.sampled_from(INLINE))


def told(workspace: Workspace) -> object:
    """All that the index says of a registry."""
    try:
        events = list(workspace._index.select(Query(sort="id")))
        named = {field: workspace.names(field) for field in names.FIELDS}
    except RegistryError as error:
        return error.message
    finally:
        workspace.close()
    found = [(event, event.source_line, workspace.find(event.id)) for event in events]
    return found, workspace.problems, workspace.header, len(workspace), named


def meant(path: Path, text: str) -> object:
    """What the text means."""
    try:
        registry = parsed(text, str(path))
    except RegistryError as error:
        return error.message
    events = sorted(registry.events.values(), key=lambda event: event.id)
    problems = tuple(replace(problem, text="") for problem in registry.problems)
    named = {field: Counter(name for event in events for name in names_in(field, event)) for field in names.FIELDS}
    return [(event, event.source_line, event) for event in events], problems, registry.header, len(events), named


def names_in(field: str, event: Event) -> set[str]:
    """What an event, or one time of a series, says in a field."""
    values = [getattr(event, field), *(override.values.get(field, "") for override in event.overrides)]
    return {name for value in values for name in ((value,) if isinstance(value, str) else value) if name}


@pytest.mark.promise("P13")
def test_an_index_that_other_processes_keep_is_right(tmp_path: Path) -> None:
    registry = tmp_path / "events.toml"
    registry.write_text(FOUR, encoding="utf-8")
    script = """
import sys
from ilocal.cli import run
for n in range(5):
    run(["-r", sys.argv[1], "add", f"việc {sys.argv[2]} {n}", "2020-05-05"])
    run(["-r", sys.argv[1], "search", "viec", "-n", "2"])
    run(["-r", sys.argv[1], "edit", f"2020-viec-{sys.argv[2]}-{n}", "--topic", "gỗ"])
    if n % 2:
        run(["-r", sys.argv[1], "remove", f"2020-viec-{sys.argv[2]}-{n}", "--yes"])
"""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(registry), name], env=environment(Path(os.environ["HOME"])), stdout=-1
        )
        for name in ("a", "b", "c")
    ]
    while any(process.poll() is None for process in started):
        assert len(titles(registry)) >= 4
    for process in started:
        process.communicate()
    assert len(titles(registry)) == 4 + 3 * 3
    assert told(Workspace(registry)) == meant(registry, registry.read_text(encoding="utf-8"))
    kept = [list(Workspace(registry).select(Query(terms=(read_term(word, {}),)))) for word in ("viec", "go", "csr")]
    assert [len(found) for found in kept] == [9, 9, 1]


@given(strategies.any_events())
def test_an_event_comes_out_of_the_index_as_it_went_in(event: Event) -> None:
    with fresh_folder() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        registry = folder / "events.toml"
        registry.write_text("", encoding="utf-8")
        workspace = Workspace(registry)
        with workspace.changing() as draft:
            added = draft.add(event)
        assert list(workspace.select(Query())) == [added]
        assert workspace.find(added.id) == added


def titles(registry: Path) -> list[str]:
    return [event.title for event in Workspace(registry).select(Query())]


@pytest.mark.promise("P14")
def test_two_changes_that_leave_the_same_state_are_both_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = tmp_path / "events.toml"
    registry.write_text('[[event]]\ntitle = "a"\n', encoding="utf-8")
    assert titles(registry) == ["a"]
    stamp = files.stamp(registry)
    with registry.open("r+", encoding="utf-8") as file:
        file.write('[[event]]\ntitle = "b"\n')
    # As on a disk whose clock ticks slowly: not even the time of the change tells them apart.
    monkeypatch.setattr(files, "stamp", lambda _: stamp)
    assert titles(registry) == ["b"]


@pytest.mark.promise("P14")
def test_an_older_file_put_back_is_seen(tmp_path: Path) -> None:
    registry, old = tmp_path / "events.toml", tmp_path / "old.toml"
    old.write_text('[[event]]\ntitle = "old"\n', encoding="utf-8")
    os.utime(old, (1, 1))
    registry.write_text('[[event]]\ntitle = "new"\n', encoding="utf-8")
    assert titles(registry) == ["new"]
    old.rename(registry)
    assert titles(registry) == ["old"]


def refuse(*arguments: object, **options: object) -> None:
    raise AssertionError("this is not wanted")


def test_the_same_text_is_not_read_into_the_index_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = tmp_path / "events.toml"
    registry.write_text(FOUR, encoding="utf-8")
    assert len(titles(registry)) == 4
    monkeypatch.setattr(index, "_bring_up_to_date", refuse)
    monkeypatch.setattr(index, "made_anew", refuse)
    assert len(titles(registry)) == 4


def test_a_file_that_was_old_when_it_was_read_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = tmp_path / "events.toml"
    registry.write_text(FOUR, encoding="utf-8")
    assert len(titles(registry)) == 4
    monkeypatch.setattr(index, "_YOUNG", -1)
    monkeypatch.setattr(files, "read", refuse)
    assert len(titles(registry)) == 4


@pytest.mark.promise("P13")
def test_an_answer_that_has_begun_is_finished_when_the_index_breaks(tmp_path: Path) -> None:
    registry = tmp_path / "events.toml"
    registry.write_text("".join(f'[[event]]\ntitle = "event {n:04}"\n' for n in range(500)), encoding="utf-8")
    query = Query(sort="title")
    expected = [event.title for event in Workspace(registry).select(query)]
    workspace = Workspace(registry)
    rows = workspace.select(query)
    found = [next(rows).title for _ in range(3)]
    workspace._index.connection.close()
    assert found + [event.title for event in rows] == expected


@pytest.mark.promise("P13")
def test_a_damaged_index_is_replaced_and_not_built_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = tmp_path / "events.toml"
    registry.write_text(FOUR, encoding="utf-8")
    os.utime(registry, (1, 1))
    assert len(titles(registry)) == 4
    with index_of(registry).open("r+b") as file:
        file.seek(4096)
        file.write(bytes(4096 * 3))
    assert len(titles(registry)) == 4
    built = index_of(registry)
    assert len(titles(registry)) == 4
    assert index_of(registry) == built


def test_a_question_of_any_size_is_answered(tmp_path: Path) -> None:
    registry = tmp_path / "events.toml"
    registry.write_text(FOUR, encoding="utf-8")
    day = Days(date(2020, 2, 20), date(2020, 2, 20))
    events = list(parsed(FOUR).events.values())
    for query in (
        Query(touching=((day,) * 2000,)), Query(touching=((day,),) * 2000), Query(terms=(read_term("họp", {}),) * 2000),
        Query(terms=(read_term("họp " * 2000, {}),)), Query(values=(("topics", ("csr",) * 40_000),)),
    ):  # fmt: skip
        assert list(Workspace(registry).select(query)) == query.answer(events)


def test_search_finds_what_a_reader_would_find() -> None:
    workspace = Workspace(SHIPPED)

    def found(*arguments: str) -> list[str]:
        terms = tuple(read_term(text, workspace.header.aliases) for text in arguments)
        return [event.id for event in workspace.select(Query(terms=terms))]

    texts = {event.id: f"{event.title} {event.description}".casefold() for event in workspace.select(Query())}
    child_labour = [id for id, text in texts.items() if "lao động trẻ em" in text or "lđte" in text]
    assert sorted(found("LĐTE")) == sorted(found("lao dong tre em")) == sorted(child_labour)
    assert len(child_labour) == 9
    assert found("cuối kỳ") == found("cuoi ki") == [id for id in found("cuối") if "cuối k" in texts[id]]
    assert len(found("cuối kỳ")) == 2
    assert found("thuỷ sản") == found("thuy san") == [id for id in found("thủy") if "thủy sản" in texts[id]]
    assert len(found("thuỷ sản")) == 2
    assert found("lao động", "dong lao") == []


def test_an_answer_is_of_one_moment_whoever_writes_meanwhile(tmp_path: Path) -> None:
    registry = tmp_path / "events.toml"
    dated = "".join(f'[[event]]\nid = "e{n}"\ntitle = "{n}"\nstart = 2020-01-01\n\n' for n in range(300))
    registry.write_text(dated, encoding="utf-8")
    workspace = Workspace(registry)
    answer = workspace.select(Query())
    found = [next(answer).id for _ in range(3)]
    registry.write_text(dated.replace("start = 2020-01-01\n", ""), encoding="utf-8")
    assert [event.start for event in Workspace(registry).select(Query())] == [None] * 300
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
    registry.write_text(FOUR + text, encoding="utf-8")
    line = FOUR.count("\n") + 3
    assert ilocal("list", "-f", "ids").out.count("\n") == 4
    assert f"events.toml:{line}: " in ilocal("list").err
    assert ilocal("check").code == 3


def large(tmp_path: Path, inside: str = "") -> Path:
    """A registry that is long enough to be read by several processes."""
    registry = tmp_path / "large.toml"
    text = "".join(
        f'[[event]]\nid = "e{n}"\ntitle = "việc {n}"\ndescription = """\n{"dài " * 150}\n{inside}"""\n\n'
        for n in range(8000)
    )
    registry.write_text(text, encoding="utf-8")
    return registry


def count_by_process(registry: Path, code: str = "") -> str:
    """What a process says that reads a large registry for the first time, as if there were two processors."""
    script = f"""
import sys
from ilocal.index import prepare
prepare._processes = lambda: 2
{code}
from ilocal.cli import run
sys.exit(run(["-r", sys.argv[1], "list", "-f", "ids"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(registry)],
        env=environment(Path(os.environ["HOME"])), capture_output=True, timeout=100, check=False,
    )  # fmt: skip
    return f"{done.returncode} {done.stdout.count(10)} {done.stderr.decode()}"


def test_a_large_text_is_read_by_several_processes(tmp_path: Path) -> None:
    assert count_by_process(large(tmp_path)) == "0 8000 "


def test_a_large_text_whose_shares_begin_inside_of_strings_is_read_all_the_same(tmp_path: Path) -> None:
    assert count_by_process(large(tmp_path, inside="[[event]]\n")) == "0 8000 "


def test_a_process_that_is_killed_or_cannot_be_had_only_costs_time(tmp_path: Path) -> None:
    registry = large(tmp_path)
    killed = "import os\nprepare._serve = lambda *arguments: os._exit(9)"
    refused = """
import os
def none():
    raise OSError(11, "resource temporarily unavailable")
os.fork = none
"""
    assert count_by_process(registry, killed) == "0 8000 "
    rmtree(store.folder_for(registry))
    assert count_by_process(registry, refused) == "0 8000 "


def test_the_line_of_a_byte_that_is_not_utf8_is_its_own_in_a_large_text(tmp_path: Path) -> None:
    registry = large(tmp_path)
    lines = registry.read_bytes().count(b"\n")
    with registry.open("ab") as file:
        file.write(b'[[event]]\ntitle = "\xff"\n')
    said = f"ilocal: {registry}:{lines + 2}: not UTF-8 text (byte 0xff)\nhint: save the file as UTF-8\n"
    assert count_by_process(registry) == f"3 0 {said}"


@pytest.mark.promise("P14")
def test_a_change_long_after_the_index_was_made_is_seen_by_the_state_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "_YOUNG", -(10**18))  # nothing is young: contents are not compared
    registry = tmp_path / "events.toml"
    registry.write_text('[[event]]\ntitle = "a"\n', encoding="utf-8")
    assert titles(registry) == ["a"]
    registry.write_text('[[event]]\ntitle = "later"\n', encoding="utf-8")
    assert titles(registry) == ["later"]


def test_what_ends_a_string_that_was_left_open_far_above_is_seen(tmp_path: Path) -> None:
    registry = tmp_path / "events.toml"
    events = "".join(f'[[event]]\nid = "e{n}"\ntitle = "{n}"\n\n' for n in range(500))
    text = events.replace('title = "0"\n', 'title = "0"\ndescription = """\n', 1)
    for more in ("", '# """\n'):
        registry.write_text(text + more, encoding="utf-8")
        assert told(Workspace(registry)) == meant(registry, text + more)


def test_a_comment_that_comes_to_stand_above_another_event_goes_with_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "PIECES", 1)
    registry = tmp_path / "events.toml"
    head, tail = '[[event]]\ntitle = "a"\n\n', '[[event]]\ntitle = "c"\n'
    registry.write_text(head + '# note\n[[event]]\ntitle = "b"\n' + tail, encoding="utf-8")
    assert titles(registry) == ["a", "b", "c"]
    registry.write_text(head + "# note\n" + tail, encoding="utf-8")
    assert Workspace(registry).block("tba-c") == "# note\n" + tail
