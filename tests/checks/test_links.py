"""Links that lead nowhere, as far as that can be known without a network."""

from __future__ import annotations

import pytest

from ilocal.checks.links import find_link_problem, list_checked_link_targets
from tests.support.checks import list_findings


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://www.ilo.org/hanoi?a=1&b=a_(b)", None),
        ("http://ilo.org", None),
        ("HTTPS://ILO.ORG", None),
        ("mailto:hanoi@ilo.org", None),
        ("tel:+8424", None),
        ("javascript:alert(1)", "unsafe-link"),
        ("java\tscript:alert(1)", "unsafe-link"),
        ("DATA:text/html,x", "unsafe-link"),
        ("file:///etc/passwd", "unsafe-link"),
        ("ftp://ilo.org", "broken-link"),
        ("www.ilo.org", "broken-link"),
        ("ilo.org:8080/x", "broken-link"),
        ("trang của ILO", "broken-link"),
        ("https://", "broken-link"),
        ("https:/ilo.org", "broken-link"),
        ("https//ilo.org", "broken-link"),
        ("htps://ilo.org", "broken-link"),
        ("https://ilo.org/a b", "broken-link"),
    ],
)
def test_what_can_be_said_of_a_link_without_a_network(url: str, code: str | None) -> None:
    assert (found := find_link_problem(url)) == (None if code is None else (found and found[0], code))


def test_links_in_texts_are_those_of_markdown() -> None:
    text = 'a [x](javascript:y) [b](https://a_(b) "T u") ![i](<a b>) <ftp://z> [e]() 5 < 6: 7 > 3 [f](#below)\n[1]: data:x\n'
    assert list(list_checked_link_targets(text)) == [
        "javascript:y",
        "https://a_(b)",
        "a b",
        "ftp://z",
        "",
        "#below",
        "data:x",
    ]


def test_links_are_doubted_in_their_field() -> None:
    text = (
        '[[event]]\nid = "a"\ntitle = "A"\nurl = "ilo.org"\nsummary = "[x](#y) [z](https://z.example)"\n'
        'description = "[tài liệu](file:///C:/a.doc)"\n[[event.section]]\nheading = "h"\nbody = "<ftp://x.example>"\n'
        '[event.translations.en]\ntitle = "A"\ndescription = "[a](www.x.example/a)"\n'
    )
    assert list_findings(text) == [
        '4: url: "ilo.org" has no scheme; use https://ilo.org (broken-link)',
        '6: description: "file:" does not link to a web page (unsafe-link)',
        '7: sections: browsers no longer open "ftp:" links (broken-link)',
        '10: translations: "www.x.example/a" has no scheme; use https://www.x.example/a (broken-link)',
    ]


# A blank ends an address. Browsers see no control characters; of a text, what has a scheme is meant as an address.
@pytest.mark.parametrize(
    ("target", "is_url", "code"),
    [
        ("https://a.example/b c", True, "broken-link"), ("https://a.example/b c", False, "broken-link"),
        ("https://a.example/b\tc", True, "broken-link"), ("https://a.example/b\nc", False, "broken-link"),
        ("https://a.example/b\u00a0c", True, "broken-link"), ("https://a.example/\u3000", True, "broken-link"),
        (" https://a.example", True, "broken-link"), ("https://a.example ", True, "broken-link"),
        ("a b", True, "broken-link"), ("#a b", False, None), ("a b", False, None), ("mailto:a b@c.example", False, "broken-link"),
        ("https://a.example/b%20c", True, None), ("java script:x", True, "unsafe-link"), ("java\tscript:x", False, "unsafe-link"),
    ],
)  # fmt: skip
def test_a_link_has_no_blank_in_it(target: str, is_url: bool, code: str | None) -> None:
    found = find_link_problem(target, is_url=is_url)
    assert (found and found[1]) == code
    if code == "broken-link" and found:
        assert found[0].endswith("contains whitespace")
