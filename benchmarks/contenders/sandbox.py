"""The upstream that all contenders ask, in a process of its own."""

import asyncio

import uvloop

from giphynavigator.sandbox.application import running_sandbox


async def main() -> None:
    """Serve the stand-in Giphy on a free port until the process is killed."""
    async with running_sandbox() as sandbox:
        print(sandbox.api_url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())
