"""People sign in with a token, write with a cookie, and sign out."""

import re
import time

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient

from giphynavigator.security.sessions import COOKIE, LIFE
from tests.guarding import LOOPBACK, OTHER, TOKEN, guarded_by
from tests.problems import assert_problem

NOTE = {"title": "a note"}
PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SECRET = "what signs the cookies"
WRONG = "this is none of this service's tokens"


async def sign_in(client: TestClient, token: str = TOKEN, **fields: str) -> str:
    """Sign in as a form does, and give the cookie."""
    form = {"token": token, **fields}
    answer = await client.post("/session", data=form, allow_redirects=False)
    assert answer.status == 303
    return answer.cookies[COOKIE].value


async def write(client: TestClient, cookie: str) -> ClientResponse:
    """Write a note with a cookie and nothing else."""
    client.session.cookie_jar.clear()
    headers = {"Cookie": f"{COOKIE}={cookie}"}
    return await client.post("/notes", json=NOTE, headers=headers)


@pytest.mark.parametrize("kind", ["data", "json"])
async def test_who_signs_in_gets_a_cookie_that_is_no_scripts_business(
    serving, kind: str
) -> None:
    client = await serving(guarded_by(OTHER, TOKEN))
    fields = {"token": f" {TOKEN} ", "next": "/notes?search=cats"}

    answer = await client.post("/session", **{kind: fields}, allow_redirects=False)

    cookie = answer.headers["Set-Cookie"]
    assert (answer.status, answer.headers["Location"]) == (303, fields["next"])
    assert re.fullmatch(
        rf"{COOKIE}=[\w.-]+; HttpOnly; Max-Age={7 * 24 * 3600}; Path=/; SameSite=Lax",
        cookie,
    )
    assert answer.headers["Cache-Control"] == "no-store"


async def test_who_has_signed_in_writes_until_he_signs_out(serving) -> None:
    client = await serving(guarded_by(TOKEN))
    await sign_in(client)

    written = await client.post("/notes", json=NOTE)
    out = await client.post("/session/end", data={"next": "/"}, allow_redirects=False)
    refused = await client.post("/notes", json=NOTE)

    assert (written.status, out.status, refused.status) == (201, 303, 401)
    assert out.headers["Set-Cookie"].startswith(f'{COOKIE}=""; ')
    assert "Max-Age=0; Path=/; SameSite=Lax" in out.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("proxies", "headers", "secure"),
    [
        ((), {}, False),
        ((), {"X-Forwarded-Proto": "https"}, False),
        (("10.0.0.0/8",), {"X-Forwarded-Proto": "https"}, False),
        ((LOOPBACK,), {}, False),
        ((LOOPBACK,), {"X-Forwarded-Proto": "http"}, False),
        ((LOOPBACK,), {"X-Forwarded-Proto": "https"}, True),
        ((LOOPBACK,), {"X-Forwarded-Proto": "HTTPS, http"}, True),
    ],
)
async def test_the_cookie_is_for_https_alone_where_a_trusted_proxy_speaks_it(
    serving, proxies, headers, secure: bool
) -> None:
    client = await serving(guarded_by(TOKEN, proxies=proxies))

    answer = await client.post(
        "/session", data={"token": TOKEN}, headers=headers, allow_redirects=False
    )

    assert ("; Secure" in answer.headers["Set-Cookie"]) == secure


async def test_a_session_lasts_a_week(serving, monkeypatch: pytest.MonkeyPatch) -> None:
    client = await serving(guarded_by(TOKEN))
    cookie = await sign_in(client)
    now = time.time()

    monkeypatch.setattr(time, "time", lambda: now + LIFE - 1)
    assert (await write(client, cookie)).status == 201
    monkeypatch.setattr(time, "time", lambda: now + LIFE + 2)
    assert (await write(client, cookie)).status == 401


@pytest.mark.parametrize(
    ("tokens", "secret", "status"),
    [
        ((TOKEN,), SECRET, 201),
        ((OTHER, TOKEN), SECRET, 201),
        ((OTHER,), SECRET, 401),
        ((), SECRET, 403),
        ((TOKEN,), "another secret", 401),
        ((TOKEN,), "", 401),
    ],
)
async def test_a_session_ends_with_its_token_and_with_the_secret(
    serving, tokens, secret: str, status: int
) -> None:
    cookie = await sign_in(await serving(guarded_by(TOKEN, secret=SECRET)))
    later = await serving(guarded_by(*tokens, secret=secret, host="0.0.0.0"))

    assert (await write(later, cookie)).status == status


