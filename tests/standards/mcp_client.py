"""The archive's server for research assistants, by the official client of the Model Context Protocol.

mcp_client.py PROGRAM DATA BASE_URL
"""

import asyncio
import json
import re
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from common import Archive, Check


async def look(check, program, data, base):
    server = StdioServerParameters(command=program, args=["mcp", "--data-dir", data, "--base-url", base])
    async with stdio_client(server) as (reading, writing), ClientSession(reading, writing) as session:
        await session.initialize()
        tools = (await session.list_tools()).tools
        names = {tool.name for tool in tools}
        check.that({"search", "read", "cite", "trends", "resolve"} <= names, f"the tools are {sorted(names)}")
        for tool in tools:
            check.that(bool(tool.description), f"{tool.name} has no description")
            schema = tool.model_dump(by_alias=True).get("inputSchema") or {}
            check.that(schema.get("type") == "object", f"{tool.name} takes {schema.get('type')}")

        async def call(tool, **arguments):
            result = (await session.call_tool(tool, arguments)).model_dump(by_alias=True)
            check.that(not result.get("isError"), f"{tool} {arguments}: {str(result['content'])[:200]}")
            return result.get("structuredContent") or json.loads(result["content"][0]["text"])

        found = await call("search", query="allies")
        expected = Archive(base).json("/api/v1/search?q=allies")
        check.that(found["total"] == expected["total"], f"search finds {found['total']}, the API {expected['total']}")
        check.that(base in json.dumps(found), "search gives no permalinks")
        item = expected["items"][0]
        read = await call("read", id=item["id"])
        check.that(item["title"] in json.dumps(read, ensure_ascii=False), "read gives another title")
        check.that(bool(re.search("[0-9a-f]{64}", json.dumps(read))), "read gives no SHA-256")
        check.that(item["url"] in json.dumps(await call("cite", id=item["id"])), "cite gives no permalink")
        await call("trends", queries=["allies", "ukraine"])
        await call("resolve", url="https://www.nato.int/test/changed")
        for tool, arguments in (("read", {"id": "00000000"}), ("search", {"query": "x", "limit": 100000}), ("read", {})):
            try:
                refused = (await session.call_tool(tool, arguments)).model_dump(by_alias=True).get("isError")
            except Exception:  # noqa: BLE001: an error of the protocol is as good an answer
                refused = True
            check.that(bool(refused), f"{tool} {arguments} was taken")


def main():
    check = Check("research assistants", "mcp")
    asyncio.run(look(check, *sys.argv[1:4]))
    check.end("initialised, listed and called every tool")


main()
