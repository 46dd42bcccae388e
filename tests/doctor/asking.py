"""What doctor is asked by tests, and what it says."""

import asyncio
from pathlib import Path

from click.testing import CliRunner, Result

from giphynavigator.commands.main import main
from tests.conftest import CANARY


def run(config: Path, *options: str, **environ: str) -> Result:
    words = ["doctor", "--config", str(config), *options]
    return CliRunner().invoke(main, words, env=environ)


async def doctor(config: Path, *options: str, **environ: str) -> Result:
    """What doctor says, where the loop has servers to look after."""
    return await asyncio.to_thread(run, config, *options, **environ)


def line_of(result: Result, subject: str) -> str:
    (line,) = (it for it in result.stdout.splitlines() if it[5:].startswith(subject))
    return line


def at(port: int, password: str = CANARY) -> str:
    return f"redis://:{password}@127.0.0.1:{port}/0"
