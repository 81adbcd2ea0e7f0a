"""Events as users name them: several words together, candidates, near words, and a list to pick from."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.workspace import Registry
from tests.support.cli import Ilocal
from tests.support.paths import SHIPPED_REGISTRY
from tests.support.registry import parse_registry
from tests.support.terminal import Talk

REGISTRY = """\
[[event]]
id = "2020-phong-van"
title = "Phỏng vấn hộ gia đình"
start = 2020-02-21
end = 2020-02-22

[[event]]
id = "2020-co-van"
title = "Nhóm cố vấn"
start = 2020-02-20T08:30:00
end = 2020-02-20T10:00:00
description = "Có Alice tham dự."
url = "https://ilo.example/co-van?a=1"
status = "cancelled"
topics = ["CSR"]

[[event]]
id = "2019-phong-chay"
title = "Phòng cháy"
start = 2019-01-05
url = "javascript:alert(1)"
"""
BOTH = (
    "  2020/02/21 - 2020/02/22  Phỏng vấn hộ gia đình  (2020-phong-van)\n"
    "  2020/02/20 08:30 - 10:00  Nhóm cố vấn  (2020-co-van)\n"
)


@pytest.fixture
def offices(tmp_path: Path) -> Path:
    path = tmp_path / "events.toml"
    path.write_text(REGISTRY, encoding="utf-8")
    return path


@pytest.mark.parametrize("words", [("phỏng", "vấn"), ("phong", "van", "ho"), ("Nhóm", "vấn")])
def test_words_that_are_no_handles_one_by_one_are_taken_together(
    ilocal: Ilocal, offices: Path, words: tuple[str, ...]
) -> None:
    found = parse_registry(REGISTRY).events
    (id,) = [id for id, event in found.items() if ilocal("show", *words, "-f", "ids").out == f"{id}\n"]
    assert id == ("2020-co-van" if "Nhóm" in words else "2020-phong-van")
    assert ilocal("edit", *words, "--set", "kind=x").err == f"{id}: changed kind (– → x)\n"


def test_a_handle_of_several_events_shows_each_with_date_title_and_id(ilocal: Ilocal, offices: Path) -> None:
    assert ilocal("show", "vấn") == (
        4,
        "",
        f'ilocal: "vấn" matches 2 events\nhint: be more specific; it could be:\n{BOTH}',
    )
    assert ilocal("--lang", "vi", "remove", "van", "-y") == (
        4, "", f'ilocal: "van" khớp với 2 sự kiện\ngợi ý: hãy nói rõ hơn; có thể là:\n{BOTH}',
    )  # fmt: skip
    assert ilocal("show", "2020-phong-van", "van").err.startswith('ilocal: "van" matches 2 events\n')


def test_at_most_ten_are_shown(ilocal: Ilocal, tmp_path: Path) -> None:
    many = "".join(f'[[event]]\ntitle = "Họp {n}"\n' for n in range(25))
    (tmp_path / "events.toml").write_text(many, encoding="utf-8")
    lines = ilocal("show", "họp").err.splitlines()
    assert (len(lines), lines[-1]) == (13, "  … 10 of 25; type more words")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("alic",), "2020/02/20 08:30 - 10:00  Nhóm cố vấn  (2020-co-van)"),  # the beginning of a word of a text
        (("phỏng", "vna"), "2020/02/21 - 2020/02/22  Phỏng vấn hộ gia đình  (2020-phong-van)"),
    ],
)
def test_an_unknown_handle_offers_what_is_near(
    ilocal: Ilocal, offices: Path, words: tuple[str, ...], line: str
) -> None:
    result = ilocal("show", *words)
    assert result.code == 4
    assert result.err.splitlines()[1:] == ["hint: did you mean:", f"  {line}"]


ENHANCE = """\
[[event]]
id = "2020-khao-sat-cuoi-ki"
title = "Khảo sát cuối kì của dự án ENHANCE"
start = 2020-02-25

[[event]]
id = "2020-du-an-enhance"
title = "Dự án ENHANCE"
start = 2020-01-01

