#!/usr/bin/env python3
"""Feeds and the files by which programs find what is here, read as their readers read them: every kind of feed against RELAX NG and with feedparser,
site maps, the description of the search, robots.txt with Protego, the typed links of releases with signposting.

feeds.py BASE_URL [DUMP_FOLDER]: with a folder every document that was checked is kept in it.
"""

import datetime
import pathlib
import sys
import time
import urllib.parse
import xml.etree.ElementTree as ElementTree

import feedparser
import rnc2rng
import signposting
from lxml import etree
from protego import Protego

from common import Archive, Check, plain

SCHEMAS = pathlib.Path(__file__).parent / "schemas"
ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"}

archive = Archive(sys.argv[1])
kept = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
check = Check("feeds and finding", "feedparser", "lxml", "rnc2rng", "Protego", "signposting")
figures = {"feeds": 0, "entries": 0, "archive documents": 0}


def grammar(name):
    written = rnc2rng.dumps(rnc2rng.load(str(SCHEMAS / f"{name}.rnc")))
    # What is in no namespace needs no prefix in the other syntax, and must not have one.
    return etree.RelaxNG(etree.fromstring(written.replace(' xmlns:local=""', "").encode()))


ATOM_RULES, OPENSEARCH_RULES, SITEMAP_RULES = grammar("atom"), grammar("opensearch"), grammar("sitemap")


def document(path, rules):
    content = archive.get(path)[2]
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        (kept / (urllib.parse.quote(path.removeprefix(archive.base), safe="")[:120] + ".xml")).write_bytes(content)
    tree = etree.fromstring(content)
    check.that(rules.validate(tree), f"{path}: {rules.error_log.last_error}")
    return content


def entry_id(identifier):
    return identifier.rsplit(":", 1)[1]


def atom(path):
    """A document of a feed: its entries, and its links by relation."""
    content = document(path, ATOM_RULES)
    parsed = feedparser.parse(content)
    check.that(not parsed.bozo, f"{path}: {parsed.get('bozo_exception')}")
    check.that(parsed.version == "atom10" and parsed.feed.get("updated_parsed"), f"{path}: no Atom feed with its moment")
    for entry in parsed.entries:
        name = f"{path} {entry.id}"
        check.that(entry.title.strip() and entry.link.startswith(archive.base), f"{name}: title or address is missing")
        check.that(entry.get("updated_parsed") is not None, f"{name}: no moment")
        check.that("published" not in entry or entry.get("published_parsed"), f"{name}: published {entry.get('published')}")
    ids = [entry.id for entry in parsed.entries]
    check.that(len(set(ids)) == len(ids), f"{path}: an entry stands twice")
    figures["entries"] += len(ids)
    root = ElementTree.fromstring(content)
    links = {}
    for link in root.findall(f"{ATOM}link"):
        if link.get("type") != "application/feed+json":
            links[link.get("rel")] = link.get("href")
    check.that(urllib.parse.parse_qs(links["self"]) == urllib.parse.parse_qs(urllib.parse.urljoin(archive.base, path)), f"{path}: self is {links['self']}")
    return parsed, links, root


def json_feed(path):
    """A document of a feed as JSON: what JSON Feed 1.1 asks for ("Top-level", "Items"), which has no schema of its own."""
    feed = archive.json(path)
    check.that(feed["version"] == "https://jsonfeed.org/version/1.1" and feed["title"], f"{path}: version or title")
    for name in ("home_page_url", "feed_url", "icon", "favicon", "next_url"):
        check.that(name not in feed or feed[name].startswith(archive.base), f"{path}: {name} is {feed.get(name)}")
    for item in feed["items"]:
        name = f"{path} {item['id']}"
        check.that(isinstance(item["id"], str) and ("content_html" in item or "content_text" in item), f"{name}: no words")
        check.that(all(isinstance(tag, str) for tag in item["tags"]) and isinstance(item["title"], str), f"{name}: tags or title")
        for moment in ("date_published", "date_modified"):
            if moment in item:
                check.that(datetime.datetime.fromisoformat(item[moment].replace("Z", "+00:00")).tzinfo is not None, f"{name}: {moment}")
    parsed = feedparser.parse(archive.get(path)[2])
    check.that(parsed.version in ("json11", ""), f"{path}: feedparser takes it for {parsed.version}")
    return feed


