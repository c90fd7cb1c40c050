"""What the checks share: fetching from the archive that is checked, walking its API, and counting what was found wrong."""

import json
import re
import sys
import urllib.error
import urllib.request
from importlib.metadata import version


class Archive:
    """A running archive. Every address is given as a path."""

    def __init__(self, base):
        self.base = base.rstrip("/")

    def get(self, path, headers=None, allow=(200,)):
        url = path if path.startswith("http") else self.base + path
        request = urllib.request.Request(url, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, dict((k.lower(), v) for k, v in answer.headers.items()), answer.read()
        except urllib.error.HTTPError as error:
            if error.code in allow:
                return error.code, dict((k.lower(), v) for k, v in error.headers.items()), error.read()
            raise SystemExit(f"{url} answered {error.code}: {error.read()[:300]!r}")

    def text(self, path, **more):
        return self.get(path, **more)[2].decode("utf-8")

    def json(self, path, **more):
        return json.loads(self.get(path, **more)[2])

    def releases(self):
        """Every release as the list of the API gives it, page by page."""
        cursor, items = "", []
        while True:
            page = self.json(f"/api/v1/releases?limit=100{cursor}")
            items += page["items"]
            if page["next"] is None:
                if len(items) != page["total"]:
                    raise SystemExit(f"the API names {page['total']} releases and gives {len(items)}")
                return items
            cursor = f"&cursor={page['next']}"


class Check:
    """Counts what held and what did not; ends the program with 1 where anything did not."""

    def __init__(self, name, *packages):
        self.name, self.held, self.wrong = name, 0, []
        self.tools = ", ".join(f"{package} {version(package)}" for package in packages)

    def that(self, holds, sentence):
        if holds:
            self.held += 1
        else:
            self.wrong.append(sentence)

    def end(self, figures=""):
        for sentence in self.wrong[:40]:
            print(f"  wrong: {sentence}")
        if len(self.wrong) > 40:
            print(f"  and {len(self.wrong) - 40} more")
        print(f"{self.name}: {self.held} held, {len(self.wrong)} wrong{'; ' + figures if figures else ''} ({self.tools})")
        sys.exit(1 if self.wrong else 0)


def plain(words):
    """White space folded, marks of direction and control characters left out: what a form may change about a title."""
    return " ".join(re.sub("[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", "", words).split())
