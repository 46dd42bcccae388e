"""What people and programs do all day, at a pace."""

import asyncio
import json
import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

HANG_UP: Final = 0.1
"""The part of all clients who do not wait for their answer."""
DONE: Final = frozenset({200, 201})
"""What is answered to whatever Giphy has no part in, or none any more."""
ASKING: Final = DONE | {502, 503, 504}
"""What may be answered if Giphy has to be asked first; /openapi.json says so."""
LISTENERS: Final = 20
CLIENTS: Final = 32
"""Who ask as fast as answers come."""
MOST: Final = 64
"""Requests that wait for their answers at once: a machine may have other work."""
WORDS: Final = [f"word {number}" for number in range(300)]
WEIGHTS: Final = [1 / (rank + 1) for rank in range(300)]
"""By Zipf's law: the n-th word is asked 1/n as often as the first."""

PAGE: Final = 50
"""GIFs that one call to Giphy brings."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request, and the statuses that it may be answered with: None is any.

    If there is a `word`, an answer shows that its first page is kept.
    """

    method: str = "GET"
    path: str
    accept: str = "*/*"
    body: str | None = None
    word: str = ""
    may: frozenset[int] | None = DONE


class Traffic:
    """Requests to the service at `url`, and what became of them."""

    def __init__(self, url: str, *, seed: int = 1) -> None:
        self._url = url
        self._chance = random.Random(seed)
        self._asked = 0
        self._poll = ""
        self._choices: list[int] = []
        self._warm: set[str] = set()
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

    async def fill(self, pages: int) -> None:
        """Search for so many words that nobody else asks for."""
        numbers = iter(range(pages))

        async def hand(session: ClientSession) -> None:
            for number in numbers:
                await self._send(session, self.search("", f"/?query=once {number}"))

        async with self._session() as session, asyncio.TaskGroup() as group:
            for _ in range(CLIENTS):
                group.create_task(hand(session))

    async def at_full_speed(self, seconds: float) -> float:
        """Ask as fast as answers come; give how many a second that is."""
        before = self._asked
        with suppress(TimeoutError):
            async with (
                asyncio.timeout(seconds),
                self._session() as session,
                asyncio.TaskGroup() as group,
            ):
                for _ in range(CLIENTS):
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
        hangs_up = self._chance.random() < HANG_UP
        patience = self._chance.random() / 50 if hangs_up else None
        await self._send(session, self._any_request(), patience)

    async def _send(
        self, session: ClientSession, request: Request, patience: float | None = None
    ) -> None:
        """Ask, and note what comes of it, within `patience` seconds if there is any."""
        try:
            async with asyncio.timeout(patience):
                async with session.request(
                    request.method,
                    request.path,
                    headers={"Accept": request.accept},
                    data=request.body,
                ) as answer:
                    await answer.read()
                    self.note(request, answer.status)
        except TimeoutError as error:
            if patience is None:
                self.failures.append(f"{request.path}: {error!r}")
            else:
                self.hung_up += 1
        except (ClientError, OSError) as error:
            self.failures.append(f"{request.path}: {error!r}")

    def note(self, request: Request, status: int) -> None:
        """Count an answer, and remember what must be answered from now on."""
        self.statuses[status] += 1
        if request.may is not None and status not in request.may:
            self.failures.append(f"{request.path}: {status}")
        elif request.word and status in DONE:
            self._warm.add(request.word)

    def search(
        self, word: str, path: str, *, last: int = PAGE, accept: str = "*/*"
    ) -> Request:
        """A search for GIFs up to the `last`: once they are kept, it is answered."""
        word = word if last <= PAGE else ""
        may = DONE if word in self._warm else ASKING
        return Request(path=path, accept=accept, word=word, may=may)

    def _any_request(self) -> Request:
        words = self._chance.choices(WORDS, WEIGHTS, k=5)
        word, limit, number = words[0], self._chance.randint(1, 50), self._asked
        many = "&".join(f"query={word}" for word in words)
        first, later = f"/?query={word}", f"/gifs?query={word}&limit={limit}&offset=7"
        vote = f"{self._poll}/vote?choice={self._chance.choice(self._choices)}"
        note = json.dumps({"title": f"note {number}"})
        kinds: list[tuple[int, Request]] = [
            (70, self.search(word, f"{first}&limit={limit}")),
            (10, self.search(word, later, last=limit + 7)),
            (5, self.search(word, first, accept="text/html")),
            (5, self.search("", f"/?query=new {number}")),
            (4, Request(path="/notes?limit=10")),
            (2, Request(method="POST", path="/notes", body=note)),
            (2, Request(method="POST", path=vote)),
            (1, Request(path=f"/batch?{many}")),
            (1, Request(path=f"/v1/gifs/search?q={word}&api_key=any", may=None)),
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
