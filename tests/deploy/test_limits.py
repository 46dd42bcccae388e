"""The limits of nginx, of the units and of the service fit each other."""

import re

import pytest

from giphynavigator.application import LARGEST
from giphynavigator.polls.live import HEARTBEAT
from giphynavigator.serving.connections import OPTIONS
from giphynavigator.settings import FileSettings
from tests.deploy.front import CONF

UNITS = {"s": 1, "k": 1024}
KEPT = 60
"""Seconds for which nginx keeps a connection to a replica, if not told otherwise."""


def told(name: str) -> list[int]:
    """The values of a directive, in seconds or bytes, in the order they stand in."""
    found = re.findall(rf"^ +{name} (\d+)([sk]);", CONF, re.MULTILINE)
    return [int(number) * UNITS[unit] for number, unit in found]


def test_nginx_lets_in_what_the_replicas_do() -> None:
    assert told("client_max_body_size") == [LARGEST]


def test_nginx_waits_longer_than_a_search_takes_and_than_a_listener_is_left() -> None:
    search, live = told("proxy_read_timeout")

    assert search > FileSettings().giphy.request_timeout
    assert live > 2 * HEARTBEAT


def test_nginx_gives_up_a_connection_before_a_replica_does() -> None:
    assert "keepalive_timeout" not in CONF
    assert OPTIONS["keepalive_timeout"] > KEPT


@pytest.mark.parametrize("name", ["client_header_timeout", "client_body_timeout"])
def test_nginx_is_less_patient_than_the_replicas(name: str) -> None:
    assert set(told(name)) == {10}
