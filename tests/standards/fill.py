"""Fills an archive for the checks: the seeds, awkward releases, one that changed, one that was withdrawn, one that stands twice.

fill.py PROGRAM DATA BASE_URL [NDJSON FILE...]
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.parse

program, data, base = sys.argv[1:4]
awkward = pathlib.Path(__file__).parent / "data" / "awkward.ndjson"


def run(*arguments, quiet=True):
    command = [program, "--data-dir", data, "--base-url", base, *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=quiet, text=True).stdout


def line(key, title, body, **more):
    return json.dumps({"key": key, "title": title, "body": body, "source": "NATO", "published_on": "2025-02-03", **more}) + "\n"


FIRST = "Allies met in Vilnius and agreed to send 12 ships to the Baltic Sea.\n\nThe Secretary General thanked the host nation for its resolve."

run("import", "seeds")
run("import", awkward, *sys.argv[4:])
with tempfile.TemporaryDirectory() as folder:
    for number, body in enumerate((FIRST, FIRST.replace("12 ships", "14 ships"))):
        path = pathlib.Path(folder) / f"changed-{number}.ndjson"
        words = line("changed", "Allies meet in Vilnius", body, url="https://www.nato.int/test/changed")
        words += line("mistaken", "Published by mistake", "This was never meant to be said.\n\nIt was withdrawn on the same day.")
        path.write_text(words)
        run("import", path)
found = json.loads(run("search", "--json", "Published by mistake"))
mistaken = next(item for item in found["items"] if item["title"] == "Published by mistake")
run("withdraw", mistaken["id"], "--reason", "Published by mistake.")
print(f"{urllib.parse.urlsplit(base).netloc} serves what {awkward.name}, the seeds and {len(sys.argv) - 4} further files hold")
