"""`edit` of many events: filters say which, other options what; one write, shown and agreed to before."""

from __future__ import annotations

from pathlib import Path

import pytest

from ilocal.cli.event_options import parse_set_options
from tests.support.cli import Ilocal
from tests.support.processes import stop_at_failpoint, wait_for_result
from tests.support.registry import FOUR_EVENTS, parse_registry
from tests.support.terminal import Talk

ADD = ("edit", "--where", "topic=CSR", "--where", "topic=lao dong tre em", "--add", "topic=trách nhiệm xã hội")
SHOWN = """\
2020-hop: Họp "Nhóm cố vấn CSR"
  topics:
  + trách nhiệm xã hội
2020-khao-sat: Khảo sát cuối kì về lao động trẻ em
  topics:
  + trách nhiệm xã hội
"""
STAMPS = "updated = 2020-02-20T00:00:00+07:00\nrevision = 1\n"
CHANGED = (
    FOUR_EVENTS.replace('["CSR", "thủy sản"]', '["CSR", "thủy sản", "trách nhiệm xã hội"]')
    .replace('["lao động trẻ em"]\n', f'["lao động trẻ em", "trách nhiệm xã hội"]\n{STAMPS}')
    .replace('"confirmed"\n', f'"confirmed"\n{STAMPS}')
)


