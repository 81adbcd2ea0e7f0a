"""Builder of a site: plans its files, compares them with the existing ones, makes changed ones, and publishes them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from ilocal import __version__, progress
from ilocal.i18n.messages import n_
from ilocal.index.build import pause_garbage_collection
from ilocal.model.query import Query
from ilocal.model.registry_info import RegistryInfo
from ilocal.site.event_catalogue import DIGEST_BYTES, EventCatalogue
from ilocal.site.output_folder import OutputFolder
from ilocal.site.page_plan import PlannedFile, SiteLayout, choose_feed_start, list_name_kinds_of_pages, plan_files
from ilocal.site.parallel_work import MadeFile, count_processes, render_page_batches
from ilocal.site.search_segments import (
    YEARS_FILE,
    collect_words_of_site_search,
    format_years_of_site_search,
    get_site_search_path,
    parse_years_of_site_search,
)
from ilocal.site.settings import SiteSettings
from ilocal.site.site_manifest import ManifestEntry, SiteManifest
from ilocal.site.static_files import STATIC_FOLDER, list_static_files, make_sitemaps
from ilocal.site.words import list_page_words_by_language
from ilocal.workspace import Registry

if TYPE_CHECKING:
    from ilocal.model.event import Event
    from ilocal.site.page_renderer import PageRenderer
    from ilocal.site.site_pages import SitePages

MAX_BATCH_EVENTS = 1500  # kept in memory and processed at once
MIN_BATCH_EVENTS = 400
BATCHES_PER_PROCESS = 4  # so that none works alone for long at the end
_LATE_KINDS = (
    "search_years",
    "year",
    "month",
    "name",
    "names",
    "archive",
    "undated",
    "about",
    "search",
    "home",
)  # published last
_SOURCE = Path(__file__).parent.parent


@dataclass(slots=True)
class BuildResult:
    """The result of a build, or of a dry run."""

    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    page_count: int = 0
    notes: list[str] = field(default_factory=list)


class SiteBuilder:
    """Builds the site of a registry into a folder."""

    def __init__(self, registry: Registry, settings: SiteSettings, query: Query) -> None:
        """Initialize for the events that `query` finds, whatever its order."""
        self._registry, self._settings = registry, settings
        self._query = query
        self.layout: SiteLayout | None = None  # set by a build that had work to do

    def build(self, out: OutputFolder, *, is_clean: bool = False, is_dry_run: bool = False) -> BuildResult:
        """Update the folder, and return the changes.

        Nothing is written if a template fails.

        Arguments:
            out: the folder.
            is_clean: whether to make every file again, not only changed ones.
            is_dry_run: whether to only report files that would be written and removed.

        Raises UsageError, ConflictError, RegistryError.
        """
        digests = self._registry.fetch_digests()
        key = self._compute_key(digests)
        if not is_clean and key == out.manifest.key and out.has_all_files():
            return BuildResult(unchanged=len(out.manifest.files), page_count=_count_pages(out.manifest.files))
        with pause_garbage_collection():
            self.layout = layout = self.make_layout(digests)
            files = plan_files(layout, self._compute_site_digest())
            files += self._plan_sitemaps(layout, files)
        static = self._list_static_files()
        planned = {file.path: file.digest for file in files}
        planned |= {name: _hash_page(path.read_bytes()) for name, path in static.items()}
        due = {path for path, digest in planned.items() if is_clean or not out.has_unchanged(path, digest)}
        for path in due:
            out.check_place(path)
        out.check_folders(planned)
        removed = sorted(set(out.manifest.files) - set(planned))
        if is_dry_run:
            return BuildResult(sorted(due), removed, len(planned) - len(due), _count_pages(planned))
        return self._write(out, key, planned, due, _Sources(files, static))

    def make_layout(self, digests: dict[str, bytes]) -> SiteLayout:
        """Return the layout of the pages. Raises RegistryError."""
        catalogue = EventCatalogue(self._registry.info, self._settings.languages)
        catalogue.fill(self._registry.select(self._query), digests)
        return SiteLayout(catalogue, self._settings, choose_feed_start(catalogue, self._settings))

    # ---------------------------------------------------------------------------------------------------------- digests

    def _compute_key(self, digests: dict[str, bytes]) -> str:
        """Return a checksum of all that the site is made from."""
        found = blake2b(self._compute_site_digest(), digest_size=DIGEST_BYTES)
        found.update(repr(_drop_present_day_from_site_query(self._query)).encode("utf-8", "backslashreplace"))
        found.update(repr(self._registry.info.aliases).encode("utf-8", "backslashreplace"))
        for id, digest in digests.items():
            found.update(id.encode("utf-8", "surrogatepass") + digest)
        for name, path in self._list_static_files().items():
            found.update(name.encode("utf-8", "surrogateescape") + path.read_bytes())
        return found.hexdigest()

    def _compute_site_digest(self) -> bytes:
        """Return a digest of what every page depends on: program, templates, registry header, settings."""
        found = blake2b(_hash_program_that_builds_pages(), digest_size=DIGEST_BYTES)
        found.update(repr(_describe_info_of_site(self._registry.info)).encode("utf-8", "backslashreplace"))
        settings = self._settings
        found.update(
            repr((settings.base_url, settings.languages, settings.feed_from, settings.has_event_calendars)).encode()
        )
        if settings.templates is not None:
            for path in sorted(settings.templates.glob("*.html")):
                found.update(path.name.encode("utf-8", "surrogateescape") + path.read_bytes())
        if self.layout is not None:
            kinds, has_undated = list_name_kinds_of_pages(self.layout), bool(self.layout.catalogue.undated)
            found.update(repr((self.layout.languages, kinds, has_undated)).encode())
        return found.digest()

    def _list_static_files(self) -> dict[str, Path]:
        """Return the files under `static/`, with those of the owner in the place of built-in ones of the same name."""
        found = {f"static/{name}": path for name, path in list_static_files(STATIC_FOLDER).items()}
        own = self._settings.templates / "static" if self._settings.templates is not None else None
        if own is not None and own.is_dir():
            found |= {f"static/{name}": path for name, path in list_static_files(own).items()}
        return found

    def _plan_sitemaps(self, layout: SiteLayout, files: Sequence[PlannedFile]) -> list[PlannedFile]:
        """Plan the sitemaps, which need the address of the site."""
        base = self._settings.base_url
        if not base:
            return []
        pages = {
            file.path: _format_day_of_newest_page(layout, file)
            for file in files
            if file.path.endswith(".html") and file.kind != "not_found"
        }
        texts = make_sitemaps(base, pages)
        root = layout.languages[0]
        return [PlannedFile(path, "text", root, (text,), (), _hash_page(text.encode())) for path, text in texts.items()]

    # ------------------------------------------------------------------------------------------------------------ write

    def _write(
        self, out: OutputFolder, key: str, planned: dict[str, str], due: set[str], sources: _Sources
    ) -> BuildResult:
        """Make the files that are due, publish them, and remove obsolete ones."""
        out.begin()
        try:
            made = {one.path: one for one in self._make_files(out, due, sources)}
            if YEARS_FILE in due:
                made[YEARS_FILE] = _make_search_years(out, made, sources, number=len(due))
            manifest = SiteManifest(key)
            for path, digest in planned.items():
                size = made[path].size if path in made else out.manifest.files[path].size
                manifest.files[path] = ManifestEntry(digest, size)
            late = {file.path: _LATE_KINDS.index(file.kind) for file in sources.files if file.kind in _LATE_KINDS}
            staged = sorted(
                ((one.number, one.path) for one in made.values() if one.number is not None),
                key=lambda one: (late.get(one[1], -1), one[1]),
            )
            removed = out.publish(staged, manifest)
        finally:
            out.end()
        written = sorted(path for _number, path in staged)
        return BuildResult(written, removed, len(planned) - len(written), _count_pages(planned))

    def _make_files(self, out: OutputFolder, due: set[str], sources: _Sources) -> Iterator[MadeFile]:
        number = 0
        for path in sorted(due & set(sources.static)):
            yield stage_site_file(out, number, path, sources.static[path].read_bytes())
            number += 1
        files = [file for file in sources.files if file.path in due and file.kind != "search_years"]
        with progress.track_progress(
            lambda n: n_("Building the site: {n} file …", "Building the site: {n} files …", n)
        ) as task:
            process_count = count_processes(len(files))
            batches = batch_pages_to_build(files, process_count)
            work = ((batch, self._fetch_events(batch)) for batch in batches)
            pages = self.make_pages()
            if process_count > 1:
                pages.load_libraries()
            for made in render_page_batches(
                work,
                lambda batch, events, first: _make_batch_of_pages(pages, out, batch, events, first),
                number,
                process_count,
            ):
                task.advance()
                yield made

    def make_pages(self) -> SitePages:
        """Return the writer of planned files; requires the layout."""
        from ilocal.site.site_pages import SitePages

        assert self.layout is not None
        return SitePages(self.layout, self._make_renderer)

    def _make_renderer(self) -> PageRenderer:
        from ilocal.site.page_renderer import PageRenderer

        return PageRenderer(self._settings.templates)

    def _fetch_events(self, files: Sequence[PlannedFile]) -> dict[int, Event]:
        assert self.layout is not None
        summaries = self.layout.catalogue.events
        indexes = sorted({index for file in files for index in file.members})
        found = self._registry.fetch_events([summaries[index].id for index in indexes])
        return {index: found[summaries[index].id] for index in indexes}


@dataclass(frozen=True, slots=True)
class _Sources:
    """The inputs of a site's files."""

    files: Sequence[PlannedFile]
    static: dict[str, Path]


