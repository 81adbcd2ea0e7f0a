"""`add` without a title asks for each field at a terminal: on stderr, so that stdout has the id alone."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.support.cli import Ilocal
from tests.support.editor import write_editor
from tests.support.registry import FOUR_EVENTS, parse_registry
from tests.support.terminal import Dialogue, Talk

pytestmark = pytest.mark.long


@pytest.fixture
def talk(talk: Talk, registry: Path) -> Talk:
    """Run the program on a terminal, with stdout into a pipe: `id=$(ilocal add)`."""
    return partial(talk, piped=True)


def answer_questions(dialogue: Dialogue, *pairs: tuple[str, str]) -> None:
    """Answer questions in turn: each is what it ends with, and what is typed."""
    for question, typed in pairs:
        dialogue.see(question)
        dialogue.type(typed)


AFTER_DATES = [
    ("Location: ", ""), ("Kind: ", ""), ("Organizers (separated by commas): ", ""),
    ("Projects (separated by commas): ", ""), ("Topics (separated by commas): ", ""), ("Status (Enter: confirmed): ", ""),
]  # fmt: skip
ADDED = """
[[event]]
id = "2020-hoi-thao"
title = "Hội thảo"
start = 2020-03-25
end = 2020-03-29
location = "Hà Nội"
organizers = ["ILO", "Bộ LĐTBXH", "VCCI"]
topics = ["CSR", "thủy sản", "gỗ"]
kind = "workshop"
status = "tentative"
created = 2020-02-20T00:00:00+07:00
description = \"\"\"
Một.

