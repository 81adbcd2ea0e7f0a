"""Cost of inputs that are made to be slow: `python -m benchmarks.bounds [NAME…]` prints each case at two sizes.

Twice the size should take about twice the time; inputs above a limit are refused, and the table shows how.
"""

# ruff: noqa: E501  (tables read best with a case a line)
from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

BLOCK = '[[event]]\ntitle = "a"\n'
LIMIT = 120  # seconds of processor time
Made = tuple[str, str, Sequence[str]]  # the name of a file, its content, and the command that reads it


def registry(body: str, *command: str) -> Made:
    return "events.toml", body, command or ("list", "-f", "ids")


def calendar(lines: str) -> Made:
    text = f"BEGIN:VCALENDAR\n{lines}END:VCALENDAR\n"
    return "a.ics", text, ("import", "a.ics")


def vevent(n: int, lines: str) -> str:
    return f"BEGIN:VEVENT\nUID:{n}\nSUMMARY:a\n{lines}END:VEVENT\n"


def imported(name: str, text: str) -> Made:
    return name, text, ("import", name)


def ruled(rule: str, n: int) -> Made:
    text = f'{BLOCK}start = 1970-01-01T08:00:00\nrrule = "{rule}"\n'
    return registry(text * n, "list", "-f", "ids", "--from", "2020", "--to", "2020")


