"""`ilocal open`: the page of an event in the browser."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.test_event_handles import offices  # noqa: F401
from tests.support.cli import Ilocal


@pytest.mark.process
def test_the_link_of_an_event_is_opened_in_the_users_browser(
    process: Ilocal,
    offices: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f"#!{sys.executable}\nimport sys\nopen('opened', 'w').write(sys.argv[1])\n", encoding="utf-8")
    browser.chmod(0o755)
    address = "https://ilo.example/co-van?a=1"
    assert process("open", "co-van", env={"BROWSER": str(browser)}) == (0, "", f"opening {address}\n")
    assert (tmp_path / "opened").read_text(encoding="utf-8") == address


def test_what_is_no_web_page_is_handed_to_no_program(
    ilocal: Ilocal,
    offices: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BROWSER", "false")
    assert ilocal("open", "phong-van") == (
        2, "", "ilocal: 2020-phong-van has no web page\nhint: to set a web page, run: ilocal edit 2020-phong-van --url https://…\n",
    )  # fmt: skip
    assert ilocal("--lang", "vi", "open", "phong-chay") == (
        2, "",
        'ilocal: 2019-phong-chay: "javascript:alert(1)" không phải là địa chỉ trang web\n'
        "gợi ý: địa chỉ phải bắt đầu bằng https://\n",
    )  # fmt: skip
