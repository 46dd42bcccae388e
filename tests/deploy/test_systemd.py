"""The units that are shipped: what systemd makes of them, and that they fit the rest.

They are looked at by systemd's own tools, and not started: that takes a machine
that systemd has started itself.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from giphynavigator.commands.main import main
from giphynavigator.serving.server import LIMIT
from giphynavigator.serving.workers import GRACE
from giphynavigator.settings_sources import REPLACEMENTS
from tests.deploy.front import CONF, DEPLOY, replaced
from tests.processes import REPOSITORY
from tests.servers import find

SERVICE = (DEPLOY / "systemd/giphynavigator@.service").read_text("utf-8")
TARGET = (DEPLOY / "systemd/giphynavigator.target").read_text("utf-8")
ENVIRONMENT = (DEPLOY / "systemd/environment.example").read_text("utf-8")
HERE = {
    "/opt/giphynavigator/.venv/bin/python": sys.executable,
    "WorkingDirectory=/opt/giphynavigator": f"WorkingDirectory={REPOSITORY}",
}
EXPOSURE = 20
"""Tenths of what systemd-analyze calls exposure; from 0, the best, to 100."""


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """A folder with the units, two replicas of them, and the paths of this machine."""
    for port in (8081, 8082):
        unit = tmp_path / f"giphynavigator@{port}.service"
        unit.write_text(replaced(SERVICE, HERE), encoding="utf-8")
    (tmp_path / "giphynavigator.target").write_text(TARGET, encoding="utf-8")
    return tmp_path


def analyze(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [find("systemd-analyze"), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_systemd_finds_nothing_wrong_with_the_units(units: Path) -> None:
    names = [f"./{path.name}" for path in units.iterdir()]

    checked = analyze("verify", "--man=no", *names, folder=units)

    assert (checked.returncode, checked.stderr) == (0, "")


def test_a_replica_is_shut_in(units: Path) -> None:
    checked = analyze(
        "security",
        "--offline=true",
        f"--threshold={EXPOSURE}",
        "./giphynavigator@8081.service",
        folder=units,
    )

    assert checked.returncode == 0, checked.stdout


def test_the_replicas_are_those_that_nginx_asks() -> None:
    started = re.findall(r"giphynavigator@(\d+)\.service", TARGET)
    asked = re.findall(r"server 127\.0\.0\.1:(\d+) ", CONF)

    assert started == asked


def test_the_command_is_one_that_there_is() -> None:
    (words,) = re.findall(
        r"^ExecStart=\S+ -m giphynavigator (.*)$", SERVICE, re.MULTILINE
    )
    command, *options = words.replace("%i", "8081").split()

    found = main.commands[command].make_context(command, options)

    assert (found.params["host"], found.params["port"]) == ("127.0.0.1", 8081)


def test_systemd_is_more_patient_than_the_program() -> None:
    (patience,) = re.findall(r"^TimeoutStopSec=(\d+)$", SERVICE, re.MULTILINE)

    assert int(patience) > LIMIT + GRACE


def test_the_environment_names_what_is_read() -> None:
    names = set(re.findall(r"^(\w+)=", ENVIRONMENT, re.MULTILINE))

    assert names <= {"GIPHY_API_KEY", "GIPHYNAVIGATOR_TOKENS", *REPLACEMENTS}
