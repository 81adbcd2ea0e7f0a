"""Settings by their source: option, environment, config, registry, default."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import Any

import pytest

from ilocal.cli.settings.config import Settings, find_setting
from ilocal.cli.settings.precedence import CommandLineOverrides, resolve_setting
from tests.support.cli import Ilocal
from tests.support.registry import USER_CONFIG

TABLE = """\
registry        events.toml          option --registry
language        vi                   {file}:2
columns         title,when           {file}:3
map             –                    default
date_format     ymd                  default
occurrences     false                default
table           quiet                default
week_start      sunday               {file}:4
color           never                environment variable NO_COLOR
pager           cat                  environment variable PAGER
styles.heading  bold                 default
styles.section  bold cyan            default
styles.date     bold magenta on red  {file}:9
styles.match    bold reverse         default
styles.running  bold green           default
styles.warning  bold yellow          default
styles.dim      dim                  default
"""


def test_each_setting_is_shown_with_who_says_so(
    ilocal: Ilocal, registry: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text(USER_CONFIG, encoding="utf-8")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("ILOCAL_LANG", "xx")  # which is none, and counts as not said
    out = TABLE.format(file=config)
    told = ilocal("-r", "events.toml", "config")
    assert (
        told.out.replace("tùy chọn", "option")
        .replace("biến môi trường", "environment variable")
        .replace("mặc định", "default")
        == out
    )
    assert (told.code, told.err.count("\n")) == (0, 1)  # which says that there is no such language
    monkeypatch.setenv("ILOCAL_LANG", "en")
    english = ilocal("-r", "events.toml", "config").out
    assert english == out.replace(
        f"vi                   {config}:2", "en                   environment variable ILOCAL_LANG"
    )


def test_without_a_registry_there_are_settings_too(ilocal: Ilocal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "vi_VN.UTF-8")
    lines = ilocal("config").out.splitlines()
    assert lines[:2] == [
        "registry        –             mặc định",
        "language        vi            ngôn ngữ của hệ thống",
    ]


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


def test_a_registry_is_kept_as_it_is_found_from_any_folder(ilocal: Ilocal, config: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine" / "events.toml"
    said = f"ilocal: warning: there is no registry at {path} yet\n"
    assert ilocal("config", "registry", "mine/events.toml") == (0, "", said)
    assert config.read_text(encoding="utf-8") == f'registry = "{path}"\n'
    assert ilocal("list") == (
        3,
        "",
        f"ilocal: there is no registry at {path}, which is set in your config file ({config}:1)\n"
        f"hint: to create a registry, run: ilocal init {path}\n",
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
        assert ilocal("config", *arguments) == (2, "", "ilocal: ILOCAL_CONFIG is empty, so no config file is used\n")


# For each setting who may say what it is, the strongest first, and what each of them says in the test below.
SOURCES: dict[str, dict[str, Any]] = {
    "registry": {
        "option": "a.toml",
        "ILOCAL_REGISTRY": "b.toml",
        "here": "events.toml",
        "config": "c.toml",
        "data": "d",
    },
    "language": {
        "option": "vi",
        "ILOCAL_LANG": "en",
        "config": "vi",
        "registry": "en",
        "locale": "vi",
        "built-in": "en",
    },
    "columns": {"config": ["title"], "built-in": []},
    "map": {"config": ["Việc=title"], "built-in": []},
    "date_format": {"config": "dmy", "built-in": "ymd"},
    "occurrences": {"config": True, "built-in": False},
    "table": {"config": "box", "built-in": "quiet"},
    "week_start": {"config": "sunday", "built-in": "monday"},
    "color": {"option": "always", "NO_COLOR": "never", "config": "always", "built-in": "auto"},
    "pager": {"option": "", "ILOCAL_PAGER": "most", "config": "more", "PAGER": "cat", "built-in": "less"},
    "styles.date": {"config": "red", "built-in": "cyan"},
}
VARIABLES = ("ILOCAL_REGISTRY", "ILOCAL_LANG", "NO_COLOR", "ILOCAL_PAGER", "PAGER")
EVERY_SPEAKER = [
    (key, speakers)
    for key, sources in SOURCES.items()
    for n in range(len(sources) + 1)
    for speakers in itertools.combinations([name for name in sources if name != "built-in"], n)
]


@pytest.mark.parametrize(("key", "speakers"), EVERY_SPEAKER, ids=str)
def test_of_all_who_say_what_a_setting_is_the_strongest_counts(
    key: str, speakers: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = {name: SOURCES[key][name] for name in speakers}
    environ = {name: said[name] for name in VARIABLES if name in said}
    if "here" in said:
        (tmp_path / "events.toml").touch()
    if "data" in said:
        data = Path(os.environ["XDG_DATA_HOME"]) / "ilocal" / "events.toml"
        data.parent.mkdir(parents=True)
        data.touch()
    if "locale" in said:
        environ["LANG"] = "vi_VN.UTF-8"
    group, _, name = key.rpartition(".")
    table = {group: {name: said.get("config")}} if group else {name: said.get("config")}
    config = Settings(tmp_path / "config.toml", table=table if "config" in said else {})
    options = CommandLineOverrides(**{key: said["option"]} if "option" in said else {})
    found = resolve_setting(key, options, environ, config, lambda _: str(said.get("registry", "")))
    strongest = next(iter(said), "built-in")
    assert (found.name if found.source == "variable" else found.source) == strongest
    if key != "registry":
        setting = find_setting(key)
        assert setting is not None
        expected = said.get(strongest, setting.default)
        assert found.value == (tuple(expected) if isinstance(expected, list) else expected)
