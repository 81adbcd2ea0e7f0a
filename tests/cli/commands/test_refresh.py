"""`ilocal refresh`: other offices' lists as snapshots in the registry's folder."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest

from tests.support.cli import Ilocal
from tests.support.http_server import Answer, AskedServer, serve_answers


@dataclass
class Office:
    """Another office's list, served with an entity tag."""

    server: AskedServer
    events: list[dict[str, object]] = field(default_factory=list)
    is_down: bool = False
    body: bytes = b""  # what is served in place of the list


def make_event(n: int, **more: object) -> dict[str, object]:
    return {"id": f"2020-hop-{n}", "title": f"Họp {n}", "start": f"2020-03-{n:02}", **more}


@pytest.fixture
def hanoi() -> Iterator[Office]:
    def answer(path: str, headers: dict[str, str]) -> Answer:
        if office.is_down:
            return 503, {}, b""
        body = office.body or json.dumps(office.events).encode()
        etag = f'"{hash(body)}"'
        return (304, {"ETag": etag}, b"") if headers.get("if-none-match") == etag else (200, {"ETag": etag}, body)

    with serve_answers(answer) as server:
        office = Office(server, [make_event(n) for n in range(1, 9)])
        yield office


@pytest.fixture
def folder(tmp_path: Path, hanoi: Office) -> Path:
    """Return a registry that is a folder, with one event of its own and a source."""
    path = tmp_path / "all"
    path.mkdir()
    (path / "2020.toml").write_text(
        '[[event]]\nid = "2020-hop-1"\ntitle = "Họp ở trung tâm"\nstart = 2020-03-01\n', "utf-8"
    )
    (path / "registry.toml").write_text(
        f'[registry]\nlanguage = "vi"\nuid_domain = "centre.example"\n\n[[source]]\nname = "hanoi"\n'
        f'url = "{hanoi.server.url}/events.json"\nmap = {{topics = ["Hà Nội"]}}\nuid_domain = "hanoi.example"\n',
        encoding="utf-8",
    )
    return path


def refresh(ilocal: Ilocal, *arguments: str) -> tuple[int, str, str]:
    return ilocal("-r", "all", "refresh", "--private", *arguments)


def test_a_list_is_a_snapshot_that_every_command_reads_and_a_second_fetch_changes_no_byte(
    ilocal: Ilocal, folder: Path, hanoi: Office
) -> None:
    code, out, err = refresh(ilocal)
    assert (code, err) == (0, "hanoi: 8 new, 0 updated, 0 removed\n")
    assert out.splitlines()[:2] == ["hanoi new hanoi-2020-hop-1", "hanoi new 2020-hop-2"]
    snapshot = folder / "sources" / "hanoi.toml"
    assert snapshot.read_text("utf-8").splitlines()[:12] == [
        f"# {hanoi.server.url}/events.json", "# Fetched by `ilocal refresh hanoi`, which replaces this file.", "",
        "[[event]]", 'id = "hanoi-2020-hop-1"', 'title = "Họp 1"', "start = 2020-03-01", 'topics = ["Hà Nội"]',
        'uid = "2020-hop-1@hanoi.example"', f'source = "{hanoi.server.url}/events.json"', "", "[[event]]",
    ]  # fmt: skip
    assert len(ilocal("-r", "all", "list", "-f", "ids").out.splitlines()) == 9
    assert ilocal("-r", "all", "search", "họp 8", "-f", "ids").out == "2020-hop-8\n"
    before, asked = snapshot.stat(), len(hanoi.server.requests)
    assert refresh(ilocal) == (0, "", "hanoi: 0 new, 0 updated, 0 removed\n")
    assert (len(hanoi.server.requests) - asked, snapshot.stat().st_mtime_ns) == (1, before.st_mtime_ns)
    assert "if-none-match" in hanoi.server.requests[-1][2]


def test_a_change_in_one_office_shows_as_that_events_lines_in_git(ilocal: Ilocal, folder: Path, hanoi: Office) -> None:
    refresh(ilocal)
    git = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b.c"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "a"]):
        subprocess.run([*git, *command], check=True)
    hanoi.events[4]["location"] = "Huế"
    assert refresh(ilocal)[1] == "hanoi updated 2020-hop-5\n"
    diff = subprocess.run([*git, "diff", "-U0"], capture_output=True, encoding="utf-8", check=True).stdout
    assert [line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")] == [
        '+location = "Huế"'
    ]
    assert ilocal("-r", "all", "undo").code == 0
    assert subprocess.run([*git, "diff", "--quiet"], check=False).returncode == 0