def test_filters_say_which_events_and_one_write_changes_them(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal(*ADD, "--yes") == (0, "", "2 events changed\n")
    assert registry.read_text(encoding="utf-8") == CHANGED
    assert ilocal(*ADD, "-y") == (0, "", "nothing to change in 2 events\n0 events changed\n")
    assert ilocal("undo").code == 0
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS
    assert ilocal("undo", "--list").out.count("\n") == 2


def test_a_dry_run_shows_the_changes_and_makes_none(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal(*ADD, "--dry-run") == (0, "", SHOWN + "2 events would be changed\n")
    assert ilocal("edit", "hop", "khao", "--set", "kind=x", "--dry-run").err == (
        '2020-hop: Họp "Nhóm cố vấn CSR"\n  kind: – → x\n'
        "2020-khao-sat: Khảo sát cuối kì về lao động trẻ em\n  kind: – → x\n"
    )
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


def test_where_nobody_is_there_to_ask_it_is_refused(process: Ilocal, registry: Path) -> None:
    assert process(*ADD) == (
        2, "", SHOWN + "ilocal: this would change 2 events, and ilocal cannot ask for confirmation without a terminal\nhint: to proceed without confirmation, add --yes\n",
    )  # fmt: skip
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


@pytest.mark.parametrize(
    ("lang", "answer", "after"),
    [
        ("en", "y", CHANGED),
        ("en", "", FOUR_EVENTS),
        ("en", "n", FOUR_EVENTS),
        ("vi", "c", CHANGED),
        ("vi", "có", CHANGED),
        ("vi", "k", FOUR_EVENTS),
    ],
)
def test_it_is_shown_and_then_asked(registry: Path, talk: Talk, lang: str, answer: str, after: str) -> None:
    dialogue = talk("--color", "never", "--lang", lang, *ADD)
    shown = SHOWN if lang == "en" else SHOWN.replace("topics:", "chủ đề:")
    asked = {"en": "change 2 events? [y/N] ", "vi": "sửa 2 sự kiện? [c/K] "}[lang]
    assert dialogue.see(asked) == shown + asked
    dialogue.type(answer)
    no = {"en": "nothing was changed\n", "vi": "chưa thay đổi gì\n"}[lang]
    done = {"en": "2 events changed\n", "vi": "đã sửa 2 sự kiện\n"}[lang] if after == CHANGED else no
    assert dialogue.end() == (0, "", f"{answer}\n{done}")
    assert registry.read_text(encoding="utf-8") == after


@pytest.mark.parametrize(("key", "name"), [("\x03", "^C"), ("\x04", "")])
def test_ctrl_c_and_ctrl_d_at_the_question_change_nothing(registry: Path, talk: Talk, key: str, name: str) -> None:
    dialogue = talk(*ADD)
    dialogue.see("[y/N] ")
    dialogue.interrupt(key)
    code, _out, said = dialogue.end()
    assert (code, said.replace(name, "") if name else said) == (130, "\n")
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


@pytest.mark.parametrize("command", [ADD, ("remove", "hop")])
def test_what_was_changed_since_it_was_shown_is_left_alone(
    registry: Path, talk: Talk, process: Ilocal, command: tuple[str, ...]
) -> None:
    dialogue = talk(*command)
    dialogue.see("[y/N] ")
    assert process("edit", "hop", "--location", "Huế").code == 0
    now = registry.read_text(encoding="utf-8")
    dialogue.type("y")
    assert dialogue.end()[::2] == (5, 'y\nilocal: "2020-hop" was changed by another program; nothing was changed\n')
    assert registry.read_text(encoding="utf-8") == now


@pytest.mark.process
@pytest.mark.parametrize("command", [("remove", "--yes"), ("edit", "--set", "location=Huế", "--yes")])
def test_what_the_filters_no_longer_find_when_it_is_written_stays(
    registry: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    with stop_at_failpoint(
        "locked", tmp_path, *command, "--where", "topic=CSR"
    ) as process:  # it has asked, and not yet read again
        text = registry.read_text(encoding="utf-8").replace('"CSR"', '"khác"')
        registry.write_text(text, encoding="utf-8")
    result = wait_for_result(process)
    assert (result.code, result.out) == (5, "")
    assert "was changed by another program; nothing was changed" in result.err
    assert registry.read_text(encoding="utf-8") == text


def test_a_long_change_is_shown_in_part_before_it_is_asked(process: Ilocal, tmp_path: Path) -> None:
    text = "".join(f'[[event]]\nid = "2020-{n}"\ntitle = "{n}"\nstart = 2020-01-01\n\n' for n in range(53))
    (tmp_path / "events.toml").write_text(text, encoding="utf-8")
    change = ("edit", "--year", "2020", "--set", "kind=x")
    assert process(*change).err.endswith(
        "2020-49: 49\n  kind: – → x\n… and 3 more; to see all changes, add --dry-run\n"
        "ilocal: this would change 53 events, and ilocal cannot ask for confirmation without a terminal\nhint: to proceed without confirmation, add --yes\n"
    )
    assert process(*change, "--dry-run").err.count("→ x") == 53


def test_a_field_of_many_is_set_and_unset(ilocal: Ilocal, registry: Path) -> None:
    many = ("edit", "--from", "2019", "--yes")
    assert ilocal(*many, "--set", "kind=hội thảo", "--set", "topics=a; b", "--set", "topic=c", "--unset", "status") == (
        0, "", "3 events changed\n",
    )  # fmt: skip
    events = parse_registry(registry.read_text(encoding="utf-8")).events.values()
    assert [(e.kind, e.topics, e.status) for e in events] == [*[("workshop", ("a", "b", "c"), "")] * 3, ("", (), "")]
    assert ilocal(*many, "--set", "kind=").err == "3 events changed\n"
    ministry = "Bộ Lao động, Thương binh và Xã hội"
    for value, names in (
        ("a, b", ("a", "b")),
        (f'"{ministry}"', (ministry,)),
        (f"ILO, {ministry.lower()}", ("ILO", ministry.lower())),  # a name that is there already stays whole
        ("Cục A, Cục B; c", ("Cục A", "Cục B", "c")),
    ):
        assert ilocal("edit", "hop", "--set", f"organizers={value}").code == 0
        assert parse_registry(registry.read_text(encoding="utf-8")).events["2020-hop"].organizers == names
        ilocal("edit", "khao", "--set", f'organizers="{ministry}"')
    assert (
        ilocal("edit", "--where-missing", "kind", "--undated", "--set", "status=cancelled", "-y").err
        == "1 event changed\n"
    )
    assert ilocal("edit", "--where", "topic=none such", "--set", "kind=x", "-y").err == (
        '--topic: no event has "none such"\n0 events changed\n'
    )


def test_with_handle_the_same_options_are_what_to_set(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("edit", "hop", "khao", "--topic", "CSR", "--kind", "a", "--kind", "b") == (
        0, "",
        "2020-hop: changed topics (CSR; thủy sản → CSR), kind (– → b)\n"
        "2020-khao-sat: changed topics (lao động trẻ em → CSR), kind (– → b)\n",
    )  # fmt: skip
    events = parse_registry(registry.read_text(encoding="utf-8")).events
    assert [(events[id].topics, events[id].kind) for id in ("2020-hop", "2020-khao-sat")] == [(("CSR",), "b")] * 2
    assert (
        ilocal("edit", "hop", "--set", "start=2020-03-01", "--set", "title=Mới").err
        == '2020-hop: changed title (Họp "Nhóm cố vấn CSR" → Mới), start (2020/02/20 → 2020/03/01)\n'
    )
    assert ilocal("undo").code == ilocal("undo", "1").code == 0
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


SERIES = """\
[[event]]
id = "2018-hoi"
title = "Hội nghị thường niên"
start = 2018-06-12
rrule = "FREQ=YEARLY"
exdates = [2019-06-12]

[[event.override]]
recurrence_id = 2020-06-12
location = "Huế"
"""


def test_a_series_is_changed_once_and_as_a_whole(ilocal: Ilocal, tmp_path: Path) -> None:
    path = tmp_path / "events.toml"
    path.write_text(SERIES, encoding="utf-8")
    change = ("edit", "--from", "2020", "--to", "2023", "--add-topic", "CSR")
    assert ilocal(*change, "--dry-run").err == (
        "2018-hoi: Hội nghị thường niên\n  topics:\n  + CSR\n"
        "2018-hoi is a series; all its occurrences are changed, including those outside the selected dates\n1 event would be changed\n"
    )
    assert ilocal(*change, "-y").err == "1 event changed\n"
    stamps = "updated = 2020-02-20T00:00:00+00:00\nrevision = 1\n"
    assert path.read_text(encoding="utf-8") == SERIES.replace("12]\n", f'12]\ntopics = ["CSR"]\n{stamps}')
    assert ilocal("edit", "--year", "2019", "--add-topic", "x", "-y").err == "0 events changed\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "specify the event, or select events with filters"),
        (("--add-topic", "x"), "specify the event, or select events with filters"),
        (("--year", "2020"), "no changes specified"),
        (("--year", "2020", "--title", "x"), "--title changes a single event and requires HANDLE"),
        (("--year", "2020", "--when", "2020"), "--when changes a single event and requires HANDLE"),
        (("--year", "2020", "--start", "2020"), "--start changes a single event and requires HANDLE"),
        (("--year", "2020", "--set", "id=x"), "--set id changes a single event and requires HANDLE"),
        (("--year", "2020", "--set", "repeat=yearly"), "--set rrule changes a single event and requires HANDLE"),
        (("--year", "2020", "--set", "kind"), 'expected FIELD=VALUE, found "kind"'),
        (("--year", "2020", "--set", "uid=x"), "--set cannot set uid"),
        (("--year", "2020", "--set", "colour=x"), 'unknown field "colour"'),
        (("--year", "2020", "--set", "kind=a", "--set", "kind=b"), "kind is specified twice"),
        (("--year", "2020", "--set", "kind=a", "--unset", "kind"), "kind is both set and unset"),
        (("--where", "topic=CSR", "--set", "status=sure", "-y"), '--status: "sure" is not a status'),
        (("--undated", "--unset", "title", "-y"), "an event must have title"),
        (("hop", "--set", "kind=a", "--kind", "b"), "kind is specified twice"),
        (("hop", "--title", "a", "--set", "title=b"), "title is specified twice"),
        (("hop", "--year", "2020", "--add-topic", "x"), "--year and HANDLE cannot be used together"),
        (("hop", "--where-missing", "kind", "--kind", "x"), "--where-missing and HANDLE cannot be used together"),
        (("hop", "--where", "kind=x", "--kind", "y"), "--where and HANDLE cannot be used together"),
        (("--topic", "CSR", "--add-topic", "x"), "--topic changes a single event and requires HANDLE"),
        (("--topic", "CSR"), "--topic changes a single event and requires HANDLE"),
        (("--year", "2020", "--kind", "x", "--yes"), "--kind changes a single event and requires HANDLE"),
        (("--where", "kind", "--set", "kind=x"), 'expected FIELD=VALUE, found "kind"'),
        (("--where", "colour=x", "--set", "kind=x"), 'unknown field "colour"'),
        (("--where", "start=2020-02", "--set", "kind=x"), "--where cannot compare dates"),
        (("--where", "revision=1", "--set", "kind=x"), "--where cannot compare revision"),
        (("hop", "--add", "topic"), 'expected FIELD=VALUE, found "topic"'),
        (("hop", "--add", "kind=x"), "--add can only be used with list fields, and kind has a single value"),
        (("hop", "--remove", "location=Hà Nội"), "--remove can only be used with list fields, and location has a single value"),
        (("hop", "khao"), "no changes specified"),
        (("hop", "khao", "--id", "x"), 'there is already an event "x"'),
    ],
)  # fmt: skip
def test_what_is_unclear_is_refused(ilocal: Ilocal, registry: Path, arguments: tuple[str, ...], message: str) -> None:
    result = ilocal("edit", *arguments)
    assert (result.code in (2, 5), result.err.split("\n")[0]) == (True, f"ilocal: {message}")
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


MINISTRY = "Bộ Lao động, Thương binh và Xã hội"


@pytest.mark.parametrize(
    ("value", "items"),
    [
        ("a", ["a"]), ("a, b", ["a", "b"]), (" a ,b ", ["a", "b"]), ("a; b, c", ["a", "b", "c"]), ("a;b;", ["a", "b"]),
        (MINISTRY, [MINISTRY]), (f"ILO, {MINISTRY}, b", ["ILO", MINISTRY, "b"]), (f"{MINISTRY}; b", [MINISTRY, "b"]),
        ("bo lao dong, thuong binh va xa hoi", ["bo lao dong, thuong binh va xa hoi"]),
        ("Bộ Lao động, Thương binh", ["Bộ Lao động", "Thương binh"]), ("x, y, z", ["x, y, z"]), ("x, y, d", ["x, y", "d"]), ("p; q", ["p; q"]), ("", []),
    ],
)  # fmt: skip
def test_a_list_is_split_at_commas_and_semicolons_that_are_in_no_known_name(value: str, items: list[str]) -> None:
    known = {MINISTRY: 3, "x, y, z": 1, "x, y": 1, "z": 1, "p; q": 1}
    assert parse_set_options([f"organizers={value}"], lambda _field: known) == [("organizers", items)]


def test_dates_of_a_list_are_parted_by_semicolons_alone() -> None:
    value = "February 25, 2020; thứ Năm, 20/2/2020"
    assert parse_set_options([f"rdates={value}", "exdates=February 25, 2020", "rdate=2020-03-01"]) == [
        ("rdates", ["February 25, 2020", "thứ Năm, 20/2/2020", "2020-03-01"]), ("exdates", ["February 25, 2020"]),
    ]  # fmt: skip


def test_empty_items_of_a_list_are_none(ilocal: Ilocal, registry: Path) -> None:
    for value, topics in (("a,, b,", ("a", "b")), (" c ,, d; ;e ;", ("c", "d", "e")), (",", ())):
        assert ilocal("edit", "hop", "--set", f"topics={value}").code == 0
        assert parse_registry(registry.read_text(encoding="utf-8")).events["2020-hop"].topics == topics


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (("topic=csr",), "2020-hop"),
        (("chủ đề=CSR", "topic=lao động trẻ em"), "2020-khao-sat 2020-hop"),
        (("topics=CSR; lao động trẻ em",), "2020-khao-sat 2020-hop"),
        (("topic=CSR", "location=Hà Nội"), "2020-hop"),
        (("topic=CSR", "location=Huế"), ""),
        (("status=đã xác nhận",), "2020-khao-sat 2020-hop 2019-dien-dan tba-hoi-nghi"),
        (("title=diễn đàn lao động",), "2019-dien-dan"),
        (("title=diễn đàn",), ""),
        (("id=2020-hop",), "2020-hop"),
        (("start=",), "tba-hoi-nghi"),
        (("topic=", "start="), "tba-hoi-nghi"),
    ],
)
def test_where_compares_any_field_in_every_command_with_filters(
    ilocal: Ilocal, registry: Path, arguments: tuple[str, ...], ids: str
) -> None:
    where = [word for text in arguments for word in ("--where", text)]
    assert ilocal("list", *where, "-f", "ids").out.split() == ids.split()
    n = len(ids.split())
    changed = ilocal("edit", *where, "--set", "source=x", "--yes").err.splitlines()[-1]
    assert changed == (f"{n} events changed" if n != 1 else "1 event changed")


