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

from ilocal.cli.settings.config import Settings, find_config_path, list_setting_keys, validate_setting
from ilocal.cli.settings.config_file import find_config_problems
from ilocal.errors import UsageError
from ilocal.model.safe_text import list_unsafe_characters_of_text
from ilocal.terminal.theme import DEFAULT_STYLES
from tests.support.cli import Ilocal, make_environment
from tests.support.paths import ROOT
from tests.support.registry import USER_CONFIG
from tests.support.terminal import run_on_terminal


def test_one_setting_as_json_is_one_object(ilocal: Ilocal, registry: Path) -> None:
    assert json.loads(ilocal("config", "language", "-f", "json").out) == {
        "key": "language", "value": "vi", "source": "registry", "file": "events.toml"
    }  # fmt: skip


def test_json_has_no_character_that_a_terminal_obeys_and_reads_back(
    ilocal: Ilocal, registry: Path, config: Path
) -> None:
    # C1 controls and directional marks are no escapes in JSON by themselves, and a config may come from anybody.
    hostile = "less \x1b[31m\x9b\u202e\u200b\U000e0001\x85"
    config.write_text(f"pager = {json.dumps(hostile)}\n".replace("\\udb40\\udc01", "\\U000e0001"), encoding="utf-8")
    for arguments in (("config", "-f", "json"), ("config", "pager", "-f", "json")):
        result = ilocal(*arguments)
        assert list_unsafe_characters_of_text(result.out) == []
        found = json.loads(result.out)
        values = (
            [one["value"] for one in found if one["key"] == "pager"] if isinstance(found, list) else [found["value"]]
        )
        assert values == [hostile]


@pytest.mark.process
def test_in_a_narrow_window_lines_are_broken_between_words(registry: Path) -> None:
    lines = run_on_terminal(registry.parent, 40, "config").split("\n")
    assert lines[:4] == [
        "registry        events.toml",
        "    found in this folder or its parents",
        "language        vi",
        "    the registry, events.toml",
    ]


def test_settings_as_json_say_file_and_line(ilocal: Ilocal, registry: Path, config: Path) -> None:
    config.write_text('styles.date = "red"\ncolumns = []\n', encoding="utf-8")
    rows = {row.pop("key"): row for row in json.loads(ilocal("--lang", "en", "config", "-f", "json").out)}
    assert list(rows) == list_setting_keys()
    assert [rows[key] for key in ("registry", "language", "columns", "color", "styles.date")] == [
        {"value": "events.toml", "source": "here"},
        {"value": "en", "source": "option", "name": "--lang"},
        {"value": [], "source": "config", "file": str(config), "line": 2},
        {"value": "auto", "source": "built-in"},
        {"value": "red", "source": "config", "file": str(config), "line": 1},
    ]
    rows = {row.pop("key"): row for row in json.loads(ilocal("config", "-f", "json").out)}
    assert rows["language"] == {"value": "vi", "source": "registry", "file": "events.toml"}


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
    config.write_text(USER_CONFIG, encoding="utf-8")
    assert ilocal(*arguments) == (0, value + "\n", "")


