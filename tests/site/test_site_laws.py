"""Laws of a site: its bytes depend on the registry and its address alone, however it was built."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ilocal.model.event import Event
from ilocal.model.query import Query
from ilocal.site.output_folder import STAGING_NAME, OutputFolder
from ilocal.site.settings import read_settings_of_website
from ilocal.site.site_builder import BuildResult, SiteBuilder
from ilocal.workspace import Registry
from tests.support import strategies
from tests.support.cli import make_environment
from tests.support.paths import SHIPPED_REGISTRY
from tests.support.site import read_tree

URL = "https://example.org/sk/"


def build(registry: Path, out: Path, *, is_clean: bool = False) -> BuildResult:
    """Build the site of a registry."""
    with Registry(registry) as opened:
        builder = SiteBuilder(
            opened, read_settings_of_website(opened.info.site, registry, URL), Query(is_descending=True)
        )
        return builder.build(OutputFolder(out), is_clean=is_clean)


@pytest.mark.process
@pytest.mark.promise("P20")
def test_the_same_registry_gives_the_same_tree_on_another_day_in_another_place(tmp_path: Path) -> None:
    trees = []
    surroundings = (
        {"TZ": "UTC", "LANG": "C.UTF-8", "PYTHONHASHSEED": "1", "ILOCAL_TODAY": "2020-02-20"},
        {"TZ": "Pacific/Kiritimati", "LANG": "vi_VN.UTF-8", "PYTHONHASHSEED": "2", "ILOCAL_TODAY": "2031-07-01",
         "ILOCAL_LANG": "vi"},
    )  # fmt: skip
    for n, variables in enumerate(surroundings):
        out = tmp_path / f"out{n}"
        command = [sys.executable, "-m", "ilocal", "-r", str(SHIPPED_REGISTRY), "site", "build", str(out)]
        environment = {**make_environment(tmp_path / str(n)), **variables}
        subprocess.run([*command, "--base-url", URL], env=environment, check=True, capture_output=True)
        trees.append(read_tree(out))
    assert len(trees[0]) > 100
    assert trees[0] == trees[1]


@pytest.mark.long
@pytest.mark.promise("P20")
@given(lists=st.lists(st.lists(strategies.events(), max_size=4), min_size=2, max_size=4))
@settings(max_examples=12)
def test_a_site_built_on_an_older_one_is_the_site_built_anew(lists: list[list[Event]]) -> None:
    with TemporaryDirectory() as name:
        registry, out = Path(name) / "events.toml", Path(name) / "out"
        for events in lists:
            registry.write_text('[registry]\ntitle = "A"\nlanguage = "vi"\n', encoding="utf-8")
            with Registry(registry) as opened, opened.transaction() as transaction:
                for event in events:
                    transaction.add(event)
            build(registry, out)
        build(registry, Path(name) / "anew", is_clean=True)
        assert read_tree(out) == read_tree(Path(name) / "anew")


class Killed(BaseException):
    """Stands for a signal that ends the program."""


@pytest.mark.promise("P20")
def test_a_build_that_is_killed_at_any_file_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry, out, anew = tmp_path / "events.toml", tmp_path / "out", tmp_path / "anew"
    shutil.copy(SHIPPED_REGISTRY, registry)
    build(registry, out)
    (out / "CNAME").write_text("example.org")
    with Registry(registry) as opened, opened.transaction() as transaction:
        transaction.remove("2020-hoi-thao-ky-thuat-thuc-hien-trach-nhiem-xa-hoi-tai")
    build(registry, anew)
    replace = os.replace
    for limit in (0, 1, 2, 5, 9):
        left = limit

        def replace_or_die(source: str, target: str) -> None:
            nonlocal left
            if STAGING_NAME in str(source):
                left -= 1
                if left < 0:
                    raise Killed
            replace(source, target)

        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", replace_or_die)
            patch.setattr(OutputFolder, "end", lambda _self: None)
            with pytest.raises(Killed):
                build(registry, out, is_clean=True)
    build(registry, out)
    (out / "CNAME").unlink()
    assert read_tree(out) == read_tree(anew)
