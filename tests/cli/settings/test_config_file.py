"""Settings changed in the config file: one key, every other byte as it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import tomli

from ilocal.cli.settings.config_file import change_setting_in_text
from ilocal.errors import UsageError
from ilocal.terminal.theme import DEFAULT_STYLES
from tests.support.cli import Ilocal
from tests.support.processes import find_leftovers, start_command, stop_at_failpoint, wait_for_result
from tests.support.registry import FOUR_EVENTS


@pytest.mark.parametrize(
    ("text", "key", "value", "after"),
    [
        ("", "color", "never", 'color = "never"\n'),
        ("", "styles.date", "red", '[styles]\ndate = "red"\n'),
        ("# Mine", "color", "never", '# Mine\ncolor = "never"\n'),
        ("color='auto' # so\n# end\n", "color", "never", 'color="never"  # so\n# end\n'),
        ("a = 1\r\n\r\n[styles]\r\n", "color", "never", 'a = 1\r\ncolor = "never"\r\n\r\n[styles]\r\n'),
        ("# 1\n\n# 2\n[styles]\n", "color", "never", '# 1\n\ncolor = "never"\n\n# 2\n[styles]\n'),
        ("[styles] # x\n\n[b]\nc=1", "styles.dim", "red", '[styles] # x\ndim = "red"\n\n[b]\nc=1\n'),
        ("[b]\nc=1\n", "styles.dim", "red", '[b]\nc=1\n\n[styles]\ndim = "red"\n'),
        ("columns = [\n 'id', # one\n]\n", "columns", ["id", "title"], '# one\ncolumns = ["id", "title"]\n'),
        ("x = 1\ncolor = 'auto' # so\ny = 2\n", "color", None, "x = 1\n# so\ny = 2\n"),
        ("[styles]\ndim = 'red'\n", "styles.dim", None, "[styles]\n"),
        ("[styles]\ndim = 'red'\n", "color", None, "[styles]\ndim = 'red'\n"),
        ("\ufeffx = 1\n", "color", "auto", '\ufeffx = 1\ncolor = "auto"\n'),
        ('"color" = "auto"\n', "color", "never", '"color" = "never"\n'),
    ],
)
def test_a_change_touches_one_key(text: str, key: str, value: object, after: str) -> None:
    assert change_setting_in_text(text, key, value) == after


@pytest.mark.parametrize("text", ["styles.dim = 'red'\n", "x = 1\nstyles = { dim = 'red' }\n"])
@pytest.mark.parametrize("value", ["blue", None])
def test_what_cannot_be_changed_safely_is_refused(text: str, value: str | None) -> None:
    with pytest.raises(
        UsageError,
        match=r"styles.dim uses TOML syntax that ilocal cannot edit; change the setting in an editor; nothing",
    ):
        change_setting_in_text(text, "styles.dim", value)


def test_settings_are_set_and_taken_out(ilocal: Ilocal, config: Path) -> None:
    config.parent.rmdir()
    config.parent.parent.rmdir()
    assert ilocal("config", "columns", "title, when,topic") == (0, "", "")
    assert ilocal("config", "styles.match", "Bold  RED") == (0, "", "")
    assert ilocal("config", "language", "vi") == (0, "", "")
    assert config.read_text(encoding="utf-8") == (
        'columns = ["title", "when", "topics"]\nlanguage = "vi"\n\n[styles]\nmatch = "bold red"\n'
    )
    assert ilocal("config", "--unset", "columns") == (0, "", "")
    assert ilocal("config", "styles.match", "--unset").code == 0
    assert config.read_text(encoding="utf-8") == 'language = "vi"\n\n[styles]\n'


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("week_start", "chủ nhật", '"sunday"'),
        ("week_start", "Thứ Hai", '"monday"'),
        ("week_start", "T7", '"saturday"'),
        ("week_start", "Sunday", '"sunday"'),
        ("language", "tiếng Việt", '"vi"'),
        ("occurrences", "có", "true"),
        ("occurrences", "off", "false"),
    ],
)
def test_values_are_understood_as_people_say_them(
    ilocal: Ilocal, config: Path, key: str, typed: str, value: str
) -> None:
    assert ilocal("config", key, typed) == (0, "", "")
    assert config.read_text(encoding="utf-8") == f"{key} = {value}\n"


def test_a_config_that_is_a_link_stays_one(ilocal: Ilocal, config: Path) -> None:
    real = Path(os.environ["HOME"], "dotfiles.toml")
    real.write_text("# kept\n", encoding="utf-8")
    config.symlink_to(real)
    assert ilocal("config", "color", "never").code == 0
    assert config.is_symlink()
    assert real.read_text(encoding="utf-8") == '# kept\ncolor = "never"\n'


LARGE = b'color = "auto"\n' + b"#" * (1 << 20) + b'\nlanguage = "vi"\n'


def test_a_config_that_is_too_large_is_not_cut_off(ilocal: Ilocal, registry: Path, config: Path) -> None:
    config.write_bytes(LARGE)
    said = f"{config}: more than 1,048,576 bytes\n"
    assert ilocal("config", "color", "never") == (
        2,
        "",
        f"ilocal: {said}hint: fix the config file in an editor first\n",
    )
    assert config.read_bytes() == LARGE
    assert ilocal("--lang", "en", "list", "-f", "ids", "-n", "1") == (
        0, "2020-khao-sat\n", f"ilocal: warning: {said}",
    )  # fmt: skip


@pytest.mark.process
def test_settings_that_are_set_at_once_are_all_there(tmp_path: Path) -> None:
    begun = [start_command(tmp_path, "config", f"styles.{name}", "bold") for name in DEFAULT_STYLES]
    assert [wait_for_result(one) for one in begun] == [(0, "", "")] * len(DEFAULT_STYLES)
    text = (tmp_path / "config" / "ilocal" / "config.toml").read_text(encoding="utf-8")
    assert tomli.loads(text) == {"styles": dict.fromkeys(DEFAULT_STYLES, "bold")}


@pytest.mark.process
def test_what_an_editor_saves_as_a_setting_is_set_is_not_lost(tmp_path: Path) -> None:
    config = tmp_path / "config" / "ilocal" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('color = "auto"\n', encoding="utf-8")
    with stop_at_failpoint("synced", tmp_path, "config", "color", "never") as setting:
        config.write_text('language = "vi"\n', encoding="utf-8")
    assert wait_for_result(setting) == (
        5,
        "",
        f"ilocal: {config}: the file was changed by another program; nothing was written\nhint: try again\n",
    )
    assert config.read_text(encoding="utf-8") == 'language = "vi"\n'
    assert find_leftovers(config.parent) == []


def test_a_config_that_is_read_only_or_has_two_names_stays_as_it_is(
    ilocal: Ilocal, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text("# mine\n", encoding="utf-8")
    other = config.with_name("other.toml")
    os.link(config, other)
    result = ilocal("config", "color", "never")
    assert result[:2] == (2, "")
    assert result.err.startswith(
        f"ilocal: {config}: replacing the file would break its 2 hard links; nothing was changed"
    )
    other.unlink()
    config.chmod(0o444)
    if os.access(config, os.W_OK):  # root may write anything: say what the system would say to others
        monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.W_OK)
    assert ilocal("config", "color", "never") == (2, "", f"ilocal: {config}: read-only; nothing was changed\n")
    assert config.read_text(encoding="utf-8") == "# mine\n"
    assert find_leftovers(config.parent) == []


def test_no_config_at_all_can_be_named_and_not_be_changed(ilocal: Ilocal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ILOCAL_CONFIG", "/dev/null")
    assert ilocal("config", "color") == (0, "auto\n", "")
    assert ilocal("config", "color", "never") == (2, "", "ilocal: /dev/null: not a regular file\n")


@pytest.mark.parametrize("text", [FOUR_EVENTS, '[registry]\ntitle = "Mới"\n', '[[event]]\ntitle = "Mới"\n'])
def test_no_setting_is_written_into_a_registry(
    ilocal: Ilocal, registry: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    registry.write_text(text, encoding="utf-8")
    monkeypatch.setenv("ILOCAL_CONFIG", "events.toml")
    assert ilocal("--lang", "en", "config", "color", "never") == (
        2,
        "",
        "ilocal: events.toml: expected a config file, found a registry; nothing was changed\n"
        "hint: set ILOCAL_CONFIG to another file\n",
    )
    assert registry.read_text(encoding="utf-8") == text
