"""Static files of a site: style, scripts, and files for hosts and robots."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

STATIC_FOLDER = Path(__file__).parent / "static"
MAX_SITEMAP_URLS = 50_000  # in one file, by the protocol

# Netlify and Cloudflare Pages read this file; other hosts serve it as any other.
HEADERS_TEXT = """\
/*
  Content-Security-Policy: default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer
/static/*
  Cache-Control: public, max-age=3600
/*.ics
  Content-Type: text/calendar; charset=utf-8
  Access-Control-Allow-Origin: *
/feed.json
  Content-Type: application/feed+json; charset=utf-8
  Access-Control-Allow-Origin: *
"""  # noqa: E501 - a policy is one line


def format_robots(base_url: str) -> str:
    """Return robots.txt, which allows everything; with the sitemap if its address is known."""
    sitemap = f"\nSitemap: {base_url}sitemap.xml\n" if base_url else ""
    return f"User-agent: *\nAllow: /\n{sitemap}"


def list_static_files(folder: Path) -> dict[str, Path]:
    """Return the files in a folder by their paths in it; not those that are hidden, nor links that lead out of it."""
    root = folder.resolve()
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        is_hidden = any(part.startswith(".") for part in name.parts)
        if path.is_file() and not is_hidden and path.resolve().is_relative_to(root):
            found[name.as_posix()] = path
    return found


def make_sitemaps(base_url: str, pages: dict[str, str]) -> dict[str, str]:
    """Return the sitemaps by path.

    Arguments:
        base_url: the address of the site.
        pages: the paths of all pages with the day of their last change, "" if unknown.
    """
    rows = [
        f"<url><loc>{base_url}{quote(path.removesuffix('index.html'))}</loc>"
        + (f"<lastmod>{day}</lastmod>" if day else "")
        + "</url>\n"
        for path, day in pages.items()
    ]
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    cuts = [rows[at : at + MAX_SITEMAP_URLS] for at in range(0, len(rows), MAX_SITEMAP_URLS)]
    texts = [f"{head}<urlset {space}>\n{''.join(cut)}</urlset>\n" for cut in cuts]
    if len(texts) == 1:
        return {"sitemap.xml": texts[0]}
    names = [f"sitemap-{n}.xml" for n in range(1, len(texts) + 1)]
    index = "".join(f"<sitemap><loc>{base_url}{name}</loc></sitemap>\n" for name in names)
    return {
        "sitemap.xml": f"{head}<sitemapindex {space}>\n{index}</sitemapindex>\n",
        **dict(zip(names, texts, strict=True)),
    }
