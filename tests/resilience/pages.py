"""Pages and questions for tests, and someone who answers as told."""

import asyncio

from giphynavigator.pages import Page, Question, packed
from giphynavigator.recorder import Recorder

CATS = Question("search", "cats", rating="g", lang="en")


def page_of(*ids: str) -> Page:
    """A page of GIFs with these ids."""
    gifs = [{"id": gif_id, "url": f"https://giphy.com/gifs/{gif_id}"} for gif_id in ids]
    return Page(packed(gifs), len(gifs), len(gifs))


def about(number: int) -> Question:
    """One of any number of different questions."""
    return Question("search", f"question {number}", rating="g", lang="en")


class Oracle:
    """Stands where `Asking` would: counts, and answers when it is told to.

    While `gate` is closed nobody is answered; `error` is raised by every call.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []
        self.within: list[float | None] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.error: Exception | None = None

    @property
    def calls(self) -> int:
        return len(self.asked)

    async def page(
        self, question: Question, *, urgent: bool, within: float | None = None
    ) -> Page:
        self.asked.append((question.text, urgent))
        self.within.append(within)
        number = self.calls
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return page_of(f"{question.text}-{number}")


class Outcomes(Recorder):
    """Writes down how the page store answered."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def kept(self, outcome: str) -> None:
        self.taken.append(outcome)
