"""Messages of the system and of libraries, in Vietnamese where they are known."""

from __future__ import annotations

import errno
import json as json_of_python
import os
import sys
from datetime import date

import pytest
import tomli

from ilocal.errors import UsageError
from ilocal.formats import json
from ilocal.formats.base import ReadOptions
from ilocal.i18n import third_party

TODAY = date(2020, 2, 20)


@pytest.mark.parametrize(
    ("text", "vi"),
    [
        ("Unclosed array", "thiếu dấu đóng của mảng"),
        ("Cannot declare ('a',) twice", "không được khai báo ('a',) hai lần"),
        ("',' expected after '\"'", "sau '\"' phải là ','"),
        ("Illegal trailing comma before end of array", "thừa dấu phẩy trước khi kết thúc mảng"),
        ("day 31 must be in range 1..30 for month 4 in year 2020", "tháng này không có ngày đó"),
        ("hour must be in 0..23, not 25", "giờ phải từ 0 đến 23"),
        ("something new", "something new"),
    ],
)
def test_what_libraries_say_is_said_in_vietnamese_where_it_is_known(vietnamese: None, text: str, vi: str) -> None:
    assert str(third_party.translate_library_message(text)) == vi


def test_a_line_that_is_not_json_is_told_in_vietnamese(vietnamese: None) -> None:
    with pytest.raises(UsageError) as error:
        list(json.load('[\n{"title": "A", x}\n]', ReadOptions(TODAY)))
    assert error.value.message == "dòng 2: tệp không phải là JSON hợp lệ: tên thuộc tính phải đặt trong dấu ngoặc kép"


@pytest.mark.parametrize(
    "text",
    [
        "a = 1\na = 2", "a = 1\n[a]", "[a]\n[a]", 'a = "', "a = '''", "a = [1", "a = {b = 1", "a = {b = 1, b = 2}", "a", "a = ",
        "[a", "[[a]", "a = 1 b", 'a = "\\x"', 'a = "\\u12"', 'a = "\\ud800"', "a = 2020-13-01", "= 1", "a = {}\n[a.b]", "a = \x01",
        'a = "\x01"', "?",
    ],
)  # fmt: skip
def test_all_that_is_said_of_broken_toml_has_a_translation(vietnamese: None, text: str) -> None:
    with pytest.raises(tomli.TOMLDecodeError) as error:
        tomli.loads(text)
    said = error.value.msg
    assert str(third_party.translate_library_message(said)) != said[:1].lower() + said[1:]


@pytest.mark.parametrize(
    "text", ["[", "{", "{1}", '{"a"}', '{"a": 1 2}', '"', '"\x01"', '"\\u12"', "1 2", "[1,]", '{"a": 1,}', "x"]
)
def test_all_that_is_said_of_broken_json_has_a_translation(vietnamese: None, text: str) -> None:
    with pytest.raises(ValueError) as error:
        json_of_python.loads(text)
    said = json.describe_json_error(error.value)
    assert said != f"tệp không phải là JSON hợp lệ: {error.value.msg[:1].lower()}{error.value.msg[1:]}"  # type: ignore[attr-defined]


def test_what_the_system_says_is_translated(vietnamese: None) -> None:
    assert (
        third_party.translate_os_error(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))) == "ổ đĩa không còn chỗ trống"
    )
    assert third_party.translate_os_error(OSError(errno.EACCES, "Permission denied")) == "không có quyền truy cập"
    assert third_party.translate_os_error(OSError(999, "Something new")) == "something new"


@pytest.mark.skipif(sys.platform != "linux", reason="the sentences of another system")
def test_the_reasons_are_worded_as_the_system_words_them() -> None:
    system = {text[:1].lower() + text[1:] for text in map(os.strerror, errno.errorcode)}
    python = {"no closing quotation", "embedded null byte"}
    assert {*third_party._SYSTEM_MESSAGES} - system == python
