"""The search page in Chromium answers what `ilocal search` answers, from a disk and from a server."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ilocal.workspace import Registry
from tests.support import strategies
from tests.support.browser import Watch, open_page, wait_until
from tests.support.browser_search import write_question
from tests.support.site import list_files

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.process


def ask(page: Page, address: str, question: str) -> list[str]:
    """Open the search page with a question, press "more" until all is shown, and return the ids that it links to."""
    page.goto(address)
    page.fill("#query", question)
    page.press("#query", "Enter")
    wait_until(page, "document.querySelector('#search-status').textContent !== ''")
    while page.is_visible("#search-more"):
        shown = page.locator("#search-results li").count()
        page.click("#search-more")
        wait_until(page, "n => document.querySelectorAll('#search-results li').length > n", shown)
    return read_ids(page)


def read_ids(page: Page) -> list[str]:
    """Return the ids of the events in the list of results."""
    links: list[str] = page.eval_on_selector_all("#search-results a", "all => all.map(a => a.getAttribute('href'))")
    return [Path(link).stem for link in links]


@pytest.mark.parametrize(
    "question", ["thuy san", "thủy sản", '"lao dong tre em"', "dong", "đông", "csr -gỗ", "title:hop thanh*"]
)
def test_the_page_on_a_disk_counts_what_the_program_counts(browser: Browser, shipped_site: Path, question: str) -> None:
    """Offline, and without asking for anything but its own files."""
    watch = Watch()
    terms = [question.strip('"')] if question.startswith('"') else question.split()
    wanted = [event.id for event in Registry(shipped_site.parent / "events.toml").events(
        words=[term for term in terms if term[0] != "-"], without=[term[1:] for term in terms if term[0] == "-"],
        once=True, reverse=True,
    )]  # fmt: skip
    with open_page(browser, watch, offline=True) as page:
        found = ask(page, f"file://{shipped_site}/search.html", question)
        said = page.text_content("#search-status")
    assert found == wanted
    assert said == (f"Tìm thấy {len(found)} sự kiện." if found else "Không tìm thấy sự kiện nào.")
    assert watch.complaints == []
    assert [url for url in watch.requests if not url.startswith("file://")] == []


def make_questions(site: Path, count: int) -> list[tuple[list[str], list[str]]]:
    """Return questions, as terms and excluded terms, mostly made of words that the registry has."""
    pick = random.Random(2020)
    texts = [event.title for event in Registry(site.parent / "events.toml").events(once=True)]
    phrases = []
    for _ in range(4 * count):
        words = pick.choice(texts).replace('"', " ").replace("“", " ").replace("”", " ").split()
        at = pick.randrange(len(words))
        phrase = " ".join(words[at : at + pick.randint(1, 3)])
        phrases.append(pick.choice([phrase, phrase.lower(), phrase.upper(), phrase[:3] + "*", f"title:{phrase}"]))
    phrases = [phrase for phrase in phrases if strategies.has_words(phrase)]
    return [
        ([pick.choice(phrases) for _ in range(pick.choice([1, 1, 2]))], [pick.choice(phrases)] if n % 4 == 0 else [])
        for n in range(count)
    ]


def answer_in_page(page: Page, questions: list[str]) -> list[list[str]]:
    """Ask the page one question after the other, with all results shown."""
    found: list[list[str]] = page.evaluate(
        """async (questions) => {
            const box = document.getElementById("query"), status = document.getElementById("search-status");
            const more = document.getElementById("search-more"), list = document.getElementById("search-results");
            const change = () => new Promise((resolve) => {
                const observer = new MutationObserver(() => { observer.disconnect(); setTimeout(resolve); });
                observer.observe(status, {childList: true});
            });
            const found = [];
            for (const question of questions) {
                box.value = question;
                let changed = change();
                box.form.requestSubmit();
                await changed;
                while (!more.hidden) { changed = change(); more.click(); await changed; }
                found.push([...list.querySelectorAll("a")].map((link) => link.getAttribute("href")));
            }
            return found;
        }""",
        questions,
    )
    return [[Path(link).stem for link in links] for links in found]


@pytest.mark.long
def test_answers_in_the_page_are_those_of_the_query(browser: Browser, made_site: Path) -> None:
    """Hundreds of questions about a thousand events, in one browser."""
    count = 100
    questions = make_questions(made_site, count)
    with open_page(browser) as page:
        page.goto(f"file://{made_site}/search.html")
        answers = answer_in_page(page, [write_question(*question) for question in questions])
    registry = Registry(made_site.parent / "events.toml")
    wanted = [
        [event.id for event in registry.events(words=terms, without=excluded, once=True, reverse=True)]
        for terms, excluded in questions
    ]
    assert len([one for one in wanted if one]) > count // 2
    different = {write_question(*q): (a, w) for q, a, w in zip(questions, answers, wanted, strict=True) if a != w}
    assert different == {}


@pytest.mark.long
def test_a_question_loads_only_the_years_that_can_answer_it(browser: Browser, made_site: Path) -> None:
    """The words of the index tell which; none for a marked word that no event has."""
    loaded = {}
    for question in ("đông", "zzz"):
        watch = Watch()
        with open_page(browser, watch) as page:
            assert ask(page, f"file://{made_site}/search.html", question) == []
        loaded[question] = [url.rpartition("/")[2] for url in watch.requests if "/search/" in url]
    assert len([name for name in list_files(made_site) if name.startswith("search/")]) > 30
    assert loaded == {"đông": ["years.js"], "zzz": ["years.js"]}


@pytest.mark.long
def test_results_stand_in_the_language_of_the_page_and_say_which_they_are_in(
    browser: Browser, served_site: str
) -> None:
    shown: dict[str, list[Any]] = {}
    for path in ("search.html", "en/search.html"):
        with open_page(browser) as page:
            ask(page, f"{served_site}/{path}", "lop")
            shown[path] = page.eval_on_selector_all(
                "#search-results li",
                "all => all.flatMap(li => [[...li.querySelectorAll('.state, a, .when')].map(e => e.innerText), new URL(li.querySelector('a').href).pathname, li.querySelector('.title').lang])",
            )
    assert shown == {
        "search.html": [
            ["dự kiến", "Lớp tiếng Anh", "2020/01/07 18:00, hằng tuần, 10 lần"], "/event/2020-lop.html", "",
        ],
        "en/search.html": [
            ["tentative", "Lớp tiếng Anh", "2020/01/07 18:00, every week, 10 times"], "/event/2020-lop.html", "vi",
        ],
    }  # fmt: skip


@pytest.mark.long
def test_the_question_is_in_the_address_and_leads_back_to_its_results(browser: Browser, served_site: str) -> None:
    with open_page(browser) as page:
        page.goto(f"{served_site}/search.html?q=khao+sat")
        page.wait_for_selector("#search-results li")
        assert (page.input_value("#query"), read_ids(page)) == ("khao sat", ["2020-khao-sat"])
        page.fill("#query", "hội nghị")
        page.press("#query", "Enter")
        page.wait_for_url("**/search.html?q=h%E1%BB%99i%20ngh%E1%BB%8B")
        wait_until(page, "document.querySelector('#search-results a').href.includes('tba')")
        page.go_back()
        wait_until(page, "document.querySelector('#search-results a').href.includes('khao-sat')")
        assert page.input_value("#query") == "khao sat"


@pytest.mark.long
def test_the_search_is_usable_by_keyboard_and_says_how_many_it_found(browser: Browser, made_site: Path) -> None:
    """Results come while a word is typed; "more" takes the focus to the first new result."""
    with open_page(browser) as page:
        page.goto(f"file://{made_site}/search.html")
        page.focus("#query")
        page.keyboard.type("hội thả", delay=5)
        page.wait_for_selector("#search-results li")
        assert page.locator("#search-results li").count() == 20
        page.keyboard.press("Enter")
        wait_until(page, "document.querySelector('#search-results').children.length === 0")
        assert page.text_content("#search-status") == "Không tìm thấy sự kiện nào."
        page.keyboard.type("o")
        page.wait_for_selector("#search-results li")
        page.focus("#search-more")
        page.keyboard.press("Enter")
        page.wait_for_selector("#search-results li:nth-child(21)")
        assert page.evaluate("document.activeElement === document.querySelector('#search-results li:nth-child(21) a')")
        assert page.get_attribute("#search-status", "role") == "status"


@pytest.mark.long
def test_without_javascript_the_page_says_so_and_links_to_the_years(browser: Browser, served_site: str) -> None:
    with open_page(browser, java_script_enabled=False) as page:
        page.goto(f"{served_site}/search.html")
        assert not page.is_visible("#query")
        assert page.is_visible("noscript a[href='archive.html']")
