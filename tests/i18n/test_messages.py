"""The language of a run, numbers and plurals in it, and messages that are put into words later."""

from __future__ import annotations

import pytest

from ilocal.i18n import messages
from ilocal.i18n.labels import translate_list_summary
from ilocal.i18n.messages import (
    _,
    first_supported_language,
    format_number,
    lazy_gettext,
    locale_language,
    n_,
)
from tests.support.cli import Ilocal
from tests.support.paths import SHIPPED_REGISTRY

# ------------------------------------------------------------------------------------------------------- which language


EN = 'ilocal: no event matches "zzz"\nhint: to list all ids, run: ilocal list -f ids\n'
VI = 'ilocal: không có sự kiện nào khớp với "zzz"\ngợi ý: ilocal list -f ids liệt kê mọi mã\n'


@pytest.mark.parametrize(
    ("arguments", "variables", "err"),
    [
        ((), {"LANG": "C"}, EN),
        ((), {"LANG": ""}, EN),
        ((), {"LANG": "vi_VN.UTF-8"}, VI),  # which need not be installed
        ((), {"LANG": "vi"}, VI),
        ((), {"LANG": "vi@x"}, VI),
        ((), {"LANG": "xx_YY"}, EN),
        ((), {"LANG": "C", "LC_MESSAGES": "vi_VN"}, VI),
        ((), {"LC_ALL": "C", "LC_MESSAGES": "vi_VN", "LANG": "vi_VN"}, EN),
        ((), {"LC_ALL": "vi_VN", "LANG": "en_US.UTF-8"}, VI),
        ((), {"ILOCAL_LANG": "vi", "LC_ALL": "en_US.UTF-8"}, VI),
        ((), {"ILOCAL_LANG": "en", "LANG": "vi_VN"}, EN),
        (("--lang", "vi"), {"ILOCAL_LANG": "en"}, VI),
        (("--lang=en",), {"ILOCAL_LANG": "vi", "LANG": "vi_VN"}, EN),
    ],
)
def test_the_language_is_said_or_that_of_the_locale(
    ilocal: Ilocal, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], variables: dict[str, str], err: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert ilocal("-r", str(SHIPPED_REGISTRY), *arguments, "show", "zzz") == (4, "", err)


def test_no_system_locale_need_be_installed(process: Ilocal) -> None:
    nowhere = {"LANG": "vi_VN.UTF-8", "LOCPATH": "/nowhere"}
    assert process("-r", str(SHIPPED_REGISTRY), "show", "zzz", env=nowhere) == (4, "", VI)


def test_headings_have_the_language_of_the_registry_and_what_is_said_that_of_the_user(ilocal: Ilocal) -> None:
    shipped = ("-r", str(SHIPPED_REGISTRY))
    assert ilocal(*shipped, "list", "--undated", "--year", "1900") == (0, "", "No events match.\n")
    assert ilocal(*shipped, "export", "x.csv") == (0, "", "21 events\n")
    assert ilocal(*shipped, "list", "-n", "1").out.startswith("Tháng Hai 2020\n")
    assert ilocal("--lang", "vi", *shipped, "export", "x.csv") == (0, "", "21 sự kiện\n")


def test_names_of_locales() -> None:
    assert [first_supported_language(name) for name in ("vi", "vi_VN.UTF-8", "VI-vn", "en.UTF-8", "C", "POSIX", "", "_", "vit", None)] == [
        "vi", "vi", "vi", "en", None, None, None, None, None, None,
    ]  # fmt: skip
    assert locale_language({"LANG": "a", "LC_MESSAGES": "b", "LC_ALL": ""}) == "b"


# ------------------------------------------------------------------------------------------------- numbers and sentences


def test_numbers_and_plurals_are_those_of_the_language(vietnamese: None) -> None:
    counts = [n_("{n} event", "{n} events", n) for n in (0, 1, 2, 1234, 1234567)]
    assert counts == ["0 sự kiện", "1 sự kiện", "2 sự kiện", "1.234 sự kiện", "1.234.567 sự kiện"]
    with messages.use_language("en"):
        counts = [n_("{n} event", "{n} events", n) for n in (0, 1, 2, 1234, 1234567)]
        assert counts == ["0 events", "1 event", "2 events", "1,234 events", "1,234,567 events"]
        assert (format_number(-1234), format_number(-1234, "vi")) == ("-1,234", "-1.234")


def test_a_value_is_no_part_of_a_sentence(vietnamese: None) -> None:
    assert _("there is no folder {path}: {x}", path="{x}", x=1) == "there is no folder {x}: 1"  # unknown, and as it is
    assert translate_list_summary(["a", "b", "c"], 3) == "a, b, c"
    assert translate_list_summary(["a", "b", "c"], 1) == "a và 2 mục nữa"


def test_a_lazy_message_is_put_into_words_where_it_is_printed() -> None:
    kind = lazy_gettext("a number")
    reason = lazy_gettext("expected a string, found {kind}", kind=kind)
    message = lazy_gettext("line {line}: {message}", line=3, message=reason)
    assert f"{message}" == "line 3: expected a string, found a number"
    with messages.use_language("vi"):
        assert f"{message}" == "dòng 3: ở đây phải là chữ, không phải số"
    assert f"{lazy_gettext('{x}', x='{y}')}" == "{y}"