def walked(path):
    """Every entry of a feed: its current document, then every archive document before it (RFC 5005, section 4)."""
    parsed, links, _ = atom(path)
    ids, current = {entry_id(entry.id) for entry in parsed.entries}, links["self"]
    feed, address = parsed.feed.id, links.get("prev-archive")
    while address:
        parsed, links, root = atom(address)
        figures["archive documents"] += 1
        check.that(root.find(f"{HISTORY}archive") is not None and links.get("current") == current, f"{address}: it does not say what it is")
        check.that(parsed.feed.id == feed and parsed.entries, f"{address}: of another feed, or empty")
        ids |= {entry_id(entry.id) for entry in parsed.entries}
        address = links.get("prev-archive")
    return ids


def found(query):
    """The ids that the API's search gives; `None` where there are more than can be paged to."""
    ids, cursor = set(), ""
    while True:
        page = archive.json(f"/api/v1/search?limit=100&{query}{cursor}")
        if page["total"] > 1000:
            return None
        ids |= {item["id"] for item in page["items"]}
        if page["next"] is None:
            return ids
        cursor = f"&cursor={page['next']}"


def feeds(releases):
    everything = {item["id"] for item in releases}
    facets = archive.json("/api/v1/search?limit=1")["facets"]
    followed = [("/feed.{}", "")]
    followed += [(f"/topics/{value['value']}/feed.{{}}", f"topic={value['value']}") for value in facets["topic"][:3]]
    for facet in ("kind", "place", "person", "source", "lang"):
        for value in facets[facet][:2]:
            query = urllib.parse.urlencode({facet: value["value"]})
            followed.append(("/search/feed.{}?" + query, query))
    for query in ({"q": "allies"}, {"q": "“the alliance” -zyzzyva", "from": "2025-04"}, {"q": "zyzzyva"}, {"q": "]]> <b>&\"quotes\""}, {"q": "Україна"}):
        query = urllib.parse.urlencode(query)
        followed.append(("/search/feed.{}?" + query, query))
    for path, query in followed:
        figures["feeds"] += 2
        union, expected = walked(path.format("atom")), found(query) if query else everything
        check.that(expected is None or union == expected, f"{path}: {len(union)} entries in all, {len(expected or [])} releases")
        parsed, links, _ = atom(path.format("atom"))
        for page in filter(None, (links.get("next"), links.get("last"))):
            atom(page)
        items = json_feed(path.format("json"))["items"]
        check.that([item["id"] for item in items] == [entry.id for entry in parsed.entries], f"{path}: the two forms differ")
        for item, entry in zip(items, parsed.entries):
            check.that(plain(item["title"]) == plain(entry.title), f"{path} {entry.id}: {item['title']!r} and {entry.title!r}")
        page = archive.get(path.format("atom"), headers=BROWSER)
        check.that(page[1]["content-type"].startswith("text/html") and "Accept" in page[1]["vary"], f"{path}: a browser is given {page[1]['content-type']}")
    for path in ("/changes.{}", "/changes.{}?kind=added", "/changes.{}?kind=withdrawn"):
        figures["feeds"] += 2
        parsed, links, _ = atom(path.format("atom"))
        paged = {entry_id(entry.id) for entry in parsed.entries}
        while "next" in links:
            page, links, _ = atom(links["next"])
            paged |= {entry_id(entry.id) for entry in page.entries}
        check.that(walked(path.format("atom")) == paged, f"{path}: pages and archive documents hold other entries")
        check.that(len(json_feed(path.format("json"))["items"]) == len(parsed.entries), f"{path}: the two forms differ")
    # As a polite reader asks again.
    for path in ("/feed.atom", "/feed.json"):
        first = archive.get(path)[1]
        if "last-modified" not in first:
            # A date counts a few seconds after the last change.
            time.sleep(4)
            first = archive.get(path)[1]
        for asked in ({"If-None-Match": first["etag"]}, {"If-Modified-Since": first["last-modified"]}):
            check.that(archive.get(path, headers=asked, allow=(304,))[0] == 304, f"{path}: not told that nothing is new by {asked}")
    again = feedparser.parse(archive.base + "/feed.atom", etag=first["etag"])
    check.that(again.get("status") in (200, 304), f"feedparser is answered {again.get('status')}")


