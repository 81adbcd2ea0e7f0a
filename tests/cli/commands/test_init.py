"""`ilocal init`: a registry that works, with its schema, and nothing written over."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from ilocal.storage.files import SCHEMA_FILE_NAME
from tests.support.cli import Ilocal, make_environment
from tests.support.processes import run_shell_line
from tests.support.registry import parse_registry
from tests.support.terminal import Talk
from tests.support.traced_program import needs_strace, run_traced_program


def test_init_makes_a_registry_that_works_and_never_overwrites(ilocal: Ilocal, tmp_path: Path) -> None:
    assert (
        ilocal("list").err
        == "ilocal: there is no registry in this folder or its parents\nhint: to create a registry, run: ilocal init\n"
    )
    assert ilocal("--lang", "vi", "init", "--timezone", "Asia/Ho_Chi_Minh") == (
        0, "", "events.toml: đã tạo\nilocal.schema.json: đã tạo (để trình soạn thảo gợi ý khi gõ)\n",
    )  # fmt: skip
    text = (tmp_path / "events.toml").read_text(encoding="utf-8")
    assert ilocal("init").code == 5
    assert ilocal("check", "--strict").code == 0
    assert ilocal("add", "A", "tomorrow").out == "2020-a\n"
    assert (tmp_path / "events.toml").read_text(encoding="utf-8").startswith(text)
    assert ilocal("init", "--timezone", "Nowhere", "x.toml").code == 2
    assert ilocal("init", "no/such/folder/x.toml").code == 3


@pytest.mark.process
@pytest.mark.promise("P9")
@pytest.mark.parametrize("fault", ["error=EIO", "error=ENOSPC"])
@needs_strace
def test_a_registry_is_made_also_where_its_schema_cannot_be(tmp_path: Path, fault: str) -> None:
    # The first two syncs are those of the registry and its folder.
    inject = ("-f", "-o", "/dev/null", "-e", "trace=fsync", "-e", f"inject=fsync:{fault}:when=3")
    result = run_traced_program(("init",), tmp_path, make_environment(tmp_path), inject)
    assert (result.code, result.out) == (0, "")
    assert result.err.splitlines()[0] == "events.toml: created"
    assert "schema" in result.err.splitlines()[1]
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["events.toml"]
    assert run_shell_line(tmp_path, "ilocal add Mới").code == 0


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
        0, "", "events.toml: created\nilocal.schema.json: input/output error; nothing was changed\n",
    )  # fmt: skip


def test_init_puts_the_schema_beside_the_registry_and_never_over_another(ilocal: Ilocal) -> None:
    Path("years").mkdir()
    assert (
        ilocal("init", "years").err
        == f"years/events.toml: created\nyears/{SCHEMA_FILE_NAME}: created (for completion in editors)\n"
    )
    assert Path("years/events.toml").read_text(encoding="utf-8").startswith(f"#:schema ./{SCHEMA_FILE_NAME}\n")
    assert Path("years", SCHEMA_FILE_NAME).read_text(encoding="utf-8") == ilocal("schema").out
    assert ilocal("-r", "years", "check", "--strict") == (0, "", "0 events, 0 errors, 0 warnings\n")
    assert ilocal("init", "years/b.toml").err == "years/b.toml: created\n"
    Path("years", SCHEMA_FILE_NAME).write_text("{}", encoding="utf-8")
    assert ilocal("init", "years/c.toml").err == (
        f"years/c.toml: created\nyears/{SCHEMA_FILE_NAME}: not changed, because the existing file differs; to update the file, run: ilocal schema -o years/{SCHEMA_FILE_NAME}\n"
    )
    assert Path("years", SCHEMA_FILE_NAME).read_text(encoding="utf-8") == "{}"


def test_init_at_a_terminal_asks_and_says_the_next_step(talk: Talk, tmp_path: Path) -> None:
    dialogue = talk("init", ILOCAL_LANG="vi", TZ="Etc/UTC")
    assert dialogue.see("]: ") == "Ngôn ngữ của danh sách (vi, en) [vi]: "
    dialogue.type("tiếng Pháp")
    assert dialogue.see("]: ") == (
        'tiếng Pháp\nkhông có ngôn ngữ "tiếng Pháp"\ngợi ý: chọn một trong: vi, en\nNgôn ngữ của danh sách (vi, en) [vi]: '
    )
    dialogue.type("")
    assert dialogue.see("]: ") == "\nTên danh sách [Sự kiện]: "
    dialogue.type('Lịch "của" ta')
    assert dialogue.see("]: ") == 'Lịch "của" ta\nMúi giờ [Asia/Ho_Chi_Minh]: '
    dialogue.type("Huế")
    assert dialogue.see("]: ").endswith("Múi giờ [Asia/Ho_Chi_Minh]: ")
    dialogue.type("")
    assert dialogue.end() == (
        0, "", "\nevents.toml: đã tạo\nilocal.schema.json: đã tạo (để trình soạn thảo gợi ý khi gõ)\nbước tiếp theo: ilocal add\n",
    )  # fmt: skip
    info = parse_registry((tmp_path / "events.toml").read_text(encoding="utf-8")).info
    assert (info.title, info.language, info.timezone) == ('Lịch "của" ta', "vi", "Asia/Ho_Chi_Minh")


def answer_questions(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Simulate a user who answers, and return the questions as they come."""
    asked: list[str] = []
    typed = iter(answers)

    def answer(question: str, _completions: object = None) -> str:
        asked.append(question)
        return next(typed)

    monkeypatch.setattr("ilocal.cli.commands.init.is_interactive", lambda: True)
    monkeypatch.setattr("ilocal.cli.commands.init.prompt_for_line", answer)
    return asked


def test_what_options_say_is_not_asked(ilocal: Ilocal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Paris")
    asked = answer_questions(monkeypatch, "english", "", "")
    assert ilocal("init").code == 0
    assert asked == [
        "Language of the list (vi, en) [en]: ",
        "Title of the list [Events]: ",
        "Time zone [Europe/Paris]: ",
    ]
    said = answer_questions(monkeypatch, "", "UTC")
    assert ilocal("--lang", "vi", "init", "a.toml").code == 0
    assert said == ["Tên danh sách [Sự kiện]: ", "Múi giờ [Europe/Paris]: "]
    none = answer_questions(monkeypatch)
    assert ilocal("--lang", "vi", "init", "b.toml", "--title", "A", "--timezone", "UTC").code == 0
    assert ilocal("init", "c.toml", "--yes").code == 0
    assert ilocal("init", "c.toml").code == 5  # it is there already, and nothing is asked
    assert none == []


def test_who_does_not_answer_gets_no_registry(ilocal: Ilocal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answer_questions(monkeypatch)
    monkeypatch.setattr("ilocal.cli.commands.init.prompt_for_line", lambda *_: (_ for _ in ()).throw(EOFError))
    assert ilocal("init") == (130, "", "")
    assert list(tmp_path.iterdir()) == []
