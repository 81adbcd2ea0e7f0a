"""P6: an older text saved over newer changes is noticed, whatever they were, and can be restored; git's are not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ilocal.model.query import Query
from ilocal.workspace import Registry
from tests.support.cli import Ilocal
from tests.support.kill_storm import run_captured
from tests.support.registry import FOUR_EVENTS

pytestmark = pytest.mark.promise("P6")

UNSORTED = FOUR_EVENTS + '\n[[event]]\nstart = 2031-01-01\ntitle = "Cũ"\nid = "cu"\n'
STEPS = {
    "add": ["add", "Mới", "2020-03-01", "--id", "moi", "--force"],
    "edit": ["edit", "2020-hop", "--location", "Vinh"],
    "edit again": ["edit", "2020-hop", "--location", "Huế"],
    "edit the new one": ["edit", "moi", "--add-topic", "x"],
    "another id": ["edit", "moi", "--id", "khac"],
    "its id back": ["edit", "khac", "--id", "moi"],
    "remove": ["remove", "2020-hop", "--yes"],
    "remove the new one": ["remove", "moi", "--yes"],
    "many": ["edit", "--year", "2020", "--set", "kind=họp", "--yes"],
    "import": ["import", "new.jsonl", "--update"],
    "fmt": ["fmt"],
    "undo": ["undo"],
    "undo 1": ["undo", "1"],
    "redo": ["redo"],
}


def list_states(steps: list[str], path: Path) -> list[bytes]:
    """Run commands and return the texts that the registry had, the first one included."""
    texts = [path.read_bytes()]
    for step in steps:
        command = [str(path.with_name(word)) if word == "new.jsonl" else word for word in STEPS[step]]
        run_captured("-r", str(path), *command)
        if path.read_bytes() != texts[-1]:
            texts.append(path.read_bytes())
    return texts


def make_registry() -> Path:
    """Return a new registry in a folder of its own, with a file to import."""
    folder = Path(mkdtemp(dir=os.environ["HOME"]))
    rows = [{"id": "2020-hop", "title": "Họp khác"}, {"title": "Nhập", "start": "2021"}]
    (folder / "new.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    path = folder / "events.toml"
    path.write_text(UNSORTED, encoding="utf-8")
    return path


def save(path: Path, data: bytes) -> None:
    """Save as an editor does, by another file of the same name."""
    new = path.with_name("saved~")
    new.write_bytes(data)
    new.replace(path)


@given(st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=7), st.integers(0, 6))
@example(["add", "edit the new one"], 0)
@example(["edit", "edit again"], 0)
@example(["add", "another id", "edit"], 1)
@example(["edit", "fmt"], 1)
@example(["add", "undo"], 1)
@example(["add", "edit", "undo", "redo", "fmt"], 0)
def test_an_older_text_is_noticed_and_what_was_lost_is_given_back_to_the_byte(steps: list[str], pick: int) -> None:
    path = make_registry()
    texts = list_states(steps, path)
    older = texts[pick % len(texts)]
    save(path, older)
    _code, said = run_captured("-r", str(path), "list", "-f", "ids")
    if older == texts[-1]:
        assert "no longer in the file" not in said
        assert Registry(path).lost_writes() == []
        return
    assert "no longer in the file" in said
    last = max(n for n, text in enumerate(texts) if text == older)
    assert [entry.number for entry in Registry(path).lost_writes()] == list(range(last + 1, len(texts)))
    assert run_captured("-r", str(path), "undo", "--lost")[0] == 0
    assert path.read_bytes() == texts[-1]
    # The restoration is one change: undone, and made once more.
    assert run_captured("-r", str(path), "undo")[0] == 0
    assert path.read_bytes() == older
    assert run_captured("-r", str(path), "redo")[0] == 0
    assert path.read_bytes() == texts[-1]


@given(st.lists(st.sampled_from(sorted(STEPS.keys() - {"fmt"})), min_size=1, max_size=5), st.integers(0, 4))
@example(["add", "edit the new one"], 0)
@example(["edit", "edit again"], 0)
def test_an_older_text_with_an_edit_of_its_own_loses_no_event_of_either(steps: list[str], pick: int) -> None:
    path = make_registry()
    texts = list_states(steps, path)
    older = texts[pick % len(texts)]
    save(path, older + b'\n[[event]]\nid = "by-hand"\ntitle = "By hand"\n')
    run_captured("-r", str(path), "list", "-f", "ids")
    lost = Registry(path).lost_writes()
    by_hand = {event.id: event for event in Registry(path).select(Query())}
    save(path, texts[-1])
    newest = {event.id: event for event in Registry(path).select(Query())}
    save(path, older + b'\n[[event]]\nid = "by-hand"\ntitle = "By hand"\n')
    was_different = {id: event for id, event in by_hand.items() if id != "by-hand"} != newest
    assert bool(lost) == was_different or older == texts[-1]
    if lost:
        assert run_captured("-r", str(path), "undo", "--lost")[0] == 0
        now = {event.id: event for event in Registry(path).select(Query())}
        assert {id: one.title for id, one in now.items()} == {
            **{id: one.title for id, one in newest.items()},
            "by-hand": "By hand",
        }


def test_one_file_of_a_folder_saved_over_loses_what_was_written_to_it(ilocal: Ilocal, tmp_path: Path) -> None:
    years = tmp_path / "years"
    years.mkdir()
    for year in ("2020", "2021"):
        text = f'[[event]]\nid = "{year}"\ntitle = "Năm {year}"\nstart = {year}-01-01\n'
        (years / f"{year}.toml").write_text(text, encoding="utf-8")
    before = (years / "2020.toml").read_bytes()
    assert ilocal("-r", "years", "add", "A", "2020-02-02").code == 0
    assert ilocal("-r", "years", "add", "B", "2021-02-02").code == 0
    after = (years / "2020.toml").read_bytes()
    save(years / "2020.toml", before)
    assert "no longer in the file: 2020-a" in ilocal("-r", "years", "list").err
    assert ilocal("-r", "years", "undo", "--lost").err == "+ 2020-a: A\nrestored: 2020-a\n"
    assert (years / "2020.toml").read_bytes() == after


# -------------------------------------------------------------------------------------------- a new registry, an old path


def test_a_registry_made_anew_at_an_old_path_has_no_changes(ilocal: Ilocal, tmp_path: Path) -> None:
    for _ in range(2):
        assert ilocal("init").code == 0
        assert ilocal("undo", "--list") == (0, "", "")
        assert ilocal("add", "A", "2020-01-01").err == ""
        assert ilocal("undo", "--list").out.endswith("  addition of A\n")
        (tmp_path / "events.toml").unlink()


def test_another_registry_put_at_an_old_path_has_no_changes(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("edit", "2020-hop", "--title", "Khác").code == ilocal("add", "A").code == 0
    save(registry, b'[[event]]\nid = "other"\ntitle = "Other"\n')
    assert ilocal("list", "-f", "ids") == (0, "other\n", "")
    assert ilocal("undo", "--list") == (0, "", "")
    assert ilocal("add", "B") == (0, "tba-b\n", "")
    assert [line.split("  ")[2] for line in ilocal("undo", "--list").out.splitlines()] == ["addition of B"]


# ------------------------------------------------------------------------------------------------------------------- git


@pytest.fixture
def git(tmp_path: Path, registry: Path) -> Git:
    """Return a repository with the registry in its first commit, on the branch `main`."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    run = Git(tmp_path)
    for command in (("init", "-q", "-b", "main"), ("add", "events.toml"), ("commit", "-qm", "first")):
        run(*command)
    return run


