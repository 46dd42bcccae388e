"""What is searched for: made-up words, asked as people ask, some more than others."""

import itertools
import random
from collections.abc import Iterator
from urllib.parse import quote, urlencode

from msgspec import Struct

from benchmarks.measure import ask
from giphynavigator.pages import PAGE


def fresh_words(topic: str) -> Iterator[str]:
    """Give searches that nobody made before, without end."""
    return (f"{topic} {number:06}" for number in itertools.count())


def path(query: str, limit: int = 10) -> str:
    """Give what a search is asked by."""
    return f"/?query={quote(query)}&limit={limit}"


def ranks(number: int, of: int, *, seed: int) -> list[int]:
    """Draw so many ranks by Zipf's law: the n-th is drawn 1/n as often as the first."""
    weights = list(itertools.accumulate(1 / rank for rank in range(1, of + 1)))
    return random.Random(seed).choices(range(of), cum_weights=weights, k=number)


class Visit(Struct, frozen=True):
    """A request, and the pages of Giphy's that it is a slice of."""

    path: str
    pages: tuple[tuple[str, int], ...]


class People:
    """Ask for slices of all sizes, and write the words as they come to mind."""

    DEEPEST = 2 * PAGE

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def visit(self, query: str) -> Visit:
        """Ask for the query in one of the many ways there are."""
        limit = self._random.randint(1, PAGE)
        asked: dict[str, object] = {"query": self._spelt(query), "limit": limit}
        offset, route = 0, "/"
        if self._random.random() < 1 / 2:
            offset, route = self._random.randint(0, self.DEEPEST), "/gifs"
            asked["offset"] = offset
        items = list(asked.items())
        self._random.shuffle(items)
        touched = range(offset // PAGE, (offset + limit - 1) // PAGE + 1)
        pages = tuple((query, number) for number in touched)
        return Visit(f"{route}?{urlencode(items)}", pages)

    def _spelt(self, query: str) -> str:
        change = self._random.choice((str.lower, str.upper, str.title, str.swapcase))
        gap = " " * self._random.randint(1, 3)
        return gap.join(("", *change(query).split(), ""))


def rich_topics(number: int, topic: str, api_url: str) -> list[str]:
    """Give searches that find enough for every slice that people ask for."""
    enough = People.DEEPEST + PAGE
    rich = (word for word in fresh_words(topic) if total(word, api_url) >= enough)
    return list(itertools.islice(rich, number))


def total(word: str, api_url: str) -> int:
    """Ask the sandbox how many GIFs there are for the word."""
    asked = urlencode({"api_key": "any", "q": word, "rating": "g", "limit": 1})
    found = ask(f"{api_url}/gifs/search?{asked}")
    return int(found["pagination"]["total_count"])
