"""Known kinds and statuses, and the names of fields, in every language."""

from __future__ import annotations

from pathlib import Path

import pytest

from ilocal.errors import UsageError
from ilocal.i18n.messages import supported_languages
from ilocal.model.fields import (
    FIELDS,
    STATUSES,
    name_event_field_as_heading,
    resolve_event_field_or_dates,
    resolve_field_name,
)
from ilocal.model.text_folding import strip_accents
from ilocal.model.value_labels import KIND_LABELS, describe_event_value, list_value_names, resolve_event_kind_or_status
from tests.support.cli import Ilocal
from tests.support.registry import parse_registry

REGISTRY = """\
[registry]
language = "vi"

[[event]]
id = "a"
title = "Họp A"
start = 2020-02-20
kind = "workshop"
status = "cancelled"

[[event]]
id = "b"
title = "Họp B"
start = 2020-02-21
kind = "Hội thảo"
"""


@pytest.mark.parametrize(
    ("field", "value"), [*(("kind", one) for one in KIND_LABELS), *(("status", one) for one in STATUSES)]
)
def test_a_label_is_read_back_as_its_value_in_every_spelling(field: str, value: str) -> None:
    for lang in supported_languages():
        label = describe_event_value(field, value, lang)
        for typed in (label, label.upper(), strip_accents(label)):
            assert resolve_event_kind_or_status(field, typed) == value
            assert value in list_value_names(field, typed)


def test_every_field_may_be_called_by_its_label() -> None:
    for field in FIELDS:
        for lang in supported_languages():
            label = name_event_field_as_heading(field.name, lang)
            for typed in (label, label.upper(), strip_accents(label), label.replace(" ", "")):
                assert resolve_field_name(typed) == field.name
    assert [resolve_event_field_or_dates(name) for name in ("ngày", "Tên", "thời gian", "nơi", "extra")] == [
        "when", "title", "when", "location", "extra",
    ]  # fmt: skip


def test_a_name_that_is_nearly_a_field_is_offered(vietnamese: None) -> None:
    with pytest.raises(UsageError) as error:
        resolve_field_name("chude1")
    assert (error.value.message, error.value.hint) == ('không có trường "chude1"', "ý bạn là chủ đề?")


def test_a_kind_is_found_and_shown_in_every_language(ilocal: Ilocal) -> None:
    Path("events.toml").write_text(REGISTRY, encoding="utf-8")
    for typed in ("workshop", "hội thảo", "hoi thao"):
        assert ilocal("list", "--kind", typed, "-f", "ids").out == "b\na\n"
    assert ilocal("search", "loại:hội thảo", "tieu de:A", "-f", "ids").out == "a\n"
    assert ilocal("--lang", "vi", "list", "--columns", "tên,loại", "-n", "2").out == (
        "Tháng Hai 2020\n  1. Họp B  Hội thảo\n  2. Họp A  hội thảo  [đã hủy]\n"
    )
    assert ilocal("--lang", "en", "list", "--columns", "title,kind", "--sort", "id").out == (
        "  1. Họp A [vi]  workshop  [cancelled]\n  2. Họp B [vi]  workshop\n"
    )
    assert ilocal("list", "--columns", "title,kind", "-f", "csv").out == "title,kind\nHọp B,Hội thảo\nHọp A,workshop\n"
    assert ilocal("list", "--status", "hủy", "-f", "ids").out == "a\n"
    assert ilocal("--lang", "vi", "list", "--status", "xyz").err == (
        'ilocal: --status: không có trạng thái "xyz"\ngợi ý: chọn một trong: dự kiến, đã xác nhận, đã hủy, đã hoãn\n'
    )


def test_fields_and_values_are_set_and_said_in_the_users_language(ilocal: Ilocal) -> None:
    Path("events.toml").write_text(REGISTRY, encoding="utf-8")
    done = ilocal("--lang", "vi", "edit", "a", "--set", "Chủ đề=CSR", "--set", "trạng thái=hoãn", "--set", "loai=họp")
    assert done == (
        0, "", "a: đã sửa chủ đề (– → CSR), loại (hội thảo → họp), trạng thái (đã hủy → đã hoãn)\n",
    )  # fmt: skip
    (event, _other) = parse_registry(Path("events.toml").read_text(encoding="utf-8")).events.values()
    assert (event.topics, event.status, event.kind) == (("CSR",), "postponed", "meeting")
    assert ilocal("add", "C", "2020-02-22", "--kind", "hội thảo").code == 0
    assert 'title = "C"\nstart = 2020-02-22\nkind = "hội thảo"' in Path("events.toml").read_text(encoding="utf-8")
    assert ilocal("--lang", "vi", "edit", "c", "--unset", "loại", "--dry-run").err == (
        "2020-c: C\n  loại: hội thảo → –\n"
    )


def test_a_status_in_words_in_the_file_is_named_with_its_value(ilocal: Ilocal) -> None:
    Path("events.toml").write_text(REGISTRY.replace('"cancelled"', '"đã hủy"'), encoding="utf-8")
    assert ilocal("check").out == 'events.toml:9: status: write "đã hủy" as "cancelled"\n'
