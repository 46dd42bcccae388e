"""What the README promises is so."""

import json
import re
from pathlib import Path

import pytest
import yaml
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient
from click.testing import CliRunner

from giphynavigator.commands.main import main
from giphynavigator.sandbox.application import Sandbox
from giphynavigator.settings import FileSettings

REPOSITORY = Path(__file__).parent.parent
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
CONFIG = (REPOSITORY / "config.yml").read_text(encoding="utf-8")

EXAMPLES = re.findall(
    r"^    \$ curl '(http://127\.0\.0\.1:8080)(/\S*)'\n((?:    .*\n)+)",
    README,
    re.MULTILINE,
)
COMMANDS = re.findall(
    r"^    \$ \.venv/bin/python -m giphynavigator (.*)\n((?:    .*\n)+)",
    README,
    re.MULTILINE,
)


def unindented(text: str) -> object:
    return json.loads("".join(line.strip() for line in text.splitlines()))


@pytest.mark.parametrize(("origin", "path", "shown"), EXAMPLES)
async def test_every_request_of_the_readme_has_the_answer_shown(
    client: TestClient, origin: str, path: str, shown: str
) -> None:
    expected = unindented(shown)

    answer = await client.get(path.replace("%20", " "))

    body = await answer.json(content_type=None)
    if "request_id" in body:
        expected["request_id"] = answer.headers["X-Request-ID"]
    assert body == expected


def test_the_readme_begins_with_a_request() -> None:
    assert len(EXAMPLES) >= 2
    assert README.index("$ curl") < README.index("## ")


@pytest.mark.parametrize(("arguments", "shown"), COMMANDS)
def test_every_command_of_the_readme_prints_what_is_shown(
    arguments: str, shown: str
) -> None:
    words = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', arguments)]

    done = CliRunner().invoke(main, words)

    assert json.loads(done.stdout) == unindented(shown)


def test_every_command_is_in_the_readme_with_its_options() -> None:
    for name, command in main.commands.items():
        (row,) = re.findall(rf"^\| `{name}\b.*$", README, re.MULTILINE)
        for option in command.params:
            if option.param_type_name == "option" and option.name != "config":
                assert max(option.opts, key=len) in row


def test_every_route_is_in_the_readme(app: web.Application) -> None:
    rows = set(re.findall(r"`([A-Z]+) (/[^`? ]*)[^`]*`(?=.*\|)", README))
    routes = {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.method not in {"HEAD", "OPTIONS"}
        and not route.resource.canonical.startswith("/sandbox/")
    }

    assert routes == rows


def test_the_readme_quotes_the_settings_file_whole() -> None:
    (quoted,) = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)

    assert quoted == CONFIG


def test_every_setting_of_the_file_has_a_comment_over_it() -> None:
    lines = CONFIG.splitlines()
    for number, line in enumerate(lines):
        if re.match(r"  \w+:", line):
            assert lines[number - 1].startswith("  # "), line


def test_every_setting_of_the_file_is_known() -> None:
    known = FileSettings()
    for section, keys in yaml.safe_load(CONFIG).items():
        for key in keys:
            assert hasattr(getattr(known, section), key)


@pytest.mark.parametrize("target", ["run", "test", "check", "format"])
def test_the_makefile_has_what_the_readme_names(target: str) -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")

    assert f"make {target}" in README or target == "format"
    assert re.search(rf"^{target}:.*## ", makefile, re.MULTILINE)


async def test_the_sandbox_breaks_as_the_readme_shows(
    service: TestClient, upstream: Sandbox
) -> None:
    (body,) = re.findall(r"-X PUT http://\S+/sandbox/fault -d '(.*)'", README)
    ((path, shown),) = re.findall(r"curl -sS 'http://[^/]+(\S+)'\n +(.*)\n", README)
    control = upstream.api_url.removesuffix("/v1") + "/sandbox/fault"

    async with ClientSession() as session, session.put(control, data=body) as told:
        assert told.ok
    answer = await service.get(path)

    own = {"request_id": answer.headers["X-Request-ID"]}
    assert await answer.json(content_type=None) == json.loads(shown) | own
