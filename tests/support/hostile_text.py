"""Text that a terminal, a spreadsheet or a page might interpret, and a search for it in output."""

from __future__ import annotations

import unicodedata
from datetime import date

from ilocal.errors import InvalidEventError
from ilocal.model.event import Event, Section, Translation

# Interpreted by terminals: escape sequences, links, clipboard, titles, C1, bells, overwriting; and invisible
# characters.
OBEYED = [
    "\x1b[31mred\x1b[0m", "\x1b[2J\x1b[H", "\x1b]8;;http://x.example\x07link\x1b]8;;\x07", "\x1b]52;c;eA==\x07",
    "\x1b]0;title\x07", "\x1bP+q\x1b\\", "\x9b31m", "\x90q\x9c", "a\x00b", "a\x07", "ab\x08\x08", "good\rbad",
    "a\x7fb", "\x85next", "a\u2028b\u2029c", "a\u202eb\u202c", "\u2066a\u2069", "a\u200fb\u061c", "a\u200bb",
    "a\u200db", "\ufeffa", "a\xadb", "a\u2060b\u2064", "\U000e0041\U000e007f", "a\u034fb", "\u115fa\u3164", "a\ufff9b",
    "a\ufe0fb", "a\U000e0100b", "a\ufdd0b\U0010ffffc", "\u17b4a\u180e", "\U0001d173a", "a\x0bb\x0cc\x1dd\x1fe",
]  # fmt: skip
# Interpreted by other readers: markup, emoji codes, formulas, queries, templates, paths, calendars, pages.
MARKUP = [
    "[bold]b[/bold]", "[/]", "[/nothing]", "[link=http://x.example]l[/link]", "[red", ":smile: :warning:", "`a` **b**",
    "=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", " =1", "\t=1", "'=1", '"=1"', "\u00a0=1", "＝1", "＋1", "－1", "＠a",
    '=HYPERLINK("http://x.example";"a")', 'a" OR title:b', "a AND NOT b*", "NEAR(a b)", '"', "''", "'''", '"""', "\\", "\\n",
    "a;b;c\\;d", "{0} {title} {", "%s %d %n %", "${HOME} $(id) `id`", "'; DROP TABLE event; --", "../../etc/passwd", "/etc/passwd",
    "..\\..\\x", "C:\\CON", "~", "a" * 5000, "ế" * 3000, "a b " * 500, "a\nEND:VEVENT\nBEGIN:VEVENT", "x\nATTACH:file:///etc/passwd",
    "a,b:c;D=E", 'x";ALTREP="http://x', "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!-- a", "&lt;b&gt; &#106;",
    "[a](javascript:alert(1))", "[a]( javascript:alert(1))", "[a](JaVaScRiPt&#58;alert(1))", "![a](http://x.example/a.png)",
    "[a][b]\n\n[b]: javascript:alert(1)", "<javascript:alert(1)>", "[a](data:text/html,b)", "```\n<b>", "# h\n---\n* b",
    "\n[[event]]\ntitle = 'x'\n", "#", "[registry]", "null", "NaN", "1e999", "2020-02-30", "-", "--help", "-1", "\u0301a",
    "Z\u0351\u036b\u0343a\u0329\u0353l\u0348\u034dg\u0321o", "👩\u200d💻 ❤️ 1️⃣ 🏳️\u200d🌈", "نامه\u200cای", "क्\u200dष", "葛\U000e0100",
    "ﷺ", "𝕳𝖔𝖕", "Ω≈ç√", "社會科學院", "ด้้้้็็็็", "Hop\u0323 quy\u0301", " ", "a\tb",
]  # fmt: skip


def is_dangerous(letter: str, before: str = "") -> bool:
    """Return whether Unicode itself calls a character a control, a separator of lines, or one of formatting."""
    kind = unicodedata.category(letter)
    if kind == "Cf" and unicodedata.name(letter, "").startswith(("ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN")):
        return letter == "\u061c"  # signs that are seen
    if letter in "\u200c\u200d":
        return before.isascii() or "LATIN" in unicodedata.name(before, "")
    return kind in ("Cc", "Cf", "Cs", "Zl", "Zp")


def find_dangers(text: str, allowed: str = "\n\t") -> list[str]:
    """Return the characters that a terminal would obey or hide, as code points."""
    return [
        f"U+{ord(letter):04X} in {text[max(0, n - 20) : n + 20]!r}"
        for n, letter in enumerate(text)
        if letter not in allowed and is_dangerous(letter, text[n - 1 : n])
    ]


def make_event(text: str, n: int) -> Event | None:
    """Return an event with the text in every possible field; None if it is not a valid title."""
    try:
        return Event(
            title=text, id=f"2020-n{n}", start=date(2020, 2, 1 + n % 28), location=text, organizers=(text,) if text else (),
            topics=("a", text) if text else (), kind=text, participants=text, language=text, url=text, source=text,
            uid=f"{n} {text}", summary=text, description=f"a\n{text}\n- {text}", sections=(Section(text, text, {"k": text}),),
            translations=(Translation("en", text, text),), extra={f"k{text}": {text: [text]}},
        )  # fmt: skip
    except InvalidEventError:
        return None
