"""Texts read as a registry: broken events named with their lines, and all others there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ilocal.errors import RegistryError
from ilocal.storage.toml.document import UTF8_BOM
from tests.support import strategies
from tests.support.cli import Ilocal
from tests.support.paths import SHIPPED_REGISTRY
from tests.support.refusals import ALL_COMMANDS, WRITES, find_line_number, run_all_commands
from tests.support.registry import (
    BROKEN_REGISTRIES,
    find_event,
    open_transaction,
    parse_event_tables,
    parse_registry,
    render_transaction,
)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a.b.c\n[[event]]\n", "f.toml:1: not valid TOML: expected '=' after a key in a key/value pair"),
        (
            '[registry]\na=1\n\n[[event]]\ntitle="x"\n[registry]\n',
            "f.toml:6: not valid TOML: cannot declare ('registry',) twice",
        ),
        ("[registry\n", "f.toml:1: write the header as [registry]"),
        ("event = 5\n", "f.toml: event must be a list of tables, each written as an [[event]] block"),
        ("x = " + "[" * 5000, "f.toml:1: not valid TOML: nested too deeply"),
    ],
)
def test_what_is_no_registry_is_refused_with_its_line(text: str, place: str) -> None:
    with pytest.raises(RegistryError) as error:
        parse_registry(text)
    assert error.value.message == place


def test_a_broken_event_is_named_and_hides_no_other() -> None:
    registry = parse_registry(BROKEN_REGISTRIES)
    assert [event.title for event in registry.events.values()] == ["good", "first y"]
    assert [problem.format_with_file("f.toml") for problem in registry.diagnostics] == [
        'f.toml:5: title: the closing quote is missing: title = "no quote"',
        "f.toml:8: title: an event must have a title",
        "f.toml:14: end: the end (2020-02-19) is before the start (2020-02-20)",
        'f.toml:19: status: unknown status "sure" (tentative, confirmed, cancelled, postponed)',
        'f.toml:26: id: "y" is already the id of the event on line 21',
    ]


def test_a_nan_anywhere_stands_in_no_ones_way() -> None:
    draft = open_transaction('x = nan\n[[event]]\ntitle = "A"\ny = [nan]\n')
    draft.update("tba-a", replace(find_event(draft, "tba-a"), kind="k"))
    assert render_transaction(draft).endswith('kind = "k"\ny = [nan]\n')


def test_a_forgotten_quote_costs_its_event_and_no_time() -> None:
    good = "".join(f'[[event]]\ntitle = "{n}"\ndescription = """\nText.\n"""\n' for n in range(2000))
    registry = parse_registry('[[event]]\ntitle = "x"\ndescription = """\nText.\n' + good)
    assert (len(registry.events), len(registry.diagnostics)) == (2000, 1)


def test_the_shipped_registry_has_the_21_events() -> None:
    text = SHIPPED_REGISTRY.read_text(encoding="utf-8")
    registry = parse_registry(text)
    assert (len(registry.events), registry.diagnostics) == (21, ())
    assert parse_event_tables(text) == [piece.table for piece in registry.files[0].document.blocks if piece.is_event]


@given(strategies.registry_texts(), st.text(max_size=20), st.integers(0, 500))
def test_any_damage_is_a_problem_or_an_error_and_never_an_exception(text: str, damage: str, at: int) -> None:
    broken = text[:at] + damage + text[at:]
    try:
        registry = parse_registry(broken)
    except RegistryError:
        return
    assume(registry.files[0].document.blocks)
    assert all(problem.line >= 0 and problem.message for problem in registry.diagnostics)


TITLED = b'[[event]]\nid = "x"\ntitle = "X"\n'
DEEP = 10_000
NOT_TOML = {
    "NUL": (b'[registry]\na = "\0"\n', 2),
    "NUL in a comment": (b"#\n# \0\n", 2),
    "latin-1": (b'[registry]\ntitle = "caf\xe9"\n', 2),
    "surrogate in UTF-8": (b'a = "\xed\xa0\x80"\n', 1),
    "UTF-16": ("a = 1\n".encode("utf-16"), 1),
    "UTF-16 without a mark": ("a = 1\n".encode("utf-16-le"), 1),
    "5,000 digits": (b"a = 1\nb = " + b"9" * 5000 + b"\n", 2),
    "5,000 digits in an event": (TITLED + b"room = " + b"9" * 5000 + b"\n", 4),
    "arrays": (b"a = " + b"[" * DEEP + b"]" * DEEP, 1),
    "open arrays": (b"a = " + b"[" * DEEP, 1),
    "inline tables": (b"a = " + b"{a=" * DEEP + b"1" + b"}" * DEEP, 1),
    "dotted key": (b"a" + b".a" * DEEP + b" = 1\n", 1),
    "dotted header": (b"[a" + b".a" * DEEP + b"]\n", 1),
    "lone surrogate escape": (b'[registry]\ntitle = "\\ud800"\n', 2),
    "two marks": (UTF8_BOM + UTF8_BOM + TITLED, 1),
    "a mark inside": (TITLED + UTF8_BOM + TITLED, 4),
    "CR alone": (TITLED.replace(b"\n", b"\r"), 1),
    "CR in a text": (TITLED + b'description = """a\rb"""\n', 4),
}


@pytest.mark.promise("P15")
@pytest.mark.parametrize("name", NOT_TOML)
def test_what_is_not_toml_is_named_with_its_line_and_untouched(ilocal: Ilocal, name: str) -> None:
    data, line = NOT_TOML[name]
    Path("in.jsonl").write_text('{"title": "N"}\n', encoding="utf-8")
    Path("events.toml").write_bytes(data)
    for command in ALL_COMMANDS:
        code, out, err = ilocal(*command)
        # An event that cannot be read is not found; all else is the registry's error.
        unfound = code == 4 and b"[[event]]" in data and command[0] in ("show", "edit", "remove")
        assert unfound or (code == 3 and find_line_number(out + err) == line), (command, code, out, err)
        assert "Traceback" not in err
        assert Path("events.toml").read_bytes() == data


@pytest.mark.promise("P15")
def test_a_text_that_stops_being_utf8_is_named_with_its_file(ilocal: Ilocal) -> None:
    Path("events.toml").write_bytes(TITLED)
    assert ilocal("list").code == 0  # now there is an index
    for _, said in run_all_commands(ilocal, TITLED + b"# caf\xe9\n"):
        assert find_line_number(said) == 4


@pytest.mark.promise("P15")
@pytest.mark.parametrize("data", [b"", UTF8_BOM], ids=["nothing", "a mark"])
def test_an_empty_file_is_a_registry_without_events(ilocal: Ilocal, data: bytes) -> None:
    path = Path("events.toml")
    path.write_bytes(data)
    codes = [ilocal(*command).code for command in (("list",), ("check",), ("show", "x"), *WRITES[1:3])]
    assert codes == [0, 0, 4, 4, 4]
    assert path.read_bytes() == data
    assert ilocal("add", "A").code == 0
    assert path.read_bytes().startswith(data + b"[[event]]\n")
    assert ilocal("remove", "a", "--yes").code == 0
    assert path.read_bytes() == data


@pytest.mark.promise("P15")
def test_an_event_with_a_key_of_500_parts_is_named_and_stands_in_no_ones_way(ilocal: Ilocal) -> None:
    data = TITLED + b"a" + b".a" * 500 + b" = 1\n"
    path = Path("events.toml")
    path.write_bytes(data)
    assert "events.toml:4: a: nested too deeply" in ilocal("check").out
    assert ilocal("add", "A").code == 0
    assert path.read_bytes().startswith(data)
