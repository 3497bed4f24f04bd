"""Drives `skillcrawl mcp` with the official Python client: one scenario a run; what goes wrong is raised.

Usage: client.py SCENARIO PROGRAM FOLDER TRANSPORT MODE [SITE]; TRANSPORT is `stdio` or the address of a server that
listens, MODE is `auto` (the newest protocol that both know) or `legacy` (with a handshake).
"""

import asyncio
import contextlib
import json
import os
import pathlib
import sys
import zipfile

from mcp import Client, MCPError, StdioServerParameters
from mcp.types import ListRootsResult, Root

TOOLS = {
    "generate_config", "list_configs", "validate_config", "estimate_pages", "scrape_docs", "build_skill",
    "build_library", "update_skill", "crawl_status", "package_skill", "validate_skill", "install_skill",
    "search_skill", "check_selectors", "inspect_page",
}  # fmt: skip


class Run:
    """What a scenario is given."""

    def __init__(self, program: str, folder: str, transport: str, mode: str, site: str = "") -> None:
        self.program, self.transport, self.mode, self.site = program, transport, mode, site
        self.folder = pathlib.Path(folder)

    def client(self, **options) -> Client:
        """A client that is not connected yet."""
        if self.transport == "stdio":
            environment = {key: value for key, value in os.environ.items() if key.startswith("SKILLCRAWL")}
            server = StdioServerParameters(
                command=self.program, args=["mcp"], cwd=str(self.folder), env=environment
            )
        else:
            server = self.transport
        return Client(server, mode=self.mode, **options)


def text_of(result) -> str:
    """The text beside the structured result."""
    return "\n".join(block.text for block in result.content)


def done(result) -> dict:
    """The structured result of a call that has to work."""
    assert not result.is_error, text_of(result)
    assert len(json.dumps(result.structured_content)) < 60_000
    assert text_of(result).strip()
    return result.structured_content


async def refused(client: Client, tool: str, arguments: dict, said: str) -> None:
    """Makes a call that has to give an error which says what to do."""
    result = await client.call_tool(tool, arguments)
    text = text_of(result)
    assert result.is_error and said in text and "hint: " in text, f"{tool} {str(arguments)[:80]}: {text}"
    assert result.structured_content["error"], result.structured_content


async def seed_plan(run: Run) -> None:
    """The four calls of the seed plan, with its parameters."""
    async with run.client() as client:
        done(await client.call_tool("generate_config", {
            "name": "axolotl",
            "url": run.site,
            "description": "Expert guidance for fine-tuning LLMs with Axolotl - YAML configs, LoRA/QLoRA, "
            "DPO/GRPO/ORPO support",
        }))  # fmt: skip
        done(await client.call_tool("estimate_pages", {"config_path": "configs/axolotl.json"}))
        told = []

        async def progress(done: float, total: float | None, message: str | None) -> None:
            told.append((done, total, message))

        built = done(await client.call_tool(
            "scrape_docs", {"config_path": "configs/axolotl.json"}, progress_callback=progress
        ))  # fmt: skip
        assert built["pages"]["kept"] > 2, built
        assert any("pages kept" in message for _, _, message in told), told
        assert [told[at][0] < told[at + 1][0] for at in range(len(told) - 1)].count(False) == 0, told
        packed = done(await client.call_tool("package_skill", {"skill_dir": "output/axolotl/"}))
        names = zipfile.ZipFile(run.folder / packed["zip"]).namelist()
        assert "axolotl/SKILL.md" in names, names
        checked = done(await client.call_tool("validate_skill", {"skill_dir": "output/axolotl/"}))
        assert not [finding for finding in checked["findings"] if finding["severity"] == "error"], checked


async def tools(run: Run) -> None:
    """What every client asks first, and the tools that read."""
    async with run.client() as client:
        listed = (await client.list_tools()).tools
        assert {tool.name for tool in listed} == TOOLS, [tool.name for tool in listed]
        for tool in listed:
            assert tool.title and tool.description and tool.output_schema and tool.annotations, tool.name
        hints = {tool.name: tool.annotations for tool in listed}
        assert hints["list_configs"].read_only_hint and not hints["scrape_docs"].read_only_hint
        assert hints["install_skill"].destructive_hint and hints["scrape_docs"].open_world_hint

        configs = done(await client.call_tool("list_configs", {}))
        assert [config["name"] for config in configs["configs"]] == ["broken", "docs"], configs
        first = done(await client.call_tool("list_configs", {"limit": 1}))
        assert (first["total"], first["next_offset"], len(first["configs"])) == (2, 1, 1), first
        checked = done(await client.call_tool("validate_config", {"config_path": "configs/broken.json"}))
        assert checked["configs"][0]["valid"] is False and checked["exit_code"] == 2, checked

        found = done(await client.call_tool("search_skill", {"skill_dir": "output/docs", "query": "retry policy"}))
        assert found["hits"][0]["file"] == "references/guide.md", found
        assert found["hits"][0]["anchor"] == "retries", found
        checked = done(await client.call_tool("validate_skill", {"skill_dir": "output/docs"}))
        assert checked["total"] == len(checked["findings"]), checked
        page = done(await client.call_tool("inspect_page", {"page": "page.html", "limit": 20}))
        assert page["text"] == "# A page\n\nIt says so"[:20] and page["next_offset"] == 20, page
        rest = done(await client.call_tool("inspect_page", {"page": "page.html", "offset": 20}))
        assert "mething" in rest["text"] and "next_offset" not in rest, rest

        resources = (await client.list_resources()).resources
        addresses = [str(resource.uri) for resource in resources]
        assert "config://docs" in addresses and "skill://docs/references/guide.md" in addresses, addresses
        read = (await client.read_resource("skill://docs/references/guide.md")).contents[0]
        assert "## Retries" in read.text and read.mime_type == "text/markdown", read
        assert len((await client.list_resource_templates()).resource_templates) == 2
        for address in ["skill://docs/../../page.html", "skill://docs/%2e%2e/x", "file:///etc/passwd", "config://..%2fx"]:
            with contextlib.suppress(MCPError):
                raise AssertionError(await client.read_resource(address))

        prompts = {prompt.name for prompt in (await client.list_prompts()).prompts}
        assert prompts == {"write_config", "tune_selectors", "review_skill"}, prompts
        prompt = await client.get_prompt("review_skill", {"skill_dir": "output/docs"})
        assert "output/docs" in prompt.messages[0].content.text


