"""Catalogues of messages: `python build_hooks/catalogues.py` updates all of them from the source.

Messages are the texts marked in the source (`_`, `n_`, `N_`; see `ilocal.i18n.messages`), and the help of commands:
texts under `help=` and `metavar=`, and docstrings of commands. New messages are added to the .po files without a
translation; unused ones are removed. `compile_all` writes the .mo files that the program reads, as part of the build.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "ilocal"
COMMANDS = SOURCE / "cli" / "commands"
MANUAL = ROOT / "build_hooks" / "manual.py"
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "N_": None,
    "n_": (1, 2),
    "lazy_gettext": None,
    "translate_plural": (1, 2),
}


def found() -> Catalog:
    """Return all messages of the source, with their places."""
    catalog = Catalog(project="ilocal", charset="utf-8")
    for place, line, message, comments, context in extract_from_dir(
        SOURCE,
        method_map=[("**.py", "python")],
        keywords=KEYWORDS,
        comment_tags=["Translators:"],
        strip_comment_tags=True,
    ):
        catalog.add(message, locations=[(place, line)], auto_comments=comments, context=context)
    for line, message, comments, context in extract_from_file("python", MANUAL, keywords=KEYWORDS):
        catalog.add(message, locations=[(str(MANUAL.relative_to(ROOT)), line)], auto_comments=comments, context=context)
    for path in sorted(SOURCE.rglob("*.py")):
        for line, text in helps(path):
            catalog.add(text, locations=[(str(path.relative_to(SOURCE)), line)])
    return catalog


_SHOWN = ("help", "metavar")


def helps(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the texts of a module shown by help: `help=`, `metavar=`, docstrings of commands, and EXAMPLES."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg in _SHOWN and isinstance(keyword.value, ast.Constant) and keyword.value.value:
                    yield keyword.value.lineno, str(keyword.value.value)
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "EXAMPLES":
            assert isinstance(node.value, ast.Dict)
            yield from ((said.lineno, ast.literal_eval(said)) for said in node.value.values)
        elif isinstance(node, ast.FunctionDef) and is_command(path, node) and (text := ast.get_docstring(node)):
            yield node.lineno, cleandoc(text)
        elif isinstance(node, ast.Module) and is_command_group(path) and (text := ast.get_docstring(node)):
            yield 1, cleandoc(text)


def is_command(path: Path, function: ast.FunctionDef) -> bool:
    """Return whether a function's docstring is the help of a command, or of the program."""
    return (
        function.name == "run"
        if path.is_relative_to(COMMANDS)
        else (path.name, function.name) == ("app.py", "run_global_options")
    )


def is_command_group(path: Path) -> bool:
    """Return whether a module's docstring is the help of a group of commands: that of a folder of commands."""
    return path.name == "__init__.py" and path.parent.parent == COMMANDS


def files() -> list[Path]:
    """Return the paths of the catalogues, one per language."""
    return sorted((SOURCE / "i18n" / "locale").glob("*/LC_MESSAGES/*.po"))


def read(path: Path) -> Catalog:
    """Return a catalogue read from a file."""
    with open(path, "rb") as file:
        return read_po(file, locale=path.parent.parent.name, abort_invalid=True)


def update(path: Path) -> None:
    """Update a catalogue; new messages have no translation yet."""
    catalog = read(path)
    catalog.update(found(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    catalog.last_translator = catalog.language_team = catalog.msgid_bugs_address = ""
    with open(path, "wb") as file:
        # Places without lines: a catalogue changes when a message does, and not when code above it moves.
        write_po(file, catalog, width=120, sort_output=True, include_lineno=False, ignore_obsolete=True)


def compile_all() -> list[Path]:
    """Compile the catalogues for the program, next to the .po files; return the new paths."""
    made = []
    for path in files():
        target = path.with_suffix(".mo")
        temporary = target.with_suffix(".tmp")
        with open(temporary, "wb") as file:
            write_mo(file, read(path))
        temporary.replace(target)  # another process may be reading it
        made.append(target)
    return made


if __name__ == "__main__":
    for catalogue in files():
        update(catalogue)
        waiting = [message.id for message in read(catalogue) if message.id and not message.string]
        print(f"{catalogue.relative_to(ROOT)}: {len(waiting)} messages without a translation", file=sys.stderr)
    compile_all()