def test_a_dead_server_an_empty_list_and_a_much_shorter_one_change_nothing(
    ilocal: Ilocal, folder: Path, hanoi: Office
) -> None:
    refresh(ilocal)
    text = (folder / "sources" / "hanoi.toml").read_bytes()
    hanoi.is_down = True
    code, out, err = refresh(ilocal)
    said = f"hanoi: {hanoi.server.url}/events.json: the server responded with 503 (service unavailable); the list was not changed"
    assert (code, out, err.splitlines()[0]) == (
        0,
        "",
        f"ilocal: warning: {said} (last fetched 2020-02-20T00:00:00+00:00)",
    )
    hanoi.is_down, events = False, hanoi.events
    for left, gone in (([], 8), (events[:2], 6)):
        hanoi.events = left
        code, out, err = refresh(ilocal)
        assert (code, out) == (0, "")
        assert (
            f"ilocal: warning: hanoi: {gone} upcoming events are missing from the fetched list; the list was not changed\n"
            in err
        )
        assert (folder / "sources" / "hanoi.toml").read_bytes() == text
    assert len(refresh(ilocal, "--accept-deletions", "6")[1].splitlines()) == 6
    hanoi.events = events[1:2]
    assert refresh(ilocal)[1] == "hanoi removed hanoi-2020-hop-1\n"


def test_what_is_over_stays_and_what_a_list_takes_back_may_be_marked(
    ilocal: Ilocal, folder: Path, hanoi: Office
) -> None:
    hanoi.events.append({"id": "old", "title": "Đã qua", "start": "2019-01-01"})
    refresh(ilocal)
    path = folder / "registry.toml"
    path.write_text(path.read_text("utf-8") + 'removals = "mark-cancelled"\n', encoding="utf-8")
    hanoi.events = hanoi.events[:7]
    assert refresh(ilocal)[1] == "hanoi updated 2020-hop-8\n"
    assert ilocal("-r", "all", "list", "--status", "cancelled", "-f", "ids").out == "2020-hop-8\n"
    assert "old" in ilocal("-r", "all", "list", "-f", "ids").out


def test_an_event_of_another_office_is_changed_there_and_not_here(ilocal: Ilocal, folder: Path, hanoi: Office) -> None:
    refresh(ilocal)
    for command in (("edit", "2020-hop-5", "--location", "Vinh"), ("remove", "--yes", "2020-hop-5")):
        assert ilocal("-r", "all", *command) == (
            3,
            "",
            "ilocal: 2020-hop-5: the event is in the list of another office, sources/hanoi.toml, and can only be changed by that office\n"
            "hint: to fetch the changes of the other office, run: ilocal refresh\n",
        )
    assert ilocal("-r", "all", "add", "Họp mới", "2020-04-01").code == 0
    assert "Họp mới" in (folder / "2020.toml").read_text("utf-8")


def test_the_owner_of_a_uid_has_the_event(ilocal: Ilocal, folder: Path, hanoi: Office) -> None:
    hanoi.events.append({"title": "Của trung tâm", "start": "2020-05-01", "uid": "2020-hop-1@centre.example"})
    code, out, err = refresh(ilocal)
    assert (code, len(out.splitlines())) == (0, 8)
    assert "hanoi: 2020-hop-1@centre.example: skipped, because the owner's version of the event is used\n" in err


def test_what_a_source_says_wrong_is_named(ilocal: Ilocal, folder: Path) -> None:
    path = folder / "registry.toml"
    text = path.read_text("utf-8")
    for line, said in (
        ('url = "ftp://x/"', '[[source]] hanoi: "ftp://x/" is not a web address'),
        ('trust = "all"', '[[source]] hanoi: trust: "all" is not a valid value'),
        ('every = "soon"', '[[source]] hanoi: every: "soon" is not a duration such as 12h or 1d'),
        ("map = {start = 2020}", "[[source]] hanoi: map: expected fields with a string or a list of strings"),
        ('colour = "red"', '[[source]] hanoi: there is no key "colour"'),
    ):
        kept = [one for one in text.splitlines() if one.partition(" ")[0] != line.partition(" ")[0]]
        path.write_text("\n".join([*kept, line, ""]), encoding="utf-8")
        result = ilocal("-r", "all", "refresh")
        assert (result.code, result.err.splitlines()[0]) == (3, f"ilocal: {said}")
    path.write_text(text, encoding="utf-8")
    assert ilocal("-r", "all", "refresh", "hue").err == 'ilocal: there is no [[source]] "hue"\nhint: use one of hanoi\n'


def test_without_private_this_machine_is_not_asked(ilocal: Ilocal, folder: Path, hanoi: Office) -> None:
    code, _out, err = ilocal("-r", "all", "refresh")
    assert (code, hanoi.server.requests) == (0, [])
    assert "the host is on this machine or a private network; the list was not changed (never fetched)" in err


def test_a_dry_run_writes_nothing_and_json_says_all(ilocal: Ilocal, folder: Path, hanoi: Office) -> None:
    result = ilocal("-r", "all", "refresh", "--private", "--dry-run", "-f", "json")
    assert json.loads(result.out) == [
        {
            "source": "hanoi", "new": ["hanoi-2020-hop-1", *(f"2020-hop-{n}" for n in range(2, 9))], "updated": [],
            "removed": [], "unchanged": 0, "kept_for_removals": 0,
        }
    ]  # fmt: skip
    assert not (folder / "sources").exists()
    assert result.err == "hanoi: dry run: 8 new, 0 updated, 0 removed\n"


PAGE = '<script type="application/ld+json">{"@type": "Event", "name": "Diễn đàn", "startDate": "2020-07-08"}</script>'


