"""What people and programs do all day, at a pace."""

import asyncio
import json
import random
from collections import Counter
from contextlib import suppress
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

HANG_UP: Final = 0.1
"""The part of all clients who do not wait for their answer."""
FAULT: Final = 500
"""What nobody foresaw; but below /v1 it is Giphy's own."""
LISTENERS: Final = 20
MOST: Final = 64
"""Requests that wait for their answers at once: a machine may have other work."""
WORDS: Final = [f"word {number}" for number in range(300)]
WEIGHTS: Final = [1 / (rank + 1) for rank in range(300)]
"""By Zipf's law: the n-th word is asked 1/n as often as the first."""

Request = tuple[str, str, dict[str, str], str | None]


class Traffic:
    """Requests to the service at `url`, and what became of them."""

    def __init__(self, url: str, *, seed: int = 1) -> None:
        self._url = url
        self._chance = random.Random(seed)
        self._asked = 0
        self._poll = ""
        self._choices: list[int] = []
        self.statuses: Counter[int] = Counter()
        self.hung_up = 0
        self.failures: list[str] = []

    async def begin(self) -> None:
        """Make the poll that everybody votes in."""
        choices = [{"text": text} for text in "abc"]
        body = {"question": "Which?", "choices": choices}
        async with ClientSession(self._url) as session:
            made = await session.post("/polls", json=body)
            self._poll = made.headers["Location"]
            self._choices = [choice["id"] for choice in (await made.json())["choices"]]

    async def at_full_speed(self, seconds: float, clients: int = 32) -> float:
        """Ask as fast as answers come; give how many a second that is."""
        before = self._asked
        with suppress(TimeoutError):
            async with (
                asyncio.timeout(seconds),
                self._session() as session,
                asyncio.TaskGroup() as group,
            ):
                for _ in range(clients):
                    group.create_task(self._for_ever(session))
        return (self._asked - before) / seconds

    async def at(self, rate: float, seconds: float) -> None:
        """Ask so often a second, or as often as few enough wait, while some listen."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        async with self._session() as session, asyncio.TaskGroup() as group:
            for _ in range(LISTENERS):
                group.create_task(self._listen(session, seconds))
            places = asyncio.Semaphore(MOST)
            while (began := loop.time()) < end:
                await places.acquire()
                task = group.create_task(self._ask(session))
                task.add_done_callback(lambda _: places.release())
                await asyncio.sleep(began + 1 / rate - loop.time())

    def _session(self) -> ClientSession:
        connector = TCPConnector(limit=200)
        return ClientSession(
            self._url, connector=connector, timeout=ClientTimeout(total=20)
        )

    async def _for_ever(self, session: ClientSession) -> None:
        while True:
            await self._ask(session)

    async def _ask(self, session: ClientSession) -> None:
        self._asked += 1
        method, path, headers, body = self._any_request()
        patience = None
        if self._chance.random() < HANG_UP:
            patience = self._chance.random() / 50
        try:
            async with asyncio.timeout(patience):
                async with session.request(
                    method, path, headers=headers, data=body
                ) as answer:
                    await answer.read()
                    self.statuses[answer.status] += 1
                    if answer.status == FAULT and not path.startswith("/v1"):
                        self.failures.append(f"{path}: {answer.status}")
        except TimeoutError as error:
            if patience is None:
                self.failures.append(f"{path}: {error!r}")
            else:
                self.hung_up += 1
        except (ClientError, OSError) as error:
            self.failures.append(f"{path}: {error!r}")

    def _any_request(self) -> Request:
        words = self._chance.choices(WORDS, WEIGHTS, k=5)
        word, limit, number = words[0], self._chance.randint(1, 50), self._asked
        many = "&".join(f"query={word}" for word in words)
        vote = f"{self._poll}/vote?choice={self._chance.choice(self._choices)}"
        note = json.dumps({"title": f"note {number}"})
        kinds: list[tuple[int, Request]] = [
            (70, ("GET", f"/?query={word}&limit={limit}", {}, None)),
            (10, ("GET", f"/gifs?query={word}&limit={limit}&offset=7", {}, None)),
            (5, ("GET", f"/?query={word}", {"Accept": "text/html"}, None)),
            (5, ("GET", f"/?query=new {number}", {}, None)),
            (4, ("GET", "/notes?limit=10", {}, None)),
            (2, ("POST", "/notes", {}, note)),
            (2, ("POST", vote, {}, None)),
            (1, ("GET", f"/batch?{many}", {}, None)),
            (1, ("GET", f"/v1/gifs/search?q={word}&api_key=any", {}, None)),
        ]
        weights = [weight for weight, _ in kinds]
        return self._chance.choices([kind for _, kind in kinds], weights)[0]

    async def _listen(self, session: ClientSession, seconds: float) -> None:
        """Watch the poll, and begin anew now and then, as people do."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    await self._listen_once(session)

    async def _listen_once(self, session: ClientSession) -> None:
        try:
            async with session.ws_connect(f"{self._poll}/live") as live:
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._chance.uniform(5, 30)):
                        async for _ in live:
                            pass
        except (ClientError, OSError) as error:
            self.failures.append(f"live: {error!r}")
            await asyncio.sleep(1)
