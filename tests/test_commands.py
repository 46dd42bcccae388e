"""The commands as processes, as people start them."""

import asyncio
import json
import signal
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from giphynavigator import __version__
from giphynavigator.commands.main import main
from giphynavigator.sandbox.application import Sandbox
from tests.conftest import CANARY
from tests.processes import REPOSITORY, ended, fetch, running


def test_serve_answers_without_a_key_and_names_its_settings() -> None:
    with running("serve", PORT="0") as (address, process):
        body = json.loads(fetch(f"{address}/?query=cats&limit=5"))
        banner = process.stderr.readline() + process.stderr.readline()

    assert (body["query"], body["limit"], len(body["gifs"])) == ("cats", 5, 5)
    assert str(REPOSITORY / "config.yml") in banner
    assert "sandbox" in banner


def test_the_sandboxs_media_are_at_the_services_own_address() -> None:
    with running("serve", "--port", "0") as (address, _):
        (gif,) = json.loads(fetch(f"{address}/gifs?query=cats&limit=1"))["gifs"]
        picture = fetch(gif["preview"]["url"])

    assert gif["preview"]["url"].startswith(f"{address}/sandbox/media/")
    assert picture.startswith(b"GIF89a")
    assert len(picture) == gif["preview"]["bytes"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_ends_well_when_it_is_told_to(number: int) -> None:
    with running("serve", "--port", "0") as (_, process):
        process.send_signal(number)

        assert process.wait(5) == 0


def test_serve_can_be_forced_into_the_sandbox() -> None:
    environ = {"GIPHY_API_KEY": CANARY, "GIPHY_API_URL": "http://127.0.0.1:9/v1"}
    with running("serve", "--port", "0", "--sandbox", **environ) as (address, _):
        body = json.loads(fetch(f"{address}/?query=cats&limit=2"))

    assert len(body["gifs"]) == 2


@pytest.mark.parametrize("command", ["serve", "serve --workers 2", "sandbox"])
def test_a_port_that_is_taken_is_the_same_line_for_every_command(command: str) -> None:
    with running("serve", "--port", "0") as (address, _):
        port = address.rsplit(":", 1)[1]
        done = ended(*command.split(), "--port", port)

    taken = f"port {port} of 127.0.0.1 is taken; choose another"
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"Error: {taken}"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("more", [(), ("--workers", "2")])
def test_an_address_that_is_not_ours_is_one_line(more: tuple[str, ...]) -> None:
    done = ended("serve", "--host", "192.0.2.1", "--port", "8080", *more)

    why = "cannot listen on port 8080 of 192.0.2.1: Cannot assign requested address"
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, f"Error: {why}")


def test_more_workers_than_calls_need_redis(tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    config.write_text("quota: {calls: 3}", encoding="utf-8")

    done = ended("serve", "--workers", "4", "--config", str(config), GIPHY_API_KEY="k")

    assert done.returncode == 2
    assert "without redis.url each worker needs a call of quota.calls" in done.stderr


def test_the_sandbox_runs_alone_and_serves_the_service() -> None:
    with (
        running("sandbox", "--port", "0") as (giphy, _),
        running("serve", "--port", "0", GIPHY_API_URL=giphy, GIPHY_API_KEY="k") as (
            address,
            _,
        ),
    ):
        body = json.loads(fetch(f"{address}/?query=cats&limit=3"))
        calls = json.loads(fetch(f"{giphy.removesuffix('/v1')}/sandbox/calls"))

    assert len(body["gifs"]) == 3
    assert calls["count"] == 1


def invoke(*arguments: str, **environ: str | None):
    return CliRunner().invoke(main, arguments, env=environ)


def test_search_prints_a_table_for_people() -> None:
    done = invoke("search", "cats", "--limit", "3")

    assert done.exit_code == 0
    assert done.stdout.count("https://giphy.com/gifs/cats-") == 3
    assert "the sandbox" in done.stderr


def test_what_people_write_is_no_markup() -> None:
    done = invoke("search", "[/b] [red]", "--limit", "1")

    assert done.exit_code == 0
    assert "[/b] [red]: 1 GIFs" in done.stdout


def test_a_bad_query_costs_the_good_ones_nothing() -> None:
    done = invoke("search", "cats", "x" * 51, "--json")

    assert (done.exit_code, done.stdout) == (2, "")


def test_search_prints_the_json_of_the_api_and_pages_on() -> None:
    done = invoke("search", "cats", "dogs", "--limit", "120", "--json")

    cats, dogs = (json.loads(line) for line in done.stdout.splitlines())
    assert (cats["query"], dogs["query"], cats["limit"]) == ("cats", "dogs", 120)
    assert len({gif["url"] for gif in cats["gifs"]}) == 120


def test_search_refuses_what_the_api_refuses() -> None:
    done = invoke("search", "x" * 51)

    assert done.exit_code == 2
    assert "query must be at most 50 characters" in done.stderr


async def test_a_failing_giphy_is_one_line_and_exit_1(upstream: Sandbox) -> None:
    upstream.faults.set("http-403")

    done = await in_thread(
        "search", "cats", GIPHY_API_URL=upstream.api_url, GIPHY_API_KEY=CANARY
    )

    assert done.exit_code == 1
    assert done.stderr == "Error: cats: Giphy refused the call with status 403\n"


async def in_thread(*arguments: str, **environ: str):
    return await asyncio.to_thread(invoke, *arguments, **environ)


def test_misuse_is_exit_2_and_help_and_version_are_everywhere() -> None:
    assert invoke("search").exit_code == 2
    assert invoke("serve", "--port", "x").exit_code == 2
    assert __version__ in invoke("--version").stdout
    for command in main.commands:
        assert invoke(command, "--help").exit_code == 0


def commands(group: click.Group, *names: str) -> Iterator[list[str]]:
    """Every command, with a word where it needs one."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *names, name)
        else:
            needed = [p for p in command.params if p.required]
            yield [*names, name, *("cats" for _ in needed)]


@pytest.mark.parametrize("words", list(commands(main)), ids=" ".join)
def test_every_command_takes_a_settings_file(words: list[str], tmp_path: Path) -> None:
    path = tmp_path / "none.yml"

    done = invoke(*words, "--config", str(path))

    assert done.exit_code == 1
    assert f"{path}: No such file or directory" in done.output


def test_doctor_is_content_with_the_sandbox() -> None:
    done = invoke("doctor")

    assert done.exit_code == 0
    assert "BAD" not in done.stdout


async def test_doctor_spends_a_call_only_when_asked(upstream: Sandbox) -> None:
    environ = {"GIPHY_API_URL": upstream.api_url, "GIPHY_API_KEY": CANARY}

    silent = await in_thread("doctor", **environ)
    before = upstream.calls.count
    online = await in_thread("doctor", "--online", **environ)

    assert (silent.exit_code, online.exit_code) == (0, 0)
    assert (before, upstream.calls.count) == (0, 1)
    assert CANARY not in silent.output + online.output


async def test_doctor_says_what_to_do_about_a_bad_key(upstream: Sandbox) -> None:
    upstream.faults.set("http-401")

    done = await in_thread(
        "doctor", "--online", GIPHY_API_URL=upstream.api_url, GIPHY_API_KEY=CANARY
    )

    assert done.exit_code == 1
    assert "status 401 -> check GIPHY_API_KEY" in done.stdout


def test_doctor_names_a_broken_setting(tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    path.write_text("server: {port: x}", encoding="utf-8")

    done = invoke("doctor", "--config", str(path))

    assert done.exit_code == 1
    assert f"{path}: server.port: expected int, got str -> mend" in done.stdout
