"""The Dockerfile's steps, each by itself: Docker is not asked."""

import ast
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from giphynavigator.commands.main import main
from tests.deploy.front import DEPLOY
from tests.processes import REPOSITORY, running

DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
STEPS = re.findall(r"^([A-Z]+) +(.*)$", DOCKERFILE, re.MULTILINE)
SENT = (REPOSITORY / ".dockerignore").read_text("utf-8").split()


def steps(name: str) -> list[str]:
    return [rest for step, rest in STEPS if step == name]


def form(step: str) -> list[str]:
    """The words of a step that is written as JSON."""
    return json.loads(step[step.index("[") :])


def test_everything_that_is_copied_is_there_and_is_sent_along() -> None:
    for step in steps("COPY"):
        *sources, _ = shlex.split(step)
        for source in () if sources[0].startswith("--from") else sources:
            assert (REPOSITORY / source).exists(), source
            assert f"!{source}" in SENT, source


def test_nothing_else_is_sent_along() -> None:
    assert SENT[0] == "*"
    assert "**/__pycache__" in SENT


def test_it_is_nobody_who_runs_it() -> None:
    assert steps("USER") == ["nobody"]


def needed_to_run(folder: Path) -> str:
    """The requirements, as the Dockerfile makes them."""
    command = next(step for step in steps("RUN") if step.startswith("sed "))
    for name in ("requirements.txt", "constraints.txt"):
        (folder / name).write_bytes((REPOSITORY / name).read_bytes())
    subprocess.run(command, shell=True, cwd=folder, check=True)
    return (folder / "runs.txt").read_text("utf-8")


def closure(names: set[str]) -> set[str]:
    """Distributions with all that they need in turn."""
    found: set[str] = set()
    while names:
        name = names.pop()
        found.add(name)
        for line in distribution(name).requires or ():
            needed = Requirement(line)
            extras = ({"extra": "asyncio"}, {"extra": ""})
            if not needed.marker or any(map(needed.marker.evaluate, extras)):
                names |= {needed.name.lower().replace("_", "-")} - found
    return found


def imported() -> Iterator[str]:
    """The top of every name that the program imports and has not itself."""
    for path in (REPOSITORY / "giphynavigator").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield str(node.module).partition(".")[0]


def test_what_is_installed_is_all_that_is_imported(tmp_path: Path) -> None:
    lines = needed_to_run(tmp_path).splitlines()
    named = [line.partition("#")[0].strip() for line in lines]
    wanted = {Requirement(line).name.lower() for line in named if line}
    theirs = packages_distributions()
    foreign = set(imported()) - set(sys.stdlib_module_names) - {"giphynavigator"}

    installed = closure(set(wanted))
    for name in foreign:
        found = {found.lower().replace("_", "-") for found in theirs[name]}
        assert found & installed, f"nobody installs {name}"
    assert not installed & {"pytest", "aiohttp-devtools"}


def test_it_starts_a_command_that_there_is() -> None:
    (entry,), (command,) = steps("ENTRYPOINT"), steps("CMD")
    words = [*form(entry), *form(command)]

    assert words[:3] == [".venv/bin/python", "-m", "giphynavigator"]
    main.commands[words[3]].make_context(words[3], words[4:])


@pytest.mark.parametrize(("port", "status"), [("", 0), ("1", 1)])
def test_its_health_is_that_of_the_service(port: str, status: int) -> None:
    (check,) = steps("HEALTHCHECK")
    _, *arguments = form(check)
    with running("serve", "--port", "0") as (url, _):
        environ = {**os.environ, "PORT": port or url.rpartition(":")[2]}
        done = subprocess.run(
            [sys.executable, *arguments], env=environ, capture_output=True, check=False
        )

    assert done.returncode == status, done.stderr
