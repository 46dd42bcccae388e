"""What /notes refuses: in words, and without writing anything."""

import gzip
from io import BytesIO
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

MOMENT = "must be a date and time such as 2017-08-23 00:00 or 2017-08-23T00:00:00+02:00"
WHOLE = "a whole number from"
TITLE = "1 to 200 characters, not all of them blank"

BODIES: list[tuple[dict[str, Any], str, str]] = [
    ({"title": ""}, "title", f'must be {TITLE}, not ""'),
    ({"title": " \t"}, "title", f'must be {TITLE}, not " \\t"'),
    ({"title": "x" * 201}, "title", f"must be {TITLE}, not"),
    ({"title": 5}, "title", f"must be a text of {TITLE}, not 5"),
    ({"title": None}, "title", f"must be a text of {TITLE}, not null"),
    ({"title": "a\0b"}, "title", "must not hold the character NUL"),
    ({"description": "x" * 2001}, "description", "must be at most 2000 characters, n"),
    ({"description": None}, "description", "must be a text of at most 2000"),
    ({"created_by": "x" * 51}, "created_by", "must be at most 50 characters, not"),
    ({"priority": 10}, "priority", f"must be {WHOLE} 0 to 9, not 10"),
    ({"priority": -1}, "priority", f"must be {WHOLE} 0 to 9, not -1"),
    ({"priority": "4"}, "priority", f'must be {WHOLE} 0 to 9, not "4"'),
    ({"priority": 4.5}, "priority", f"must be {WHOLE} 0 to 9, not 4.5"),
    ({"priority": True}, "priority", f"must be {WHOLE} 0 to 9, not true"),
    ({"priority": 10**30}, "priority", f"must be {WHOLE} 0 to 9, not 1000"),
    ({"colour": "red"}, "colour", "there is no field 'colour'; known: title, descr"),
    ({"id": 7}, "id", "there is no field 'id'; known: title"),
    ({"gif": "abc"}, "gif", "must be an object with id, url, title, not"),
    ({"gif": {}}, "gif.id", "is missing; it must be 1 to 64 letters"),
    ({"gif": {"id": "a b", "url": "http://x"}}, "gif.id", "must be 1 to 64 letters"),
    ({"gif": {"id": "a\n", "url": "http://x"}}, "gif.id", "must be 1 to 64 letters"),
    (
        {"gif": {"id": "a", "url": "http://x", "title": "\0"}},
        "gif.title",
        "must not hold the character NUL",
    ),
    (
        {"gif": {"id": "a", "url": "http://x", "size": 5}},
        "gif.size",
        "there is no field 'gif.size'; known: id, url, title",
    ),
    *(
        ({"gif": {"id": "a", "url": url}}, "gif.url", "must be the http or https addr")
        for url in (
            "javascript:alert(1)",
            "data:text/html,x",
            "//giphy.com/gifs/a",
            "http://",
            "http:///x",
            "http://x y",
            "http://x\n",
            " http://x",
            "ftp://x/y",
            "http://x/" + "y" * 500,
        )
    ),
    *(
        ({"created_at": moment}, "created_at", MOMENT)
        for moment in (
            "yesterday",
            "2017-13-01",
            "2017-02-29 10:00",
            "2017-08-23 24:30",
            "2017-08-23x00:00",
            "2017-08-23 00:00\n",
            "2017-W34-3",
            "20170823",
            "0001-01-01T00:00+14:00",
            "9999-12-31T23:00-05:00",
            "2017-08-23T00:00+99:00",
            "",
        )
    ),
    ({"created_at": 1503446400}, "created_at", "not 1503446400"),
    ({"created_at": {}}, "created_at", "not {}"),
]


NO_OBJECTS = [
    b"",
    b"title=x",
    b"{",
    b'{"title": "x"} {}',
    b"[" * 100_000,
    b'{"title": "\xff"}',
    b'{"title": "\\ud800"}',
    '{"title": "x"}'.encode("utf-16"),
    b'\xef\xbb\xbf{"title": "x"}',
    b"null",
    b"[]",
    b'"x"',
    b"5",
]
WRITES = [("POST", "/notes"), ("PUT", "/notes/1"), ("PATCH", "/notes/1")]
NO_IDS = [
    "abc",
    "0",
    "-1",
    "1.0",
    "1e3",
    "9" * 20,
    "%00",
    "1%2F1",
    "\u0663",
    "+1",
    "2%20",
    "%0A2",
]
PARAMETERS = [
    ("limit=0", "limit", "must be a whole number from 1 to 50, not '0'"),
    ("limit=51", "limit", "must be a whole number from 1 to 50, not '51'"),
    ("offset=-1", "offset", "must be a whole number from 0 to 1000000, not '-1'"),
    ("offset=1000001", "offset", "must be a whole number from 0 to 1000000, not"),
    ("search=%00", "search", "must be at most 200 characters, and not NUL, not"),
    ("search=" + "x" * 201, "search", "must be at most 200 characters, and"),
    ("order=id", "order", "there is no parameter 'order'; known: limit, offset, se"),
    ("limit=5&limit=6", "limit", "may be given once only"),
]


