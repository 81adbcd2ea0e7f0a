"""Questions take yes in their language and in English."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
import typer

from ilocal.cli import confirmation
from ilocal.i18n import messages
from ilocal.i18n.messages import _
from ilocal.terminal import prompts


@pytest.mark.parametrize(
    ("answer", "agreed"),
    [
        ("y", "vi en"), ("Yes", "vi en"), ("c", "vi"), ("có", "vi"), ("CÓ", "vi"), ("co\u0301", "vi"), ("co", "vi"),
        ("n", ""), ("không", ""), ("", ""), ("yo", ""), ("k", ""), (" ", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_question_takes_yes_in_its_language_and_in_english(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lang: str, answer: str, agreed: str
) -> None:
    asked: list[str] = []

    def line(question: str) -> str:
        asked.append(question)
        return answer

    monkeypatch.setattr(confirmation, "is_interactive", lambda: True)
    monkeypatch.setattr(prompts, "prompt_for_line", line)
    declined = nullcontext() if lang in agreed.split() else pytest.raises(typer.Exit)
    with messages.use_language(lang), declined:
        confirmation.confirm_or_exit(_("remove {what}?", what="a"), "")
    assert asked == [{"vi": "xóa a? [c/K] ", "en": "remove a? [y/N] "}[lang]]
    no = {"vi": "chưa thay đổi gì\n", "en": "nothing was changed\n"}[lang]
    assert capsys.readouterr().err == ("" if lang in agreed.split() else no)
