"""Sites that tests build, read as trees of files and lines of text."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

from ilocal.storage.toml.event_writer import format_event_block
from tests.support.cli import make_environment
from tests.support.hostile_text import MARKUP, OBEYED, make_event
from tests.support.paths import ROOT


def list_files(folder: Path) -> list[str]:
    """Return the paths of all files in a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def read_tree(folder: Path) -> dict[str, bytes]:
    """Return the bytes of all files in a folder by their paths."""
    return {name: (folder / name).read_bytes() for name in list_files(folder)}


def strip_tags(page: str) -> list[str]:
    """Return the lines of text of a page, as a reader sees them."""
    body = page.partition("<body>")[2]
    text = re.sub(r"</?(?:p|li|h[1-6]|div|dd|dt|ul|ol|section|nav)\b[^>]*>", "\n", body.replace("\n", " "))
    lines = (" ".join(unescape(re.sub(r"<[^>]+>", "", line)).split()) for line in text.split("\n"))
    return [line for line in lines if line]


TWO_LANGUAGES_REGISTRY = """\
[registry]
title = "Sự kiện của văn phòng"
language = "vi"
timezone = "Asia/Ho_Chi_Minh"
uid_domain = "ilocal.example"

[site]
languages = ["vi", "en"]

[aliases]
"LĐTE" = "lao động trẻ em"

[[event]]
id = "2020-khao-sat"
title = "Khảo sát cuối kì về lao động trẻ em"
start = 2020-02-25
end = 2020-02-29
location = "Hà Nội"
topics = ["lao động trẻ em", "thống kê"]
organizers = ["ILO", "Bộ LĐTBXH"]
projects = ["ENHANCE"]
participants = "Khoảng 30 người"
url = "https://example.org/khao-sat?a=1&b=2"
source = "https://example.org/nguon"
created = 2020-01-02
summary = "Một **khảo sát** với [liên kết](https://example.org/)."
description = "Nội dung:\\n\\n- một\\n- hai\\n\\n> trích dẫn\\n\\n```\\nmã\\n```"

[[event.section]]
heading = "Mục tiêu"
body = "- Bộ Luật 2019\\n\\n### Nhỏ\\n\\nchữ"

[event.translations.en]
title = "Endline survey on child labour"
description = "A survey of **households**."

[[event]]
id = "2020-hop"
title = "Họp bị hủy"
start = 2020-02-20T08:30:00
end = 2020-02-20T10:00:00
status = "cancelled"
location = "Cần Thơ"

[[event]]
id = "2020-hoan"
title = "Postponed seminar"
language = "en"
start = 2020-03-05
status = "postponed"
topics = ["thống kê"]

[[event]]
id = "2020-lop"
title = "Lớp tiếng Anh"
start = 2020-01-07T18:00:00
rrule = "FREQ=WEEKLY;COUNT=10"
status = "tentative"

[[event.override]]
recurrence_id = 2020-01-14T18:00:00
title = "Lớp tiếng Anh: kiểm tra"
location = "Huế"

[[event]]
id = "2019-dien-dan"
title = "Diễn đàn Lao động"
start = "2019-11"
kind = "forum"

[[event]]
id = "2018-nam"
title = "Năm quốc tế"
start = "2018"

[[event]]
id = "tba-hoi-nghi"
title = "Hội nghị Thanh tra"
"""
BASE_URL = "https://example.org/su-kien/"
_MAKE_EVENTS = (
    "import sys, pathlib, events, writers; writers.write_toml(pathlib.Path(sys.argv[1]), events.made(int(sys.argv[2])))"
)


def make_two_languages_registry(path: Path) -> None:
    """Write a registry with events of every kind of date and status, in two languages."""
    path.write_text(TWO_LANGUAGES_REGISTRY, encoding="utf-8")


def make_made_registry(path: Path, count: int) -> None:
    """Write a registry with so many events of the benchmark."""
    command = [sys.executable, "-c", _MAKE_EVENTS, str(path), str(count)]
    subprocess.run(command, cwd=ROOT / "benchmarks", env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}, check=True)


def make_hostile_registry(path: Path) -> None:
    """Write a registry of events whose every field has text that some program might interpret."""
    events = [event for n, text in enumerate([*MARKUP, *OBEYED]) if (event := make_event(text, n)) is not None]
    head = '[registry]\nlanguage = "vi"\ntitle = "<script>window.bad = 1</script>"\n\n'
    path.write_text(head + "\n".join(map(format_event_block, events)), encoding="utf-8")


def run_program(folder: Path, *arguments: str) -> str:
    """Run the program in a folder as a process isolated from this machine; return its output."""
    done = subprocess.run(
        [sys.executable, "-m", "ilocal", *arguments],
        cwd=folder, env=make_environment(folder), capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def build_site(folder: Path, *options: str) -> Path:
    """Build the site of the registry in a folder, and return the folder of the site."""
    run_program(folder, "site", "build", "site", "--base-url", BASE_URL, *options)
    return folder / "site"
