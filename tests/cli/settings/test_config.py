"""The user's config: what it may say, what counts more, what is wrong in it, and how it is changed."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st
from platformdirs import user_config_path
from rich.style import Style

from ilocal.config import BUILT_IN, STYLES, Config, checked, path_of
from ilocal.config.change import changed
from ilocal.errors import UsageError
from tests.conftest import FOUR, ROOT, Ilocal, environment
from tests.support.processes import ended, litter, start, stopped_at
from tests.terminal.test_tables import screen

TABLE = """\
registry        events.toml          option --registry
language        vi                   {file}:2
columns         title,when           {file}:3
week_start      sunday               {file}:4
color           never                variable NO_COLOR
pager           cat                  variable PAGER
styles.heading  bold                 built in
styles.section  bold cyan            built in
styles.date     bold magenta on red  {file}:9
styles.match    bold reverse         built in
styles.running  bold green           built in
styles.warning  bold yellow          built in
styles.dim      dim                  built in
"""

CONFIG = """\
# Mine.
language = "vi"
columns = ["title", "when"]
week_start = "sunday"  # as at home
color = 'always'

# What stands out.
[styles]
date = "Bold magenta  on red"
"""


@pytest.fixture
def config() -> Path:
    """The user's config file; its folder is there."""
    path = Path(os.environ["XDG_CONFIG_HOME"], "ilocal", "config.toml")
    path.parent.mkdir(parents=True)
    return path


# ------------------------------------------------------------------------------------------------------ what it is for


def test_each_setting_is_shown_with_who_says_so(
    ilocal: Ilocal, registry: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text(CONFIG, encoding="utf-8")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("ILOCAL_LANG", "xx")  # which is none, and counts as not said
    out = TABLE.format(file=config)
    told = ilocal("-r", "events.toml", "config")
    assert told.out.replace("tùy chọn", "option").replace("biến", "variable").replace("có sẵn", "built in") == out
    assert (told.code, told.err.count("\n")) == (0, 1)  # which says that there is no such language
    monkeypatch.setenv("ILOCAL_LANG", "en")
    english = ilocal("-r", "events.toml", "config").out
    assert english == out.replace(f"vi                   {config}:2", "en                   variable ILOCAL_LANG")


def test_one_setting_as_json_is_one_object(ilocal: Ilocal, registry: Path) -> None:
    assert json.loads(ilocal("config", "language", "-f", "json").out) == {
        "key": "language", "value": "vi", "source": "registry", "file": "events.toml"
    }  # fmt: skip


def test_in_a_narrow_window_lines_are_broken_between_words(registry: Path) -> None:
    lines = screen(registry.parent, 40, "config").split("\n")
    assert lines[:4] == [
        "registry        events.toml",
        "    found here or above",
        "language        vi",
        "    the registry, events.toml",
    ]


def test_settings_as_json_say_file_and_line(ilocal: Ilocal, registry: Path, config: Path) -> None:
    config.write_text('styles.date = "red"\ncolumns = []\n', encoding="utf-8")
    rows = {row.pop("key"): row for row in json.loads(ilocal("--lang", "en", "config", "-f", "json").out)}
    assert list(rows) == list(BUILT_IN)
    assert [rows[key] for key in ("registry", "language", "columns", "color", "styles.date")] == [
        {"value": "events.toml", "source": "here"},
        {"value": "en", "source": "option", "name": "--lang"},
        {"value": [], "source": "config", "file": str(config), "line": 2},
        {"value": "auto", "source": "built-in"},
        {"value": "red", "source": "config", "file": str(config), "line": 1},
    ]
    rows = {row.pop("key"): row for row in json.loads(ilocal("config", "-f", "json").out)}
    assert rows["language"] == {"value": "vi", "source": "registry", "file": "events.toml"}


def test_without_a_registry_there_are_settings_too(ilocal: Ilocal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "vi_VN.UTF-8")
    lines = ilocal("config").out.splitlines()
    assert lines[:2] == ["registry        –             có sẵn", "language        vi            ngôn ngữ của hệ thống"]


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        (("config", "language"), "vi"),
        (("--lang", "en", "config", "language"), "en"),
        (("config", "columns"), "title,when"),
        (("config", "color"), "always"),
        (("--color", "auto", "config", "color"), "auto"),
        (("--no-pager", "config", "pager"), ""),
        (("config", "styles.date"), "bold magenta on red"),
    ],
)
def test_one_setting_is_its_value_alone(ilocal: Ilocal, config: Path, arguments: tuple[str, ...], value: str) -> None:
    config.write_text(CONFIG, encoding="utf-8")
    assert ilocal(*arguments) == (0, value + "\n", "")