def _make_batch_of_pages(
    pages: SitePages, out: OutputFolder, batch: Sequence[PlannedFile], events: dict[int, Event], first: int
) -> Iterator[MadeFile]:
    """Make and stage the files of a batch; unchanged ones are only reported."""
    pages.forget_events()
    for number, file in enumerate(batch, first):
        text = str(file.key[0]) if file.kind == "text" else pages.make_text(file, events)
        yield stage_site_file(out, number, file.path, text.encode("utf-8", "backslashreplace"))


def _make_search_years(out: OutputFolder, made: dict[str, MadeFile], sources: _Sources, number: int) -> MadeFile:
    """Make and stage the file that maps words to search segments.

    The words of unchanged segments come from the existing file, others from the segments.
    """
    (file,) = (file for file in sources.files if file.path == YEARS_FILE)
    sizes, aliases = file.key
    known = parse_years_of_site_search(out.read_text(YEARS_FILE)) if YEARS_FILE in out.manifest.files else {}
    words = {}
    for name, _size in sizes:
        path = get_site_search_path(name)
        if path not in made and name in known:
            words[name] = known[name]
        else:
            staged = made[path].number if path in made else None
            script = out.read_text(path) if staged is None else out.read_staged_text(staged)
            words[name] = collect_words_of_site_search(script)
    return stage_site_file(
        out, number, YEARS_FILE, format_years_of_site_search(dict(sizes), words, dict(aliases)).encode()
    )


