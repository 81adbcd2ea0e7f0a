"""P1, P8 to P12 with the system itself: disks that are full or lose power, closed streams, other users, signals."""

from __future__ import annotations

import errno
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from ilocal.registry import load
from tests.conftest import FOUR, Ilocal, Result, environment
from tests.support.processes import ended, litter, needs_strace, start

# ------------------------------------------------------------------------------------------------------------ P1: power


@contextmanager
def mounted(image: Path, at: Path) -> Iterator[None]:
    at.mkdir(exist_ok=True)
    done = subprocess.run(["mount", "-o", "loop", image, at], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", at], check=True)


@pytest.mark.promise("P1")
@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("mkfs.ext4") is None, reason="needs root and mkfs.ext4")
@pytest.mark.parametrize("command", [("add", "Mới", "2020-03-01"), ("edit", "2020-hop", "--title", "Mới")])
def test_what_was_acknowledged_is_on_the_disk_at_that_moment(tmp_path: Path, command: tuple[str, ...]) -> None:
    disk, copy = tmp_path / "disk", tmp_path / "copy"
    with open(disk, "wb") as file:
        file.truncate(16_000_000)
    subprocess.run(["mkfs.ext4", "-q", disk], check=True)
    with mounted(disk, tmp_path / "mnt"):
        registry = tmp_path / "mnt" / "events.toml"
        registry.write_text(FOUR, encoding="utf-8")
        os.sync()
        assert ended(start(tmp_path / "mnt", *command)).code == 0
        # The power goes now: what the disk has is what has been written to it, and nothing is written any more.
        shutil.copyfile(disk, copy)
        text = registry.read_bytes()
    with mounted(copy, tmp_path / "mnt"):
        assert registry.read_bytes() == text
        assert 'title = "Mới"' in text.decode()


# -------------------------------------------------------------------------------------------------------- P8: full disk


