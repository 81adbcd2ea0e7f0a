"""Help in Vietnamese and English: whole, and within its width."""

from __future__ import annotations

from functools import cache

import catalogues
import pytest

from ilocal.cli import app
from ilocal.i18n.messages import supported_languages
from tests.support.cli import Ilocal

SOURCE = catalogues.SOURCE


@cache
def list_help_paragraphs() -> list[str]:
    """Return the paragraphs of all helps, but for those that are lists of words."""
    return [
        " ".join(paragraph.split())
        for path in SOURCE.rglob("*.py")
        for _line, text in catalogues.helps(path)
        for paragraph in text.split("\n\n")
        if " " in paragraph and not paragraph.endswith("…")
    ]


@pytest.mark.parametrize(
    "command",
    [None, *sorted(app.find_command_modules()), *(f"site {name}" for name in app.find_command_modules("site"))],
)
def test_a_help_in_vietnamese_has_no_english_in_it(ilocal: Ilocal, command: str | None) -> None:
    arguments = command.split() if command else []
    said = {lang: " ".join(ilocal("--lang", lang, *arguments, "--help").out.split()) for lang in ("en", "vi")}
    english = {text for text in list_help_paragraphs() if text in said["en"]}
    assert english
    assert {text for text in english if text in said["vi"]} == set()
    for word in ("Usage:", "Options:", "Arguments:", "Commands:", "required", "default", "OPTIONS", "COMMAND"):
        assert word not in said["vi"]


def test_a_help_fits_its_width(ilocal: Ilocal, monkeypatch: pytest.MonkeyPatch) -> None:
    for width in (60, 80, 120):
        monkeypatch.setenv("COLUMNS", str(width))
        for lang in supported_languages():
            assert max(map(len, ilocal("--lang", lang, "search", "--help").out.splitlines())) <= min(width, 80)


HELP = """\
Cách dùng: ilocal show [TÙY CHỌN] [SỰ-KIỆN…]

  Hiện đầy đủ các sự kiện, kèm các phần nội dung. Trong cửa sổ dòng lệnh, nếu
  không nêu SỰ-KIỆN thì bạn chọn trong danh sách.

Tham số:
  SỰ-KIỆN…  Mã, phần đầu của mã, hoặc vài từ trong tên sự kiện.

Tùy chọn:
"""


def test_a_help_in_vietnamese(ilocal: Ilocal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ILOCAL_LANG", "vi")
    assert ilocal("show", "--help").out.startswith(HELP)
    said = ilocal("--help").out
    assert said.startswith("Cách dùng: ilocal [TÙY CHỌN] LỆNH [THAM SỐ]...\n")
    assert "\nSửa:\n  add       Thêm một sự kiện và in mã của sự kiện đó." in said
