"""Every kind of page: valid HTML (the Nu Html Checker), structured data that programs find (extruct).

pages.py BASE_URL FOLDER [VNU_JAR]: pages are kept in FOLDER; without the checker only structured data is looked at, and that is said.
"""

import json
import pathlib
import subprocess
import sys

import extruct

from common import Archive, Check


def kinds(archive):
    """One or more addresses of each kind of page; the last number is the status that is expected."""
    releases = archive.releases()
    exact = next(item for item in releases if item["published"]["precision"] in ("day", "minute"))
    rough = next(item for item in releases if item["published"]["precision"] not in ("day", "minute") and item["source"]["slug"] != "unknown")
    day = exact["published"]["sort_on"]
    year, month, _ = day.split("-")
    topic = next(item["topics"][0]["slug"] for item in releases if item["topics"])
    many = archive.json("/api/v1/changes?kind=edited")["items"]
    yield from [
        ("home", "/", 200), ("results", "/search?q=allies", 200), ("all", "/search", 200), ("none", "/search?q=zzzzqqq", 200),
        ("wrong", "/search?from=30+february", 400), ("dates", "/dates", 200), ("year", f"/{year}", 200), ("month", f"/{year}/{month}", 200),
        ("day", "/" + day.replace("-", "/"), 200), ("undated", "/dates/undated", 200), ("empty-day", "/1950/01/01", 200), ("topics", "/topics", 200),
        ("topic", f"/topics/{topic}", 200), ("trends", "/trends?q=allies&q=ukraine", 200), ("changes", "/changes", 200), ("about", "/about", 200),
        ("help", "/help/search", 200), ("accessibility", "/accessibility", 200), ("privacy", "/privacy", 200), ("data", "/data", 200),
        ("missing", "/nothing/here", 404), ("api", "/api/v1/docs", 200), ("cite-search", "/search/cite?q=allies", 200),
        ("feed", "/feed.atom", 200), ("search-feed", "/search/feed.atom?q=allies", 200),
    ]
    for name, item in (("release", exact), ("release-rough", rough)):
        yield name, item["url"], 200
        yield f"{name}-history", f"/releases/{item['id']}/history", 200
        yield f"{name}-version", f"/releases/{item['id']}/versions/1", 200
    yield "release-found", exact["url"] + "?q=allies", 200
    for event in many[:1]:
        release = event["release"]["id"]
        yield "release-changed", f"/releases/{release}", 200
        yield "compare", f"/releases/{release}/compare/1..2", 200
    for item in releases:
        if item["key"] in ("markup", "tex", "long", "arabic", "undated"):
            yield f"release-{item['key']}", item["url"], 200
    for event in archive.json("/api/v1/changes?kind=withdrawn")["items"][:1]:
        yield "gone", f"/releases/{event['release']['id']}", 410


def structured(check, name, html, address):
    found = extruct.extract(html, base_url=address, syntaxes=["json-ld", "opengraph", "dublincore"], errors="strict")
    kinds = {node.get("@type") for node in nodes(found["json-ld"])}
    check.that(bool(found["opengraph"]), f"{name}: no Open Graph")
    if name.startswith("release") and name.count("-") < 2 or name == "release":
        check.that("NewsArticle" in kinds, f"{name}: no NewsArticle in JSON-LD ({kinds})")
        for node in nodes(found["json-ld"]):
            if node.get("@type") == "NewsArticle":
                for wanted in ("@id", "headline", "publisher", "sdPublisher", "inLanguage", "isPartOf"):
                    check.that(bool(node.get(wanted)), f"{name}: NewsArticle without {wanted}")
        check.that(bool(found["dublincore"]), f"{name}: no Dublin Core")
    if name == "data":
        check.that("Dataset" in kinds, f"{name}: no Dataset in JSON-LD ({kinds})")
    if name in ("topic", "year", "topics", "release"):
        check.that("BreadcrumbList" in kinds, f"{name}: no BreadcrumbList in JSON-LD ({kinds})")


def nodes(found):
    for node in found:
        yield node
        yield from nodes(node.get("@graph", []))


def main():
    archive, folder = Archive(sys.argv[1]), pathlib.Path(sys.argv[2])
    check = Check("pages", "extruct")
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.html"):
        old.unlink()
    count = 0
    for name, path, expected in kinds(archive):
        status, headers, body = archive.get(path, headers={"Accept": "text/html"}, allow=(400, 404, 410))
        check.that(status == expected, f"{name} ({path}) answered {status}")
        check.that(headers.get("content-type", "").startswith("text/html"), f"{name} ({path}) is {headers.get('content-type')}")
        (folder / f"{name}.html").write_bytes(body)
        if status == 200 and not name.endswith(("history", "version")):
            structured(check, name, body.decode("utf-8"), archive.base + "/")
        count += 1
    figures = f"{count} pages"
    if len(sys.argv) > 3:
        run = subprocess.run(["java", "-jar", sys.argv[3], "--format", "json", "--exit-zero-always", str(folder)], capture_output=True, text=True, check=True)
        messages = json.loads(run.stderr)["messages"]
        for message in messages:
            # Safari takes a list without markers for none: the role that the checker calls unnecessary says otherwise. Words stand as they were
            # published, composed or not.
            meant = any(words in message["message"] for words in ("role is unnecessary", "Normalization Form C"))
            if message["type"] == "error" or message.get("subType") == "warning" and not meant:
                check.that(False, f"{pathlib.Path(message['url']).name}:{message.get('lastLine')}: {message['message']}")
        tool = subprocess.run(["java", "-jar", sys.argv[3], "--version"], capture_output=True, text=True, check=True).stdout.split()[0]
        check.tools += f", vnu {tool}"
        check.held += count
    else:
        figures += "; left out: the Nu Html Checker (it needs Java and npm)"
    check.end(figures)


main()