[[event]]
id = "2019-tap-huan"
title = "Tập huấn"
start = 2019-11-27
"""


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_words_that_only_some_ids_have_are_looked_for_in_all_titles(ilocal: Ilocal, tmp_path: Path, lang: str) -> None:
    (tmp_path / "events.toml").write_text(ENHANCE, encoding="utf-8")
    said = {
        "en": 'ilocal: "ENHANCE" matches 2 events\nhint: be more specific; it could be:\n',
        "vi": 'ilocal: "ENHANCE" khớp với 2 sự kiện\ngợi ý: hãy nói rõ hơn; có thể là:\n',
    }[lang]
    found = (
        "  2020/02/25  Khảo sát cuối kì của dự án ENHANCE  (2020-khao-sat-cuoi-ki)\n"
        "  2020/01/01  Dự án ENHANCE  (2020-du-an-enhance)\n"
    )
    assert ilocal("--lang", lang, "show", "ENHANCE") == (4, "", said + found)
    assert ilocal("copy", "ENHANCE", "2021-01-01").err.endswith(found)
    assert ilocal("show", "dự án enhance", "-f", "ids").out == "2020-du-an-enhance\n"  # the whole title


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_other_accents_are_enough_to_read_and_not_to_change(ilocal: Ilocal, tmp_path: Path, lang: str) -> None:
    path = tmp_path / "events.toml"
    path.write_text(ENHANCE, encoding="utf-8")
    for words in (("tăp huấn",), ("tăp", "huấn"), ("tap", "huan"), ("tậ",)):
        assert ilocal("show", *words, "-f", "ids") == (0, "2019-tap-huan\n", "")
    refused = {
        "en": 'ilocal: "tăp" has other accents than the title\nhint: if this event is meant, type its id:\n',
        "vi": 'ilocal: "tăp" viết khác dấu so với tên sự kiện\ngợi ý: nếu đúng là sự kiện này, hãy gõ mã của nó:\n',
    }[lang] + "  2019/11/27  Tập huấn  (2019-tap-huan)\n"
    for command in (("remove", "--yes"), ("remove", "--dry-run"), ("edit", "--set", "kind=x"), ("edit",)):
        assert ilocal("--lang", lang, *command, "tăp", "huấn") == (4, "", refused)
    assert path.read_text(encoding="utf-8") == ENHANCE
    for words in (("tap", "huan"), ("TẬP", "huấn"), ("tậ",), ("2019-tap-huan",)):
        assert ilocal("edit", *words, "--set", "kind=x", "--dry-run").code == 0


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_number_of_a_row_is_no_handle(ilocal: Ilocal, tmp_path: Path, lang: str) -> None:
    (tmp_path / "events.toml").write_text(ENHANCE.replace("2020-du-an", "tba-du-an"), encoding="utf-8")
    said = {
        "en": 'ilocal: no event matches "{n}"\n'
        "hint: numbers count the rows of a list; type words of the title, or an id: ilocal list -f ids\n",
        "vi": 'ilocal: không có sự kiện nào khớp với "{n}"\n'
        "gợi ý: các số chỉ đánh thứ tự dòng trong danh sách; hãy gõ vài từ trong tên, hoặc mã: ilocal list -f ids\n",
    }[lang]
    for n in (1, 2, 202):  # also where just one id begins so
        assert ilocal("--lang", lang, "remove", str(n), "--yes") == (4, "", said.format(n=n))
    assert ilocal("show", "2020", "-f", "ids").out == "2020-khao-sat-cuoi-ki\n"


@given(st.data())
def test_a_letter_that_is_left_out_of_a_word_is_found_again(data: st.DataObject) -> None:
    with Registry(SHIPPED_REGISTRY) as registry:
        title = data.draw(st.sampled_from([event.title for event in registry]))
        word = data.draw(
            st.sampled_from([word for word in title.split() if word.isalpha() and len(word) > 5] or ["thanh"])
        )
        at = data.draw(st.integers(1, len(word) - 1))
        assert registry.suggestions.correct_words(word) == "" or word  # as it is
        assert registry.suggestions.correct_words(word[:at] + word[at + 1 :])


# ------------------------------------------------------------------------------------------------------------- picking

LIST = (
    " 1  2020/02/20 08:30 - 10:00  Nhóm cố vấn  (2020-co-van)\n"
    " 2  2020/02/21 - 2020/02/22  Phỏng vấn hộ gia đình  (2020-phong-van)\n"
    " 3  2019/01/05  Phòng cháy  (2019-phong-chay)\n"
)
QUESTION = "Number of the event, or words to search for (Enter: none): "


@pytest.mark.process
def test_at_a_terminal_an_event_is_picked_from_a_list(offices: Path, talk: Talk) -> None:
    dialogue = talk("show", "-f", "ids")
    assert dialogue.see(QUESTION) == LIST + QUESTION
    dialogue.type("phong")
    second = dialogue.see(QUESTION)
    assert second.count("(2019-phong-chay)") == second.count("(2020-phong-van)") == 1
    dialogue.type("2 1")
    assert sorted(dialogue.end()[2].splitlines()[-2:]) == ["2019-phong-chay", "2020-phong-van"]


@pytest.mark.process
def test_an_ambiguous_handle_is_picked_at_a_terminal(tmp_path: Path, talk: Talk) -> None:
    many = "".join(f'[[event]]\nid = "hop-{n}"\ntitle = "Họp {n}"\n' for n in range(21))
    (tmp_path / "events.toml").write_text(many + '[[event]]\ntitle = "Lễ"\n', encoding="utf-8")
    dialogue = talk("--lang", "en", "show", "họp", "-f", "ids")
    rows = [f"{n + 1:>2}  To be announced  Họp {n}  (hop-{n})" for n in range(10)]
    assert dialogue.see(QUESTION).splitlines() == [
        '"họp" matches 21 events', *rows, "    … 10 of 21; type more words", QUESTION,
    ]  # fmt: skip
    dialogue.type("2")
    assert dialogue.end()[::2] == (0, "2\nhop-1\n")
    refused = talk("--lang", "en", "remove", "họp", "--yes")  # which answers all questions
    assert refused.end()[0] == 4
    assert "Enter:" not in refused.said
    dialogue = talk("--lang", "vi", "copy", "họp", "2020-03-01")
    asked = dialogue.see("(Enter: không chọn): ").splitlines()
    assert (asked[0], asked[-2]) == ('"họp" khớp với 21 sự kiện', "    … 10 trên 21 sự kiện; hãy gõ thêm từ")
    dialogue.type("1 2", "20")
    dialogue.see("2020-hop-20\n")
    assert dialogue.end()[0] == 0


@pytest.mark.process
def test_nothing_is_picked_and_nothing_is_done(offices: Path, talk: Talk) -> None:
    for command in ("remove", "open", "edit", "copy"):
        dialogue = talk(command)
        dialogue.see(QUESTION)
        dialogue.type("")
        assert dialogue.end()[::2] == (130, "\nno event was picked\n")
    assert offices.read_text(encoding="utf-8") == REGISTRY


def test_without_a_terminal_the_event_must_be_named(ilocal: Ilocal, offices: Path) -> None:
    for command in ("show", "open"):
        assert ilocal(command) == (2, "", f"ilocal: the event is missing\nhint: ilocal {command} HANDLE\n")