def sitemaps(releases):
    root = etree.fromstring(document("/sitemap.xml", SITEMAP_RULES))
    named = {}
    for part in root:
        path = part.findtext(f"{SITEMAP}loc")
        urls = etree.fromstring(document(path, SITEMAP_RULES))
        moments = [url.findtext(f"{SITEMAP}lastmod") for url in urls]
        check.that(len(urls) <= 10_000, f"{path}: {len(urls)} addresses")
        if part.findtext(f"{SITEMAP}lastmod"):
            check.that(part.findtext(f"{SITEMAP}lastmod") >= max(moments), f"{path}: a page is newer than its list")
        named.update((url.findtext(f"{SITEMAP}loc"), moment) for url, moment in zip(urls, moments))
    listed = {address for address in named if "/releases/" in address}
    check.that(listed == {item["url"] for item in releases}, f"{len(listed)} releases in the site map, {len(releases)} in the archive")
    check.that(all(named[address] for address in listed), "a release has no date in the site map")
    figures["addresses"] = len(named)
    return named


def robots(named):
    rules = Protego.parse(archive.text("/robots.txt"))
    check.that(list(rules.sitemaps) == [archive.base + "/sitemap.xml"], f"robots.txt names {list(rules.sitemaps)}")
    for address in named:
        check.that(rules.can_fetch(address, "anybody"), f"robots.txt forbids {address}, which the site map names")
    for path, allowed in (("/search?q=a", False), ("/api/v1/releases", True), ("/api/v1/releases?cursor=x", True), ("/api/v1/releases?q=a", False), ("/api/v1/openapi.json", True), ("/api/v1/search?q=a", False), ("/suggest?q=a", False), ("/releases/00000000/compare/1..2", False),
                          ("/search/feed.atom?q=a", True), ("/feed.atom", True), ("/", True)):
        check.that(rules.can_fetch(archive.base + path, "anybody") == allowed, f"robots.txt: {path}")


def opensearch():
    root = etree.fromstring(document("/opensearch.xml", OPENSEARCH_RULES))
    for element in root.iter("{*}Url"):
        address = element.get("template").replace("{searchTerms}", "ukr").replace("{startPage?}", "1")
        kind = archive.get(address)[1]["content-type"].split(";")[0]
        check.that(kind == element.get("type"), f"{address} is {kind}, not {element.get('type')}")
    suggestions = archive.json("/suggest?q=ukr")
    check.that(suggestions[0] == "ukr" and len(suggestions) == 4 and all(isinstance(part, list) for part in suggestions[1:]), "suggestions")


def signposts(releases):
    for item in releases[:40]:
        links = signposting.find_signposting_http(item["url"])
        name = item["id"]
        check.that(links.citeAs and links.citeAs.target == item["url"], f"{name}: cite-as {links.citeAs}")
        check.that("https://schema.org/AboutPage" in {link.target for link in links.types}, f"{name}: types")
        check.that([link.type for link in links.items] == ["text/plain"], f"{name}: items")
        check.that(len(links.describedBy) >= 3 and links.collection, f"{name}: describedby or collection")
        for link in [*links.items, *links.describedBy]:
            status, headers, _ = archive.get(link.target, allow=(404,))
            kind = headers["content-type"].split(";")[0]
            check.that(status == 200 and kind == link.type, f"{link.target}: {status} {kind}, not {link.type}")
        (where,) = links.linksets
        whole = signposting.find_signposting_linkset(where.target)
        landing = whole.for_context(item["url"])
        check.that(landing.citeAs and {link.target for link in landing.describedBy} == {link.target for link in links.describedBy}, f"{name}: linkset")
        words = signposting.find_signposting_http(next(iter(links.items)).target)
        check.that(words.collection and words.collection.target == item["url"], f"{name}: the words do not lead back")
    figures["signposted"] = len(releases[:40])


releases = archive.releases()
feeds(releases)
robots(sitemaps(releases))
opensearch()
signposts(releases)
check.end(", ".join(f"{number} {name}" for name, number in figures.items()))
