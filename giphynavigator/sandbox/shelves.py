"""The gifs that answer a question: which, how many and in what order."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from .gifs import RATINGS, rating_of
from .ids import NUMBERS, GifId, Kind, id_word
from .stable import stable_number

CEILING = 500  # Giphy has not said a larger total_count since about 2024
MOST_LENIENT = len(RATINGS) - 1
TRENDING_TERMS = (
    "good morning", "happy birthday", "thank you", "dancing", "cat", "dog", "applause",
    "coffee", "friday", "love", "sorry", "excited", "pizza", "high five", "thinking",
    "goal", "hello", "wow", "shrug", "hug",
)  # fmt: skip
EMOJI_WORDS = (
    "smile",
    "heart",
    "fire",
    "party",
    "thumbsup",
    "tears",
    "star",
    "ghost",
    "rocket",
)

# Has no factor in common with NUMBERS, so that no two places share a number.
_STRIDE = 566_128_037


@dataclass(frozen=True, slots=True)
class Shelf:
    """Gifs in a row; the same row whenever the same question is asked."""

    kind: Kind
    topic: str
    words: tuple[str, ...]
    total: int

    def ids(self, limit: int, offset: int, ceiling: int = MOST_LENIENT) -> list[str]:
        """Return the ids of one page of what is rated no higher than the ceiling."""
        return [
            self._id(place) for place in self._places(ceiling)[offset : offset + limit]
        ]

    def count(self, ceiling: int = MOST_LENIENT) -> int:
        """Return how many gifs are rated no higher than the ceiling."""
        return len(self._places(ceiling))

    def _places(self, ceiling: int) -> Sequence[int]:
        if ceiling >= MOST_LENIENT:
            return range(self.total)
        return _places_below(self._base, self.total, ceiling)

    def _id(self, place: int) -> str:
        word = self.words[place % len(self.words)]
        return str(GifId(self.kind, word, _number(self._base, place)))

    @property
    def _base(self) -> int:
        return stable_number("shelf", self.kind, self.topic)


def found(kind: Kind, query: str) -> Shelf:
    """Return what a search finds; how the query is cased and spaced does not matter."""
    topic = " ".join(query.casefold().split())
    return Shelf(kind, topic, (id_word(topic),), _total(kind, topic))


def trending(kind: Kind) -> Shelf:
    """Return what everybody looks at."""
    return Shelf(kind, "\x1ftrending", tuple(map(id_word, TRENDING_TERMS)), CEILING)


def emoji() -> Shelf:
    """Return the emoji, each in its first variation."""
    return Shelf(Kind.EMOJI, "\x1femoji", EMOJI_WORDS, 180)


def _total(kind: Kind, topic: str) -> int:
    if "nothing" in topic.split():
        return 0
    scarce, number = divmod(stable_number("total", kind, topic), 4)
    return CEILING if number else 30 + scarce % 470


def _number(base: int, place: int) -> int:
    return (base + place * _STRIDE) % NUMBERS


@lru_cache(maxsize=1024)
def _places_below(base: int, total: int, ceiling: int) -> tuple[int, ...]:
    return tuple(
        place for place in range(total) if rating_of(_number(base, place)) <= ceiling
    )
