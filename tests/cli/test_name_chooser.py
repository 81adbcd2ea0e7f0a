"""Names typed at a question: which known ones they mean, and how they are completed."""

from __future__ import annotations

import pytest

from ilocal.cli.name_chooser import NameChooser, format_option_name_choices
from ilocal.terminal.prompts import get_prompt_completion

pytestmark = pytest.mark.long

MINISTRY = "Bộ Lao động, Thương binh và Xã hội"
KNOWN = NameChooser({"CSR": 4, MINISTRY: 3, "thủy sản": 2, "csr": 1, "Quý 1": 1, "2030": 1})


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("CSR", ["CSR"]),
        ("csr", ["csr"]),
        ("Csr", ["CSR"]),
        ("  thuỷ   sản ,gỗ,, ", ["thủy sản", "gỗ"]),
        ("1, 3", ["CSR", "thủy sản"]),
        ("2030", ["2030"]),
        ("CSR, bo lao dong, thuong binh va xa hoi, gỗ", ["CSR", MINISTRY, "gỗ"]),
        ('"Cục An toàn, Vệ sinh"; CSR', ["Cục An toàn, Vệ sinh", "CSR"]),
        ('"Cục An toàn, Vệ sinh"', ["Cục An toàn, Vệ sinh"]),
        ("gỗ\nCSR, csr", ["gỗ", "CSR"]),
        (" , ,", []),
    ],
)
def test_names_on_a_line(typed: str, names: list[str]) -> None:
    assert KNOWN.resolve_names(typed) == names


def test_several_names_on_a_line_are_parted_by_semicolons_else_by_commas() -> None:
    known = NameChooser({"Bộ Lao động, Thương binh": 2, "ILO": 1})
    for typed, names in (
        ("a, b", ["a", "b"]), ("a; b, c", ["a", "b", "c"]), ("ilo, bo lao dong, thuong binh", ["ILO", "Bộ Lao động, Thương binh"]),
        ("2; a", ["ILO", "a"]), ("a; A ;á", ["a"]), ("a,, ;", ["a"]), ("a, b\nc; d", ["a", "b", "c", "d"]),
    ):  # fmt: skip
        assert known.resolve_names(typed) == names, typed


@pytest.mark.parametrize(("typed", "names"), [("0", ["0"]), ("2020", ["2020"]), ("99999, 7", ["99999", "7"])])
def test_a_number_beyond_the_list_is_a_name(typed: str, names: list[str]) -> None:
    assert KNOWN.resolve_names(typed) == names


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("thuy sann", "thủy sản"), ("Bộ Lao động, Thương binh & Xã hội", MINISTRY), ("CSR", None), ("Quý 2", None),
        ("ILO", None), ("gỗ", None), ("", None),
    ],
)  # fmt: skip
def test_the_known_name_that_may_be_meant(typed: str, near: str | None) -> None:
    assert KNOWN.choose_similar_name_for_option(typed) == near


def test_a_list_of_names_fits_the_width_and_has_nine() -> None:
    assert format_option_name_choices(KNOWN, 34) == [
        "  1 CSR (4)", f"  2 {MINISTRY} (3)", "  3 thủy sản (2)   4 csr (1)", "  5 Quý 1 (1)   6 2030 (1)",
    ]  # fmt: skip
    many = NameChooser({f"tên {n}\x1b": 1 for n in range(50)})
    assert format_option_name_choices(many, 1000) == ["  " + "   ".join(f"{n + 1} tên {n}\\x1b (1)" for n in range(9))]


def test_completions_are_found_by_their_beginning_without_case_and_accents() -> None:
    names = ["thủy sản", "Thủ đô", "CSR"]
    assert [get_prompt_completion(" thu", n, names) for n in range(3)] == [" thủy sản", " Thủ đô", None]
    assert [get_prompt_completion("", n, names) for n in range(4)] == [*names, None]
    assert get_prompt_completion("x", 0, names) is get_prompt_completion("x", 0, ()) is None
