"""The pages of a site in Chromium: access for all, nothing from elsewhere, no script but its own, and what is over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.browser import Watch, open_page, wait_until
from tests.support.site import list_files
from tests.support.web_checks import find_accessibility_faults

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.process, pytest.mark.long]


def list_pages(site: Path, most_events: int = 1000) -> list[str]:
    """Return the paths of the pages of a site, of events only so many; 404.html needs the site's address."""
    pages = [name for name in list_files(site) if name.endswith(".html") and name != "404.html"]
    events = [name for name in pages if "event/" in name]
    return [*(name for name in pages if name not in events), *events[:most_events]]


@pytest.mark.parametrize("width", [360, 800, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_used_by_everybody(
    browser: Browser, two_languages_site: Path, width: int, scheme: str
) -> None:
    """No violation of WCAG 2.2 AA or of best practice, and nothing that runs out of the window."""
    faults = {}
    options: dict[str, Any] = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme, "bypass_csp": True}
    with open_page(browser, **options) as page:
        for name in list_pages(two_languages_site):
            query = "?q=khao" if name.endswith("search.html") else ""
            page.goto(f"file://{two_languages_site}/{name}{query}")
            if query:
                page.wait_for_selector("#search-results li")
            found = find_accessibility_faults(page)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if found or wide > 0:
                faults[name] = [*found, *([f"{wide} pixels too wide"] if wide > 0 else [])]
    assert faults == {}


@pytest.mark.parametrize("site", ["shipped_site", "made_site"])
def test_pages_of_larger_sites_can_be_used_by_everybody(
    browser: Browser, site: str, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue(site)
    faults = {}
    with open_page(browser, viewport={"width": 360, "height": 800}, bypass_csp=True) as page:
        pages = list_pages(folder, most_events=25)
        for name in pages if len(pages) < 120 else pages[:: len(pages) // 60]:
            page.goto(f"file://{folder}/{name}")
            if found := find_accessibility_faults(page):
                faults[name] = found
    assert faults == {}


@pytest.mark.parametrize("site", ["shipped_site", "two_languages_site", "hostile_site"])
def test_pages_ask_no_other_host_and_complain_of_nothing(
    browser: Browser, site: str, request: pytest.FixtureRequest
) -> None:
    """Whatever the titles say: no script but the site's own runs, and its policy has nothing to block."""
    folder = request.getfixturevalue(site)
    watch = Watch()
    with open_page(browser, watch) as page:
        for name in list_pages(folder, most_events=250):
            page.goto(f"file://{folder}/{name}")
            assert page.evaluate(
                "[...document.scripts].filter(s => s.type !== 'application/ld+json').every(s => /\\/(static|search)\\/[\\w-]+\\.js$/.test(s.src))"
            )
        page.goto(f"file://{folder}/search.html?q=a")
        wait_until(page, "document.querySelector('#search-status').textContent !== ''")
        assert page.evaluate(
            "[...document.querySelectorAll('#search-results *')].every(e => ['LI', 'P', 'A', 'SPAN', 'MARK'].includes(e.tagName))"
        )
    assert [url for url in watch.requests if not url.startswith("file://")] == []
    assert watch.complaints == []


@pytest.mark.parametrize(
    ("day", "running", "coming"),
    [
        ("2020-02-19", [], ["Khảo sát cuối kì về lao động trẻ em"]),
        ("2020-02-25", ["Lớp tiếng Anh", "Khảo sát cuối kì về lao động trẻ em"], []),
        ("2020-02-29", ["Khảo sát cuối kì về lao động trẻ em"], []),
        ("2020-03-01", [], []),
    ],
)
def test_what_is_over_moves_when_the_page_is_looked_at(
    browser: Browser, two_languages_site: Path, day: str, running: list[str], coming: list[str]
) -> None:
    """By the clock of the reader in the time zone of the registry, without a new build."""
    with open_page(browser, timezone_id="America/Los_Angeles") as page:
        page.clock.set_fixed_time(f"{day}T00:30:00+07:00")
        page.goto(f"file://{two_languages_site}/index.html")
        found = {
            name: page.eval_on_selector_all(f"[data-list={name}] a", "all => all.map(a => a.innerText)")
            for name in ("running", "coming")
        }
        assert found["running"] == running
        assert [title for title in found["coming"] if "Khảo" in title] == coming
