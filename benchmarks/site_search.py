"""The search of the website: bytes of its index, and the time to the first answer in Chromium.

    python benchmarks/site_search.py [--sizes 1000,10000]

Run it with the Python that ilocal and Playwright are installed in. Times are medians over fresh contexts of a browser,
from the page's address to the first result, with a page that lies on the disk.
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from events import made
from writers import write_toml

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Request

QUESTIONS = ("thuy san", '"lao dong tre em"', "hoi thao", "đông")
TURNS = 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", default="1000,10000", help="numbers of events, with commas between")
    sizes = [int(size) for size in parser.parse_args().sizes.split(",")]
    print(
        "| events | files | bytes | gzip | largest, gzip | years.js, gzip | question | files read | first answer, ms |"
    )
    print("|--:|--:|--:|--:|--:|--:|---|--:|--:|")
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="ilocal-site-") as folder:
            site = build_site(Path(folder), size)
            described = describe_index(site / "search")
            for question, (files, milliseconds) in time_answers(site).items():
                print(f"| {size:,} | {described} | `{question}` | {files} | {milliseconds:.0f} |", flush=True)
    return 0


def build_site(folder: Path, size: int) -> Path:
    """Build the site of so many made events."""
    write_toml(folder / "events.toml", made(size))
    command = [sys.executable, "-m", "ilocal", "-r", "events.toml", "site", "build", "site"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "site"


def describe_index(folder: Path) -> str:
    """Return the number of files, their bytes, and the bytes sent over the network, as cells of a table."""
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    packed = {name: len(gzip.compress(data, mtime=0)) for name, data in files.items()}
    years = packed.pop("years.js")
    total = sum(map(len, files.values()))
    return f"{len(files)} | {total:,} | {sum(packed.values()) + years:,} | {max(packed.values()):,} | {years:,}"


def time_answers(site: Path) -> dict[str, tuple[int, float]]:
    """Return the files of the index that each question reads, and the milliseconds to its first answer."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        found = {question: time_answer(browser, site, question) for question in QUESTIONS}
        browser.close()
    return found


def note_address(read: list[str], request: Request) -> None:
    """Record the address of a page's request."""
    read.append(request.url)


def time_answer(browser: Browser, site: Path, question: str) -> tuple[int, float]:
    """Open the search page with a question in fresh contexts; return the number of files read and the median time."""
    times, files = [], 0
    for _ in range(TURNS):
        context = browser.new_context()
        page = context.new_page()
        read: list[str] = []
        page.on("request", partial(note_address, read))
        start = time.perf_counter()
        page.goto(f"{(site / 'search.html').as_uri()}?q={question}", wait_until="commit")
        page.wait_for_selector("#search-status:not(:empty)")
        times.append(time.perf_counter() - start)
        files = sum("/search/" in url for url in read)
        context.close()
    return files, statistics.median(times) * 1000


if __name__ == "__main__":
    sys.exit(main())
