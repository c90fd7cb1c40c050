"""What JSON Schema cannot say: of two parameters at once, of a place in a list, of the grammar of a search. A request that breaks such a rule is right by its
schema and answered 400 all the same. Such requests are mended here before they are sent, nothing else about them is changed, and no check is switched off. Two sorts
of request are not made at all, and it is said why. tests/suite/api_lists.rs, api_described.rs and hostile.rs make them all on purpose.
"""

import re
import unicodedata
import urllib.parse

import schemathesis

CURSOR = re.compile(r"[A-Za-z0-9_-]{1,512}")
DATE = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
REACH = 1_000
LISTS = {"topic", "kind", "place", "person", "source", "lang", "style"}
# Beyond these a query is refused: words, operators, and characters that may be operators.
WORDS, OPERATORS = 128, 32


@schemathesis.hook
def map_case(context, case):
    query = case.query
    if not isinstance(query, dict):
        return case
    # A well-formed cursor that no list ever gave: the list begins instead.
    if isinstance(query.get("cursor"), str) and CURSOR.fullmatch(query["cursor"]):
        query["cursor"] = ""
    # An end before its beginning: swapped.
    first, last = query.get("from"), query.get("to")
    if all(isinstance(day, str) and DATE.fullmatch(day) for day in (first, last)) and first > last + "~":
        query["from"], query["to"] = last, first
    # A page beyond the hits that can be reached: the first.
    page, limit = number(query.get("page")), number(query.get("limit")) or 20
    if page is not None and page <= REACH and (page - 1) * limit >= REACH:
        query["page"] = 1
    # More of the search language than is read: cut.
    if "q" in query:
        query["q"] = [within(q) for q in query["q"]] if isinstance(query["q"], list) else within(query["q"])
    return case


@schemathesis.hook
def filter_case(context, case):
    query = case.query
    if not isinstance(query, dict):
        return True
    # Longer than an address may be: answered 414 whatever it holds.
    if len(urllib.parse.urlencode(query, doseq=True)) > 60_000:
        return False
    # An empty word where a list is wanted is written as the list of one empty word is, which is right.
    lists = LISTS | ({"q"} if case.path.endswith("/trends") else set())
    return not any(value == "" and name in lists for name, value in query.items())


def number(value):
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()) else None


def within(q):
    if not isinstance(q, str) or len(q) > 4096:
        return q
    if len(q.split()) <= WORDS and sum(unicodedata.category(letter)[0] in "PSZC" for letter in q) <= OPERATORS:
        return q
    return q[:OPERATORS]
