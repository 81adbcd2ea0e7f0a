"""A whole session at a terminal, from `init` to `export`, in one language and then in the other."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import catalogues
import pytest

from tests.support.cli import make_environment
from tests.support.terminal import strip_escapes

# What is typed; titles and names are of one language, so that whatever else is seen was said by ilocal.
SESSIONS = {
    "vi": [
        ["init", "--title", "Lịch của văn phòng", "--timezone", "Asia/Ho_Chi_Minh", "--yes"],
        ["add", "Hội thảo thanh tra", "25-26/02/2020", "--location", "Hà Nội", "--topic", "thanh tra"],
        ["add", "Khảo sát", "tháng 3/2020", "--topic", "thanh tra", "--status", "tentative"],
        ["add", "Họp giao ban", "20/02/2020 08:30", "--repeat", "hằng tuần"],
        ["add", "Khảo sát", "tháng 3/2020"],
        ["add", "Khai mạc", "31/02/2020"],
        ["upcoming", "--days", "20"],
        ["search", "thanh tra"],
        ["search", "xylo"],
        ["show", "khao-sat"],
        ["edit", "khao-sat", "--when", "9-13/03/2020", "--location", "Huế"],
        ["edit", "khao-sat", "--location", "Huế"],
        ["check"],
        ["stats", "--by", "topic"],
        ["stats", "--by", "month"],
        ["calendar", "02/2020"],
        ["calendar", "2020"],
        ["timeline", "--year", "2020"],
        ["export", "lich.csv"],
        ["import", "lich.csv"],
        ["import", "--dry-run", "thieu.csv"],
        ["remove", "khao-sat", "--yes"],
        ["undo"],
        ["undo", "--list"],
        ["list", "--nonsense"],
        ["show", "abcxyz"],
        ["config"],
        ["fmt", "--check"],
    ],
    "en": [
        ["init", "--title", "Our calendar", "--timezone", "Asia/Ho_Chi_Minh", "--yes"],
        ["add", "Workshop on inspection", "25 - 26 Feb 2020", "--location", "Vinh", "--topic", "inspection"],
        ["add", "Survey", "March 2020", "--topic", "inspection", "--status", "tentative"],
        ["add", "Staff meeting", "2020-02-20 08:30", "--repeat", "weekly"],
        ["add", "Survey", "March 2020"],
        ["add", "Opening", "31/02/2020"],
        ["upcoming", "--days", "20"],
        ["search", "inspection"],
        ["search", "xylo"],
        ["show", "survey"],
        ["edit", "survey", "--when", "9 - 13 March 2020", "--location", "Hue"],
        ["edit", "survey", "--location", "Hue"],
        ["check"],
        ["stats", "--by", "topic"],
        ["stats", "--by", "month"],
        ["calendar", "Feb 2020"],
        ["calendar", "2020"],
        ["timeline", "--year", "2020"],
        ["export", "list.csv"],
        ["import", "list.csv"],
        ["import", "--dry-run", "missing.csv"],
        ["remove", "survey", "--yes"],
        ["undo"],
        ["undo", "--list"],
        ["list", "--nonsense"],
        ["show", "abcxyz"],
        ["config"],
        ["fmt", "--check"],
    ],
}
CODES = [0, 0, 0, 0, 5, 2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 2, 4, 0, 1]
# Names that are the same in every language: keys of the record as TOML, and of settings.
SAME = {"columns", "created", "occurrences", "pager", "reverse", "revision", "updated"}


def run_session_command(folder: Path, lang: str, arguments: list[str]) -> tuple[int, str]:
    """Return the exit code of a command on a terminal of 80 columns, and its output."""
    ours, theirs = pty.openpty()
    env = make_environment(folder) | {"ILOCAL_LANG": lang, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "200"}
    process = subprocess.Popen(
        [sys.executable, "-m", "ilocal", *arguments], cwd=folder, env=env, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    data = b""
    while True:
        assert select.select([ours], [], [], 60)[0], data
        try:
            chunk = os.read(ours, 65536)
        except OSError:  # how Linux says that the other end is closed
            break
        if not chunk:
            break
        data += chunk
    os.close(ours)
    return process.wait(60), strip_escapes(data.decode()).replace("\r\n", "\n")


def find_words(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w\-./'])[a-z_]{3,}(?![\w\-./=])", text.lower()))


def list_english_words() -> set[str]:
    """Return the words of English messages that no Vietnamese message has."""
    messages = [one for one in catalogues.read(catalogues.files()[0]) if one.id]
    return (
        list_message_words(one.id for one in messages) - list_message_words(one.string or "" for one in messages) - SAME
    )


def list_message_words(messages: Iterable[str | Sequence[str]]) -> set[str]:
    """Return the words of messages, including their plurals."""
    texts = (text for one in messages for text in ([one] if isinstance(one, str) else one))
    return find_words(re.sub(r"\{\w*\}", " ", " ".join(texts)))


@pytest.mark.process
@pytest.mark.long
@pytest.mark.parametrize("lang", SESSIONS)
def test_a_session_is_wholly_in_one_language(lang: str, tmp_path: Path) -> None:
    seen = [(" ".join(arguments), *run_session_command(tmp_path, lang, arguments)) for arguments in SESSIONS[lang]]
    assert [code for _typed, code, _text in seen] == CODES, seen
    for typed, _code, text in seen:
        assert "Traceback" not in text
        if lang == "vi":
            assert find_words(text) & list_english_words() == set(), f"{typed}\n{text}"
        else:
            assert not re.search("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", text), f"{typed}\n{text}"
