"""Several registries asked as one."""

from __future__ import annotations

from pathlib import Path

import pytest

from ilocal.model.query import Query
from ilocal.sync.registry_union import RegistryUnion
from ilocal.workspace import Registry
from tests.support.cli import Ilocal


@pytest.fixture
def offices(tmp_path: Path) -> tuple[Path, Path]:
    """Two registries that both have an event `2020-hop`."""
    found = []
    for name, days in (("hanoi", (20, 22)), ("hue", (21, 23))):
        path = tmp_path / f"{name}.toml"
        first = f'[[event]]\nid = "2020-hop"\ntitle = "Họp {name}"\nstart = 2020-02-{days[0]}\ntopics = ["CSR"]\n'
        path.write_text(
            f'{first}\n[[event]]\nid = "2020-{name}"\ntitle = "Hội thảo {name}"\nstart = 2020-02-{days[1]}\n', "utf-8"
        )
        found.append(path)
    return found[0], found[1]


ASKED = ("-r", "hanoi.toml", "-r", "hue.toml")


def test_a_question_is_answered_from_all_in_one_order_and_ids_that_clash_are_told_apart(
    ilocal: Ilocal, offices: tuple[Path, Path]
) -> None:
    assert ilocal(*ASKED, "list", "-f", "ids").out.splitlines() == [
        "2020-hue",
        "2020-hanoi",
        "hue:2020-hop",
        "hanoi:2020-hop",
    ]
    assert ilocal(*ASKED, "list", "-n", "1", "-f", "ids").out == "2020-hue\n"
    assert ilocal(*ASKED, "search", "họp", "-f", "ids").out.splitlines() == ["hue:2020-hop", "hanoi:2020-hop"]
    assert "Họp hue" in ilocal(*ASKED, "show", "hue:2020-hop").out
    assert ilocal(*ASKED, "show", "2020-hop").code == 4
    assert ilocal(*ASKED, "stats", "--by", "topic", "-f", "csv").out.splitlines()[1] == "CSR,2"
    assert ilocal(*ASKED, "export", "all.ics").code == 0
    assert (offices[0].parent / "all.ics").read_text("utf-8").count("BEGIN:VEVENT") == 4
    assert len(RegistryUnion(list(offices))) == sum(len(list(Registry(path).select(Query()))) for path in offices)


def test_what_writes_refuses_several_registries(ilocal: Ilocal, offices: tuple[Path, Path]) -> None:
    before = [path.read_bytes() for path in offices]
    for command in (
        ("add", "A"),
        ("edit", "2020-hue", "--location", "Huế"),
        ("remove", "--yes", "2020-hue"),
        ("fmt",),
        ("undo",),
        ("init", "x.toml"),
        ("sync",),
        ("refresh",),
        ("import", "hue.toml"),
    ):
        assert ilocal(*ASKED, *command) == (
            2,
            "",
            "ilocal: this command works on one registry\nhint: choose one with -r\n",
        ), command
    assert [path.read_bytes() for path in offices] == before
    assert ilocal(*ASKED, "export", "hue.toml").code == 2
    assert [path.read_bytes() for path in offices] == before


def test_a_broken_event_of_one_is_named_with_its_file_and_hides_no_other(
    ilocal: Ilocal, offices: tuple[Path, Path]
) -> None:
    offices[1].write_text(offices[1].read_text("utf-8") + "\n[[event]]\nstart = 2020-01-01\n", encoding="utf-8")
    result = ilocal(*ASKED, "list", "-f", "ids")
    assert (result.code, len(result.out.splitlines())) == (0, 4)
    assert "hue.toml:" in result.err