Hai.\"\"\"
"""


@pytest.mark.parametrize("columns", [17, 30, 40, 60])
def test_lines_fit_the_terminal_and_a_question_leaves_room_for_its_answer(talk: Talk, columns: int) -> None:
    dialogue = talk("add", COLUMNS=str(columns))
    answer_questions(dialogue, ("Title:", "Họp"), ("announced):", "30/2/2020"), ("announced):", "20/2/2020"))
    for words, _typed in AFTER_DATES:
        answer_questions(dialogue, (words.split()[-1], ""))
    dialogue.see("editor)\n")
    answer_questions(dialogue, ("> ", "a"), ("> ", "b"), ("> ", "."))
    answer_questions(dialogue, ("ancel?", "c"))
    assert dialogue.end()[0] == 130
    lines = dialogue.said.partition("[[event]]")[0].splitlines()
    assert max(map(len, lines)) <= max(columns, len("  1 lao động trẻ em (1)"))  # a name stays whole
    # What is typed, below the questions that leave no room for it; the mark of a description stands once a line.
    below = ["> Họp"] if columns == 17 else []
    assert [line for line in lines if line.startswith("> ") and line != "> "] == [
        *below, "> 30/2/2020", "> 20/2/2020", "> a", "> b", "> .",
    ]  # fmt: skip
    assert ">" not in lines


def test_each_field_is_asked_for_and_the_id_is_the_answer(registry: Path, talk: Talk) -> None:
    dialogue = talk("add")
    answer_questions(
        dialogue, ("Title: ", ""), ("Title: ", "  Hội  thảo "), ("(Enter: to be announced): ", "25-29/03/2020")
    )
    assert dialogue.see("5 days\n").endswith("  Wednesday 25 March 2020 to Sunday 29 March 2020, 5 days\n")
    answer_questions(dialogue, ("  1 Hà Nội (1)\nLocation: ", "1"), ("Kind: ", "workshop"))
    answer_questions(dialogue, ("  1 Bộ LĐTBXH (1)   2 ILO (1)\nOrganizers (separated by commas): ", "2, bo ldtbxh"))
    answer_questions(dialogue, ("  ILO; Bộ LĐTBXH\nMore (Enter: done): ", "VCCI, ILO"))
    answer_questions(dialogue, ("  ILO; Bộ LĐTBXH; VCCI\nMore (Enter: done): ", ""))
    answer_questions(
        dialogue, ("Projects (separated by commas): ", ""), ("Topics (separated by commas): ", "csr; thuy san; gỗ")
    )
    answer_questions(dialogue, ("  CSR; thủy sản; gỗ\nMore (Enter: done): ", ""))
    answer_questions(dialogue, ("Status (Enter: confirmed): ", "tentative"))
    answer_questions(dialogue, ("e opens the editor)\n> ", "Một."), ("> ", ""), ("> ", "Hai."), ("> ", "."))
    shown = dialogue.see("[s]ave, [e]dit or [c]ancel? ")
    assert shown.endswith(
        'start = 2020-03-25\nend = 2020-03-29\nlocation = "Hà Nội"\n' + shown[shown.index("organizers") :]
    )
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS
    dialogue.type("s")
    assert dialogue.end()[:2] == (0, "2020-hoi-thao\n")
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS + ADDED


def test_only_the_title_must_be_answered_and_what_options_say_is_not_asked(registry: Path, talk: Talk) -> None:
    dialogue = talk("add", "--topic", "CSR", "--location", "Huế", "--description", "Mô tả")
    answer_questions(dialogue, ("Title: ", "Mới"), ("(Enter: to be announced): ", ""))
    said = ""
    for question, typed in AFTER_DATES:
        if not question.startswith(("Location", "Topics")):
            said += dialogue.see(question)
            dialogue.type(typed)
    answer_questions(dialogue, ("[s]ave, [e]dit or [c]ancel? ", "SAVE"))
    assert dialogue.end()[:2] == (0, "tba-moi\n")
    assert "Location" not in said
    event = parse_registry(registry.read_text(encoding="utf-8")).events["tba-moi"]
    assert (event.topics, event.location, event.description, event.start) == (("CSR",), "Huế", "Mô tả", None)


def test_dates_that_cannot_be_read_are_explained_and_asked_for_again(talk: Talk) -> None:
    dialogue = talk("add")
    answer_questions(dialogue, ("Title: ", "Mới"), ("announced): ", "31/02/2020"))
    dialogue.see('  cannot read "31/02/2020" as a date: February 2020 has 29 days\n')
    answer_questions(dialogue, ("announced): ", "02/25/2020"), ("announced): ", "2020-03"))
    dialogue.see("  some time in March 2020\n")


def test_what_recurs_wants_a_date(registry: Path, talk: Talk) -> None:
    dialogue = talk("add", "--repeat", "hằng năm", "--exdate", "2021-03-01")
    answer_questions(dialogue, ("Title: ", "Mới"), ("announced): ", ""))
    dialogue.see("  a recurring event must have a start\n")
    answer_questions(dialogue, ("announced): ", "2020-03-01"), *AFTER_DATES, ("> ", ""), ("ancel? ", "s"))
    assert dialogue.end()[:2] == (0, "2020-moi\n")
    assert parse_registry(registry.read_text(encoding="utf-8")).events["2020-moi"].rrule == "FREQ=YEARLY"


@pytest.mark.parametrize("keys", ["\x03", "\x04"])
@pytest.mark.parametrize("n", [0, 1, 7])
def test_ctrl_c_and_ctrl_d_change_nothing_and_show_what_was_typed(
    registry: Path, talk: Talk, keys: str, n: int
) -> None:
    dialogue = talk("add", "--kind", "x")
    questions = [
        ("Title: ", "Mới"),
        ("announced): ", "2020-03-01"),
        *(one for one in AFTER_DATES if one[0] != "Kind: "),
    ]
    for question, typed in questions[:n]:
        dialogue.see(question)
        dialogue.type(typed)
    dialogue.see(questions[n][0] if n < len(questions) else "> ")
    dialogue.interrupt(keys)
    code, out, said = dialogue.end()
    assert (code, out) == (130, "")
    wanted = [
        "nothing was added\n",
        'nothing was added; your input so far:\n[[event]]\ntitle = "Mới"\nkind = "x"\n',
        'nothing was added; your input so far:\n[[event]]\ntitle = "Mới"\nstart = 2020-03-01\nkind = "x"\n',
    ]
    assert said.endswith(wanted[min(n, 2)])
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


def test_a_description_ends_with_ctrl_d_and_ctrl_c_in_it_shows_it(registry: Path, talk: Talk) -> None:
    for key, code in (("\x04", 0), ("\x03", 130)):
        dialogue = talk("add")
        answer_questions(dialogue, ("Title: ", f"Mới {code}"), ("announced): ", ""), *AFTER_DATES, ("> ", "Một."))
        dialogue.see("> ")
        if key == "\x04":
            dialogue.press(key)
            answer_questions(dialogue, ("ancel? ", "s"))
        else:
            dialogue.interrupt()
        found = dialogue.end()
        assert found[0] == code
        assert ('description = "Một."\n' in found[2]) == (key == "\x03")
    assert parse_registry(registry.read_text(encoding="utf-8")).events["tba-moi-0"].description == "Một."


def test_cancelling_adds_nothing(registry: Path, talk: Talk) -> None:
    dialogue = talk("add")
    answer_questions(
        dialogue,
        ("Title: ", "Mới"),
        ("announced): ", ""),
        *AFTER_DATES,
        ("> ", ""),
        ("ancel? ", "x"),
        ("ancel? ", "c"),
    )
    assert dialogue.end() == (130, "", "c\nnothing was added\n")
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


def test_an_event_that_seems_to_be_there_is_named_and_added_where_one_insists(registry: Path, talk: Talk) -> None:
    warning = "ilocal: warning: a similar event already exists: 2019/11 Diễn đàn Lao động (2019-dien-dan)\n"
    dialogue = talk("add")
    answer_questions(dialogue, ("Title: ", "dien dan lao dong"), ("announced): ", "05/11/2019"))
    dialogue.see(warning)
    answer_questions(dialogue, *AFTER_DATES, ("> ", ""))
    dialogue.see(warning)
    answer_questions(dialogue, ("ancel? ", "s"))
    assert dialogue.end()[:2] == (0, "2019-dien-dan-lao-dong\n")


def test_a_name_that_is_nearly_one_of_the_known_is_asked_about(registry: Path, talk: Talk) -> None:
    dialogue = talk("add")
    answer_questions(dialogue, ("Title: ", "Mới"), ("announced): ", ""), ("Location: ", "Ha Nooi"))
    answer_questions(dialogue, ('  did you mean "Hà Nội"? [Y/n] ', ""), ("Kind: ", ""), *AFTER_DATES[2:4])
    answer_questions(dialogue, ("Topics (separated by commas): ", "2020, 9, 1, thuỷ sản, lao động trẻ"))
    answer_questions(dialogue, ('  did you mean "lao động trẻ em"? [Y/n] ', "n"))
    dialogue.see("  2020; 9; CSR; thủy sản; lao động trẻ\n")


def test_tab_completes_known_names_typed_without_accents(registry: Path, talk: Talk) -> None:
    dialogue = talk("add")
    answer_questions(dialogue, ("Title: ", "Mới"), ("announced): ", ""), *AFTER_DATES[:4])
    dialogue.see("Topics (separated by commas): ")
    dialogue.press("csr, thuy\t")
    dialogue.see("ủy sản")
    dialogue.type("")
    dialogue.see("\n  CSR; thủy sản\n")


def test_the_description_and_the_whole_event_may_be_written_in_an_editor(
    registry: Path, tmp_path: Path, talk: Talk
) -> None:
    code = (
        "if path.suffix == '.md': text = 'Một.\\n\\nHai.\\n'\n"
        "elif 'sure' in text: text = text.replace('sure', 'tentative')\n"
        "else: text += 'status = \"sure\"\\n'"
    )
    dialogue = talk("add", EDITOR=write_editor(tmp_path, code))
    answer_questions(dialogue, ("Title: ", "Mới"), ("announced): ", ""), *AFTER_DATES, ("> ", "e"), ("ancel? ", "e"))
    dialogue.see('ilocal: line 8: status: unknown status "sure" (tentative, confirmed, cancelled, postponed)\n')
    answer_questions(dialogue, ("stop? ", "e"), ('status = "tentative"\n', ""), ("ancel? ", "s"))
    assert dialogue.end()[:2] == (0, "tba-moi\n")
    event = parse_registry(registry.read_text(encoding="utf-8")).events["tba-moi"]
    assert (event.description, event.status) == ("Một.\n\nHai.", "tentative")


def test_what_cannot_be_saved_is_asked_about_again(registry: Path, talk: Talk) -> None:
    dialogue = talk("add", "--id", "2020-hop")
    answer_questions(dialogue, ("Title: ", "Mới"), ("announced): ", ""), *AFTER_DATES, ("> ", ""), ("ancel? ", "s"))
    dialogue.see('  a similar event already exists: "2020-hop"\n')
    answer_questions(dialogue, ("ancel? ", "c"))
    assert dialogue.end()[0] == 130


def test_in_vietnamese(registry: Path, talk: Talk) -> None:
    dialogue = talk("--lang", "vi", "add")
    answer_questions(dialogue, ("Tên sự kiện: ", "Mới"), ("(Enter: chưa có): ", "25-29/03/2020"))
    dialogue.see("  từ thứ Tư ngày 25 tháng 3 năm 2020 đến chủ nhật ngày 29 tháng 3 năm 2020, 5 ngày\n")
    answer_questions(dialogue, ("Địa điểm: ", "ha nooi"), ('ý bạn là "Hà Nội"? [C/k] ', "k"), ("Loại: ", ""))
    answer_questions(
        dialogue, ("Đơn vị tổ chức (cách nhau bằng dấu phẩy): ", ""), ("Dự án (cách nhau bằng dấu phẩy): ", "")
    )
    answer_questions(
        dialogue, ("Chủ đề (cách nhau bằng dấu phẩy): ", ""), ("Trạng thái (Enter: đã xác nhận): ", "da hoan")
    )
    answer_questions(dialogue, ("e để mở trình soạn thảo)\n> ", ""), ("[l]ưu, [s]ửa hay [h]ủy? ", "l"))
    assert dialogue.end()[:2] == (0, "2020-moi\n")
    event = parse_registry(registry.read_text(encoding="utf-8")).events["2020-moi"]
    assert (event.location, event.status) == ("ha nooi", "postponed")


def test_nobody_is_asked_where_nobody_is_there(process: Ilocal, registry: Path, tmp_path: Path) -> None:
    wanted = (2, "", 'ilocal: the title is missing\nhint: ilocal add "TITLE" 2020-02-20\n')
    assert process("add") == process("add", "--topic", "CSR") == wanted
    assert process("add", input="Mới\n").code == 2


def test_without_a_registry_nothing_is_asked(talk: Talk, registry: Path) -> None:
    registry.unlink()
    assert (
        talk("add").end()[2]
        == "ilocal: there is no registry in this folder or its parents\nhint: to create a registry, run: ilocal init\n"
    )
