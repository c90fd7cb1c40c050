#!/usr/bin/env python3
"""Harvests an archive with Sickle and holds it against its API; validates every kind of answer against schemas.

    tests/standards/oai.py http://127.0.0.1:8080 [--protocol OAI-PMH.xsd]

Sickle and lxml are in requirements.txt. The schema of the protocol is the one of openarchives.org, which the tests of pyoai carry; it is taken from
there unless --protocol names one. Where PyPI does not give it the schemas of the parts alone are used, and it is said so. Ends with 0 if all is well.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tarfile
import urllib.parse
import urllib.request

from lxml import etree
from sickle import Sickle

from common import plain

PYOAI = "2.5.0"
OAI = "{http://www.openarchives.org/OAI/2.0/}"
HERE = pathlib.Path(__file__).parent / "schemas"


def fetch(url):
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.read()


def api(base):
    """Ids and addresses of all releases."""
    found, cursor = {}, ""
    while cursor is not None:
        page = json.loads(fetch(f"{base}/api/v1/releases?limit=100&cursor={urllib.parse.quote(cursor)}"))
        for item in page["items"]:
            found[item["id"]] = item
        cursor = page["next"]
    return found


def protocol_of_pyoai():
    """The path of OAI-PMH.xsd, fetched once; None where it cannot be had."""
    folder = HERE.parents[2] / "target" / "standards" / f"pyoai-{PYOAI}"
    found = folder / "OAI-PMH.xsd"
    if not found.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-binary", ":all:",
                   "--dest", str(folder), f"pyoai=={PYOAI}"]
        if subprocess.run(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode != 0:
            return None
        with tarfile.open(folder / f"pyoai-{PYOAI}.tar.gz") as packed:
            found.write_bytes(packed.extractfile(f"pyoai-{PYOAI}/src/oaipmh/tests/OAI-PMH.xsd").read())
    return found


def schema(protocol):
    """One schema that knows the envelope (where given) and the parts within it."""
    imports = [("http://www.openarchives.org/OAI/2.0/oai_dc/", HERE / "oai_dc.xsd"),
               ("http://www.openarchives.org/OAI/2.0/oai-identifier", HERE / "oai-identifier.xsd")]
    if protocol:
        imports.insert(0, ("http://www.openarchives.org/OAI/2.0/", pathlib.Path(protocol)))
    lines = "".join(f'<import namespace="{name}" schemaLocation="{path.resolve().as_uri()}"/>' for name, path in imports)
    return etree.XMLSchema(etree.fromstring(f'<schema xmlns="http://www.w3.org/2001/XMLSchema">{lines}</schema>'))


def check_schemas(base, oai, protocol, identifier):
    rules = schema(protocol)
    dc = "metadataPrefix=oai_dc"
    queries = ["verb=Identify", "verb=ListSets", "verb=ListMetadataFormats", f"verb=ListRecords&{dc}", f"verb=ListIdentifiers&{dc}",
               f"verb=GetRecord&{dc}&identifier={identifier}", f"verb=ListMetadataFormats&identifier={identifier}", "", "verb=x", "verb=Identify&a=b",
               "verb=ListRecords&resumptionToken=x", f"verb=ListRecords&{dc}&from=2999-01-01", f"verb=GetRecord&{dc}&identifier=x",
               "verb=ListRecords&metadataPrefix=x"]
    first = etree.fromstring(fetch(f"{oai}?verb=ListRecords&{dc}"))
    token = first.findtext(f".//{OAI}resumptionToken")
    if token:
        queries.append(f"verb=ListRecords&resumptionToken={urllib.parse.quote(token)}")
    for query in queries:
        document = etree.fromstring(fetch(f"{oai}?{query}"))
        parts = [document] if protocol else document.findall(".//{http://www.openarchives.org/OAI/2.0/oai_dc/}dc") + document.findall(
            ".//{http://www.openarchives.org/OAI/2.0/oai-identifier}oai-identifier")
        for part in parts:
            rules.assertValid(part)
    return len(queries)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base")
    parser.add_argument("--protocol")
    given = parser.parse_args()
    base = given.base.rstrip("/")
    protocol = given.protocol or protocol_of_pyoai()
    oai = f"{base}/oai"
    held = api(base)
    sickle = Sickle(oai)
    identify = sickle.Identify()
    assert identify.deletedRecord == "persistent" and identify.granularity == "YYYY-MM-DDThh:mm:ssZ", identify
    records = list(sickle.ListRecords(metadataPrefix="oai_dc"))
    shown = {record.header.identifier: record for record in records if not record.header.deleted}
    gone = [record for record in records if record.header.deleted]
    assert len(shown) + len(gone) == len(records), "a record came twice while nothing changed"
    assert {name.rsplit(":", 1)[1] for name in shown} == set(held), "the harvest is not what the API lists"
    for name, record in shown.items():
        item = held[name.rsplit(":", 1)[1]]
        assert item["url"] in record.metadata["identifier"], name
        assert plain(item["title"]) == plain(record.metadata["title"][0]), name
    headers = list(sickle.ListIdentifiers(metadataPrefix="oai_dc"))
    assert [header.identifier for header in headers] == [record.header.identifier for record in records]
    stamps = [record.header.datestamp for record in records]
    assert stamps == sorted(stamps) and (not stamps or identify.earliestDatestamp == stamps[0])
    sets = list(sickle.ListSets())
    chosen = max(sets[1:], key=lambda one: len(one.setSpec), default=None)
    members = []
    for one in sets[1:]:
        within = [h for h in headers if any(s == one.setSpec or s.startswith(one.setSpec + ":") for s in h.setSpecs)]
        if within:
            chosen, members = one, within
            break
    if chosen is not None and members:
        listed = [h.identifier for h in sickle.ListIdentifiers(metadataPrefix="oai_dc", set=chosen.setSpec) if not h.deleted]
        assert listed == [h.identifier for h in members if not h.deleted], chosen.setSpec
    answers = check_schemas(base, oai, protocol, headers[0].identifier) if headers else 0
    envelope = "OAI-PMH.xsd and those of its parts" if protocol else "those of the parts (OAI-PMH.xsd cannot be had)"
    print(f"Sickle: {len(records)} records ({len(gone)} gone) in {len(sets)} sets are what the API lists; {answers} answers follow {envelope}.")


if __name__ == "__main__":
    sys.exit(main())