def test_the_pager_is_the_nearest_word(ilocal: Ilocal, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PAGER")
    assert ilocal("config", "pager").out == "less\n"
    monkeypatch.setenv("PAGER", "of all programs")
    assert ilocal("config", "pager").out == "of all programs\n"
    config.write_text('pager = "of the config"\n', encoding="utf-8")
    assert ilocal("config", "pager").out == "of the config\n"
    monkeypatch.setenv("ILOCAL_PAGER", "of the shell")
    assert ilocal("config", "pager").out == "of the shell\n"


def test_the_language_of_the_config_goes_before_the_registrys(ilocal: Ilocal, registry: Path, config: Path) -> None:
    config.write_text('language = "en"\n', encoding="utf-8")
    assert ilocal("list", "--month", "2020-02").out.startswith("February 2020\n")
    assert ilocal("--lang", "vi", "list", "--month", "2020-02").out.startswith("Tháng Hai 2020\n")
    config.write_text('language = "vi"\n', encoding="utf-8")
    assert ilocal("list", "--month", "13/2020").err.startswith("ilocal: ")
    assert "Cách dùng" in ilocal("list", "--help").out or "Usage" in ilocal("list", "--help").out


def test_a_language_that_there_is_not_is_warned_of_once(
    ilocal: Ilocal, registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ILOCAL_LANG", "xx")
    said = 'ilocal: warning: ILOCAL_LANG: there is no language "xx" (one of vi, en)\n'
    assert ilocal("list", "-n", "1", "-f", "ids") == (0, "2020-khao-sat\n", said)
    assert ilocal("--lang", "vi", "list", "-n", "1", "-f", "ids").err == ""


@pytest.mark.parametrize(("lang", "heading"), [("EN", "February"), ("en_US", "February"), ("vi_VN.UTF-8", "Tháng Hai")])
def test_a_language_may_be_named_as_locales_name_it(ilocal: Ilocal, registry: Path, lang: str, heading: str) -> None:
    assert ilocal("--lang", lang, "list", "-n", "1").out.startswith(heading)


def test_a_registry_is_kept_as_it_is_found_from_any_folder(ilocal: Ilocal, config: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine" / "events.toml"
    said = f"ilocal: warning: there is no registry at {path} yet\n"
    assert ilocal("config", "registry", "mine/events.toml") == (0, "", said)
    assert config.read_text(encoding="utf-8") == f'registry = "{path}"\n'
    assert ilocal("list") == (
        3,
        "",
        f"ilocal: there is no registry at {path}, which your config names ({config}:1)\n"
        f"hint: make one with: ilocal init {path}\n",
    )
    path.parent.mkdir()
    path.write_text("", encoding="utf-8")
    assert ilocal("config", "registry", "mine/events.toml") == (0, "", "")
    assert ilocal("config", "registry", "~/mine.toml").code == 0
    assert config.read_text(encoding="utf-8") == 'registry = "~/mine.toml"\n'


def test_a_registry_of_the_config_stands_in_where_none_is_near(
    ilocal: Ilocal, registry: Path, config: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = config.parent / "mine.toml"
    other.write_text('[[event]]\nid = "mine"\ntitle = "A"\n', encoding="utf-8")
    config.write_text('registry = "mine.toml"\n', encoding="utf-8")
    assert "mine" not in ilocal("list", "-f", "ids").out
    (tmp_path / "in").mkdir()
    registry.rename(tmp_path / "in" / "other.toml")
    assert ilocal("list", "-f", "ids").out == "mine\n"
    home = Path(os.environ["HOME"])
    other.rename(home / "mine.toml")
    config.write_text('registry = "~/mine.toml"\n', encoding="utf-8")
    assert ilocal("list", "-f", "ids").out == "mine\n"
    assert "2020-hop\n" in ilocal("-r", "in/other.toml", "list", "-f", "ids").out
    monkeypatch.setenv("ILOCAL_REGISTRY", "in/other.toml")
    assert "2020-hop\n" in ilocal("list", "-f", "ids").out


def test_columns_of_the_config_are_those_of_tables_and_not_of_what_programs_read(
    ilocal: Ilocal, registry: Path, config: Path
) -> None:
    csv = ilocal("list", "-f", "csv").out
    config.write_text('columns = ["title", "location"]\n', encoding="utf-8")
    assert ilocal("list", "--month", "2020-02").out == (
        'Tháng Hai 2020\n  1. Khảo sát cuối kì về lao động trẻ em\n  2. Họp "Nhóm cố vấn CSR"  Hà Nội\n'
    )
    assert ilocal("list", "-f", "csv").out == csv
    assert ilocal("list", "--columns", "id", "-n", "1").out == "Tháng Hai 2020\n  1. 2020-khao-sat\n"


def test_styles_and_colours_are_the_users(registry: Path, tmp_path: Path) -> None:
    path = Path(environment(tmp_path)["XDG_CONFIG_HOME"], "ilocal", "config.toml")
    path.parent.mkdir(parents=True)
    path.write_text('[styles]\nheading = "red"\ndate = "none"\nwarning = "bold #ff8800"\nmatch = "on bright_blue"\n')
    text = screen(tmp_path, 80, "search", "hop", COLORTERM="truecolor")
    assert text.startswith("\x1b[31mTháng Hai 2020\x1b[0m\n")
    assert "\x1b[104mHọp\x1b[0m" in text
    assert "│ 2020/02/20 " in text.replace("\x1b[2m", "").replace("\x1b[0m", "")
    path.write_text('color = "never"\n')
    assert "\x1b" not in screen(tmp_path, 80, "search", "hop")
    assert "\x1b[1;7mHọp" in screen(tmp_path, 80, "--color", "auto", "search", "hop")


@given(
    st.lists(
        st.sampled_from(
            "bold dim italic underline reverse strike not red on cyan bright_blue default #ff8800 #FFF color(7) "
            "color(255) color(256) none link blink orange 12 bold,red".split()
        ),
        max_size=4,
    )
)
def test_a_style_that_is_taken_is_one_that_can_be_drawn(words: list[str]) -> None:
    try:
        style = checked("styles.date", " ".join(words))
    except UsageError:
        return
    Style.parse(style)


def test_what_is_built_in_is_valid() -> None:
    assert {name: checked(f"styles.{name}", style) for name, style in STYLES.items()} == STYLES


# ------------------------------------------------------------------------------------------------------- what is wrong


def test_what_is_wrong_is_named_with_its_line_and_passed_over(ilocal: Ilocal, registry: Path, config: Path) -> None:
    config.write_text(
        '# Mine\ncolumns = ["nothing"]\nlanguage = 5\ncolour = "never"\nweek_start = "Sunday"\nregistry = ""\n'
        '"a\\u001b" = 1\npager = ["less"]\n[styles]\ndate = "sparkling"\nfoo = { bar = 1 }\n[other]\nx = 1\n',
        encoding="utf-8",
    )
    result = ilocal("--lang", "en", "list", "-f", "ids", "-n", "1")
    said = [line.removeprefix(f"ilocal: warning: {config}:") for line in result.err.splitlines()]
    assert (result.code, result.out) == (0, "2020-khao-sat\n")
    assert [re.sub(r"one of [^)]*", "one of …", line) for line in said] == [
        '2: columns: there is no field "nothing" (one of …)',
        '3: language: "5" cannot be its value (one of …)',
        '4: there is no setting "colour" (did you mean color?)',
        '5: week_start: "Sunday" cannot be its value (one of …)',
        "6: registry: the path of a file or folder is wanted",
        '7: there is no setting "a\\x1b" (one of …)',
        "8: pager: a text is wanted (put it in quotes)",
        '10: styles.date: "sparkling" cannot be its value (words such as bold, dim, italic, underline, red, '
        'bright_blue, "on cyan", #ff8800)',
        '11: there is no setting "styles.foo" (did you mean styles.dim?)',
        '12: there is no setting "other" (one of …)',
    ]
    told = ilocal("--lang", "en", "config")
    assert told.err == result.err
    assert told.out.count("built in") == len(BUILT_IN) - 3


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'language = "en"\ncolumns = [\n', "config.toml:3: not valid TOML: invalid value"),
        (b'language = "en"\n# \xff\n', "config.toml:2: not UTF-8 text (byte 0xff)"),
        (b"a = 1\na = 2\n", "config.toml:2: not valid TOML: cannot overwrite a value"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_left_as_it_is(
    ilocal: Ilocal, registry: Path, config: Path, data: bytes, said: str
) -> None:
    config.write_bytes(data)
    folder = config.parent
    result = ilocal("--lang", "en", "list", "-f", "ids", "-n", "1")
    assert result == (0, "2020-khao-sat\n", f"ilocal: warning: {folder}/{said}\n")
    assert ilocal("--lang", "en", "config", "color", "never") == (
        2, "", f"ilocal: {folder}/{said}\nhint: mend it in an editor first\n",
    )  # fmt: skip
    assert config.read_bytes() == data


def test_another_file_or_none_may_be_named(ilocal: Ilocal, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text('color = "never"\n', encoding="utf-8")
    assert ilocal("config", "--path") == (0, f"{config}\n", "")
    monkeypatch.setenv("ILOCAL_CONFIG", "other.toml")
    assert ilocal("config", "color") == (0, "auto\n", "ilocal: warning: other.toml: no such file or directory\n")
    assert ilocal("config", "color", "always") == (0, "", "")
    assert (ilocal("config", "color").out, ilocal("config", "--path").out) == ("always\n", "other.toml\n")
    monkeypatch.setenv("ILOCAL_CONFIG", "")
    assert ilocal("config", "color") == (0, "auto\n", "")
    for arguments in (("--path",), ("color", "never")):
        assert ilocal("config", *arguments) == (2, "", "ilocal: ILOCAL_CONFIG is empty: there is no config file\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("colr",), 'there is no setting "colr"\nhint: did you mean color?\n'),
        (("color", "purple"), 'color: "purple" cannot be its value\nhint: one of auto, always, never\n'),
        (("columns", "title,nix"), 'columns: there is no field "nix"\nhint: one of title, id, '),
        (("styles",), 'there is no setting "styles"\nhint: one of styles.heading, styles.section, styles.date, '),
        (("--unset",), "--unset wants the name of a setting alone\nhint: ilocal config --unset color\n"),
        (("color", "auto", "--unset"), "--unset wants the name of a setting alone\n"),
        (("color", "--path"), "--path stands alone\n"),
        (("-f", "csv"), 'there is no format "csv" for settings\nhint: table, json\n'),
    ],
)
def test_wrong_words_end_with_2_and_a_way_out(
    ilocal: Ilocal, config: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = ilocal("config", *arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"ilocal: {said}")
    assert not config.exists()


# ------------------------------------------------------------------------------------------------------- how it changes


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
    assert changed(text, key, value) == after


@pytest.mark.parametrize("text", ["styles.dim = 'red'\n", "x = 1\nstyles = { dim = 'red' }\n"])
@pytest.mark.parametrize("value", ["blue", None])
def test_what_cannot_be_changed_safely_is_refused(text: str, value: str | None) -> None:
    with pytest.raises(UsageError, match=r"styles.dim is written in a way that only an editor can change; nothing"):
        changed(text, "styles.dim", value)


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
    assert ilocal("config", "color", "never") == (2, "", f"ilocal: {said}hint: mend it in an editor first\n")
    assert config.read_bytes() == LARGE
    assert ilocal("--lang", "en", "list", "-f", "ids", "-n", "1") == (
        0, "2020-khao-sat\n", f"ilocal: warning: {said}",
    )  # fmt: skip


def test_settings_that_are_set_at_once_are_all_there(tmp_path: Path) -> None:
    begun = [start(tmp_path, "config", f"styles.{name}", "bold") for name in STYLES]
    assert [ended(one) for one in begun] == [(0, "", "")] * len(STYLES)
    text = (tmp_path / "config" / "ilocal" / "config.toml").read_text(encoding="utf-8")
    assert tomli.loads(text) == {"styles": dict.fromkeys(STYLES, "bold")}


def test_what_an_editor_saves_as_a_setting_is_set_is_not_lost(tmp_path: Path) -> None:
    config = tmp_path / "config" / "ilocal" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('color = "auto"\n', encoding="utf-8")
    with stopped_at("synced", tmp_path, "config", "color", "never") as setting:
        config.write_text('language = "vi"\n', encoding="utf-8")
    assert ended(setting) == (
        5,
        "",
        f"ilocal: {config}: changed by another program meanwhile; nothing was written\nhint: try again\n",
    )
    assert config.read_text(encoding="utf-8") == 'language = "vi"\n'
    assert litter(config.parent) == []


def test_a_config_that_is_read_only_or_has_two_names_stays_as_it_is(
    ilocal: Ilocal, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text("# mine\n", encoding="utf-8")
    other = config.with_name("other.toml")
    os.link(config, other)
    result = ilocal("config", "color", "never")
    assert result[:2] == (2, "")
    assert result.err.startswith(f"ilocal: {config}: has 2 names (hard links), and would keep one; nothing was changed")
    other.unlink()
    config.chmod(0o444)
    if os.access(config, os.W_OK):  # root may write anything: say what the system would say to others
        monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.W_OK)
    assert ilocal("config", "color", "never") == (2, "", f"ilocal: {config}: read-only; nothing was changed\n")
    assert config.read_text(encoding="utf-8") == "# mine\n"
    assert litter(config.parent) == []


def test_what_is_no_file_is_no_config_and_nothing_waits_for_it(process: Ilocal, registry: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path, said in (("fifo", "not a regular file"), (".", "is a directory"), ("/dev/zero", "not a regular file")):
        env = {"ILOCAL_CONFIG": path}
        assert process("list", "-f", "ids", "-n", "1", env=env) == (
            0, "2020-khao-sat\n", f"ilocal: warning: {path}: {said}\n",
        )  # fmt: skip
        assert process("config", "color", "never", env=env) == (
            2, "", f"ilocal: {path}: {said}\nhint: mend it in an editor first\n",
        )  # fmt: skip


def test_no_config_at_all_can_be_named_and_not_be_changed(ilocal: Ilocal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ILOCAL_CONFIG", "/dev/null")
    assert ilocal("config", "color") == (0, "auto\n", "")
    assert ilocal("config", "color", "never") == (2, "", "ilocal: /dev/null: not a regular file\n")


@pytest.mark.parametrize("text", [FOUR, '[registry]\ntitle = "Mới"\n', '[[event]]\ntitle = "Mới"\n'])
def test_no_setting_is_written_into_a_registry(
    ilocal: Ilocal, registry: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    registry.write_text(text, encoding="utf-8")
    monkeypatch.setenv("ILOCAL_CONFIG", "events.toml")
    assert ilocal("--lang", "en", "config", "color", "never") == (
        2,
        "",
        "ilocal: events.toml: that is a registry, and no config; nothing was changed\n"
        "hint: name another file in ILOCAL_CONFIG\n",
    )
    assert registry.read_text(encoding="utf-8") == text


def test_a_config_beside_a_registry_is_not_read(ilocal: Ilocal, registry: Path, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('pager = "rm"\nlanguage = "en"\n', encoding="utf-8")
    assert (ilocal("config", "pager").out, ilocal("config", "language").out) == ("cat\n", "vi\n")


def test_nothing_is_parsed_for_those_who_have_no_config(process: Ilocal) -> None:
    code = (
        "import sys; from ilocal.cli import run; run(['--help']); print({'tomli', 'ilocal.block'} & set(sys.modules))"
    )
    assert process("--version").code == 0
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert done.stdout.splitlines()[-1] == "set()"


def test_the_config_in_the_readme_is_valid() -> None:
    (text,) = re.findall(r"```toml\n(registry = .*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    table = tomli.loads(text)
    assert list(Config(None, text.encode(), table).problems()) == []
    assert list(table) == [*list(BUILT_IN)[:6], "styles"]


@pytest.mark.parametrize("base", ["/some/where", "", "  ", "re/lative"])
def test_the_folder_is_the_one_of_platformdirs(monkeypatch: pytest.MonkeyPatch, base: str) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", base)
    assert path_of(os.environ) == user_config_path("ilocal") / "config.toml"
    monkeypatch.delenv("XDG_CONFIG_HOME")
    assert path_of(os.environ) == Path(os.environ["HOME"], ".config", "ilocal", "config.toml")


def test_names_of_settings_are_completed(ilocal: Ilocal) -> None:
    from ilocal.commands.config import keys

    assert keys("c") == ["columns", "color"]
    assert keys("styles.d") == ["styles.date", "styles.dim"]