@pytest.mark.parametrize(("name", "title"), [("list.xlsx", "Hội thảo"), ("list.html", "Diễn đàn")])
def test_a_list_may_be_a_workbook_or_a_page(
    ilocal: Ilocal, folder: Path, hanoi: Office, tmp_path: Path, name: str, title: str
) -> None:
    (tmp_path / "other.toml").write_text('[[event]]\nid = "2020-x"\ntitle = "Hội thảo"\nstart = 2020-05-06\n', "utf-8")
    assert ilocal("-r", "other.toml", "export", "x.xlsx").code == 0
    hanoi.body = (tmp_path / "x.xlsx").read_bytes() if name == "list.xlsx" else PAGE.encode()
    registry = folder / "registry.toml"
    registry.write_text(registry.read_text("utf-8").replace("events.json", name), "utf-8")
    assert refresh(ilocal)[::2] == (0, "hanoi: 1 new, 0 updated, 0 removed\n")
    assert f'title = "{title}"' in (folder / "sources" / "hanoi.toml").read_text("utf-8")


@pytest.fixture
def web(tmp_path: Path) -> Iterator[AskedServer]:
    """Serve the folder `web` as it is at each request."""

    def answer(path: str, headers: dict[str, str]) -> Answer:
        file = tmp_path / "web" / path.lstrip("/")
        if not file.is_file():
            return 404, {}, b""
        body = file.read_bytes()
        etag = f'"{sha256(body).hexdigest()}"'
        return (304, {"ETag": etag}, b"") if headers.get("if-none-match") == etag else (200, {"ETag": etag}, body)

    with serve_answers(answer) as server:
        yield server


def make_office(tmp_path: Path, server: AskedServer, name: str, *sources: str) -> None:
    """Make a registry with one event of its own, and the websites of others as sources."""
    path = tmp_path / name
    path.mkdir()
    (path / "2020.toml").write_text(
        f'[[event]]\nid = "2020-hop-{name}"\ntitle = "Họp {name}"\nstart = 2020-03-0{len(name)}\nlocation = "Huế"\n',
        "utf-8",
    )
    tables = "".join(
        f'\n[[source]]\nname = "{other}"\nurl = "{server.url}/{other}/events.ics"\nuid_domain = "{other}.example"\n'
        for other in sources
    )
    (path / "registry.toml").write_text(
        f'[registry]\nlanguage = "vi"\nuid_domain = "{name}.example"\n{tables}', "utf-8"
    )


@pytest.mark.long
def test_two_offices_publish_sites_and_a_third_reads_both(ilocal: Ilocal, tmp_path: Path, web: AskedServer) -> None:
    make_office(tmp_path, web, "hue")
    make_office(tmp_path, web, "vinh")
    make_office(tmp_path, web, "all", "hue", "vinh")
    for name in ("hue", "vinh"):
        assert ilocal("-r", name, "site", "build", f"web/{name}").code == 0
    assert refresh(ilocal) == (
        0,
        "hue new 2020-hop-hue\nvinh new 2020-hop-vinh\n",
        "hue: 1 new, 0 updated, 0 removed\nvinh: 1 new, 0 updated, 0 removed\n",
    )
    assert sorted(ilocal("-r", "all", "list", "-f", "ids").out.split()) == [
        "2020-hop-all",
        "2020-hop-hue",
        "2020-hop-vinh",
    ]
    before = {path: path.read_bytes() for path in (tmp_path / "all").rglob("*.toml")}
    assert refresh(ilocal)[1] == ""
    assert ilocal("-r", "hue", "edit", "2020-hop-hue", "--location", "Đà Nẵng").code == 0
    assert ilocal("-r", "hue", "site", "build", "web/hue").code == 0
    assert refresh(ilocal)[1] == "hue updated 2020-hop-hue\n"
    changed = [path.name for path, data in before.items() if path.read_bytes() != data]
    assert changed == ["hue.toml"]
    assert 'location = "Đà Nẵng"' in (tmp_path / "all" / "sources" / "hue.toml").read_text("utf-8")


@pytest.mark.long
def test_two_sites_that_read_each_other_come_to_rest_and_each_event_is_there_once(
    ilocal: Ilocal, tmp_path: Path, web: AskedServer
) -> None:
    make_office(tmp_path, web, "hue", "vinh")
    make_office(tmp_path, web, "vinh", "hue")
    sizes = []
    for _turn in range(3):
        for name in ("hue", "vinh"):
            assert ilocal("-r", name, "site", "build", f"web/{name}").code == 0
        told = [ilocal("-r", name, "refresh", "--private").out for name in ("hue", "vinh")]
        sizes.append((told, [sorted(ilocal("-r", name, "list", "-f", "ids").out.split()) for name in ("hue", "vinh")]))
    both = ["2020-hop-hue", "2020-hop-vinh"]
    assert sizes == [
        (["vinh new 2020-hop-vinh\n", "hue new 2020-hop-hue\n"], [both, both]),
        (["", ""], [both, both]),
        (["", ""], [both, both]),
    ]
