"""The archive as the official client of the Model Context Protocol meets it: it negotiates, lists what there is, validates every answer against the schema that
was announced for it, and is told what is wrong.

mcp_client.py PROGRAM DATA BASE_URL
"""

import asyncio
import re
import sys

import jsonschema
from mcp import ClientSession, MCPError, StdioServerParameters
from mcp.client.stdio import stdio_client

from common import Archive, Check, plain

ASKED = [
    ("search", {"query": "defence", "limit": 5}),
    ("search", {}),
    ("search", {"query": "zyzzyva", "topics": ["no-such-topic"]}),
    ("trends", {"queries": ["defence", "deterrence"], "by": "month"}),
    ("trends", {}),
    ("topics", {}),
    ("topics", {"containing": "nuclear"}),
]
WRONG = [
    ("search", {"limit": 0}),
    ("search", {"from": "2025-02-30"}),
    ("search", {"unknown": 1}),
    ("read", {}),
    ("read", {"id": "x"}),
    ("read", {"id": "00000000"}),
    ("cite", {"id": "00000000", "styles": ["none"]}),
    ("resolve", {"url": "https://example.org/nothing"}),
]


async def quotes(session, check, hit):
    """What is found, read, cited and kept as a resource is one text."""
    read = (await session.call_tool("read", {"id": hit["id"]})).structured_content
    check.that(read["sha256"] == hit["sha256"] and read["version"] == hit["version"], f"{hit['id']} is read in another version than it was found in")
    words = {passage["number"]: passage["text"] for passage in read["passages"]}
    whole = plain((await session.read_resource(f"nato-archive://release/{hit['id']}")).contents[0].text)
    for passage in hit["passages"]:
        number = passage["number"]
        check.that(re.fullmatch(re.escape(hit["url"]) + rf"\?v=\d+&p={number}#p{number}", passage["url"]), f"{passage['url']} leads elsewhere")
        check.that(plain(passage["text"]) in whole, f"{hit['id']} p{number} is not in the text as published")
        if number in words:
            check.that(words[number].startswith(passage["text"]), f"{hit['id']} p{number} is read otherwise than it was found")
        cited = (await session.call_tool("cite", {"id": hit["url"], "passage": number})).structured_content
        check.that(cited["words"].startswith(passage["text"]) and cited["sha256"] == hit["sha256"], f"{hit['id']} p{number} is cited otherwise")
        check.that(len(cited["items"]) == 7, f"{hit['id']} is cited in {len(cited['items'])} styles and forms")


async def main():
    program, data, base = sys.argv[1:4]
    check = Check("MCP", "mcp")
    server = StdioServerParameters(command=program, args=["--data-dir", data, "--base-url", base, "mcp"])
    async with stdio_client(server) as (reads, writes), ClientSession(reads, writes) as session:
        info = await session.initialize()
        check.that(info.server_info.name == "nato-archive" and info.instructions, "it does not say who it is")
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
        check.that(list(tools) == ["search", "read", "cite", "trends", "resolve", "topics"], f"its tools are {list(tools)}")
        for name, tool in tools.items():
            for schema in (tool.input_schema, tool.output_schema):
                jsonschema.Draft202012Validator.check_schema(schema)
            check.that(tool.description and tool.annotations.read_only_hint, f"{name} is not described")
        answers = {}
        for name, arguments in ASKED:
            # The client holds the answer to the schema, and raises where it does not fit.
            result = await session.call_tool(name, arguments)
            check.that(not result.is_error and result.structured_content is not None, f"{name} {arguments}: {result.content}")
            answers.setdefault(name, result.structured_content)
        told = Archive(base).json("/api/v1/search?q=defence&limit=5")
        found = answers["search"]
        check.that(found["total"] == told["total"], f"it finds {found['total']}, the API {told['total']}")
        check.that([hit["id"] for hit in found["items"]] == [item["id"] for item in told["items"]], "it finds others than the API")
        for hit in found["items"]:
            check.that(hit["url"].startswith(base) and hit["published"]["display"], f"{hit['id']} has no address or date")
            await quotes(session, check, hit)
        for name, arguments in WRONG:
            result = await session.call_tool(name, arguments)
            check.that(result.is_error and result.content[0].text.strip(), f"{name} {arguments} is not refused")
        try:
            await session.call_tool("no-such-tool", {})
            check.that(False, "a tool that there is not answers")
        except MCPError as error:
            check.that("search" in str(error), f"an unknown tool is told: {error}")
        templates = (await session.list_resource_templates()).resource_templates
        check.that([template.uri_template for template in templates] == ["nato-archive://release/{id}"], "its resources are not named")
        version = info.protocol_version
    check.end(f"protocol {version}, {len(tools)} tools")


asyncio.run(main())