def stage_site_file(out: OutputFolder, number: int, path: str, data: bytes) -> MadeFile:
    """Stage a file, unless it has these bytes already."""
    if out.may_have(path) and out.has_bytes(path, data):
        return MadeFile(path, len(data), None)
    out.stage(number, data)
    return MadeFile(path, len(data), number)


def batch_pages_to_build(files: Sequence[PlannedFile], process_count: int) -> Iterator[list[PlannedFile]]:
    """Yield files in batches that need a limited number of events at once; a larger file is a batch by itself.

    Files of the same events are together: what is made of an event for one is then at hand for the others.
    """
    event_count = len({index for file in files for index in file.members})
    wanted = event_count // (BATCHES_PER_PROCESS * process_count)
    limit = max(MIN_BATCH_EVENTS, min(wanted, MAX_BATCH_EVENTS))
    batch: list[PlannedFile] = []
    members: set[int] = set()
    for file in sorted(files, key=lambda file: min(file.members, default=0)):
        others = set(file.members) - members
        if batch and len(members) + len(others) > limit:
            yield batch
            batch, members, others = [], set(), set(file.members)
        batch.append(file)
        members |= others
    if batch:
        yield batch


def _drop_present_day_from_site_query(query: Query) -> Query:
    """Return a query without the horizon of series, which depends on the present day, if it has no date filters."""
    return query if query.overlapping or query.not_over_before else replace(query, expand_until=None)


def _hash_page(data: bytes) -> str:
    return blake2b(data, digest_size=DIGEST_BYTES).hexdigest()


@cache
def _hash_program_that_builds_pages() -> bytes:
    """Return a digest of the program: pages are made again by another version."""
    found = blake2b(__version__.encode(), digest_size=DIGEST_BYTES)
    for folder in ("site", "formats", "model"):
        for path in sorted((_SOURCE / folder).rglob("*.*")):
            if path.suffix in (".py", ".html", ".css", ".js"):
                found.update(path.read_bytes())
    for lang in ("vi", "en"):
        found.update(repr(list_page_words_by_language(lang)).encode())
    return found.digest()


def _describe_info_of_site(info: RegistryInfo) -> object:
    return (info.title, info.language, info.timezone, info.uid_domain)


def _count_pages(paths: object) -> int:
    return sum(path.endswith(".html") for path in paths)  # type: ignore[attr-defined]


def _format_day_of_newest_page(layout: SiteLayout, file: PlannedFile) -> str:
    """Return the day of the newest change among a page's events; "" if unknown."""
    stamps = [stamp for index in file.members if (stamp := layout.catalogue.events[index].stamp) is not None]
    return max((stamp.isoformat()[:10] for stamp in stamps), default="")


def find_default_site_folder(registry: Path) -> Path:
    """Return the default output folder of a site: `_site` next to the registry."""
    return Path(os.path.realpath(registry)).parent / "_site" if registry.is_symlink() else registry.parent / "_site"
