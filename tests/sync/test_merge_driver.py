"""The merge driver under git itself: whatever merges, and whatever is missing."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from ilocal.sync.driver_setup import build_driver_command
from tests.support.cli import Ilocal
from tests.support.git import PASSES_SIDE_NAMES, GitFolder

pytestmark = pytest.mark.process

A = '[[event]]\nid = "a"\ntitle = "Họp A"\nstart = 2020-02-25\nlocation = "Huế"\n'
B = '\n[[event]]\nid = "b"\ntitle = "Họp B"\nstart = 2020-02-26\n'
X, Y = B.replace("b", "x").replace("B", "X"), B.replace("b", "y").replace("B", "Y")
BASE = A + B
OURS, THEIRS = BASE.replace("Họp A", "Hội nghị A") + X, BASE.replace('"Huế"', '"Vinh"') + Y
BOTH = BASE.replace("Họp A", "Hội nghị A").replace('"Huế"', '"Vinh"') + X + Y
MARKED = A.replace(
    'location = "Huế"\n', '<<<<<<< {}\nlocation = "Hà Nội"\n=======\nlocation = "Vinh"\n>>>>>>> {}\n'
)  # fmt: skip
HANOI, VINH = BASE.replace("Huế", "Hà Nội"), BASE.replace("Huế", "Vinh")


@pytest.fixture
def repo(tmp_path: Path) -> GitFolder:
    made = GitFolder(tmp_path / "a b", "dữ liệu/events.toml")
    install(made)
    return made


def install(repo: GitFolder, *arguments: str) -> str:
    """Run `ilocal git install`; returns what it said."""
    repo.path.touch()
    done = subprocess.run(
        [sys.executable, "-m", "ilocal", "-r", repo.path, "git", "install", *arguments],
        cwd=repo.folder,
        env=repo.environment,
        capture_output=True,
        check=True,
    )
    return done.stderr.decode()


@pytest.mark.promise("P18")
def test_a_merge_takes_what_both_branches_did(repo: GitFolder) -> None:
    repo.make_branches(BASE, OURS, THEIRS)
    repo.run("merge", "theirs")
    assert repo.read() == BOTH


@pytest.mark.promise("P18")
def test_a_conflict_marks_one_statement_and_git_stops(repo: GitFolder) -> None:
    repo.make_branches(BASE, HANOI + X, VINH + Y)
    done = repo.run("merge", "theirs", code=1)
    assert repo.read() == MARKED.format("HEAD", "theirs") + B + X + Y
    assert "hint: to see both sides, run: ilocal -r 'dữ liệu/events.toml' resolve" in done.err
    assert "dữ liệu/events.toml" in repo.run("-c", "core.quotePath=false", "diff", "--name-only", "--diff-filter=U").out


@pytest.mark.long
@pytest.mark.promise("P18")
def test_rebase_cherry_pick_and_stash_pop_are_merges_too(repo: GitFolder) -> None:
    repo.make_branches(BASE, OURS, THEIRS)
    repo.run("checkout", "-q", "-b", "picked")
    repo.run("cherry-pick", "theirs")
    assert repo.read() == BOTH
    repo.run("checkout", "-q", "theirs")
    repo.run("rebase", "-q", "main")
    assert repo.read() == BOTH
    repo.run("checkout", "-q", "main")
    repo.path.write_text(repo.read().replace("2020-02-26", "2020-02-27", 1), encoding="utf-8")
    repo.run("stash")
    repo.run("merge", "-q", "theirs")
    repo.run("stash", "pop")
    assert repo.read() == BOTH.replace("2020-02-26", "2020-02-27", 1)


@pytest.mark.long
@pytest.mark.promise("P18")
def test_a_rebase_that_stops_names_the_branch_it_builds_upon_first(repo: GitFolder) -> None:
    repo.make_branches(BASE, HANOI, VINH)
    repo.run("checkout", "-q", "theirs")
    repo.run("rebase", "main", code=1)
    commit = f"{repo.run('rev-parse', '--short=7', 'theirs').out.strip()} (theirs)"
    assert repo.read() == MARKED.format("HEAD", commit if PASSES_SIDE_NAMES else "incoming change") + B
    repo.run("rebase", "--skip")
    assert repo.read() == HANOI


@pytest.mark.long
@pytest.mark.promise("P18")
def test_an_octopus_takes_three_branches_and_refuses_a_conflict(repo: GitFolder) -> None:
    repo.make_branches(BASE, OURS, THEIRS)
    repo.run("checkout", "-q", "-b", "third", "main~1")
    repo.commit(BASE.replace("2020-02-26", "2020-02-28"))
    repo.run("checkout", "-q", "main")
    done = repo.run("merge", "theirs", "third", code=None)
    if done.code:  # git has the branches merged one by one, where it can
        assert "Should not be doing an octopus" in done.out + done.err
        assert repo.read() == OURS
    else:
        assert repo.read() == BOTH.replace("2020-02-26", "2020-02-28", 1)


@pytest.mark.long
@pytest.mark.promise("P18")
def test_a_criss_cross_has_a_base_with_markers_and_still_merges(repo: GitFolder) -> None:
    repo.make_branches(BASE, HANOI, VINH)
    repo.run("branch", "old", "main")
    for branch, other in (("main", "theirs"), ("theirs", "old")):  # each merges the other, and decides for Huế
        repo.run("checkout", "-q", branch)
        repo.run("merge", other, code=1)
        repo.commit(BASE)
    repo.commit(BASE + Y)
    repo.run("checkout", "-q", "main")
    repo.commit(BASE.replace("Họp A", "Hội nghị A") + X)
    repo.run("merge", "theirs")
    assert repo.read() == BASE.replace("Họp A", "Hội nghị A") + X + Y


@pytest.mark.long
@pytest.mark.promise("P18")
def test_rerere_replays_what_was_decided(repo: GitFolder) -> None:
    repo.run("config", "rerere.enabled", "true")
    repo.make_branches(BASE, HANOI, VINH)
    for time in range(2):
        done = repo.run("merge", "theirs", code=1)
        assert ("Recorded preimage" if not time else "Resolved") in done.out + done.err
        assert (repo.read() == HANOI) == bool(time)
        repo.path.write_text(HANOI, encoding="utf-8")
        repo.run("commit", "-qam", "merged")
        repo.run("reset", "-q", "--hard", "HEAD~1")


@pytest.mark.long
@pytest.mark.promise("P18")
@pytest.mark.parametrize("program", ["/nowhere/ilocal", "false", "sh -c 'kill -9 $$'"])
def test_a_driver_that_is_missing_fails_or_dies_leaves_git_s_own_merge(repo: GitFolder, program: str) -> None:
    line = repo.run("config", "merge.ilocal.driver").out.strip()
    ours = f"{shlex.quote(sys.executable)} -m ilocal"
    assert line.startswith(ours)
    repo.run(
        "config",
        "merge.ilocal.driver",
        f"({program})" + line.removeprefix(ours).replace(" git merge %O", " ; false %O", 1),
    )
    repo.make_branches(BASE, HANOI, VINH)
    repo.run("merge", "theirs", code=1)
    assert repo.read() == MARKED.format("HEAD" if PASSES_SIDE_NAMES else "ours", "theirs") + B


@pytest.mark.promise("P18")
@pytest.mark.parametrize("program", [f"{shlex.quote(sys.executable)} -m ilocal", "false"], ids=["ilocal", "none"])
def test_sides_are_called_as_git_calls_them_if_it_says_so(tmp_path: Path, program: str) -> None:
    """Git since 2.44 puts quoted names in the line; before, it leaves %X and %Y there."""
    for names, expected in (
        (("'HEAD'", "'1a2b3c4 (it''s \"$x\")'"), ("HEAD", '1a2b3c4 (its "$x")')),
        (("''", "''"), ("HEAD", "incoming change") if "ilocal" in program else ("ours", "theirs")),
        (("%X", "%Y"), ("HEAD", "incoming change") if "ilocal" in program else ("ours", "theirs")),
    ):
        texts = {"%O": BASE, "%A": HANOI, "%B": VINH}
        for name, text in texts.items():
            (tmp_path / name[1:]).write_text(text, encoding="utf-8")
        line = build_driver_command(program)
        for name, value in {
            "%O": "O",
            "%A": "A",
            "%B": "B",
            "%L": "7",
            "%P": "a",
            "%X": names[0],
            "%Y": names[1],
        }.items():
            line = line.replace(name, value)
        done = subprocess.run(["sh", "-c", line.replace("%%", "%")], cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode != 0
        assert (tmp_path / "A").read_text(encoding="utf-8") == MARKED.format(*expected) + B


@pytest.mark.long
@pytest.mark.promise("P18")
def test_what_is_no_toml_is_merged_as_text(repo: GitFolder) -> None:
    repo.make_branches("a\nb\nc\nd\n", "1\nb\nc\nd\n", "a\nb\nc\n4\n")
    done = repo.run("merge", "theirs")
    assert repo.read() == "1\nb\nc\n4\n"
    assert "merged as plain text" in done.err


@pytest.mark.long
@pytest.mark.promise("P18")
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_line_ends_a_byte_order_mark_and_a_missing_last_line_end_survive_git(repo: GitFolder, newline: str) -> None:
    def write(text: str) -> bytes:
        return ("\ufeff" + text.rstrip("\n").replace("\n", newline)).encode()

    repo.make_branches(*(write(text).decode() for text in (BASE, OURS, THEIRS)))
    repo.run("merge", "theirs")
    assert repo.path.read_bytes() == write(BOTH)


@pytest.mark.long
def test_a_folder_of_files_is_merged_file_by_file(tmp_path: Path) -> None:
    repo = GitFolder(tmp_path, "sự kiện/2020.toml")
    (repo.path.parent / "2021.toml").write_text(B.lstrip(), encoding="utf-8")
    repo.path.touch()
    subprocess.run(
        [sys.executable, "-m", "ilocal", "-r", repo.path.parent, "git", "install"],
        cwd=tmp_path, env=repo.environment, capture_output=True, check=True,
    )  # fmt: skip
    assert (tmp_path / ".gitattributes").read_text(encoding="utf-8") == '"/sự kiện/*.toml" merge=ilocal diff=ilocal\n'
    repo.make_branches(BASE, OURS, THEIRS)
    repo.run("merge", "theirs")
    assert repo.read() == BOTH


def test_it_is_installed_once_and_removed_whole(repo: GitFolder) -> None:
    attributes = repo.folder / ".gitattributes"
    assert attributes.read_text(encoding="utf-8") == '"/dữ liệu/events.toml" merge=ilocal diff=ilocal\n'
    assert install(repo) == (
        "the ilocal merge driver is already set up in this clone\n"
        ".gitattributes is not committed yet, and other clones need it: git add .gitattributes\n"
    )
    repo.commit()
    assert install(repo) == "the ilocal merge driver is already set up in this clone\n"
    attributes.write_text("*.png binary\n" + attributes.read_text(encoding="utf-8"), encoding="utf-8")
    install(repo, "--remove")
    assert attributes.read_text(encoding="utf-8") == "*.png binary\n"
    assert repo.run("config", "--local", "--get-regexp", "ilocal", code=1).out == ""
    assert install(repo, "--remove") == "the ilocal merge driver is not set up in this clone\n"


def test_conflicts_are_shown_and_resolved_and_the_history_tells_of_them(
    tmp_path: Path, ilocal: Ilocal, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = GitFolder(tmp_path)
    for name, value in repo.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LANG", "C.UTF-8")
    repo.path.touch()
    assert ilocal("git", "install").code == 0
    repo.path.write_text(BASE, encoding="utf-8")
    assert ilocal("log", "a") == (0, "", "")  # nothing is committed yet
    repo.make_branches(BASE, HANOI, VINH + Y)
    repo.run("merge", "theirs", code=1)
    code, out, err = ilocal("resolve")
    assert (code, out) == (
        5, 'events.toml:5: a\n  --mine (HEAD)\n    location = "Hà Nội"\n  --theirs (theirs)\n    location = "Vinh"\n',
    )  # fmt: skip
    assert "hint: to keep one side, run: ilocal resolve a --mine, or --theirs" in err
    assert ilocal("list", "-f", "ids").out.split() == ["b", "y"]  # and the event in conflict is hidden
    assert ilocal("resolve", "b", "--mine").code == 4
    assert ilocal("resolve", "a", "--theirs") == (
        0,
        "",
        "no conflicts left; mark the file as resolved with: git add events.toml\n",
    )
    assert repo.read() == VINH + Y
    assert ilocal("resolve") == (0, "", "there are no conflicts\n")
    marked = MARKED.format("HEAD", "theirs") + B + Y
    assert ilocal("undo", "--list").out[22:] == "  conflict resolution: Họp A\n"
    assert ilocal("undo", "--dry-run") == (0, "", "conflict resolution: Họp A\n")
    assert ilocal("undo") == (0, "", "Undid change 1: conflict resolution: Họp A\n")
    assert repo.read() == marked
    assert ilocal("redo") == (0, "", "Redid change 1: conflict resolution: Họp A\n")
    assert repo.read() == VINH + Y
    repo.run("commit", "-qam", "merged")
    assert ilocal("log", "a").out == (
        "2020-02-20 01:30  Lan  theirs ({})\n  location: Huế → Vinh\n2020-02-20 01:30  Lan  ours ({})\n"
        "  location: Huế → Hà Nội\n2020-02-20 01:30  Lan  base ({})\n  + a: Họp A\n"
    ).format(*(repo.run("rev-parse", "--short=7", name).out.strip() for name in ("theirs", "HEAD~1", "theirs~1")))
    repo.run("config", "--unset", "merge.ilocal.driver")
    assert "the ilocal merge driver is not set up in this clone; run: ilocal git install" in ilocal("check").err


def test_a_conflict_is_resolved_by_hand_in_an_editor(
    registry: Path, ilocal: Ilocal, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = MARKED.format("HEAD", "nhánh") + B
    registry.write_text(text, encoding="utf-8")
    monkeypatch.setenv("EDITOR", """sed -i -e '/^[<=>]\\{7\\}/d' -e '/Vinh/d' -e 's/Hà Nội/Hà Nội, Vinh/'""")
    assert ilocal("resolve", "--edit").code == 0
    assert registry.read_text(encoding="utf-8") == BASE.replace("Huế", "Hà Nội, Vinh")


@pytest.mark.parametrize("is_folder", [False, True], ids=["file", "folder"])
def test_a_resolution_is_undone_to_the_byte_while_there_are_other_conflicts_and_not_over_later_changes(
    tmp_path: Path, ilocal: Ilocal, *, is_folder: bool
) -> None:
    path = tmp_path / "r" / "2020.toml" if is_folder else tmp_path / "events.toml"
    path.parent.mkdir(exist_ok=True)
    head = '\ufeff[registry]\r\n<<<<<<< a\r\ntitle = "A"\r\n=======\r\ntitle = "B"\r\n>>>>>>> b\r\n\r\n'
    removed = "<<<<<<< a\n=======\n" + Y.lstrip() + ">>>>>>> b\n"
    text = head + (MARKED.format("a", "b") + B + "\n" + removed).replace("\n", "\r\n")
    path.write_bytes(text.encode())
    command = ("-r", str(tmp_path / "r" if is_folder else path))
    assert ilocal(*command, "list", "-f", "ids").out == "b\n"
    states = [text]
    for arguments in (("a", "--theirs"), ("y", "--theirs"), ("--mine",)):
        assert ilocal(*command, "resolve", *arguments).code == 0
        states.append(path.read_bytes().decode())
    assert states[2] == head + (VINH + Y).replace("\n", "\r\n")
    for expected in states[-2::-1]:
        assert ilocal(*command, "undo").code == 0
        assert path.read_bytes().decode() == expected
    assert ilocal(*command, "undo").code == 5
    for expected in states[1:]:
        assert ilocal(*command, "redo").code == 0
        assert path.read_bytes().decode() == expected
    assert ilocal(*command, "edit", "a", "--location", "Hội An").code == 0
    before = path.read_bytes()
    assert ilocal(*command, "undo", "1").code == 5
    assert path.read_bytes() == before
