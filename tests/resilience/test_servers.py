"""Helpers for system servers say loudly what they could not start."""

import socket

import aiohttp
import pytest

from tests import servers
from tests.servers import NginxServer, RedisServer, find, free_port, summary_lines


def test_a_missing_server_skips_the_test_and_is_named_at_the_end(monkeypatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(servers, "_missing", set())

    with pytest.raises(pytest.skip.Exception):
        find("no-such-server")

    assert summary_lines() == [
        "no-such-server is not installed: the tests that need it did not run"
    ]


def test_a_missing_server_fails_the_test_in_ci(monkeypatch) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(servers, "_missing", set())

    with pytest.raises(pytest.fail.Exception):
        find("no-such-server")


def test_a_redis_listens_until_it_is_stopped_and_leaves_nothing_behind() -> None:
    with RedisServer() as server:
        server.stop()
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", server.port), timeout=1)
        server.start()

    assert not server.folder.exists()


def test_a_server_that_does_not_start_says_why() -> None:
    server = RedisServer("--nonsense", "1")

    with pytest.raises(pytest.fail.Exception, match="Bad directive"):
        server.start()

    assert not server.folder.exists()


async def test_an_nginx_answers_by_its_configuration() -> None:
    port = free_port()
    conf = f"server {{ listen 127.0.0.1:{port}; location / {{ return 200 hello; }} }}"

    with NginxServer(conf, port=port) as server:
        async with (
            aiohttp.ClientSession() as session,
            session.get(server.url) as answer,
        ):
            body = await answer.text()

    assert body == "hello"
