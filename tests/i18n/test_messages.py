"""The program speaks Vietnamese and English, whole; a third language is a catalogue."""

from __future__ import annotations

import ast
import errno
import io
import os
import re
import shutil
import string
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from unicodedata import normalize

import catalogues
import pytest
import typer
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from ilocal import cli, errors, language, prompt
from ilocal.language import LANGUAGES, _, chosen, n_, number, of_locale, some
from tests.conftest import SHIPPED, Ilocal, environment

SOURCE = catalogues.SOURCE
WAITING = {f"commands/{name}.py" for name in ("add", "check", "edit")}  # for their own translations
MODULES = sorted({path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py")} - WAITING)
MARKS = {"_", "n_", "N_", "plural"}
ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}


@pytest.fixture
def vietnamese() -> Iterator[None]:
    language.speak("vi")
    yield
    language.speak("en")


# ------------------------------------------------------------------------------------------------- what is in the source


def name_of(call: ast.AST) -> str:
    function = call.func if isinstance(call, ast.Call) else None
    return getattr(function, "id", getattr(function, "attr", ""))


def unmarked(tree: ast.AST, values: bool = True) -> Iterator[tuple[int, str]]:
    """The literals of a part of a module that are neither marked, nor collected for help, nor docstrings.

    `values` are what is put into marked messages.
    """
    if name_of(tree) == "word":
        children: list[ast.AST] = []  # its keys
    elif isinstance(tree, ast.Call) and name_of(tree) in MARKS:
        children = [keyword.value for keyword in tree.keywords if values]
    elif isinstance(tree, ast.keyword) and tree.arg in ("help", "metavar"):
        children = []
    else:
        children = [child for child in ast.iter_child_nodes(tree) if not is_docstring(child)]
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        yield tree.lineno, tree.value
    for child in children:
        yield from unmarked(child, values)


def is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def told(call: ast.Call) -> list[ast.AST]:
    """What of a call is said to people."""
    name = name_of(call)
    named: list[ast.AST] = [keyword.value for keyword in call.keywords if keyword.arg in ("hint", "message", "reason")]
    if name in {"RecordError", "Problem", "at_line", "in_file"}:
        return [*call.args[1:2], *named]
    if name in {"say", "caution", "agreed", "NotToml"} or name in ERRORS:
        return [*call.args, *named]
    on_stderr = any(ast.unparse(keyword) == "file=sys.stderr" for keyword in call.keywords)
    return [*call.args] if name == "print" and on_stderr else []


# Commands to type are the same in every language, and so are the marks of an error.
COMMANDS = re.compile(r"ilocal: |ilocal( -*\w+)*|ilocal add \"TITLE\" 2020-02-20|\\[a-z]|: ?")

PHRASE = re.compile(r"[^\W\d_]{2,}[,;:]? [a-z]{2,}", re.UNICODE)
# Words that are read and not said, or said to machines: patterns, SQL, styles, headings of other programs' tables.
READ = re.compile(r"\(\?[P:]|^(bold|black) ")
VOCABULARIES = {
    "grammar.py", "repeat.py", "formats/csv/__init__.py", "formats/csv/appointments.py", "formats/csv/calendars.py",
    "formats/page/lines.py", "review/texts.py",
}  # fmt: skip
DATA = {
    "ilocal add ",
    "--set kind=workshop",
    "  # completion of ilocal\n",  # in the shell's own file
    "tab: menu-complete",  # to readline
    "set show-all-if-ambiguous on",
    " has no attribute ",  # of Python modules, to programmers
    "table, json",  # values of settings
    '["when", "title"]',
    'bold, dim, italic, underline, red, bright_blue, "on cyan", #ff8800',
    "(không có tên)",  # titles that ilocal wrote into calendars
    "(no title)",
    "Missing command",  # of Typer, to be said otherwise
    "not one event",  # of a function to another
    "nested too deeply",  # likewise, looked up in `libraries.SAID`
    "expecting value",
    "extra data",
    *language._WORDS,  # keys
}


@pytest.mark.parametrize("module", MODULES)
def test_what_is_said_to_people_is_marked(module: str) -> None:
    calls = [node for node in ast.walk(ast.parse((SOURCE / module).read_text("utf-8"))) if isinstance(node, ast.Call)]
    found = [one for call in calls for part in told(call) for one in unmarked(part, values=False)]
    wrong = [(line, text) for line, text in found if re.search(r"[^\W\d_]{2}", text) and text not in DATA]
    assert [(line, text) for line, text in wrong if not COMMANDS.fullmatch(text)] == []


@pytest.mark.parametrize("module", [name for name in MODULES if name not in VOCABULARIES and name[:6] != "index/"])
def test_no_phrase_is_left_in_one_language(module: str) -> None:
    found = unmarked(ast.parse((SOURCE / module).read_text("utf-8")))
    wrong = [(line, text) for line, text in found if PHRASE.search(text) and not READ.search(text)]
    assert [(line, text) for line, text in wrong if text not in DATA and not COMMANDS.fullmatch(text)] == []


@pytest.mark.parametrize("module", MODULES)
def test_marks_are_such_that_the_catalogue_finds_them(module: str) -> None:
    """None is put together, none stands inside of an f-string, and no function has another `_`."""
    tree = ast.parse((SOURCE / module).read_text("utf-8"))
    calls = [node for node in ast.walk(tree) if name_of(node) in MARKS and isinstance(node, ast.Call)]
    together = [call for call in calls if call.args and is_put_together(call.args[0])]
    inside = [
        call
        for text in ast.walk(tree)
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and name_of(call) in MARKS
    ]
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.Lambda))]
    other = [function for function in functions if binds_and_calls(function)]
    assert [f"{module}:{node.lineno}" for node in (*together, *inside, *other)] == []


