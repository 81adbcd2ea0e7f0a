"""Rendering of templates: the only module that uses Jinja2.

Built-in templates are rendered directly. Those of a registry's owner may come from a stranger and are rendered in
Jinja2's sandbox, which only gives them access to the context.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ilocal.errors import UsageError
from ilocal.i18n.messages import _

BUILT_IN_TEMPLATES = Path(__file__).parent / "templates"
CONTEXT_VERSION = 1  # of the template context; docs/reference/site.md describes it


class TemplateFailure(Exception):
    """A template that cannot be rendered: where, and why, in the words of Jinja2."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place, self.reason = place, reason

    def to_usage_error(self) -> UsageError:
        """Return a UsageError, in the language of the run and not of a page."""
        return UsageError(str(self), hint=_("for the variables of templates, see docs/reference/site.md"))


class PageRenderer:
    """Renderer of templates by name: the owner's if it exists, else the built-in one."""

    def __init__(self, folder: Path | None = None) -> None:
        """Initialize a renderer that looks in `folder` first."""
        built_in = _TemplateFolder(BUILT_IN_TEMPLATES)
        options: dict[str, Any] = {
            "autoescape": True,
            "undefined": jinja2.StrictUndefined,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "keep_trailing_newline": True,
            "auto_reload": False,
        }
        if folder is None:
            self._environment = jinja2.Environment(loader=built_in, **options)
        else:
            loader = jinja2.ChoiceLoader([_TemplateFolder(folder), built_in])
            self._environment = ImmutableSandboxedEnvironment(loader=loader, **options)
        self._environment.globals["context_version"] = CONTEXT_VERSION

    def load_templates(self) -> None:
        """Load the templates, so that processes that are forked later need not. Raises TemplateFailure."""
        for path in sorted(BUILT_IN_TEMPLATES.glob("*.html")):
            try:
                self._environment.get_template(path.name)
            except jinja2.TemplateError as error:
                raise _convert_template_error(error, path.name) from None

    def render(self, name: str, context: Mapping[str, Any]) -> str:
        """Return a page. Raises TemplateFailure where the template cannot be rendered."""
        try:
            return self._environment.get_template(name).render(context)
        except jinja2.TemplateError as error:
            raise _convert_template_error(error, name) from None
        except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError) as error:
            raise _convert_template_error(error, name) from None


class _TemplateFolder(jinja2.FileSystemLoader):
    """Templates in a folder; links that leave it are ignored."""

    def __init__(self, folder: Path) -> None:
        super().__init__(os.fspath(folder))
        self._folder = folder.resolve()

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        if not (self._folder / template).resolve().is_relative_to(self._folder):
            raise jinja2.TemplateNotFound(template)
        try:
            return super().get_source(environment, template)
        except UnicodeDecodeError:
            raise TemplateFailure(str(self._folder / template), "not UTF-8") from None


def _convert_template_error(error: Exception, name: str) -> TemplateFailure:
    """Return the error of a template, with its file and line."""
    if isinstance(error, jinja2.TemplateNotFound):
        return TemplateFailure(name, f"{error.name or name}: not found")
    if isinstance(error, jinja2.TemplateSyntaxError):
        return TemplateFailure(f"{error.filename or error.name or name}:{error.lineno}", error.message or "")
    file, line = _find_line_of_page_template(error)
    return TemplateFailure(f"{file or name}:{line}", str(error) or type(error).__name__)


def _find_line_of_page_template(error: Exception) -> tuple[str, int]:
    """Return the innermost line of a template in the traceback, which Jinja2 writes in terms of the template."""
    found = ("", 0)
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if re.search(r"\.(html|xml|txt|json|css|js)$", name):
            found = (name, trace.tb_lineno)
        trace = trace.tb_next
    return found
