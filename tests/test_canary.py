"""Everything there is, used at DEBUG: the secrets are in nothing that it leaves behind.

The log has to be clean by itself: what blacks secrets out there finds nothing to do.
"""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import aiohttp
from aiohttp import web

from giphynavigator.logs import HIDDEN
from giphynavigator.openapi.entries import Entry, entries_of
from giphynavigator.sandbox.application import Sandbox
from tests.conftest import CANARY
from tests.openapi.test_document import TRIED_ELSEWHERE, address, listed, order
from tests.processes import ended, running
from tests.servers import RedisServer

TOKEN = "canary" + "-token-that-is-not-short"
SIGNER = "canary" + "-that-signs-the-cookies-of-all"
THEIRS = "canary" + "KeyOfSomebodyWithAnSdk"
MISTAKEN = "canary" + "-that-is-no-token-of-ours"
SECRETS = (CANARY, TOKEN, SIGNER, THEIRS, MISTAKEN)

FAULTS = ("http-401", "http-429-kong", "html", "reset", "redirect", "hang")
PAGES = (
    *("/docs", "/openapi.json", "/favicon.ico"),
    *("/sign-in", "/polls/new", "/no/such/page"),
)
PAGE = {"Accept": "text/html"}
SETTINGS = "giphy: {request_timeout: 1}\nlog: {level: debug}\nmedia: {origins: ['%s']}"


class Witness:
    """Somebody who uses the service, and keeps all that it ever told him."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.told: list[str] = []
        self._session = session

    async def ask(self, method: str, path: str, **more: Any) -> str:
        """Give the body of an answer."""
        more = {"allow_redirects": False, **more}
        async with self._session.request(method, path, **more) as answer:
            body = await answer.text(errors="replace")
            self.told += [str(answer.status), str(answer.raw_headers), body]
            return body

    async def listen(self, path: str) -> None:
        """Hear the first message of a WebSocket."""
        async with self._session.ws_connect(path) as live:
            self.told.append(await live.receive_str())


@contextmanager
def serving(config: Path, environ: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
    """The service as a process, and all that it says until it has ended."""
    arguments = ("serve", "--port", "0", "--config", str(config))
    with running(*arguments, **environ) as (url, process):
        said = process.said
        reader = Thread(target=lambda: said.extend(process.stderr))
        reader.start()
        yield url, said
        process.terminate()
        reader.join()


async def test_no_secret_is_in_anything_that_is_told_or_kept(
    app: web.Application, upstream: Sandbox, tmp_path: Path
) -> None:
    config = tmp_path / "config.yml"
    config.write_text(SETTINGS % upstream.api_url.split("/")[2])
    with RedisServer("--appendonly", "yes") as redis:
        environ = {
            "GIPHY_API_URL": upstream.api_url,
            "GIPHY_API_KEY": CANARY,
            "GIPHYNAVIGATOR_TOKENS": TOKEN,
            "GIPHYNAVIGATOR_SECRET": SIGNER,
            "DATABASE_URL": f"sqlite:///{tmp_path}/kept.db",
            "REDIS_URL": redis.url,
        }
        with serving(config, environ) as (url, said):
            told = await use(url, app, upstream)
            printed = await asyncio.to_thread(use_commands, config, environ)
        kept = [path for root in (tmp_path, redis.folder) for path in files(root)]
        bodies = {path.name: path.read_bytes() for path in kept}

    log, everything = "".join(said), "".join((*told, *said, *printed))
    assert {call.query["api_key"] for call in upstream.calls} == {CANARY}
    assert [secret for secret in SECRETS if secret in everything] == []
    for name, body in bodies.items():
        assert [secret for secret in SECRETS if secret.encode() in body] == [], name
    assert {"kept.db", "manifest.jsonl"} < bodies.keys()
    assert any(b":page:" in body for body in bodies.values())  # Redis wrote it down
    assert "asking Giphy: " in log
    assert HIDDEN not in log


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def use(url: str, app: web.Application, upstream: Sandbox) -> list[str]:
    """Take every route there is, and give all that was told on the way."""
    jar = aiohttp.CookieJar(unsafe=True)  # takes those of an address, too
    async with aiohttp.ClientSession(url, cookie_jar=jar) as session:
        witness = Witness(session)
        for entry in sorted(entries_of(app.router.routes()), key=order):
            if entry.name not in TRIED_ELSEWHERE:
                await try_example(witness, entry)
        await use_pages(witness)
        await fail(witness, upstream)
        metrics = await witness.ask("GET", "/metrics")
    assert routes_of(app) - set(re.findall(r'route="(.*?)"', metrics)) == set()
    return witness.told


async def try_example(witness: Witness, entry: Entry) -> None:
    """Ask as the document shows, for JSON and for a page, with and without a token."""
    example, path = entry.operation.example, address(entry)
    query = [(n, str(v)) for n, each in example.query.items() for v in listed(each)]
    if entry.package.endswith(".v1"):
        query += [("api_key", THEIRS), ("random_id", THEIRS)]
    more = {"params": query}
    if entry.operation.bodies:
        more["json"] = example.body
    tokens = [{"Authorization": f"Bearer {token}"} for token in (MISTAKEN, TOKEN)]
    for headers in (*tokens, *([PAGE] if entry.method == "GET" else [])):
        await witness.ask(entry.method, path, headers=headers, **more)


async def use_pages(witness: Witness) -> None:
    """Do as people do who sign in, write and vote with their browsers."""
    for token in (MISTAKEN, TOKEN):
        await witness.ask("POST", "/session", data={"token": token}, headers=PAGE)
    note = {"title": "a note"}
    poll = {"question": "which?", "query": "cats", "limit": 2}
    made = [
        re.search(r'"id":(\d+)', await witness.ask("POST", path, json=body))[1]
        for path, body in (("/notes", note), ("/polls", poll))
    ]
    home = await witness.ask("GET", "/", headers=PAGE)
    style = re.search(r"/static/[\w.-]+\.css", home)[0]
    for path in (*PAGES, style):
        await witness.ask("GET", path, headers=PAGE)
    await witness.listen(f"/poll/{made[1]}/live")
    for path in (f"/notes/{made[0]}/edit", f"/poll/{made[1]}/close"):
        await witness.ask("POST", path, data=note, headers=PAGE)
    for path in (f"/notes/{made[0]}/delete", f"/poll/{made[1]}/delete", "/session/end"):
        await witness.ask("POST", path, headers=PAGE)


async def fail(witness: Witness, upstream: Sandbox) -> None:
    """Ask while Giphy fails, each time for what nobody asked for before."""
    for fault in FAULTS:
        upstream.faults.set(fault)
        await witness.ask("GET", "/", params={"query": f"in spite of {fault}"})
        await witness.ask(
            "GET", "/v1/gifs/search", params={"q": fault, "api_key": THEIRS}
        )
    upstream.faults.clear()


def routes_of(app: web.Application) -> set[str]:
    """The routes of the service, as its metrics name them."""
    found = {route.resource.canonical for route in app.router.routes()}
    return {route for route in found if not route.startswith("/sandbox/")}


def use_commands(config: Path, environ: dict[str, str]) -> list[str]:
    """Do as people do who sit at the machine, and give all that is printed."""
    there = ("--config", str(config))
    done = [
        ended(*command, *there, **environ)
        for command in (
            ("search", "cats", "--limit", "2"),
            ("download", "cats", "--limit", "2", "--to", str(config.parent / "gifs")),
            ("doctor", "--online"),
            ("db", "sample"),
        )
    ]
    assert {each.returncode for each in done} == {0}, done
    return [text for each in done for text in (each.stdout, each.stderr)]
