"""Answers in files, pipes and closed streams: whole or not at all, UTF-8, and an exit code that is true."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.cli import Ilocal, make_environment
from tests.support.processes import run_shell_line
from tests.support.registry import FOUR_EVENTS, FOUR_EVENTS_LISTED


def test_an_output_never_takes_the_place_of_the_registry(ilocal: Ilocal, registry: Path, tmp_path: Path) -> None:
    (tmp_path / "link.toml").symlink_to(registry)
    for arguments in (("list", "-o", "events.toml"), ("export", "./events.toml"), ("list", "-o", "link.toml")):
        result = ilocal(*arguments)
        assert (result.code, result.out) == (2, "")
        assert "this is the registry itself" in result.err
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


@pytest.mark.process
@pytest.mark.parametrize("closed", [">&-", "<&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_do_no_harm(registry: Path, tmp_path: Path, closed: str) -> None:
    for command in ("list", "add Mới --force", "import -"):
        shell = f"{sys.executable} -m ilocal {command} {closed}"
        done = subprocess.run(
            ["bash", "-c", shell], cwd=tmp_path, env=make_environment(tmp_path), capture_output=True, check=False
        )
        assert (done.returncode, b"Traceback" in done.stderr) == (2 if "import" in command else 0, False)
    assert registry.read_text(encoding="utf-8").startswith(FOUR_EVENTS)
    assert registry.read_text(encoding="utf-8").count('title = "Mới"') == 1


def test_a_closed_pipe_ends_quietly(tmp_path: Path, process: Ilocal, registry: Path) -> None:
    many = "".join(f'{{"title": "Sự kiện {n}"}}\n' for n in range(3000))
    assert process("add", "--jsonl", "-", input=many).code == 0
    for command in ("list", "list -f jsonl", "list -f csv", "search 'su kien'"):
        shell = f"{sys.executable} -m ilocal {command} | head -n 1; echo ${{PIPESTATUS[0]}}"
        done = subprocess.run(
            ["bash", "-c", shell],
            cwd=tmp_path,
            env=make_environment(tmp_path),
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.stderr == b""
        assert done.stdout.decode().splitlines()[-1] == "0"


@pytest.mark.parametrize("locale", ["C", "POSIX", "vi_VN.UTF-8", "en_US.ISO-8859-1", "xx"])
def test_the_output_is_utf8_in_every_locale(process: Ilocal, registry: Path, locale: str) -> None:
    result = process("list", env={"LANG": locale, "LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})
    assert (result.code, result.out) == (0, FOUR_EVENTS_LISTED)


def test_txt_is_a_page_that_import_reads_back_and_no_suffix_is_refused(ilocal: Ilocal, registry: Path) -> None:
    ilocal("export", "a.txt")
    ilocal("export", "a.md")
    assert Path("a.txt").read_text(encoding="utf-8").startswith("Sự kiện\n\nTháng Hai 2020\n\n 1. Khảo sát")
    assert Path("a.md").read_text(encoding="utf-8").startswith("# Sự kiện\n\n## Tháng Hai 2020\n\n1. **Khảo sát")
    before = registry.read_bytes()
    assert ilocal("import", "a.txt").code == 0
    assert registry.read_bytes() == before
    refused = ilocal("export", "a")
    assert (refused.code, refused.out, refused.err.split("\n")[0]) == (
        2, "", 'ilocal: a: the name has no suffix that says the format'
    )  # fmt: skip
    assert not Path("a").exists()


def test_a_template_writes_a_line_an_event(ilocal: Ilocal, registry: Path) -> None:
    template = "{start:%d/%m|?} {title}: {location|no place}"
    lines = '25/02 Khảo sát cuối kì về lao động trẻ em: no place\n20/02 Họp "Nhóm cố vấn CSR": Hà Nội\n'
    assert ilocal("list", "--month", "2020-02", "--template", template) == (0, lines, "")
    assert ilocal("show", "2020-khao-sat", "2020-hop", "--template", template, "-o", "a.txt") == (0, "", "")
    assert Path("a.txt").read_text(encoding="utf-8") == lines
    assert ilocal("upcoming", "-n", "1", "--template", template).out == lines.splitlines(keepends=True)[1]
    assert ilocal("search", "hop", "--template", "{id}").out == "2020-hop\n"
    assert ilocal("export", "b", "--month", "2020-02", "--template", template).code == 0
    assert Path("b").read_text(encoding="utf-8") == lines
    assert ilocal("list", "--template", "{chu de} {titel}") == (
        2, "", 'ilocal: unknown field "titel"\nhint: did you mean title?\n'
    )  # fmt: skip
    assert ilocal("--lang", "vi", "list", "--template", "{titel}") == (
        2, "", 'ilocal: không có trường "titel"\ngợi ý: ý bạn là title?\n'
    )  # fmt: skip
    for given in (("-f", "csv"), ("--columns", "title"), ("--excel",)):
        assert ilocal("list", "--template", "{id}", *given).code == 2


FULL_STDOUT = "ilocal: output: no space left on device; all changes were saved\n"


@pytest.mark.process
@pytest.mark.long
@pytest.mark.promise("P9")
@pytest.mark.parametrize(
    ("line", "code", "err", "is_saved"),
    [
        ("ilocal add Mới > /dev/full", 6, FULL_STDOUT, True),
        ("ilocal add Mới >&-", 0, "", True),
        ("ilocal add Mới | true; exit ${PIPESTATUS[0]}", 0, "", True),
        ("ilocal remove --yes 2020-hop > /dev/full", 6, FULL_STDOUT, True),
        (
            "ilocal edit 2020-hop --title Khác > /dev/full",
            0,
            '2020-hop: changed title (Họp "Nhóm cố vấn CSR" → Khác)\n',
            True,
        ),
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
    result = run_shell_line(tmp_path, line)
    assert (result.code, result.err) == (code, err)
    assert (registry.read_text(encoding="utf-8") != FOUR_EVENTS) == is_saved


@pytest.mark.process
@pytest.mark.promise("P9")
def test_a_script_that_repeats_what_seemed_to_fail_never_makes_a_second_event(registry: Path, tmp_path: Path) -> None:
    line = "ilocal add Mới 2020-03-01 --id moi --if-absent"
    assert run_shell_line(tmp_path, f"{line} > /dev/full").code == 6
    for _ in range(2):
        assert run_shell_line(tmp_path, line) == (0, "moi\n", "")
    assert registry.read_text(encoding="utf-8").count('id = "moi"') == 1