def test_items_are_added_to_and_taken_out_of_lists(ilocal: Ilocal, registry: Path) -> None:
    before = registry.read_bytes()
    long = ilocal(
        "edit",
        "hop",
        "--add",
        "topic=gỗ; dệt may",
        "--remove",
        "chủ đề=thuy san",
        "--add",
        "exdate=2020-03-01; 2020-03-02",
    )
    text = registry.read_bytes()
    assert (
        long.err
        == "2020-hop: changed exdates (– → 2020/03/01; 2020/03/02), topics (CSR; thủy sản → CSR; gỗ; dệt may)\n"
    )
    ilocal("undo")
    assert registry.read_bytes() == before
    ilocal(
        "edit",
        "hop",
        "--add-topic",
        "gỗ",
        "--add-topic",
        "dệt may",
        "--remove-topic",
        "thủy sản",
        "--add-exdate",
        "2020-03-01",
        "--add-exdate",
        "2020-03-02",
    )
    assert registry.read_bytes() == text
    assert (
        ilocal("edit", "hop", "--remove", "exdate=01/03/2020; 2/3/2020").err
        == "2020-hop: changed exdates (2020/03/01; 2020/03/02 → –)\n"
    )


@pytest.mark.parametrize(
    ("lang", "message"),
    [
        ("en", "ilocal: --topic changes a single event and requires HANDLE\nhint: to select events, use --where topic=…; to change the selected events, use --set topic=…\n"),
        ("vi", "ilocal: --topic chỉ sửa được một sự kiện: hãy nêu sự kiện đó\ngợi ý: để tìm sự kiện, dùng --where topic=…; để sửa mọi sự kiện tìm được, dùng --set topic=…\n"),
    ],
)  # fmt: skip
def test_what_meant_two_things_says_what_to_type(ilocal: Ilocal, registry: Path, lang: str, message: str) -> None:
    assert ilocal("--lang", lang, "edit", "--topic", "CSR", "--add-topic", "x", "--yes") == (2, "", message)
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


def test_where_nothing_is_found_near_names_are_offered(ilocal: Ilocal, registry: Path) -> None:
    near = '--topic: no event has "thuy sam"; similar: thủy sản (1 event)\n'
    assert ilocal("remove", "--topic", "thuy sam", "--yes") == (0, "", f"0 events\n{near}")
    assert ilocal("edit", "--where", "topic=thuy sam", "--set", "kind=x", "--yes") == (
        0,
        "",
        f"{near}0 events changed\n",
    )
    assert ilocal("export", "a.csv", "--topic", "thuy sam") == (0, "", f"0 events\n{near}")