async def test_a_cookie_that_somebody_changed_is_no_session(serving) -> None:
    client = await serving(guarded_by(TOKEN))
    cookie = await sign_in(client)

    for forged in (cookie[1:], cookie[:-2], cookie.upper(), cookie[::-1], TOKEN, ""):
        assert (await write(client, forged)).status == 401


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"token": "x"}},
        {"data": {"token": TOKEN[:-1]}},
        {"data": {"token": ""}},
        {"data": {"tokem": TOKEN}},
        {"data": {"next": "/"}},
        {"data": b""},
        {"data": b"\xff\xfe token=x"},
        {"data": "&".join(["token=x"] * 5000)},
        {"json": {"token": [TOKEN]}},
        {"json": {"token": None}},
        {"json": [TOKEN]},
        {"data": 5000 * "["},
        {"data": "token=x", "headers": {"Content-Type": "text/plain; charset=no"}},
        {"data": "x", "headers": {"Content-Type": "multipart/form-data"}},
    ],
)
async def test_what_is_no_token_of_ours_begins_no_session(serving, sent) -> None:
    client = await serving(guarded_by(TOKEN))

    answer = await client.post("/session", **sent)

    await assert_problem(answer, 401, WRONG)
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "Set-Cookie" not in answer.headers


async def test_a_wrong_token_shows_people_the_form_once_more(serving) -> None:
    client = await serving(guarded_by(TOKEN))
    form = {"token": "nearly", "next": "/notes"}

    answer = await client.post("/session", data=form, headers=PAGE)

    page = await answer.text()
    assert (answer.status, answer.content_type) == (401, "text/html")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "This is none of this service&#39;s tokens." in page
    assert 'name="next" value="/notes"' in page
    assert "nearly" not in page


@pytest.mark.parametrize(
    ("wish", "place"),
    [
        ("/", "/"),
        ("/notes", "/notes"),
        ("/?query=a%20b&limit=5#x", "/?query=a%20b&limit=5#x"),
        ("/poll/1/results", "/poll/1/results"),
        ("/.//evil.example", "/.//evil.example"),
        ("", "/"),
        ("notes", "/"),
        ("//evil.example", "/"),
        ("///evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("/notes\\..\\evil", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        (" //evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/\r\nSet-Cookie: a=b", "/"),
        ("/\n", "/"),
        ("/żółw", "/"),
        ("/a b", "/"),
    ],
)
async def test_one_is_led_on_within_this_service_and_nowhere_else(
    serving, wish: str, place: str
) -> None:
    client = await serving(guarded_by(TOKEN))
    asked = {"allow_redirects": False}

    shown = await (await client.get("/sign-in", params={"next": wish})).text()
    into = await client.post("/session", data={"token": TOKEN, "next": wish}, **asked)
    out = await client.post("/session/end", data={"next": wish}, **asked)

    assert f'name="next" value="{place.replace("&", "&amp;")}"' in shown
    assert into.headers["Location"] == out.headers["Location"] == place


async def test_the_page_knows_who_has_signed_in(serving) -> None:
    client = await serving(guarded_by(TOKEN))

    before = await (await client.get("/sign-in")).text()
    await sign_in(client)
    after = await (await client.get("/sign-in?next=/notes")).text()

    assert "<h1>Sign in</h1>" in before
    assert "<h1>You are signed in</h1>" in after
    assert 'href="/notes">Go on</a>' in after


async def test_without_tokens_the_page_says_who_may_write(serving) -> None:
    client = await serving(guarded_by())

    page = await (await client.get("/sign-in")).text()
    other = await (await client.get("/nowhere", headers=PAGE)).text()

    assert "<code>GIPHYNAVIGATOR_TOKENS</code>" in page
    assert "<form method" not in page
    assert "Sign in" not in other


async def test_every_page_leads_to_the_sign_in_page_and_back(serving) -> None:
    client = await serving(guarded_by(TOKEN))
    asked = "/nowhere?query=a%26b"

    before = await (await client.get(asked, headers=PAGE)).text()
    await sign_in(client)
    after = await (await client.get(asked, headers=PAGE)).text()

    (link,) = re.findall(r'href="(/sign-in\?[^"]*)">Sign in', before)
    page = await (await client.get(link)).text()
    assert "Sign out" not in before
    assert f'href="{asked}">Go on' in page
    assert f'name="next" value="{asked}"' in after
    assert ">Sign in<" not in after


async def test_tokens_are_tried_no_oftener_than_anything_else(serving) -> None:
    client = await serving(guarded_by(TOKEN, proxies=(LOOPBACK,)))
    burst = client.app.container.config.limits.burst()
    guess = {"data": {"token": "x"}, "headers": {"X-Forwarded-For": "203.0.113.9"}}

    answers = [await client.post("/session", **guess) for _ in range(burst + 5)]

    assert [answer.status for answer in answers] == burst * [401] + 5 * [429]
