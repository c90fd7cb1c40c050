#!/usr/bin/env bash
# The API against its own description: openapi-spec-validator reads the document, schemathesis makes requests from it, right ones and wrong ones,
# and holds every answer to it with all of its checks.
#
# tests/standards/api.sh BASE_URL VENV      EXAMPLES=n for so many requests an operation (50 where it says nothing), SEED=n for another run
set -euo pipefail
base="${1%/}"
venv=$(cd "$2" && pwd)
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PYTHONDONTWRITEBYTECODE=1

"$venv/bin/python" - "$base" "$work" <<'PYTHON'
import json, sys, urllib.request

base, work = sys.argv[1:]
with urllib.request.urlopen(base + "/api/v1/openapi.json", timeout=60) as answer:
    document = json.load(answer)
# The description names the address by which readers know the archive; here it is asked where it runs.
document["servers"] = [{"url": base}]
with open(work + "/openapi.json", "w") as file:
    json.dump(document, file)

# Values that lead somewhere: words of no dictionary find nothing.
with urllib.request.urlopen(base + "/api/v1/releases?limit=100", timeout=60) as answer:
    items = json.load(answer)["items"]
addresses = [item["original_url"] for item in items if item["original_url"]][:3]
with open(work + "/schemathesis.toml", "w") as file:
    # 410 is the right answer about a release that was withdrawn, whose id the log of changes still names; the description says so.
    file.write('[checks.positive_data_acceptance]\nexpected-statuses = ["2xx", "3xx", 401, 403, 404, 409, 410, 429, "5xx"]\n')
    if addresses:
        file.write('[[operations]]\ninclude-operation-id = "resolve"\n')
        file.write(f"parameters = {{ url = {json.dumps(addresses[0])} }}\n")
PYTHON

"$venv/bin/python" -m openapi_spec_validator "$work/openapi.json"
cd "$work"
# Nothing is left out but by hooks.py, which says why.
PYTHONPATH="$here" SCHEMATHESIS_HOOKS=hooks "$venv/bin/st" --config-file "$work/schemathesis.toml" run "$work/openapi.json" --url "$base" \
  --checks all --phases examples,coverage,fuzzing,stateful --mode all --max-examples "${EXAMPLES:-50}" --continue-on-failure \
  --seed "${SEED:-1}" --workers 1 --warnings off --request-timeout 60