@pytest.mark.promise("P8")
@pytest.mark.parametrize(
    "command", [("add", "Mới"), ("edit", "2020-hop", "--title", "x" * 100), ("remove", "2020-hop", "-y")]
)
def test_a_quota_is_said_and_nothing_is_changed(registry: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    assert ended(start(tmp_path, "list")).code == 0

    def poor() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))

    done = subprocess.run(
        [sys.executable, "-m", "ilocal", *command],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        preexec_fn=poor,
        check=False,
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "ilocal: events.toml: file too large; nothing was changed\n"
    assert registry.read_text(encoding="utf-8") == FOUR
    assert litter(tmp_path) == []


FULL = """
mount -t tmpfs -o size=64k none "$1" && cp "$2" "$1/events.toml" && cd "$1" && {
    head -c 100000 /dev/zero > filler 2>/dev/null
    "$3" -m ilocal -r events.toml add "Mới"; echo "code $?"; ls -A; cmp "$2" events.toml && echo same
    rm filler; "$3" -m ilocal -r events.toml add "Mới"; echo "code $?"
}
"""


@pytest.mark.promise("P8")
def test_a_full_disk_is_said_and_nothing_is_changed_or_left(registry: Path, tmp_path: Path) -> None:
    (tmp_path / "mnt").mkdir()
    command = ["unshare", "-rm", "sh", "-c", FULL, "sh", str(tmp_path / "mnt"), str(registry), sys.executable]
    probe = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", str(tmp_path / "mnt")]
    if shutil.which("unshare") is None or subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be made here: that needs unshare and user namespaces")
    env = environment(tmp_path)
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.splitlines() == ["code 3", "events.toml", "filler", "same", "tba-moi", "code 0"]
    assert done.stderr == "ilocal: events.toml: no space left on device; nothing was changed\n"


@pytest.mark.promise("P8")
def test_in_a_folder_all_files_are_changed_or_none(process: Ilocal, tmp_path: Path) -> None:
    years = tmp_path / "years"
    years.mkdir()
    for year in (2018, 2019, 2020):
        text = f'[[event]]\nid = "e{year}"\ntitle = "Họp"\nstart = {year}-02-20\n'
        (years / f"{year}.toml").write_text(text, encoding="utf-8")
    os.link(years / "2020.toml", tmp_path / "other name")  # which makes it one that is not replaced
    before = {path.name: path.read_bytes() for path in years.iterdir()}
    lines = "".join(f'{{"id": "e{year}", "title": "Khác", "start": "{year}-02-20"}}\n' for year in (2018, 2019, 2020))
    (tmp_path / "new.jsonl").write_text(lines + '{"title": "Mới", "start": "2017-01-01"}\n', encoding="utf-8")
    result = process("-r", "years", "import", "new.jsonl", "--update")
    assert (result.code, result.out) == (3, "")
    assert {path.name: path.read_bytes() for path in years.iterdir()} == before
    assert process("-r", "years", "undo", "--list").out == ""


# ------------------------------------------------------------------------------------------------------- P9: exit codes


def shell(folder: Path, line: str) -> Result:
    done = subprocess.run(
        ["bash", "-c", line.replace("ilocal ", f"{sys.executable} -m ilocal ")],
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


FULL_STDOUT = "ilocal: output: no space left on device; what was to be saved is saved\n"


@pytest.mark.long
@pytest.mark.promise("P9")
@pytest.mark.parametrize(
    ("line", "code", "err", "is_saved"),
    [
        ("ilocal add Mới > /dev/full", 6, FULL_STDOUT, True),
        ("ilocal add Mới >&-", 0, "", True),
        ("ilocal add Mới | true; exit ${PIPESTATUS[0]}", 0, "", True),
        ("ilocal remove --yes 2020-hop > /dev/full", 6, FULL_STDOUT, True),
        ("ilocal edit 2020-hop --title Khác > /dev/full", 0, "2020-hop: title changed\n", True),
        ("ilocal list -f ids > /dev/full", 2, "ilocal: output: no space left on device\n", False),
        ("ilocal list -f csv | head -1 > /dev/null; exit ${PIPESTATUS[0]}", 0, "", False),
        ("ilocal undo --list >&-", 0, "", False),
        ("ilocal add Mới 2>&-", 0, "", True),
        ("ilocal add Mới 2> /dev/full", 0, "", True),
        ("ilocal edit 2020-hop --title Khác 2> /dev/full", 0, "", True),
        ("ilocal edit 2020-hop --title Khác 2>&1 | true; exit ${PIPESTATUS[0]}", 0, "", True),
        ("ilocal remove --yes 2020-hop 2> /dev/full", 0, "", True),
        ("ilocal remove 2020-hop 2> /dev/full", 2, "", False),
        ("ilocal show nope 2> /dev/full", 4, "", False),
        ("ilocal show nope 2>&1 | true; exit ${PIPESTATUS[0]}", 4, "", False),
        ("ilocal search nope 2> /dev/full", 1, "", False),
        ("ilocal list --from nope 2> /dev/full", 2, "", False),
        ("ilocal add 'Hội nghị Thanh tra' 2> /dev/full", 5, "", False),
        ("ilocal -r none list 2> /dev/full", 3, "", False),
        ("ilocal undo 2> /dev/full", 5, "", False),
        ("ilocal add Mới > /dev/full 2>&1", 6, "", True),
        ("ilocal add Mới && ilocal undo 2> /dev/full", 0, "", False),
        ('echo \'{"id": "2020-hop", "title": "B"}\' | ilocal import --update - 2> /dev/full', 0, "", True),
        ("ilocal init new.toml 2> /dev/full", 0, "", False),
        ("ilocal split years 2> /dev/full", 0, "", False),
    ],
)
def test_the_exit_code_is_the_truth_whatever_stdout_is(
    registry: Path, tmp_path: Path, line: str, code: int, err: str, is_saved: bool
) -> None:
    result = shell(tmp_path, line)
    assert (result.code, result.err) == (code, err)
    assert (registry.read_text(encoding="utf-8") != FOUR) == is_saved


@pytest.mark.promise("P9")
def test_a_script_that_repeats_what_seemed_to_fail_never_makes_a_second_event(registry: Path, tmp_path: Path) -> None:
    line = "ilocal add Mới 2020-03-01 --id moi --if-absent"
    assert shell(tmp_path, f"{line} > /dev/full").code == 6
    for _ in range(2):
        assert shell(tmp_path, line) == (0, "moi\n", "")
    assert registry.read_text(encoding="utf-8").count('id = "moi"') == 1


@pytest.mark.promise("P9")
@pytest.mark.parametrize("fault", ["error=EIO", "error=ENOSPC"])
@needs_strace
def test_a_registry_is_made_also_where_its_schema_cannot_be(tmp_path: Path, fault: str) -> None:
    # The first two syncs are those of the registry and its folder.
    inject = ("strace", "-f", "-o", "/dev/null", "-e", "trace=fsync", "-e", f"inject=fsync:{fault}:when=3")
    result = ended(start(tmp_path, "init", wrapper=inject))
    assert (result.code, result.out) == (0, "")
    assert result.err.splitlines()[0] == "events.toml: made"
    assert "schema" in result.err.splitlines()[1]
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["events.toml"]
    assert shell(tmp_path, "ilocal add Mới").code == 0


@pytest.mark.promise("P8", "P9")
def test_a_registry_is_made_also_where_nothing_can_be_known_of_its_schema(
    ilocal: Ilocal, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = Path.is_dir

    def is_dir(path: Path) -> bool:
        if path.name == "ilocal.schema.json":
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        return really(path)

    monkeypatch.setattr(Path, "is_dir", is_dir)
    assert ilocal("init") == (
        0, "", "events.toml: made\nilocal.schema.json: input/output error; nothing was changed\n",
    )  # fmt: skip


@pytest.mark.promise("P15")
@pytest.mark.parametrize("n", [2**63, 99999999999999999999])
def test_a_number_larger_than_there_can_be_is_all_of_them(registry: Path, ilocal: Ilocal, n: int) -> None:
    assert ilocal("list", "-n", str(n), "-f", "ids").out.count("\n") == 4
    assert ilocal("search", "họp", "-n", str(n), "-f", "ids").out == "2020-hop\n"
    assert ilocal("upcoming", "--once", "-n", str(n), "-f", "ids").out.count("\n") == 3


@pytest.mark.promise("P9")
def test_a_folder_that_was_deleted_under_ones_feet_is_named(tmp_path: Path) -> None:
    result = shell(tmp_path, "mkdir gone; cd gone; rmdir ../gone; ilocal list")
    assert (result.code, result.out) == (2, "")
    assert result.err == "ilocal: the folder you are in: no such file or directory\n"


# ---------------------------------------------------------------------------------------------- P10: read-only, as a user


@pytest.mark.promise("P10")
def test_an_ordinary_user_cannot_change_what_is_read_only() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        registry = folder / "events.toml"
        registry.write_text(FOUR, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-c", AS_USER, registry],
            env=environment(folder),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert done.stderr.splitlines() == [
            f"ilocal: {registry}: read-only; nothing was changed",
            f"ilocal: {registry}: permission denied; nothing was changed",
            f"ilocal: {registry}: permission denied",
        ]
        assert (done.returncode, done.stdout) == (0, "[3, 3, 3]\n")
        assert registry.read_text(encoding="utf-8") == FOUR
        assert litter(folder) == []


# As an ordinary user, write to a file that is read-only, into a folder that is, and read one that is closed. First all
# of it is done as who we are, so that what it needs is loaded: that user may not read the folder in which it lies.
AS_USER = """
import contextlib, io, os, pathlib, sys
from ilocal.cli import run

def told(registry):
    registry.chmod(0o444)
    yield run(["-r", str(registry), "add", "Mới"])
    registry.chmod(0o644)
    registry.parent.chmod(0o555)
    yield run(["-r", str(registry), "add", "Mới"])
    registry.parent.chmod(0o755)
    registry.chmod(0o000)
    yield run(["-r", str(registry), "list"])
    registry.chmod(0o644)

registry = pathlib.Path(sys.argv[1])
other = registry.parent / "other" / "events.toml"
other.parent.mkdir()
other.write_bytes(registry.read_bytes())
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    list(told(other))
    run(["-r", str(other.parent / "absent.toml"), "list"])
if os.geteuid() == 0:
    for path in (registry.parent, *registry.parent.rglob("*")):
        os.chown(path, 65534, 65534)
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
print(list(told(registry)))
"""


# -------------------------------------------------------------------------------------------- P11: links, modes, devices


def fifo(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def hard_link(path: Path) -> None:
    other = path.with_name("other")
    other.write_text(FOUR, encoding="utf-8")
    os.link(other, path)


def dangling(path: Path) -> None:
    path.symlink_to("nowhere")


def loop(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.promise("P11")
@pytest.mark.parametrize(
    ("make", "said"),
    [
        (fifo, "not a regular file"),
        (device, "not a regular file"),
        (hard_link, "has 2 names (hard links), and would keep one; nothing was changed"),
        (dangling, "no such file or directory"),
        (loop, "too many levels of symbolic links"),
    ],
)
def test_what_is_no_plain_file_is_refused_without_a_hang(
    tmp_path: Path, make: Callable[[Path], None], said: str
) -> None:
    make(tmp_path / "events.toml")
    line = "timeout 3 ilocal -r events.toml add Mới"
    result = shell(tmp_path, line)
    assert (result.code, result.out) == (3, "")
    assert result.err.splitlines()[0] == f"ilocal: events.toml: {said}"
    if make is hard_link:
        assert (tmp_path / "other").read_text(encoding="utf-8") == FOUR
        assert shell(tmp_path, "timeout 3 ilocal list -f ids").code == 0


@pytest.mark.long
@pytest.mark.promise("P11")
@pytest.mark.parametrize("command", [("add", "Mới"), ("undo",), ("remove", "-y", "2020-hop")])
def test_links_modes_owners_and_attributes_stay(
    process: Ilocal, registry: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    assert process("add", "Trước").code == 0
    real = tmp_path / "elsewhere" / "real.toml"
    real.parent.mkdir()
    registry.rename(real)
    (tmp_path / "middle").symlink_to("elsewhere/real.toml")
    registry.symlink_to("middle")
    real.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(real, 12, 34)
    is_kept = False
    with suppress(OSError):
        os.setxattr(real, "user.note", b"ours")
        is_kept = True
    before = real.stat()
    assert process("edit", "2020-hop", "--location", "Huế").code == 0
    assert process(*command).code == 0
    after = real.stat()
    assert [str(path.readlink()) for path in (registry, tmp_path / "middle")] == ["middle", "elsewhere/real.toml"]
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    if is_kept:
        assert os.getxattr(real, "user.note") == b"ours"


@pytest.mark.promise("P11")
@pytest.mark.skipif(shutil.which("setfacl") is None, reason="setfacl is not installed")
def test_access_lists_stay(process: Ilocal, registry: Path) -> None:
    if subprocess.run(["setfacl", "-m", "u:34:r", registry], capture_output=True, check=False).returncode:
        pytest.skip("this file system has no access lists")
    before = subprocess.run(["getfacl", registry], capture_output=True, check=True).stdout
    assert process("add", "Mới").code == 0
    assert subprocess.run(["getfacl", registry], capture_output=True, check=True).stdout == before


# As another user, write to a registry that all may write: root's own file becomes that user's.
AS_OTHER = """
import contextlib, io, os, pathlib, sys
from ilocal.cli import run

registry = pathlib.Path(sys.argv[1])
other = registry.parent / "other" / "events.toml"
other.parent.mkdir()
other.write_bytes(registry.read_bytes())
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    run(["-r", str(other), "add", "Mới"])  # what it needs is loaded
registry.chmod(0o666)
registry.parent.chmod(0o777)
for path in (registry.parent / "cache").rglob("*"):
    path.chmod(0o777)
os.environ.update(XDG_CACHE_HOME=str(registry.parent / "c"), XDG_STATE_HOME=str(registry.parent / "s"))
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
print(run(["-r", str(registry), "add", "Mới"]), run(["-r", str(registry), "add", "Nữa"]))
"""


@pytest.mark.promise("P11")
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to be another user")
def test_an_owner_that_cannot_be_kept_is_told_of() -> None:
    with tempfile.TemporaryDirectory() as name:
        registry = Path(name) / "events.toml"
        registry.write_text(FOUR, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-c", AS_OTHER, registry],
            env=environment(Path(name)),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stdout) == (0, "tba-moi\ntba-nua\n0 0\n"), done.stderr
        assert done.stderr == (
            f"ilocal: warning: {registry}: belongs to you now, as its owner or group could not be kept\n"
        )
        assert (registry.stat().st_uid, registry.stat().st_mode & 0o777) == (65534, 0o666)


# -------------------------------------------------------------------------------------------------------- P12: signals

SIGNALS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129, signal.SIGKILL: -9}


@pytest.mark.promise("P12")
@pytest.mark.parametrize("rounds", [8, pytest.param(40, marks=pytest.mark.long)])
def test_signals_at_any_moment_leave_the_old_text_or_the_new_one(
    registry: Path, tmp_path: Path, rounds: int, figure: Callable[[str, int], None]
) -> None:
    chance = random.Random(rounds)
    begun = time.monotonic()
    assert ended(start(tmp_path, "add", "Đầu tiên", "--id", "dau")).code == 0
    usual = time.monotonic() - begun
    ids = list(load([("", registry.read_bytes())]).events)
    killed: set[str] = set()  # what these left is cleared by the next that comes as far as that
    for n in range(rounds):
        number = chance.choice(list(SIGNALS))
        before = registry.read_bytes()
        process = start(tmp_path, "add", f"Lần {n}", "--id", f"lan-{n}")
        time.sleep(chance.uniform(0.2, 1.1) * usual)
        process.send_signal(number)
        result = ended(process)
        after = registry.read_bytes()
        assert result.code in (0, SIGNALS[number], -number), result  # -number: before the program had begun
        assert (after != before) == (f'id = "lan-{n}"'.encode() in after)
        if result.code == 0:
            assert after != before
        if after != before:
            ids.append(f"lan-{n}")
        if number == signal.SIGKILL:
            killed |= set(litter(tmp_path))
        assert set(litter(tmp_path)) <= killed
        assert list(load([("", after)]).events) == ids
    assert ended(start(tmp_path, "add", "Cuối cùng")).code == 0
    assert litter(tmp_path) == []
    figure("signals at random moments", rounds)


@pytest.mark.promise("P9", "P12")
@needs_strace
def test_a_signal_after_the_answer_changes_no_exit_code(registry: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    tracing = ("strace", "-o", str(trace), "-e", "trace=rt_sigaction,write")
    assert ended(start(tmp_path, "add", "Mới", wrapper=tracing)).code == 0
    lines = trace.read_text(encoding="utf-8").splitlines()
    answered = next(n for n, line in enumerate(lines) if line.startswith("write(1"))
    before, after = (
        sum(line.startswith("rt_sigaction") for line in part) for part in (lines[:answered], lines[answered:])
    )
    assert after
    for n in range(after):
        inject = f"inject=rt_sigaction:signal=TERM:when={before + n + 1}"
        injecting = ("strace", "-o", "/dev/null", "-e", "trace=rt_sigaction", "-e", inject)
        result = ended(start(tmp_path, "add", f"Lần {n}", "--id", f"lan-{n}", wrapper=injecting))
        assert result == (0, f"lan-{n}\n", "")