DAILY = "DTSTART;VALUE=DATE:20200101\nRRULE:FREQ=DAILY\n"
TEXT = "hội thảo "
CASES: dict[str, tuple[int, Callable[[int], Made]]] = {
    "registry: open arrays": (10_000, lambda n: registry((BLOCK + "x = [\n") * n)),
    "registry: open strings": (10_000, lambda n: registry((BLOCK + "x = '''\n\"\n") * n)),
    "registry: open inline tables": (10_000, lambda n: registry((BLOCK + "x = {\n") * n)),
    "registry: escaped quotes": (10_000, lambda n: registry((BLOCK + 'x = [\n[\\"""\n') * n)),
    "registry: one title": (5_000, lambda n: registry(BLOCK * n)),
    "registry: one id": (10_000, lambda n: registry((BLOCK + 'id = "a"\n') * n)),
    "registry: comments": (500_000, lambda n: registry("# c\n" * n + BLOCK)),
    "registry: a long line": (4_000_000, lambda n: registry(f'[[event]]\ntitle = "{"a" * n}"\n')),
    "registry: deep brackets": (500_000, lambda n: registry(BLOCK + "x = " + "[" * n)),
    "registry: deep keys": (20_000, lambda n: registry(BLOCK + ".".join("a" * n) + " = 1\n")),
    "registry: deep tables": (20_000, lambda n: registry(BLOCK + "[event." + ".".join("a" * n) + "]\n")),
    "registry: long numbers": (200, lambda n: registry((BLOCK + f"x = {'9' * 5000}\n") * n)),
    "registry: sections, shown": (20_000, lambda n: registry(BLOCK + '[[event.section]]\nheading = "h"\n' * n, "show", "a")),
    "registry: topics, shown": (100_000, lambda n: registry(f"{BLOCK}topics = {['t'] * n}\n", "show", "a")),
    "registry: topics, as JSON": (100_000, lambda n: registry(f"{BLOCK}topics = {['t'] * n}\n", "list", "-f", "json")),
    "registry: a word of a title": (4_000_000, lambda n: registry(f'[[event]]\ntitle = "{"a" * n}"\n', "list")),
    "registry: a long title": (100_000, lambda n: registry(f'[[event]]\ntitle = "{TEXT * n}"\n', "--lang", "vi", "list")),
    "registry: a long title, checked": (100_000, lambda n: registry(f'[[event]]\ntitle = "{TEXT * n}"\n', "check")),
    "registry: a long title, searched": (100_000, lambda n: registry(f'[[event]]\ntitle = "{TEXT * n}"\n', "search", "thao")),
    "registry: a long title, as ics": (50_000, lambda n: registry(f'{BLOCK}start = 2020-01-01\ndescription = "{TEXT * n}"\n', "list", "-f", "ics")),
    "registry: a long title, as a page": (50_000, lambda n: registry(f'{BLOCK}start = 2020-01-01\ndescription = "{TEXT * n}"\n', "list", "-f", "page")),
    "registry: a long title, as md": (50_000, lambda n: registry(f'{BLOCK}start = 2020-01-01\ndescription = "{TEXT * n}"\n', "list", "-f", "md")),
    "registry: exdates": (20_000, lambda n: registry(f'{BLOCK}start = 2020-01-01\nrrule = "FREQ=YEARLY"\nexdates = [{"2021-01-01, " * n}]\n')),
    "registry: overrides": (2_000, lambda n: registry(f'{BLOCK}start = 2020-01-01\nrrule = "FREQ=DAILY"\n' + "".join(f'[[event.override]]\nrecurrence_id = {1000 + i // 336}-{i // 28 % 12 + 1:02}-{i % 28 + 1:02}\n' for i in range(n)))),
    "registry: aliases": (5_000, lambda n: registry("[aliases]\n" + "".join(f'a{i} = "b{i}"\n' for i in range(n)) + BLOCK, "search", "a")),
    "search: many words": (5_000, lambda n: registry(BLOCK * 10, "search", *["a*"] * n)),
    "search: one long word": (60_000, lambda n: registry(BLOCK * 10, "search", "a" * n + "*")),
    "search: many stars": (60_000, lambda n: registry(BLOCK * 10, "search", "a*" * (n // 2))),
    "filters: many topics": (10_000, lambda n: registry(BLOCK * 10, "list", *["--topic=a"] * n)),
    "dates: long text": (60_000, lambda n: registry(BLOCK, "dates", "1 " * (n // 2))),
    "dates: many dashes": (60_000, lambda n: registry(BLOCK, "dates", "2020-" * (n // 5))),
    "rules: each day, counted": (20, lambda n: ruled("FREQ=DAILY;COUNT=1000000", n)),
    "rules: each hour, rarely": (2, lambda n: ruled("FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=29", n)),
    "rules: each hour, counted": (2, lambda n: ruled("FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=29;BYHOUR=3;COUNT=10000", n)),
    "rules: each hour": (20, lambda n: ruled("FREQ=HOURLY", n)),
    "rules: all seconds": (20, lambda n: ruled(f"FREQ=HOURLY;BYSECOND={','.join(map(str, range(60)))};BYMINUTE={','.join(map(str, range(60)))}", n)),
    "rules: no such day": (50, lambda n: registry("".join(f'{BLOCK}start = 1970-01-01\nrrule = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;INTERVAL={i + 1}"\n' for i in range(n)))),
    "page: a long line": (1_000_000, lambda n: imported("a.txt", "1. a\n\n2020/02/20\n\n" + "b" * n)),
    "page: a line of blanks": (50_000, lambda n: imported("a.txt", "1. a\n\n2020/02/20\n\na" + " " * n + "b")),
    "page: events": (5_000, lambda n: imported("a.txt", "".join(f"{i % 999 + 1}. a{i}\n\n2020/02/20\n\n" for i in range(n)))),
    "page: months": (5_000, lambda n: imported("a.txt", "".join(f"May 2020\n\na{i}\n2020/05/20\n\n" for i in range(n)))),
    "page: lines": (50_000, lambda n: imported("a.txt", "1. a\n\n2020/02/20\n\n" + "b\n" * n)),
    "page: dates": (20_000, lambda n: imported("a.txt", "1. a\n\n" + "2020/02/20\n\n" * n)),
    "csv: columns": (10_000, lambda n: imported("a.csv", "title," + ",".join(f"c{i}" for i in range(n)) + "\na" + "," * n)),
    "csv: rows": (5_000, lambda n: imported("a.csv", "title,start\n" + "".join(f"a{i},2020-02-20\n" for i in range(n)))),
    "csv: rows, all the same": (500, lambda n: imported("a.csv", "title,start\n" + "a,2020-02-20\n" * n)),
    "csv: an open quote": (2_000_000, lambda n: imported("a.csv", 'title\n"' + "a\n" * (n // 2))),
    "csv: quotes": (2_000_000, lambda n: imported("a.csv", 'title\n"a' + '""' * (n // 2) + '"\n')),
    "csv: a long date": (60_000, lambda n: imported("a.csv", "title,start\na," + "2020-" * (n // 5))),
    "csv: a long list": (200_000, lambda n: imported("a.csv", "title,topics\na," + "t;" * (n // 2))),
    "json: deep": (500_000, lambda n: imported("a.json", '[{"title":"a","x":' + "[" * n)),
    "json: long number": (200_000, lambda n: imported("a.json", '[{"title":"a","x":' + "9" * n + "}]")),
    "json: objects": (5_000, lambda n: imported("a.json", "[" + ",".join(f'{{"title":"a{i}"}}' for i in range(n)) + "]")),
    "jsonl: a long line": (5_000_000, lambda n: imported("a.jsonl", '{"title":"a","summary":"' + "b" * n + '"}')),
    "ics: events": (1_000, lambda n: calendar("".join(vevent(i, "DTSTART:20200220T080000Z\n") for i in range(n)))),
    "ics: one UID": (1_000, lambda n: calendar(vevent(1, "DTSTART:20200220T080000Z\n") * n)),
    "ics: overrides": (400, lambda n: calendar(vevent(1, DAILY) + "".join(vevent(1, f"RECURRENCE-ID:{2020 + i // 336}{i // 28 % 12 + 1:02}{i % 28 + 1:02}\nDTSTART:20300101\n") for i in range(n)))),
    "ics: occurrences alone": (200, lambda n: calendar("".join(vevent(1, f"RECURRENCE-ID:{2020 + i // 336}{i // 28 % 12 + 1:02}{i % 28 + 1:02}\nDTSTART:20300101\n") for i in range(n)))),
    "ics: exdates": (5_000, lambda n: calendar(vevent(1, DAILY + "EXDATE;VALUE=DATE:20200201\n" * n))),
    "ics: kinds": (3_000, lambda n: calendar("".join(f"BEGIN:A{i}\nEND:A{i}\n" for i in range(n)) + vevent(1, DAILY))),
    "ics: nested": (20_000, lambda n: calendar("BEGIN:A\n" * n)),
    "ics: a folded line": (200_000, lambda n: calendar(vevent(1, DAILY + "DESCRIPTION:a\n" + " b\n" * n))),
    "ics: parameters": (50_000, lambda n: calendar(vevent(1, "DTSTART" + ";A=b" * n + ":20200220\n"))),
    "ics: zones": (2_000, lambda n: calendar("".join(vevent(i, f"DTSTART;TZID=Z{i}:20200220T080000\n") for i in range(n)))),
}  # fmt: skip


def main(names: Sequence[str]) -> None:
    """Print the table of all cases, or of those whose name contains one of these."""
    print(
        "| input | size | seconds | twice the size | seconds | ratio | peak MB | exit |\n|---|--:|--:|--:|--:|--:|--:|--:|"
    )
    for name, (n, make) in CASES.items():
        if not names or any(part in name for part in names):
            (one, _, _), (two, peak, code) = measured(make(n)), measured(make(2 * n))
            ratio = f"{two / one:.1f}"
            print(f"| {name} | {n:,} | {one:.2f} | {2 * n:,} | {two:.2f} | {ratio} | {peak} | {code} |", flush=True)


def measured(made: Made) -> tuple[float, int, int]:
    """Return seconds, peak memory in MB and exit code of the command in a folder of its own."""
    file, text, command = made
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / file).write_text(text, encoding="utf-8")
        if file != "events.toml":
            (home / "events.toml").write_text("", encoding="utf-8")
        begin = time.monotonic()
        process = os.fork()
        if process == 0:
            run(home, command)
        _, status, used = os.wait4(process, 0)
        return time.monotonic() - begin, used.ru_maxrss // 1024, os.waitstatus_to_exitcode(status)


def run(home: Path, command: Sequence[str]) -> None:
    """Replace this process by the command: its data are in its folder, its output is discarded."""
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT))
    os.chdir(home)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1) if os.environ.get("BOUNDS_ERRORS") else (0, 1, 2):
        os.dup2(nowhere, descriptor)
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    variables = {
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "LANG": "C.UTF-8",
        "ILOCAL_TODAY": "2020-02-20",
    }
    os.execve(sys.executable, [sys.executable, "-m", "ilocal", *command], kept | variables)


if __name__ == "__main__":
    main(sys.argv[1:])
