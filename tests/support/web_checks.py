"""Third-party checkers of web pages, from the packages in tests/site/node, which `npm ci` there installs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from tests.support.site import list_files

if TYPE_CHECKING:
    from playwright.sync_api import Page

NODE_FOLDER = Path(__file__).parent.parent / "site" / "node"
_AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def find_node_package(path: str) -> Path:
    """Return a file of an installed package; skip the test, with its name, if it is missing."""
    found = NODE_FOLDER / "node_modules" / path
    if not found.exists():
        pytest.skip(f"{path.partition('/')[0]} is not installed (npm ci in tests/site/node)")
    return found


def find_accessibility_faults(page: Page) -> list[str]:
    """Return the violations that axe-core finds on a page, by WCAG 2.2 AA and best practice (bypassing the CSP)."""
    page.add_script_tag(path=find_node_package("axe-core/axe.min.js"))
    found = page.evaluate("tags => axe.run({runOnly: tags})", _AXE_TAGS)
    return [f"{one['id']}: {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]]


def find_html_faults(folder: Path, report: Path) -> list[str]:
    """Return the problems that html-validate finds in a folder of pages, by its recommended and accessibility rules."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    program = find_node_package("html-validate/bin/html-validate.mjs")
    command = [
        "node",
        str(program),
        "-c",
        str(NODE_FOLDER / "htmlvalidate.json"),
        "--formatter",
        f"json={report}",
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, cwd=NODE_FOLDER)
    assert report.exists(), done.stderr[-2000:]
    pages = json.loads(report.read_text(encoding="utf-8"))
    return [
        f"{Path(page['filePath']).relative_to(folder)}:{one['line']}: {one['ruleId']}: {one['message']}"
        for page in pages
        for one in page["messages"]
    ]


def find_nu_faults(folder: Path) -> list[str]:
    """Return the errors that the Nu checker of the W3C finds in the pages and styles of a folder."""
    if shutil.which("java") is None:
        pytest.skip("java is not installed")
    jar = find_node_package("vnu-jar/build/dist/vnu.jar")
    found = []
    for options in (["--skip-non-html"], ["--skip-non-css"]):
        command = ["java", "-Xss8m", "-jar", str(jar), "--errors-only", "--format", "json", *options, str(folder)]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        assert done.stderr.startswith("{"), done.stderr[-2000:]
        found += json.loads(done.stderr)["messages"]
    return [f"{one.get('url', '')}:{one.get('lastLine')}: {one['message']}" for one in found]


def find_broken_links(folder: Path, base_url: str = "") -> list[str]:
    """Return the links of all pages, styles and feeds that lead to no file of a site, or to no place in a page."""
    files = set(list_files(folder))
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in files if name.endswith((".html", ".xml"))}
    anchors = {name: set(re.findall(r'\sid="([^"]*)"', text)) for name, text in texts.items()}
    broken = []
    for name, text in texts.items():
        for link in re.findall(r'\s(?:href|src|action)="([^"]*)"|<loc>([^<]*)</loc>', text):
            address = unescape(link[0] or link[1])
            own = address.removeprefix(base_url) if base_url and address.startswith(base_url) else None
            if own is None and (urlsplit(address).scheme or address.startswith("//")):
                continue
            start = "x:/" if own is not None or name == "404.html" else f"x:/{name}"
            target = urlsplit(urljoin(start.replace("x:/", "http://x/"), own if own is not None else address))
            path = unquote(target.path).lstrip("/")
            path = f"{path}index.html" if not path or path.endswith("/") else path
            if path not in files:
                broken.append(f"{name}: {address}")
            elif target.fragment and path in anchors and unquote(target.fragment) not in anchors[path]:
                broken.append(f"{name}: {address}: no such place")
    return broken
