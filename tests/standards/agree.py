"""One archive, whichever way it is taken away: OAI-PMH (harvested by Sickle), the API, the dump, the sitemap, the feed's archives and the database name
the same releases.

agree.py BASE_URL DATABASE
"""

import gzip
import json
import re
import sqlite3
import sys
import xml.etree.ElementTree as ElementTree

import feedparser
from sickle import Sickle

from common import Archive, Check

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
ATOM = "{http://www.w3.org/2005/Atom}"


def release_id(address):
    found = re.search(r"/releases/([0-9a-z]{8})", address)
    return found.group(1) if found else None


def sitemap(archive):
    ids = []
    for part in ElementTree.fromstring(archive.get("/sitemap.xml")[2]).iter(f"{SITEMAP}loc"):
        for place in ElementTree.fromstring(archive.get(part.text)[2]).iter(f"{SITEMAP}loc"):
            ids += filter(None, [release_id(place.text)])
    return ids


def harvest(archive):
    shown, deleted = [], []
    for record in Sickle(f"{archive.base}/oai", timeout=120).ListRecords(metadataPrefix="oai_dc"):
        (deleted if record.header.deleted else shown).append(record.header.identifier.rsplit(":", 1)[1])
    return shown, deleted


def dump(archive):
    lines = gzip.decompress(archive.get("/data/latest/releases.ndjson.gz")[2]).decode().splitlines()
    return [json.loads(line)["id"] for line in lines]


def feed(archive):
    """The subscription document, then every archive document before it (RFC 5005, section 4)."""
    ids, address, seen = [], archive.base + "/feed.atom", set()
    while address and address not in seen:
        seen.add(address)
        content = archive.get(address)[2]
        parsed = feedparser.parse(content)
        if parsed.bozo:
            raise SystemExit(f"{address}: {parsed.bozo_exception}")
        ids += [release_id(entry.link) for entry in parsed.entries]
        links = {link.get("rel"): link.get("href") for link in ElementTree.fromstring(content).findall(f"{ATOM}link")}
        address = links.get("prev-archive")
    return ids


def main():
    archive = Archive(sys.argv[1])
    check = Check("one archive", "Sickle", "feedparser")
    with sqlite3.connect(f"file:{sys.argv[2]}?mode=ro", uri=True) as database:
        held = [row[0] for row in database.execute("SELECT id FROM release WHERE hidden = 0")]
        hidden = [row[0] for row in database.execute("SELECT id FROM release WHERE hidden <> 0")]
    shown, deleted = harvest(archive)
    ways = {"OAI-PMH": shown, "API": [item["id"] for item in archive.releases()], "dump": dump(archive), "sitemap": sitemap(archive)}
    for name, ids in ways.items():
        check.that(len(ids) == len(set(ids)), f"{name} names a release twice")
        check.that(sorted(ids) == sorted(held), f"{name} has {len(ids)} releases, the database {len(held)}; they differ in {sorted(set(ids) ^ set(held))[:5]}")
    followed = set(feed(archive))
    check.that(followed == set(held), f"the feed has {len(followed)} releases, the database {len(held)}; they differ in {sorted(followed ^ set(held))[:5]}")
    check.that(sorted(deleted) == sorted(hidden), f"OAI-PMH tells of {len(deleted)} deletions, the database holds {len(hidden)}")
    check.end(f"{len(held)} releases six ways, {len(deleted)} deletions")


main()