async def assert_refused(answer: Any, field: str, sentence: str) -> None:
    problem = await answer.json()
    assert (answer.status, problem["status"]) == (400, 400), problem
    assert answer.content_type == "application/problem+json"
    assert problem["parameter"] == field
    assert sentence in problem["detail"]
    if sentence.startswith("must"):
        assert problem["detail"].startswith(f"{field} {sentence}")


async def kept(client: TestClient) -> bytes:
    async with client.get("/notes") as answer:
        return await answer.read()


@pytest.fixture
async def noted(keeper: TestClient) -> TestClient:
    """The service, with one note."""
    async with keeper.post("/notes", json={"title": "as it was"}) as answer:
        assert answer.status == 201
    return keeper


async def test_a_bad_field_is_named_whatever_the_method(noted: TestClient) -> None:
    before = await kept(noted)

    for fields, field, sentence in BODIES:
        whole = {"title": "good", **fields}
        await assert_refused(await noted.post("/notes", json=whole), field, sentence)
        await assert_refused(await noted.put("/notes/1", json=whole), field, sentence)
        partly = await noted.patch("/notes/1", json=fields)
        await assert_refused(partly, field, sentence)

    assert await kept(noted) == before


async def test_a_whole_note_has_a_title(noted: TestClient) -> None:
    for method, path in (("POST", "/notes"), ("PUT", "/notes/1")):
        answer = await noted.request(method, path, json={"priority": 1})
        sentence = f"title is missing; it must be {TITLE}"
        await assert_refused(answer, "title", sentence)


async def test_a_body_that_is_no_json_object_is_refused(noted: TestClient) -> None:
    before = await kept(noted)

    for body in NO_OBJECTS:
        for method, path in WRITES:
            answer = await noted.request(method, path, data=body)
            await assert_refused(answer, "body", "body must be ")

    assert await kept(noted) == before


async def test_numbers_that_nobody_can_hold_are_refused(noted: TestClient) -> None:
    before = await kept(noted)

    for number in (b"1e999", b"-1e999", b"9" * 5000, b"1" + b"0" * 400 + b".5"):
        for method, path in WRITES:
            body = b'{"title": "x", "priority": ' + number + b"}"
            answer = await noted.request(method, path, data=body)
            assert answer.status == 400
            assert (await answer.json())["parameter"] in {"priority", "body"}

    assert await kept(noted) == before


async def test_a_body_of_two_megabytes_is_too_large(noted: TestClient) -> None:
    body = b'{"title": "' + b"x" * 2_000_000 + b'"}'

    for method, path in WRITES:
        answer = await noted.request(method, path, data=BytesIO(body))
        assert answer.status == 413
        assert answer.content_type == "application/problem+json"

    assert (await noted.get("/notes/2")).status == 404


async def test_a_packed_body_is_unpacked_and_one_that_cannot_be_is_refused(
    noted: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"Content-Encoding": "gzip"}
    packed = gzip.compress(b'{"title": "packed"}')

    good = await noted.post("/notes", data=packed, headers=headers)
    bad = await noted.post("/notes", data=b"nonsense", headers=headers)

    assert (good.status, (await good.json())["title"]) == (201, "packed")
    whole = "body must be whole, and packed as its Content-Encoding says"
    await assert_refused(bad, "body", whole)
    assert "unexpected fault" not in caplog.text


async def test_what_is_no_id_is_refused(noted: TestClient) -> None:
    bounds = "id must be a whole number from 1 to 9223372036854775807, not "
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        body = None if method in {"GET", "DELETE"} else {"title": "x"}
        for note_id in NO_IDS:
            answer = await noted.request(method, f"/notes/{note_id}", json=body)
            await assert_refused(answer, "id", bounds)


async def test_the_greatest_id_is_simply_not_there(noted: TestClient) -> None:
    assert (await noted.get(f"/notes/{2**63 - 1}")).status == 404


async def test_a_bad_parameter_is_named(noted: TestClient) -> None:
    for query, field, sentence in PARAMETERS:
        await assert_refused(await noted.get(f"/notes?{query}"), field, sentence)


async def test_one_note_takes_no_parameters(noted: TestClient) -> None:
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        answer = await noted.request(method, "/notes/1?force=1", json={"title": "x"})
        known = "there is no parameter 'force'; known: none"
        await assert_refused(answer, "force", known)


async def test_other_methods_are_told_which_there_are(noted: TestClient) -> None:
    many = await noted.delete("/notes")
    one = await noted.post("/notes/1", json={"title": "x"})

    assert (many.status, many.headers["Allow"]) == (405, "GET,HEAD,POST")
    assert (one.status, one.headers["Allow"]) == (405, "DELETE,GET,HEAD,PATCH,PUT")