def is_put_together(node: ast.AST) -> bool:
    literal = any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in ast.walk(node))
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.BinOp) and literal)


def binds_and_calls(function: ast.FunctionDef | ast.Lambda) -> bool:
    own = list(in_scope(function))
    binds = any(isinstance(node, ast.Name) and node.id == "_" and isinstance(node.ctx, ast.Store) for node in own)
    return binds and any(isinstance(node, ast.Call) and name_of(node) == "_" for node in ast.walk(function))


def in_scope(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a function, but for what has names of its own."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.FunctionDef, ast.Lambda, ast.comprehension, ast.ListComp, ast.GeneratorExp)):
            yield child
            yield from in_scope(child)


# ------------------------------------------------------------------------------------------------------------ catalogues


def fields(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


END = re.compile(r"[.?!:…]?\s*\Z")
# Where the tone stands in a syllable that ends in oa, oe or uy: on the first of the two, as in hóa, khỏe, hủy.
MISPLACED = re.compile(r"o[àáảãạèéẻẽẹ]\b|(?<!q)u[ỳýỷỹỵ]\b", re.IGNORECASE)
SEPARATORS = {","}

CATALOGUES = {path.parent.parent.name: path for path in catalogues.files()}


@pytest.mark.parametrize("path", CATALOGUES.values(), ids=CATALOGUES.keys())
def test_every_message_has_a_translation_that_fits(path: Path) -> None:
    catalogue = catalogues.read(path)
    wrong = []
    for message in catalogue:
        ids, texts = (one if isinstance(one, (tuple, list)) else [str(one)] for one in (message.id, message.string))
        wrong += [(ids[0], text) for text in texts if ids[0] and not fits(str(text), str(ids[0]), str(ids[-1]))]
    assert wrong == []


def fits(text: str, one: str, many: str) -> bool:
    """Whether a translation holds the same values, ends alike, and is spelt as all others are."""
    ends = [found[0] for found in map(END.search, (text, one)) if found]
    spelt = normalize("NFC", text) == text and not MISPLACED.search(text.replace('"thuỷ sản"', ""))
    said = text != one or not re.search(r"[a-z] [a-z]", one)  # names and lists of words may be the same
    return bool(text) and said and fields(text) == fields(many) and (ends[0] == ends[1] or one in SEPARATORS) and spelt


@pytest.mark.parametrize("path", CATALOGUES.values(), ids=CATALOGUES.keys())
def test_the_catalogues_have_what_the_source_has(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / path.parent.parent.name / "LC_MESSAGES" / path.name
    copy.parent.mkdir(parents=True)
    shutil.copy(path, copy)
    catalogues.update(copy)
    assert copy.read_text("utf-8") == path.read_text("utf-8"), "run: python build_hooks/catalogues.py"


# ------------------------------------------------------------------------------------------------------------------ help


@pytest.mark.parametrize("command", [None, *sorted(cli.modules())])
def test_a_help_in_vietnamese_has_no_english_in_it(ilocal: Ilocal, command: str | None) -> None:
    arguments = [command] if command else []
    said = {lang: " ".join(ilocal("--lang", lang, *arguments, "--help").out.split()) for lang in ("en", "vi")}
    english = {text for text in HELPS if text in said["en"]}
    assert english
    assert {text for text in english if text in said["vi"]} == set()
    for word in ("Usage:", "Options:", "Arguments:", "Commands:", "required", "default", "OPTIONS", "COMMAND"):
        assert word not in said["vi"]


# The paragraphs of all helps, but for those that are lists of words.
HELPS = [
    " ".join(paragraph.split())
    for path in SOURCE.rglob("*.py")
    for _line, text in catalogues.helps(path)
    for paragraph in text.split("\n\n")
    if " " in paragraph and not paragraph.endswith("…")
]


def test_a_help_fits_its_width(ilocal: Ilocal, monkeypatch: pytest.MonkeyPatch) -> None:
    for width in (60, 80, 120):
        monkeypatch.setenv("COLUMNS", str(width))
        for lang in LANGUAGES:
            assert max(map(len, ilocal("--lang", lang, "search", "--help").out.splitlines())) <= min(width, 80)


HELP = """\
Cách dùng: ilocal show [TÙY CHỌN] {TÊN-GỌI…}

  Xem đầy đủ các sự kiện, kèm các mục.

Tham số:
  TÊN-GỌI…  Mã, phần đầu của mã, hoặc vài từ trong tên sự kiện.  [bắt buộc]

Tùy chọn:
"""


def test_a_help_in_vietnamese(ilocal: Ilocal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ILOCAL_LANG", "vi")
    assert ilocal("show", "--help").out.startswith(HELP)
    said = ilocal("--help").out
    assert said.startswith("Cách dùng: ilocal [TÙY CHỌN] LỆNH [THAM SỐ]...\n")
    assert "\nCác lệnh:\n  add       Thêm một sự kiện và in mã của nó.\n" in said


WRONG_WORDS = [
    (("lst",), "No such command 'lst'. Did you mean 'list'?", "Không có lệnh 'lst'. Có phải ý bạn là 'list'?"),
    (("xyzzy",), "No such command 'xyzzy'", "Không có lệnh 'xyzzy'"),
    (("show",), "Missing argument 'HANDLE…'", "Thiếu tham số 'TÊN-GỌI…'"),
    (("list", "--xyzzy"), "No such option: --xyzzy", "Không có tùy chọn: --xyzzy"),
    (
        ("undo", "--dryrun"),
        "No such option: --dryrun (Possible options: --dry-run)",
        "Không có tùy chọn: --dryrun (Có thể là: --dry-run)",
    ),
    (("list", "-o"), "Option '-o' requires an argument", "Tùy chọn '-o' cần một giá trị"),
    (("list", "--raw=1"), "Option '--raw' does not take a value", "Tùy chọn '--raw' không nhận giá trị"),
    (("list", "a", "b"), "Got unexpected extra argument(s) (a b)", "Thừa tham số (a b)"),
    (
        ("list", "-n", "x"),
        "Invalid value for '-n' / '--limit': 'x' is not a whole number",
        "Giá trị không hợp lệ cho '-n' / '--limit': 'x' không phải là số nguyên",
    ),
    (
        ("undo", "x"),
        "Invalid value for '[NUMBER]': 'x' is not a whole number",
        "Giá trị không hợp lệ cho '[SỐ]': 'x' không phải là số nguyên",
    ),
    (
        ("list", "-n", "-1"),
        "Invalid value for '-n' / '--limit': -1 is less than 0",
        "Giá trị không hợp lệ cho '-n' / '--limit': -1 nhỏ hơn 0",
    ),
    (
        ("--color", "no", "list"),
        "Invalid value for '--color': 'no' is not one of 'auto', 'always', 'never'",
        "Giá trị không hợp lệ cho '--color': 'no' không nằm trong số 'auto', 'always', 'never'",
    ),
]


@pytest.mark.parametrize(("arguments", "en", "vi"), WRONG_WORDS)
def test_wrong_words_are_named_in_both_languages(ilocal: Ilocal, arguments: tuple[str, ...], en: str, vi: str) -> None:
    english, vietnamese = ilocal("--lang", "en", *arguments), ilocal("--lang", "vi", *arguments)
    assert (english.code, english.err.splitlines()[0]) == (2, f"ilocal: {en}")
    assert (vietnamese.code, vietnamese.err.splitlines()[0]) == (2, f"ilocal: {vi}")
    assert vietnamese.err.splitlines()[1].startswith("gợi ý: ilocal ")


# ------------------------------------------------------------------------------------------------------- which language


EN = 'ilocal: no event is called "zzz"\nhint: ilocal list -f ids prints all ids\n'
VI = 'ilocal: không có sự kiện nào ứng với "zzz"\ngợi ý: ilocal list -f ids in ra tất cả các mã\n'


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
    assert ilocal("-r", str(SHIPPED), *arguments, "show", "zzz") == (4, "", err)


def test_no_system_locale_need_be_installed(process: Ilocal) -> None:
    nowhere = {"LANG": "vi_VN.UTF-8", "LOCPATH": "/nowhere"}
    assert process("-r", str(SHIPPED), "show", "zzz", env=nowhere) == (4, "", VI)


def test_headings_and_counts_have_the_language_of_the_registry_where_none_is_said(ilocal: Ilocal) -> None:
    undated = ilocal("-r", str(SHIPPED), "list", "--undated", "--year", "1900")
    assert undated == (0, "", "Không có sự kiện nào khớp.\n")


def test_names_of_locales() -> None:
    assert [chosen(name) for name in ("vi", "vi_VN.UTF-8", "VI-vn", "en.UTF-8", "C", "POSIX", "", "_", "vit", None)] == [
        "vi", "vi", "vi", "en", None, None, None, None, None, None,
    ]  # fmt: skip
    assert of_locale({"LANG": "a", "LC_MESSAGES": "b", "LC_ALL": ""}) == "b"


# ------------------------------------------------------------------------------------------------- numbers and sentences


def test_numbers_and_plurals_are_those_of_the_language(vietnamese: None) -> None:
    counts = [n_("{n} event", "{n} events", n) for n in (0, 1, 2, 1234, 1234567)]
    assert counts == ["0 sự kiện", "1 sự kiện", "2 sự kiện", "1.234 sự kiện", "1.234.567 sự kiện"]
    language.speak("en")
    counts = [n_("{n} event", "{n} events", n) for n in (0, 1, 2, 1234, 1234567)]
    assert counts == ["0 events", "1 event", "2 events", "1,234 events", "1,234,567 events"]
    assert (number(-1234), number(-1234, "vi")) == ("-1,234", "-1.234")


def test_a_value_is_no_part_of_a_sentence(vietnamese: None) -> None:
    assert _("there is no folder {path}: {x}", path="{x}", x=1) == "there is no folder {x}: 1"  # unknown, and as it is
    assert some(["a", "b", "c"], 3) == "a, b, c"
    assert some(["a", "b", "c"], 1) == "a và 2 mục nữa"


def test_what_the_system_says_is_translated(vietnamese: None) -> None:
    assert errors.reason(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))) == "thiết bị không còn chỗ trống"
    assert errors.reason(OSError(errno.EACCES, "Permission denied")) == "không đủ quyền truy cập"
    assert errors.reason(OSError(999, "Something new")) == "something new"


@pytest.mark.skipif(sys.platform != "linux", reason="the sentences of another system")
def test_the_reasons_are_worded_as_the_system_words_them() -> None:
    system = {text[:1].lower() + text[1:] for text in map(os.strerror, errno.errorcode)}
    python = {"no closing quotation", "embedded null byte"}
    assert {*errors._REASONS} - system == python


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

    monkeypatch.setattr(prompt, "can_ask", lambda: True)
    monkeypatch.setattr(prompt, "line", line)
    language.speak(lang)
    try:
        with nullcontext() if lang in agreed.split() else pytest.raises(typer.Exit):
            prompt.confirm(_("remove {what}?", what="a"), "")
    finally:
        language.speak("en")
    assert asked == [{"vi": "xóa a? [c/K] ", "en": "remove a? [y/N] "}[lang]]
    no = {"vi": "chưa thay đổi gì\n", "en": "nothing was changed\n"}[lang]
    assert capsys.readouterr().err == ("" if lang in agreed.split() else no)


# ------------------------------------------------------------------------------------------------------ a third language

FRENCH = """\
msgid ""
msgstr "Language: fr\\nPlural-Forms: nplurals=2; plural=(n > 1);\\nContent-Type: text/plain; charset=utf-8\\n"
msgid "no event is called \\"{handle}\\""
msgstr "aucun événement ne s’appelle « {handle} »"
msgid "hint: {hint}"
msgstr "conseil : {hint}"
msgid "Usage: "
msgstr "Usage : "
msgid "February"
msgstr "février"
msgid "NAME"
msgstr "NOM"
msgid "remove {what}?"
msgstr "supprimer {what} ?"
msgid "{what} would be removed, and nobody is there to ask"
msgstr "on supprimerait {what}, et il n’y a personne à qui demander"
msgid "{n} event"
msgid_plural "{n} events"
msgstr[0] "{n} événement"
msgstr[1] "{n} événements"
"""


@pytest.fixture(scope="module")
def french(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program with a catalogue beside the others, and nothing else."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(SOURCE, folder / "ilocal", ignore=shutil.ignore_patterns("__pycache__"))
    catalogue = folder / "ilocal" / "locale" / "fr" / "LC_MESSAGES"
    catalogue.mkdir(parents=True)
    with open(catalogue / "ilocal.mo", "wb") as file:
        write_mo(file, read_po(io.BytesIO(FRENCH.encode()), locale="fr"))
    return folder


def in_french(folder: Path, *arguments: str, **variables: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "ilocal", "-r", str(SHIPPED), *arguments],
        env=environment(folder) | {"PYTHONPATH": str(folder)} | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
    )
    return done.returncode, done.stdout, done.stderr


def test_a_third_language_is_one_more_catalogue(french: Path) -> None:
    said = "ilocal: aucun événement ne s’appelle « zzz »\nconseil : ilocal list -f ids prints all ids\n"
    assert in_french(french, "show", "zzz", LANG="fr_FR.UTF-8") == (4, "", said)
    assert in_french(french, "--lang", "fr", "show", "zzz") == (4, "", said)
    code, listed, _err = in_french(french, "list", "--month", "2020-02", ILOCAL_LANG="fr")
    assert (code, listed.split("\n")[0]) == (0, "février 2020")
    code, shown, _err = in_french(french, "--help", LANG="fr")
    assert shown.startswith("Usage : ilocal ")
    assert "--lang fr|vi|en" in shown
    asked = in_french(french, "remove", "--year", "2020", LANG="fr")[2].splitlines()[-2]
    assert re.fullmatch("ilocal: on supprimerait [0-9]+ événements, et il n’y a personne à qui demander", asked)
    assert in_french(french, "--lang", "xx", "list")[2].endswith("\nhint: one of fr, vi, en\n")
