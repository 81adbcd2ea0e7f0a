"""Messages in the source: marked for translation where they are shown to people."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import catalogues
import pytest

from ilocal import errors
from ilocal.i18n import labels
from ilocal.model.fields import FIELDS

SOURCE = catalogues.SOURCE
WAITING = {f"cli/commands/{name}.py" for name in ("add", "check", "edit")}  # for their own translations
MODULES = sorted({path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py")} - WAITING)
MARKS = {"_", "n_", "N_", "lazy_gettext", "translate_plural"}
ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}


def get_call_name(call: ast.AST) -> str:
    function = call.func if isinstance(call, ast.Call) else None
    return getattr(function, "id", getattr(function, "attr", ""))


def find_unmarked(tree: ast.AST, values: bool = True) -> Iterator[tuple[int, str]]:
    """Yield the literals of a part of a module that are neither marked, nor collected for help, nor docstrings.

    `values` tells whether values of marked messages are included.
    """
    if get_call_name(tree) == "translate_label":
        children: list[ast.AST] = []  # its keys
    elif isinstance(tree, ast.Call) and get_call_name(tree) in MARKS:
        children = [keyword.value for keyword in tree.keywords if values]
    elif isinstance(tree, ast.keyword) and tree.arg in ("help", "metavar"):
        children = []
    elif isinstance(tree, ast.Assign) and ast.unparse(tree.targets[0]) in ("EXAMPLES", "HELP_GROUP"):
        children = []  # collected for help, and what is typed
    else:
        children = [child for child in ast.iter_child_nodes(tree) if not is_docstring(child)]
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        yield tree.lineno, tree.value
    for child in children:
        yield from find_unmarked(child, values)


def is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def find_shown_parts(call: ast.Call) -> list[ast.AST]:
    """Return the parts of a call that are shown to people."""
    name = get_call_name(call)
    named: list[ast.AST] = [keyword.value for keyword in call.keywords if keyword.arg in ("hint", "message", "reason")]
    if name in {"InvalidEventError", "InputError", "Diagnostic", "format_line_error"}:
        return [*call.args[1:2], *named]
    if name in {"print_status", "print_warning", "confirm_or_exit", "TomlSyntaxError"} or name in ERRORS:
        return [*call.args, *named]
    on_stderr = any(ast.unparse(keyword) == "file=sys.stderr" for keyword in call.keywords)
    return [*call.args] if name == "print" and on_stderr else []


# Commands to type are the same in every language, and so are the marks of an error.
COMMANDS = re.compile(r"ilocal: |ilocal( -*\w+)*|ilocal add \"TITLE\" 2020-02-20|\\[a-z]|: ?")

PHRASE = re.compile(r"[^\W\d_]{2,}[,;:]? [a-z]{2,}", re.UNICODE)
# Words that are read and not said, or said to machines: patterns, SQL, styles, markup, headings of other tables.
READ = re.compile(r"\(\?[P:]|^(bold|black) |<[?/a-z]|=\"|default-src|; charset=|use strict")
VOCABULARIES = {
    "model/date_parser.py", "model/clock_times.py", "model/date_forms.py", "model/incomplete_dates.py",
    "model/relative_dates.py", "model/recurrence_phrases.py", "formats/csv/__init__.py", "formats/csv/calendar_writer.py",
    "formats/csv/calendar_reader.py", "formats/page/line_kinds.py", "checks/dates_in_text.py",
    "model/value_labels.py", "model/undated_words.py", "cli/option_synonyms.py", "sync/sync_state.py", "cli/usage_errors.py",
    "formats/csv/column_labels.py", "formats/csv/event_rows.py",
    "formats/html/document.py", "formats/html/page_text.py", "formats/html/markup.py",
}  # fmt: skip
DATA = {
    "chủ nhật",  # among the names of days of each language
    # what the settings of git say, whatever language its user has
    "events of ilocal, merged by event and field",
    " git merge %O %A %B %L %P --ours %X --theirs %Y",
    'git merge-file -L "$o" -L base -L "$t" --marker-size=%L %A %O %B',
    "; r=$?; case $r in 0|5) exit $r;; esac; ",
    "ilocal add ",
    "--set kind=workshop",
    "--where kind=workshop",
    "  # completion of ilocal\n",  # in the shell's own file
    "tab: menu-complete",  # to readline
    "set show-all-if-ambiguous on",
    " has no attribute ",  # of Python modules, to programmers
    "unknown filter ",  # likewise
    "; the filters are ",
    "cannot be read",  # in a repr
    "table, json",  # values of settings
    '["when", "title"]',
    'bold, dim, italic, underline, red, bright_blue, "on cyan", #ff8800',
    "(không có tên)",  # titles that ilocal wrote into calendars
    "(no title)",
    "Missing command",  # of Typer, to be said otherwise
    "event: reload\ndata: -\n\n",  # to browsers
    ": still here\n\n",
    ": not found",  # of a template, beside what Jinja2 says in English
    "not one event",  # of a function to another
    "nested too deeply",  # likewise, looked up in `third_party.LIBRARY_MESSAGES`
    "expecting value",
    "extra data",
    "pip install 'ilocal[net]'",  # to type
    "text/calendar; charset=utf-8",  # a type of content
    "text, json",  # values of an option
    "\n# Fetched by `ilocal refresh ",  # in a file whose bytes depend on no language
    "`, which replaces this file.\n",
    *labels._LABELS,  # keys
    *(name for field in FIELDS for name in field.synonyms),  # words that are read
    "thời gian",
    '["Tên việc=title", "Nơi họp=location"]',
    " … [ilocal: cut]",  # in a cell, to be known again
    "dd/mm/yyyy hh:mm",  # to spreadsheets
    "dd/mm/yyyy hh:mm:ss",
}


@pytest.mark.parametrize("module", MODULES)
def test_what_is_said_to_people_is_marked(module: str) -> None:
    calls = [node for node in ast.walk(ast.parse((SOURCE / module).read_text("utf-8"))) if isinstance(node, ast.Call)]
    found = [one for call in calls for part in find_shown_parts(call) for one in find_unmarked(part, values=False)]
    wrong = [(line, text) for line, text in found if re.search(r"[^\W\d_]{2}", text) and text not in DATA]
    assert [(line, text) for line, text in wrong if not COMMANDS.fullmatch(text)] == []


@pytest.mark.parametrize("module", [name for name in MODULES if name not in VOCABULARIES and name[:6] != "index/"])
def test_no_phrase_is_left_in_one_language(module: str) -> None:
    found = find_unmarked(ast.parse((SOURCE / module).read_text("utf-8")))
    wrong = [(line, text) for line, text in found if PHRASE.search(text) and not READ.search(text)]
    assert [(line, text) for line, text in wrong if text not in DATA and not COMMANDS.fullmatch(text)] == []


@pytest.mark.parametrize("module", MODULES)
def test_marks_are_such_that_the_catalogue_finds_them(module: str) -> None:
    """None is put together, none stands inside of an f-string, and no function has another `_`."""
    tree = ast.parse((SOURCE / module).read_text("utf-8"))
    calls = [node for node in ast.walk(tree) if get_call_name(node) in MARKS and isinstance(node, ast.Call)]
    together = [call for call in calls if call.args and is_put_together(call.args[0])]
    inside = [
        call
        for text in ast.walk(tree)
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and get_call_name(call) in MARKS
    ]
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.Lambda))]
    other = [function for function in functions if has_other_underscore(function)]
    assert [f"{module}:{node.lineno}" for node in (*together, *inside, *other)] == []


def is_put_together(node: ast.AST) -> bool:
    literal = any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in ast.walk(node))
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.BinOp) and literal)


def has_other_underscore(function: ast.FunctionDef | ast.Lambda) -> bool:
    own = list(walk_scope(function))
    binds = any(isinstance(node, ast.Name) and node.id == "_" and isinstance(node.ctx, ast.Store) for node in own)
    return binds and any(isinstance(node, ast.Call) and get_call_name(node) == "_" for node in ast.walk(function))


def walk_scope(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a function, except those with a scope of their own."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.FunctionDef, ast.Lambda, ast.comprehension, ast.ListComp, ast.GeneratorExp)):
            yield child
            yield from walk_scope(child)