def test_a_language_that_there_is_not_is_warned_of_once(
    ilocal: Ilocal, registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ILOCAL_LANG", "xx")
    said = 'ilocal: warning: ILOCAL_LANG: unknown language "xx" (expected one of vi, en)\n'
    assert ilocal("list", "-n", "1", "-f", "ids") == (0, "2020-khao-sat\n", said)
    assert ilocal("--lang", "vi", "list", "-n", "1", "-f", "ids").err == ""


@pytest.mark.parametrize(("lang", "heading"), [("EN", "February"), ("en_US", "February"), ("vi_VN.UTF-8", "Tháng Hai")])
def test_a_language_may_be_named_as_locales_name_it(ilocal: Ilocal, registry: Path, lang: str, heading: str) -> None:
    assert ilocal("--lang", lang, "list", "-n", "1").out.startswith(heading)


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


@pytest.mark.process
def test_styles_and_colours_are_the_users(registry: Path, tmp_path: Path) -> None:
    path = Path(make_environment(tmp_path)["XDG_CONFIG_HOME"], "ilocal", "config.toml")
    path.parent.mkdir(parents=True)
    path.write_text('[styles]\nheading = "red"\ndate = "none"\nwarning = "bold #ff8800"\nmatch = "on bright_blue"\n')
    text = run_on_terminal(tmp_path, 80, "search", "hop", COLORTERM="truecolor")
    assert text.startswith("\x1b[31mTháng Hai 2020\x1b[0m\n")
    assert "\x1b[104mHọp\x1b[0m" in text
    assert "\n \x1b[2m1\x1b[0m  2020/02/20  " in text
    path.write_text('color = "never"\n')
    assert "\x1b" not in run_on_terminal(tmp_path, 80, "search", "hop")
    assert "\x1b[1;7mHọp" in run_on_terminal(tmp_path, 80, "--color", "auto", "search", "hop")


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
        style = validate_setting("styles.date", " ".join(words))
    except UsageError:
        return
    Style.parse(style)


def test_what_is_built_in_is_valid() -> None:
    assert {name: validate_setting(f"styles.{name}", style) for name, style in DEFAULT_STYLES.items()} == DEFAULT_STYLES


def test_what_is_wrong_is_named_with_its_line_and_passed_over(ilocal: Ilocal, registry: Path, config: Path) -> None:
    config.write_text(
        '# Mine\ncolumns = ["nothing"]\nlanguage = 5\ncolour = "never"\nweek_start = "Sundae"\nregistry = ""\n'
        '"a\\u001b" = 1\npager = ["less"]\n[styles]\ndate = "sparkling"\nfoo = { bar = 1 }\n[other]\nx = 1\n',
        encoding="utf-8",
    )
    result = ilocal("--lang", "en", "list", "-f", "ids", "-n", "1")
    said = [line.removeprefix(f"ilocal: warning: {config}:") for line in result.err.splitlines()]
    assert (result.code, result.out) == (0, "2020-khao-sat\n")
    assert [re.sub(r"(use )?one of [^)]*", "one of …", line) for line in said] == [
        '2: columns: unknown field "nothing" (one of …)',
        '3: language: "5" is not a valid value (one of …)',
        '4: unknown setting "colour" (did you mean color?)',
        '5: week_start: "Sundae" is not a valid value (one of …)',
        "6: registry: expected the path of a file or folder",
        '7: unknown setting "a\\x1b" (one of …)',
        "8: pager: expected a string (put the value in quotes)",
        '10: styles.date: "sparkling" is not a valid value (use words such as bold, dim, italic, underline, red, '
        'bright_blue, "on cyan", #ff8800)',
        '11: unknown setting "styles.foo" (did you mean styles.dim?)',
        '12: unknown setting "other" (one of …)',
    ]
    told = ilocal("--lang", "en", "config")
    assert told.err == result.err
    assert told.out.count("default") == len(list_setting_keys()) - 3


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'language = "en"\ncolumns = [\n', "config.toml:2: not valid TOML: invalid value"),
        (b'language = "en"\n# \xff\n', "config.toml:2: not UTF-8 text (byte 0xff)"),
        (b"a = 1\na = 2\n", "config.toml:2: a: the field is set in line 1 already; leave one of the two lines out"),
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
        2, "", f"ilocal: {folder}/{said}\nhint: fix the config file in an editor first\n",
    )  # fmt: skip
    assert config.read_bytes() == data


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("colr",), 'unknown setting "colr"\nhint: did you mean color?\n'),
        (("color", "purple"), 'color: "purple" is not a valid value\nhint: use one of auto, always, never\n'),
        (("columns", "title,nix"), 'columns: unknown field "nix"\nhint: use one of when, title, id, '),
        (("styles",), 'unknown setting "styles"\nhint: use one of styles.heading, styles.section, styles.date, '),
        (("--unset",), "--unset takes exactly one setting name\nhint: ilocal config --unset color\n"),
        (("color", "auto", "--unset"), "--unset takes exactly one setting name\n"),
        (("color", "--path"), "--path cannot be used with other arguments\n"),
        (("-f", "csv"), 'settings cannot be printed in the format "csv"\nhint: table, json\n'),
    ],
)
def test_wrong_words_end_with_2_and_a_way_out(
    ilocal: Ilocal, config: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = ilocal("config", *arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"ilocal: {said}")
    assert not config.exists()


def test_what_is_no_file_is_no_config_and_nothing_waits_for_it(process: Ilocal, registry: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path, said in (("fifo", "not a regular file"), (".", "is a directory"), ("/dev/zero", "not a regular file")):
        env = {"ILOCAL_CONFIG": path}
        assert process("list", "-f", "ids", "-n", "1", env=env) == (
            0, "2020-khao-sat\n", f"ilocal: warning: {path}: {said}\n",
        )  # fmt: skip
        assert process("config", "color", "never", env=env) == (
            2, "", f"ilocal: {path}: {said}\nhint: fix the config file in an editor first\n",
        )  # fmt: skip


def test_a_config_beside_a_registry_is_not_read(ilocal: Ilocal, registry: Path, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('pager = "rm"\nlanguage = "en"\n', encoding="utf-8")
    assert (ilocal("config", "pager").out, ilocal("config", "language").out) == ("cat\n", "vi\n")


def test_nothing_is_parsed_for_those_who_have_no_config(process: Ilocal) -> None:
    code = "import sys; from ilocal.cli.main import run_command_line as run; run(['--help']); print({'tomli', 'ilocal.storage.toml.event_writer', 'ilocal.storage.toml.scanner'} & set(sys.modules))"
    assert process("--version").code == 0
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert done.stdout.splitlines()[-1] == "set()"


def test_the_config_in_the_reference_is_valid() -> None:
    (text,) = re.findall(
        r"```toml\n(registry = .*?)```", (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8"), re.DOTALL
    )
    table = tomli.loads(text)
    assert list(find_config_problems(Settings(None, text.encode(), table))) == []
    assert list(table) == [*(key for key in list_setting_keys() if "." not in key), "styles"]


@pytest.mark.parametrize("base", ["/some/where", "", "  ", "re/lative"])
def test_the_folder_is_the_one_of_platformdirs(monkeypatch: pytest.MonkeyPatch, base: str) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", base)
    assert find_config_path(os.environ) == user_config_path("ilocal") / "config.toml"
    monkeypatch.delenv("XDG_CONFIG_HOME")
    assert find_config_path(os.environ) == Path(os.environ["HOME"], ".config", "ilocal", "config.toml")


def test_names_of_settings_are_completed(ilocal: Ilocal) -> None:
    from ilocal.cli.commands.config import complete_setting_keys

    assert complete_setting_keys("c") == ["columns", "color"]
    assert complete_setting_keys("styles.d") == ["styles.date", "styles.dim"]
