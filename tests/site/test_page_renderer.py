"""Templates of the owner's own: used, named with their line where they fail, and kept in a sandbox."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ilocal.site.page_renderer import BUILT_IN_TEMPLATES
from tests.support.cli import Ilocal
from tests.support.paths import SHIPPED_REGISTRY


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    """Return the folder of templates of the shipped registry, which is events.toml in the current folder."""
    text = SHIPPED_REGISTRY.read_text(encoding="utf-8")
    (tmp_path / "events.toml").write_text(f'{text}\n[site]\ntemplates = "own"\n', encoding="utf-8")
    (tmp_path / "own").mkdir()
    return tmp_path / "own"


def test_a_template_of_the_owner_stands_in_the_place_of_the_built_in_one(ilocal: Ilocal, templates: Path) -> None:
    (templates / "about.html").write_text('{% extends "base.html" %}{% block content %}<p>Văn phòng</p>{% endblock %}')
    (templates / "static").mkdir()
    (templates / "static" / "site.css").write_text("body { color: teal }")
    assert ilocal("site", "build", "out").code == 0
    assert "<p>Văn phòng</p>" in Path("out/about.html").read_text(encoding="utf-8")
    assert Path("out/static/site.css").read_text() == "body { color: teal }"
    (templates / "static" / "site.css").write_text("body { color: navy }")
    assert '"static/site.css"' in ilocal("site", "build", "out", "-f", "json").out


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("{{ site.title }}\n{{ site.nothing }}\n", 2, "has no attribute 'nothing'"),
        ("<p>\n<p>\n{% if %}\n", 3, "Expected an expression"),
        ("\n{{ site.title.missing() }}\n", 2, "has no attribute 'missing'"),
        ("{{ ''.__class__.__mro__ }}\n", 1, "access to attribute '__class__'"),
        ("{{ site.__class__ }}\n", 1, "access to attribute '__class__'"),
    ],
)
def test_a_template_that_fails_is_named_with_its_line_and_nothing_is_written(
    ilocal: Ilocal, templates: Path, text: str, line: int, reason: str
) -> None:
    ilocal("-r", str(SHIPPED_REGISTRY), "site", "build", "out")
    before = Path("out/index.html").read_bytes()
    (templates / "year.html").write_text(text)
    failed = ilocal("site", "build", "out")
    assert (failed.code, failed.out) == (2, "")
    assert failed.err.startswith(f"ilocal: own/year.html:{line}: ")
    assert reason in failed.err
    assert failed.err.endswith("\nhint: for the variables of templates, see docs/reference/site.md\n")
    assert Path("out/index.html").read_bytes() == before


def test_a_link_out_of_the_folder_is_no_template(ilocal: Ilocal, templates: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.html").write_text("secret")
    (templates / "about.html").symlink_to(tmp_path / "secret.html")
    (templates / "static").mkdir()
    (templates / "static" / "key.txt").symlink_to(tmp_path / "secret.html")
    assert ilocal("site", "build", "out").code == 0
    assert "secret" not in Path("out/about.html").read_text(encoding="utf-8")
    assert not Path("out/static/key.txt").exists()


def test_copied_templates_make_the_same_pages(ilocal: Ilocal, tmp_path: Path) -> None:
    shutil.copy(SHIPPED_REGISTRY, tmp_path / "events.toml")
    ilocal("site", "build", "one")
    said = ilocal("site", "templates", "own")
    assert (said.code, len(said.out.splitlines()) > len(list(BUILT_IN_TEMPLATES.glob("*.html")))) == (0, True)
    with open(tmp_path / "events.toml", "a", encoding="utf-8") as file:
        file.write('\n[site]\ntemplates = "own"\n')
    ilocal("site", "build", "two")
    for name in ("index.html", "about.html", "topic/csr.html", "static/site.css"):
        assert Path("one", name).read_bytes() == Path("two", name).read_bytes()
    again = ilocal("site", "templates", "own")
    assert (again.code, again.out) == (5, "")
