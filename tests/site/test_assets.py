import gzip
import re
from collections import Counter

import pytest
from aiohttp.test_utils import TestClient

from giphynavigator.web.assets import ROOT, Assets, all_assets

FILES = {
    "site.js": b'import { b } from "./b.js";\nimport "./missing.js";\n',
    "b.js": b"export const b = 1;\n",
    "polls/live.js": b'import { b } from "../b.js";\n',
    "site.css": b"body { margin: 0 }",
}


def test_a_name_has_the_hash_of_what_is_in_the_file() -> None:
    before = Assets(FILES)
    after = Assets({**FILES, "b.js": b"export const b = 2;\n"})

    assert before.address("site.css") == after.address("site.css")
    assert before.address("b.js") != after.address("b.js")


def test_a_module_that_imports_what_changed_has_changed() -> None:
    before = Assets(FILES)
    after = Assets({**FILES, "b.js": b"export const b = 2;\n"})

    assert before.address("site.js") != after.address("site.js")
    assert before.address("polls/live.js") != after.address("polls/live.js")


def test_modules_import_each_other_by_hashed_addresses() -> None:
    assets = Assets(FILES)
    asset = assets.exact(assets.address("polls/live.js").removeprefix("/static/"))

    assert asset is not None
    assert asset.body == f'import {{ b }} from "{assets.address("b.js")}";\n'.encode()


def test_an_import_of_what_is_not_ours_is_left_alone() -> None:
    assets = Assets(FILES)
    asset = assets.exact(assets.address("site.js").removeprefix("/static/"))

    assert asset is not None
    assert b'import "./missing.js"' in asset.body


def test_modules_that_import_each_other_in_a_circle_are_a_mistake() -> None:
    circle = {"a.js": b'import "./b.js";', "b.js": b'import "./a.js";'}

    with pytest.raises(ValueError, match="circle"):
        Assets(circle)


def test_a_name_that_no_file_has_is_a_mistake_of_the_template() -> None:
    with pytest.raises(KeyError):
        Assets(FILES).address("other.css")


async def test_a_static_file_is_kept_for_ever(client: TestClient) -> None:
    answer = await client.get(all_assets().address("site.css"))

    assert answer.status == 200
    assert answer.content_type == "text/css"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_static_file_comes_in_gzip_where_that_is_understood(
    client: TestClient,
) -> None:
    address = all_assets().address("site.css")
    packed = await client.get(address, headers={"Accept-Encoding": "gzip"})
    plain = await client.get(address, headers={"Accept-Encoding": "identity"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"])
    assert await packed.read() == await plain.read()
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"


async def test_the_file_of_another_release_gives_ours_and_is_not_kept(
    client: TestClient,
) -> None:
    ours = all_assets().address("site/search.js")
    theirs = f"/static/site/search.{'0' * 12}.js"
    answers = [await client.get(address) for address in (ours, theirs)]

    assert await answers[0].read() == await answers[1].read()
    assert answers[1].headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/static/site.css",
        "/static/favicon.ico",
        "/static/none.000000000000.css",
        "/static/../config.yml",
        "/static/%2e%2e/assets.py",
        "/static/..%2fassets.py",
        "/static//etc/passwd",
        "/static/site/",
        "/static/",
    ],
)
async def test_nothing_else_can_be_had(client: TestClient, path: str) -> None:
    assert (await client.get(path)).status == 404


async def test_who_opens_many_pages_is_never_refused_what_they_consist_of(
    client: TestClient,
) -> None:
    address = all_assets().address("site.css")
    elsewhere = {"X-Forwarded-For": "192.0.2.7"}

    files = [await client.get(address, headers=elsewhere) for _ in range(100)]
    others = [await client.get("/quota", headers=elsewhere) for _ in range(100)]

    assert {answer.status for answer in files} == {200}
    assert {answer.status for answer in others} == {200, 429}


def test_what_is_packed_is_what_was_written() -> None:
    assets = Assets(FILES)
    asset = assets.exact(assets.address("site.css").removeprefix("/static/"))

    assert asset is not None
    assert gzip.decompress(asset.packed) == FILES["site.css"]


def selectors(body: str) -> set[str]:
    """What a stylesheet has rules for."""
    rules = re.sub(r"/\*.*?\*/", "", body, flags=re.DOTALL)
    found = {before.strip() for before in re.findall(r"([^{}]+)\{", rules)}
    return {each for each in found if not each.startswith("@")}


def test_what_several_pages_have_is_styled_in_one_place() -> None:
    names = ("static/site.css", "notes/static/notes.css", "polls/static/polls.css")
    styled = Counter(
        selector
        for name in names
        for selector in selectors((ROOT / name).read_text(encoding="utf-8"))
    )

    assert [selector for selector, times in styled.items() if times > 1] == []


def test_scripts_know_addresses_of_the_service_from_the_page_alone() -> None:
    ours = [*ROOT.glob("static/*.js"), *ROOT.glob("*/static/*.js")]
    written_in = {
        path.name: re.findall(r"""["'`]/[a-z].*""", path.read_text(encoding="utf-8"))
        for path in ours
    }

    assert {"api.js", "results.js", "live.js"} <= written_in.keys()
    assert not any(written_in.values()), written_in