class Git:
    """Runs git in a folder, with a configuration of nobody."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: str) -> None:
        identity = ("-c", "user.name=n", "-c", "user.email=e@example.org")
        where = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
        subprocess.run(["git", *identity, *arguments], cwd=self.folder, env=where, check=True, capture_output=True)


@pytest.mark.process
@pytest.mark.parametrize(
    "commands",
    [
        [("stash",)],
        [("checkout", "-q", "--", "events.toml")],
        [("commit", "-qam", "second"), ("checkout", "-q", "HEAD~1")],
        [("commit", "-qam", "second"), ("gc", "-q"), ("checkout", "-q", "HEAD~1")],
        [("commit", "-qam", "second"), ("reset", "-q", "--hard", "HEAD~1")],
    ],
    ids=["stash", "restore", "checkout", "checkout from a pack", "reset"],
)
def test_what_git_takes_out_is_not_called_lost(
    ilocal: Ilocal, registry: Path, git: Git, commands: list[tuple[str, ...]]
) -> None:
    assert ilocal("edit", "2020-hop", "--title", "Khác").code == 0
    for command in commands:
        git(*command)
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS
    assert ilocal("list", "-f", "ids").err == ""
    # Nor after an edit of that text, which git does not know.
    registry.write_text(FOUR_EVENTS + '\n[[event]]\nid = "tay"\ntitle = "Tay"\n', encoding="utf-8")
    assert ilocal("list", "-f", "ids").err == ""
    assert ilocal("undo", "--lost").err == "ilocal: there are no lost changes; nothing was changed\n"
    assert ilocal("undo").code == 5
    assert ilocal("add", "Mới") == (0, "tba-moi\n", "")
    assert ilocal("undo").err == "- tba-moi: Mới\nUndid change 2: addition of Mới\n"


@pytest.mark.process
def test_each_branch_undoes_its_own_changes(ilocal: Ilocal, registry: Path, git: Git) -> None:
    assert ilocal("add", "Một").code == 0
    git("commit", "-qam", "on main")
    git("checkout", "-q", "-b", "side", "HEAD~1")
    assert ilocal("add", "Hai") == (0, "tba-hai\n", "")
    git("commit", "-qam", "on side")
    git("checkout", "-q", "main")
    assert ilocal("list", "-f", "ids").err == ""
    assert ilocal("undo").err == "- tba-mot: Một\nUndid change 1: addition of Một\n"
    git("checkout", "-qf", "side")
    assert ilocal("undo").err == "- tba-hai: Hai\nUndid change 2: addition of Hai\n"


@pytest.mark.process
def test_an_old_text_saved_after_a_commit_is_lost_nevertheless(ilocal: Ilocal, registry: Path, git: Git) -> None:
    assert ilocal("add", "Một").code == 0
    git("commit", "-qam", "second")
    save(registry, FOUR_EVENTS.encode() + b"# an edit that git does not know\n")
    assert "no longer in the file: tba-mot" in ilocal("list", "-f", "ids").err
    assert ilocal("undo", "--lost").err == "+ tba-mot: Một\nrestored: tba-mot\n"