async def wrong(run: Run) -> None:
    """Calls that cannot work: each has an error of its own, and the server goes on."""
    async with run.client() as client:
        try:
            raise AssertionError(await client.call_tool("no_such_tool", {}))
        except MCPError as error:
            assert "no_such_tool" in str(error), error
        await refused(client, "scrape_docs", {}, "config_path")
        await refused(client, "scrape_docs", {"config_path": 5}, "invalid type")
        await refused(client, "scrape_docs", {"config_path": "docs", "odd": 1}, "unknown field")
        await refused(client, "scrape_docs", {"config_path": "configs/dcos.json"}, "there is no config")
        await refused(client, "search_skill", {"skill_dir": "output/docs", "query": "x" * 100_000}, "bytes")
        secret = run.folder.parent / "secret"
        for path in ["../secret", "../../etc/passwd", "/etc/passwd", str(secret), "out", "out/SKILL.md", "configs/../../x"]:
            await refused(client, "validate_skill", {"skill_dir": path}, "may not be used")
            await refused(client, "package_skill", {"skill_dir": path}, "may not be used")
            await refused(client, "validate_config", {"config_path": path}, "may not be used")
            await refused(client, "inspect_page", {"page": path}, "may not be used")
        await refused(client, "install_skill", {"skill_dir": "output/docs", "agent": "/tmp/x"}, "may not be used")
        await refused(client, "inspect_page", {"page": "file:///etc/passwd"}, "no address of the web")
        done(await client.call_tool("list_configs", {}))


async def twenty(run: Run) -> None:
    """Twenty calls at once: good ones and bad ones, each with its own answer."""
    async with run.client() as client:
        async def ask(number: int) -> None:
            if number % 4 == 3:
                await refused(client, "validate_skill", {"skill_dir": f"../{number}"}, f"../{number}")
            else:
                found = done(await client.call_tool(
                    "search_skill", {"skill_dir": "output/docs", "query": ["install", "retry", "quickstart"][number % 4]}
                ))  # fmt: skip
                assert found["hits"], (number, found)

        await asyncio.gather(*(ask(number) for number in range(20)))

        # Crawls of one site: the first has the folder, those that may not run yet say so, and all end well or with a hint.
        told = set()

        async def progress(done: float, total: float | None, message: str | None) -> None:
            told.add(message)

        results = await asyncio.gather(*(
            client.call_tool("scrape_docs", {"config_path": "docs"}, progress_callback=progress) for _ in range(20)
        ))  # fmt: skip
        assert any(not result.is_error for result in results), [text_of(result) for result in results]
        assert all("hint: " in text_of(result) for result in results if result.is_error), results
        assert any("waiting until another call" in message for message in told), told


async def cancel(run: Run) -> None:
    """A crawl that is cancelled stops, keeps what it has, and goes on when it is called again."""
    async with run.client() as client:
        begun = asyncio.Event()

        async def progress(done: float, total: float | None, message: str | None) -> None:
            if done >= 1:
                begun.set()

        call = asyncio.create_task(
            client.call_tool("scrape_docs", {"config_path": "slow"}, progress_callback=progress)
        )
        await begun.wait()
        running = done(await client.call_tool("crawl_status", {"config_path": "slow"}))
        assert running["crawls"][0]["state"] == "running", running
        call.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await call
        while True:
            status = done(await client.call_tool("crawl_status", {"config_path": "slow"}))["crawls"][0]
            if status["state"] != "running":
                break
            await asyncio.sleep(0.1)
        assert status["state"] == "stopped" and status["counts"]["kept"] >= 1, status


async def roots(run: Run) -> None:
    """Paths stay inside of the roots that the client gives."""
    inside = run.folder / "output" / "docs"

    async def list_roots(_context) -> ListRootsResult:
        return ListRootsResult(roots=[Root(uri=inside.as_uri())])

    async with run.client(list_roots_callback=list_roots) as client:
        done(await client.call_tool("validate_skill", {"skill_dir": str(inside)}))
        await refused(client, "validate_skill", {"skill_dir": str(run.folder / "output")}, "may not be used")
        await refused(client, "inspect_page", {"page": str(run.folder / "page.html")}, "may not be used")


async def hang_up(run: Run) -> None:
    """Begins a crawl, says so, and waits to be killed."""
    async with run.client() as client:
        async def progress(done: float, total: float | None, message: str | None) -> None:
            if done >= 1:
                print("crawling", flush=True)

        await client.call_tool("scrape_docs", {"config_path": "slow"}, progress_callback=progress)


SCENARIOS = {
    function.__name__: function for function in [seed_plan, tools, wrong, twenty, cancel, roots, hang_up]
}

if __name__ == "__main__":
    scenario, *arguments = sys.argv[1:]
    rest = arguments[5:]
    asyncio.run(asyncio.wait_for(SCENARIOS[scenario](Run(*arguments[:5]), *rest), 240))
