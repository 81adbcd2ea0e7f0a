"""Words in place of a date that is not known yet: `tba`, `đang cập nhật`."""

from __future__ import annotations

from functools import cache

from ilocal.i18n.labels import translate_label
from ilocal.i18n.messages import supported_languages
from ilocal.model.text_folding import fold_text

# Besides the labels of the languages.
_UNDATED_PHRASES = (
    "tba", "tbd", "tbc", "to be announced", "to be determined", "to be decided", "to be confirmed", "no date yet",
    "đang cập nhật", "sẽ cập nhật", "chưa xác định", "chưa có", "chưa rõ", "chưa có ngày", "chưa định ngày",
    "chưa ấn định", "chưa chốt", "thông báo sau", "sẽ thông báo sau",
)  # fmt: skip


@cache
def _list_folded_undated_phrases() -> frozenset[str]:
    labels = (translate_label("undated", lang) for lang in supported_languages())
    return frozenset(map(fold_text, (*_UNDATED_PHRASES, *labels)))


def is_undated_text(text: str) -> bool:
    """Return whether a text stands for a date that is not known yet: `tba`, `Đang cập nhật`."""
    return fold_text(text.strip(" .…()")) in _list_folded_undated_phrases()
