"""Conflicts in a clone without the merge driver: git marks lines, and ilocal settles what is in conflict by event."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from ilocal.storage.file_merge import merge_toml_files
from ilocal.storage.toml.conflict_markers import ConflictMarkers, split_toml_at_conflict_markers
from ilocal.storage.toml.table_merge import NotMergeable, choose_side_of_toml_conflicts
from tests.support.branches import FIELDS, change_branch, make_registry
from tests.support.cli import Ilocal
from tests.support.git import GitFolder

A = '[[event]]\nid = "a"\ntitle = "Họp A"\nstart = 2020-02-25\nlocation = "Huế"\n'
C = '\n[[event]]\nid = "c"\ntitle = "Họp C"\nstart = 2020-02-28\nlocation = "Huế"\n'
X, Y = (f'\n[[event]]\nid = "{id}"\ntitle = "Họp {id.upper()}"\nstart = 2020-02-27\n' for id in "xy")
OURS, THEIRS = A.replace("Huế", "Đà Lạt") + X + C, A.replace("Huế", "Vinh") + Y + C.replace("Huế", "Vinh")
MINE, OTHERS = (A.replace("Huế", place) + X + Y + C.replace("Huế", "Vinh") for place in ("Đà Lạt", "Vinh"))


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ilocal: Ilocal) -> GitFolder:
    """Return a clone without the driver, with a merge that git could not finish."""
    made = GitFolder(tmp_path)
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LANG", "C.UTF-8")
    return made


@pytest.mark.promise("P18")
def test_a_side_keeps_what_the_other_one_alone_has(repo: GitFolder, ilocal: Ilocal) -> None:
    repo.make_branches(A + C, OURS, THEIRS)
    repo.run("merge", "theirs", code=1)
    marked = repo.read()
    assert marked.count("[[event]]") == 4  # between the markers
    assert ilocal("resolve") == (
        5,
        'events.toml:5: a\n  --mine (HEAD)\n    location = "Đà Lạt"\n  --theirs (theirs)\n    location = "Vinh"\n',
        "events.toml: git merged this file as text and marked more lines; merged by event, only the conflicts above remain\n"
        "ilocal: 1 conflict\n"
        "hint: to keep one side, run: ilocal resolve a --mine, or --theirs; to resolve the conflict in your editor, use --edit\n",
    )
    assert repo.read() == marked
    said = "events.toml: merged by event, as git had merged it as text; all changes that are in no conflict are kept\n"
    done = (0, "", said + "no conflicts left; mark the file as resolved with: git add events.toml\n")
    for side, text in (("--mine", MINE), ("--theirs", OTHERS)):
        assert ilocal("resolve", side) == done
        assert repo.read() == text
        assert ilocal("undo").code == 0
        assert repo.read() == marked
    assert ilocal("--lang", "vi", "resolve", "a", "--theirs").err == (
        "events.toml: git đã gộp tệp này như văn bản, nên ilocal gộp lại theo từng sự kiện; "
        "mọi thay đổi không bị xung đột đều được giữ\n"
        "không còn xung đột; đánh dấu đã giải quyết bằng: git add events.toml\n"
    )
    assert repo.read() == OTHERS
    repo.run("commit", "-qam", "merged")
    # Theirs is told last: nothing is to be said of the merge.
    assert [line for line in ilocal("log", "a").out.splitlines() if "→" in line or "+" in line] == [
        "  location: Huế → Vinh", "  location: Huế → Đà Lạt", "  + a: Họp A",
    ]  # fmt: skip


def test_what_is_settled_by_hand_stays_and_an_editor_sees_the_event_alone(
    repo: GitFolder, ilocal: Ilocal, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.make_branches(A + C, OURS, THEIRS)
    repo.run("merge", "theirs", code=1)
    repo.path.write_text(repo.read().replace("2020-02-28", "2020-02-29"), encoding="utf-8")
    monkeypatch.setenv("EDITOR", """sed -i -e '/^[<=>]\\{7\\}/d' -e '/Vinh/d' -e 's/Đà Lạt/Huế, Vinh/'""")
    assert ilocal("resolve", "--edit").code == 0
    expected = A.replace("Huế", "Huế, Vinh") + X + Y + C.replace("Huế", "Vinh").replace("02-28", "02-29")
    assert repo.read() == expected


def test_markers_without_a_conflict_of_events_are_taken_out(repo: GitFolder, ilocal: Ilocal) -> None:
    repo.make_branches(A, A + X, A + Y)
    repo.run("merge", "theirs", code=1)
    marked = repo.read()
    assert ilocal("resolve") == (
        5,
        "",
        "events.toml: git merged this file as text and marked conflicts; merged by event, it has none\n"
        "ilocal: there are conflict markers, but no conflicts\nhint: merge by event with: ilocal resolve --mine\n",
    )
    assert repo.read() == marked
    assert ilocal("resolve", "--theirs").code == 0
    assert repo.read() == A + X + Y


def test_without_a_base_each_event_that_is_removed_is_named(registry: Path, ilocal: Ilocal) -> None:
    text = A + "<<<<<<< HEAD\n" + X + "=======\n" + Y + ">>>>>>> b\n"
    registry.write_text(text, encoding="utf-8")
    assert ilocal("resolve", "--mine").err == (
        "no conflicts left; mark the file as resolved with: git add events.toml\n"
        "ilocal: warning: events.toml: an event that only the other side has was removed: y; "
        "to keep both sides: ilocal undo, then ilocal resolve --edit\n"
    )
    assert registry.read_text(encoding="utf-8") == A + X


def test_a_conflict_is_named_once(registry: Path, ilocal: Ilocal) -> None:
    text = (
        A + "<<<<<<< HEAD\n" + X + '\n[[event]]\nid = "x2"\n=======\n' + Y + '\n[[event]]\nid = "y2"\n>>>>>>> b\n'
        'title = "Z"\n' + C.replace('location = "Huế"', '<<<<<<< HEAD\nkind = "a"\n=======\nkind = "b"\n>>>>>>> b')
    )  # fmt: skip
    registry.write_text(text, encoding="utf-8")
    said = ": not valid TOML: conflict markers of an unfinished git merge; to see both sides, run: ilocal resolve"
    lines = [n for n, line in enumerate(text.split("\n"), 1) if line.startswith("<")]
    assert ilocal("check").out.splitlines() == [f"events.toml:{line}{said}" for line in lines]
    assert ilocal("list", "-f", "ids").err.splitlines() == [f"ilocal: events.toml:{line}{said}" for line in lines[:1]]


@pytest.mark.long
@pytest.mark.promise("P18")
def test_a_text_that_git_marked_is_settled_as_the_driver_settles_it(tmp_path: Path, ilocal: Ilocal) -> None:
    narrowed = 0
    for number in range(40):
        rng = random.Random(number)
        base = make_registry(rng)
        ours, theirs = (change_branch(base, rng, name, FIELDS, removes=True) for name in ("a", "b"))
        repo = GitFolder(tmp_path / str(number))
        repo.make_branches(base, ours, theirs)
        if repo.run("merge", "theirs", code=None).code == 0:
            continue
        markers = ConflictMarkers(ours="HEAD", theirs="theirs")
        try:
            merged = merge_toml_files(base.encode(), ours.encode(), theirs.encode(), markers)
        except NotMergeable:
            continue
        done = ilocal("-r", str(repo.path), "resolve", "--theirs" if number % 2 else "--mine")
        assert done.code == 0, done
        parts = split_toml_at_conflict_markers(merged.data.decode())
        expected = choose_side_of_toml_conflicts(parts, "theirs" if number % 2 else "ours")
        assert list_events(repo.read()) == list_events(expected)
        narrowed += "merged by event" in done.err
    assert narrowed > 10


def list_events(text: str) -> list[str]:
    """Return the blocks of events, whatever their order."""
    return sorted(part.strip() for part in text.split("[[event]]"))


@pytest.mark.long
def test_the_last_value_that_the_history_names_is_the_one_in_the_file(repo: GitFolder, ilocal: Ilocal) -> None:
    rng = random.Random(20)
    places = [f"nơi {n}" for n in range(6)]
    repo.commit(A, "base")
    for branch in ("one", "two"):
        repo.run("branch", branch)
    for step in range(30):
        branch = rng.choice(("main", "one", "two"))
        repo.run("checkout", "-q", branch)
        if rng.random() < 0.5:
            repo.commit(A.replace("Huế", rng.choice(places)).replace("Họp A", f"Họp {step}"), f"step {step}")
            continue
        other = rng.choice([name for name in ("main", "one", "two") if name != branch])
        repo.run(
            "merge", "-q", "--no-ff", "-X", rng.choice(("ours", "theirs")), other, "-m", f"merge {step}", code=None
        )
        lines = ilocal("log", "a").out.splitlines()
        told = next((line for line in lines if line.startswith("  location: ")), "→ Huế")
        assert f'location = "{told.rpartition("→ ")[2]}"' in repo.read()


def test_a_merge_is_told_with_what_it_decided(repo: GitFolder, ilocal: Ilocal) -> None:
    repo.make_branches(
        A, A.replace("Huế", "Đà Lạt") + 'kind = "họp"\n', A.replace("Huế", "Vinh") + 'url = "https://x.vn"\n'
    )
    repo.run("merge", "theirs", code=1)
    assert ilocal("resolve", "--mine").code == 0
    repo.run("commit", "-qam", "Merge")
    assert [line if line[0] == " " else line[23:-10] for line in ilocal("log", "a").out.splitlines()] == [
        "Merge", "  location: Vinh → Đà Lạt",
        "theirs", "  location: Huế → Vinh", "  url: – → https://x.vn",
        "ours", "  location: Huế → Đà Lạt", "  kind: – → meeting",
        "base", "  + a: Họp A",
    ]  # fmt: skip


def test_a_commit_with_markers_in_it_is_listed(repo: GitFolder, ilocal: Ilocal) -> None:
    repo.make_branches(A, A.replace("Huế", "Đà Lạt"), A.replace("Huế", "Vinh"))
    repo.run("merge", "theirs", code=1)
    repo.commit(message="markers")
    repo.commit(A, "mended")
    assert [line if line[0] == " " else line[23:-10] for line in ilocal("log", "a").out.splitlines()] == [
        "mended", "  location: Vinh → Huế",
        "markers", "  (the event cannot be read in this commit)",
        "theirs", "  location: Huế → Vinh",
        "ours", "  location: Huế → Đà Lạt",
        "base", "  + a: Họp A",
    ]  # fmt: skip


@pytest.mark.process
def test_the_leftover_of_a_killed_merge_is_removed_by_the_next_write(registry: Path, ilocal: Ilocal) -> None:
    registry.write_text(A, encoding="utf-8")
    left = [Path(f"..merge_file_{n}.{n:012x}.tmp") for n in range(2)]
    for path in left:
        path.write_text("x", encoding="utf-8")
    assert ilocal("add", "Mới").code == 0
    assert not any(path.exists() for path in left)
