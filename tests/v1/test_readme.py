"""The examples for Giphy's SDKs do what the README says."""

import asyncio
import re
import sys

import pytest
from aiohttp.test_utils import TestClient

from tests.test_docs import README
from tests.v1.sdks import JS, installed

HERE = "http://127.0.0.1:8080"


def example(language: str) -> str:
    (code,) = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert HERE in code
    return code


@pytest.mark.parametrize("language", ["js", "python"])
async def test_the_examples_for_sdks_print_what_the_readme_says(
    client: TestClient, language: str
) -> None:
    (shown,) = re.findall(r"Both print (\S+)", README)
    code = example(language).replace(HERE, str(client.make_url("")).rstrip("/"))
    command = (
        (await asyncio.to_thread(installed), "--input-type=module", "-e", code)
        if language == "js"
        else (sys.executable, "-W", "ignore", "-c", code)
    )

    process = await asyncio.create_subprocess_exec(*command, cwd=JS, stdout=-1)
    printed, _ = await process.communicate()

    assert printed.decode().strip() == shown
