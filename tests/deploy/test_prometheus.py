"""The alerts that are shipped fire when they should, on numbers that there are."""

import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
import yaml

from giphynavigator.application import create_app
from giphynavigator.sandbox.application import Sandbox
from giphynavigator.settings import RedisSettings
from tests.conftest import asking
from tests.deploy.front import CONF, DEPLOY
from tests.metrics.reading import PREFIX, Numbers, scrape
from tests.servers import HOST, find

HERE = Path(__file__).parent
ALERTS = yaml.safe_load((DEPLOY / "prometheus/alerts.yml").read_text("utf-8"))
RULES = ALERTS["groups"][0]["rules"]
NAMES = {rule["alert"] for rule in RULES}


def promtool(*arguments: str, folder: Path) -> None:
    done = subprocess.run(
        [find("promtool"), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_takes_the_configuration_with_the_alerts() -> None:
    promtool("check", "config", "prometheus.yml", folder=DEPLOY / "prometheus")


def test_each_alert_fires_when_it_should_and_at_no_other_time(tmp_path: Path) -> None:
    shutil.copy(DEPLOY / "prometheus/alerts.yml", tmp_path)
    shutil.copy(HERE / "alerts_test.yml", tmp_path)

    promtool("test", "rules", "alerts_test.yml", folder=tmp_path)


def test_no_alert_goes_untested() -> None:
    tests = yaml.safe_load((HERE / "alerts_test.yml").read_text("utf-8"))["tests"]
    cases = [case for test in tests for case in test["alert_rule_test"]]

    assert {case["alertname"] for case in cases if case.get("exp_alerts")} == NAMES
    assert {case["alertname"] for case in cases if "exp_alerts" not in case} == NAMES


@pytest.fixture
async def numbers(upstream: Sandbox, aiohttp_client) -> AsyncIterator[Numbers]:
    """What a service with quota and Redis counts, once Giphy has refused its key."""
    settings = asking(upstream.api_url)
    nowhere = RedisSettings(f"redis://{HOST}:1/0")
    file = msgspec.structs.replace(settings.file, redis=nowhere)
    app = create_app(msgspec.structs.replace(settings, file=file))
    client = await aiohttp_client(app)
    upstream.faults.set("http-403")
    await client.get("/gifs?query=cats")
    yield await scrape(client)
    app.container.unwire()


def test_the_alerts_are_about_numbers_that_there_are(numbers: Numbers) -> None:
    asked = set(re.findall(rf"{PREFIX}(\w+)", " ".join(r["expr"] for r in RULES)))
    shown = {sample.name for family in numbers.families for sample in family.samples}

    assert {PREFIX + name for name in asked} - shown == set()


def test_the_alerts_name_labels_that_there_are(numbers: Numbers) -> None:
    named = re.findall(
        rf'{PREFIX}(\w+){{(outcome|reason|state)=~?"([^"]+)"}}',
        " ".join(rule["expr"] for rule in RULES),
    )

    assert len(named) >= 5
    for metric, label, values in named:
        assert set(values.split("|")) <= numbers.labels(metric, label)


def test_prometheus_asks_the_replicas_that_nginx_does() -> None:
    shipped = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text("utf-8"))
    (job,) = shipped["scrape_configs"]
    (replicas,) = job["static_configs"]

    assert replicas["targets"] == re.findall(r"server (\S+:\d+) ", CONF)
    assert all(job["job_name"] in r["expr"] for r in RULES if "up{" in r["expr"])
