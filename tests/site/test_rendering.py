import re
from unittest.mock import AsyncMock

import jinja2
import pytest
from aiohttp.test_utils import TestClient

from giphynavigator.errors import NotFound, Unavailable
from giphynavigator.web.assets import ROOT
from giphynavigator.web.rendering import ADVICE

HTML = {"Accept": "text/html"}
UGLY = "<img src=x onerror=alert(1)>"


async def test_a_page_says_what_it_may_do(client: TestClient) -> None:
    answer = await client.get("/nowhere", headers=HTML)
    headers = answer.headers

    assert answer.content_type == "text/html"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Vary"].startswith("Accept,")
    assert headers["Cache-Control"] == "private, no-cache"


async def test_a_nonce_is_used_once(client: TestClient) -> None:
    nonces = set()
    for _ in range(3):
        answer = await client.get("/", headers=HTML)
        found = re.search(r"nonce-([\w-]+)", answer.headers["Content-Security-Policy"])
        assert f'<style nonce="{found[1]}">' in await answer.text()
        nonces.add(found[1])

    assert len(nonces) == 3


async def test_a_page_comes_in_gzip_where_that_is_understood(
    client: TestClient,
) -> None:
    packed = await client.get("/", headers={**HTML, "Accept-Encoding": "gzip"})
    plain = await client.get("/", headers={**HTML, "Accept-Encoding": "identity"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) < len(await plain.read()) / 3
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
async def test_both_kinds_of_answer_vary(client: TestClient, accept: str) -> None:
    for path in ("/", "/nowhere"):
        answer = await client.get(path, headers={"Accept": accept})

        assert "Accept" in answer.headers["Vary"]


async def test_an_error_is_a_page_for_browsers_and_json_for_programs(
    client: TestClient,
) -> None:
    page = await client.get("/nowhere", headers=HTML)
    problem = await client.get("/nowhere")

    assert (page.status, page.content_type) == (404, "text/html")
    assert (problem.status, problem.content_type) == (404, "application/problem+json")
    assert "There is no page at this address." in await page.text()


async def test_a_wrong_parameter_is_named_on_the_page(client: TestClient) -> None:
    answer = await client.get("/", params={"rating": UGLY}, headers=HTML)
    text = await answer.text()

    assert answer.status == 400
    assert "rating must be one of" in text
    assert UGLY not in text


async def test_who_shall_come_again_is_told_when(
    client: TestClient, giphy: AsyncMock
) -> None:
    giphy.search.side_effect = Unavailable("the calls are used up", 90)

    answer = await client.get("/", params={"query": "cats"}, headers=HTML)

    assert answer.status == 503
    assert answer.headers["Retry-After"] == "90"
    assert "the calls are used up" in await answer.text()
    assert "Try again in 2 minutes." in await answer.text()
    assert 'value="cats"' in await answer.text()


async def test_a_fault_tells_its_id_and_nothing_else(
    client: TestClient, giphy: AsyncMock, caplog
) -> None:
    giphy.search.side_effect = RuntimeError("secret")

    answer = await client.get("/", params={"query": "cats"}, headers=HTML)
    text = await answer.text()
    (fault,) = re.findall(r"<code>([0-9a-f]{16})</code>", text)

    assert answer.status == 500
    assert "secret" not in text
    assert fault in caplog.text


async def test_words_of_a_caller_are_text_on_the_page(
    client: TestClient, giphy: AsyncMock
) -> None:
    giphy.search.side_effect = NotFound(UGLY)

    answer = await client.get("/", params={"query": UGLY}, headers=HTML)
    text = await answer.text()

    assert UGLY not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text


def test_every_status_has_its_advice() -> None:
    assert {400, 401, 403, 404, 409, 412, 429, 500, 502, 503, 504} <= set(ADVICE)


@pytest.mark.parametrize(
    "path",
    sorted(ROOT.rglob("templates/*.html")),
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_a_template_holds_no_style_and_no_script_of_its_own(path) -> None:
    text = path.read_text(encoding="utf-8")

    jinja2.Environment(autoescape=True).parse(text)
    assert not re.search(r"\sstyle=|\son\w+=|javascript:|\|\s*safe\b", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"<style(?! nonce=)", text)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//(?!giphy\.com/\")", text)
