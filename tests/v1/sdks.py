"""Giphy's official SDKs, run as their users run them: with a server and any key."""

import asyncio
import json
import subprocess
import warnings
from functools import cache
from pathlib import Path
from typing import Any

from tests.servers import find, lacking

__all__ = ("ApiException", "javascript", "python")

JS = Path(__file__).parent / "js"
INSTALL = (
    *("install", "--no-package-lock", "--no-audit", "--no-fund"),
    *("--ignore-scripts", "--loglevel=error"),
)

with warnings.catch_warnings():
    # It was generated in 2017; since then its backslashes became warnings.
    warnings.simplefilter("ignore")
    import giphy_client
    from giphy_client.rest import ApiException


@cache
def installed() -> str:
    """Have the JavaScript SDK beside its scripts, and return the path of node."""
    node, npm = find("node"), find("npm")
    wanted = (JS / "package.json").read_text(encoding="utf-8")
    there = JS / "node_modules" / "installed.json"
    if not there.exists() or there.read_text(encoding="utf-8") != wanted:
        done = subprocess.run([npm, *INSTALL], cwd=JS, capture_output=True, check=False)
        if done.returncode:
            lacking("@giphy/js-fetch-api")
        there.write_text(wanted, encoding="utf-8")
    return node


async def javascript(script: str, *arguments: object) -> Any:
    """Run one of the scripts, and return what it prints."""
    node = await asyncio.to_thread(installed)
    process = await asyncio.create_subprocess_exec(
        node, JS / script, *map(str, arguments), stdout=-1, stderr=-1
    )
    out, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    return json.loads(out)


def python(server: str) -> giphy_client.DefaultApi:
    """Return the Python SDK for this server."""
    return giphy_client.DefaultApi(giphy_client.ApiClient(host=f"{server}/v1"))
