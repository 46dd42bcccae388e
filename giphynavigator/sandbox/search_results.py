"""The gifs that answer a search: which, how many and in what order."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from .ids import NUMBERS, IdParts, Kind, id_word, stable_number
from .made_up_gifs import RATING_NAMES, find_gif, rating_of

MOST_FOUND = 500  # Giphy has not said a larger total_count since about 2024
MOST_LENIENT = len(RATING_NAMES) - 1
TRENDING_TERMS = (
    "good morning", "happy birthday", "thank you", "dancing", "cat", "dog", "applause",
    "coffee", "friday", "love", "sorry", "excited", "pizza", "high five", "thinking",
    "goal", "hello", "wow", "shrug", "hug",
)  # fmt: skip
_TRENDING_WORDS = tuple(map(id_word, TRENDING_TERMS))
_EMOJI_WORDS = (
    "smile", "heart", "fire", "party", "thumbsup", "tears", "star", "ghost", "rocket",
)  # fmt: skip
_STICKER_WORDS = frozenset({"sticker", "stickers", "transparent"})
_LOOKED_AT_FOR_A_CHANNEL = 1000  # one gif in 13 is of any one channel

# Has no factor in common with NUMBERS, so that no two places share a number.
_STRIDE = 566_128_037


@dataclass(frozen=True)
class SearchResults:
    """Gifs in a row; the same row whenever the same is searched for."""

    kind: Kind
    topic: str
    words: tuple[str, ...]
    total: int
    channel: str = ""

    def ids(self, limit: int, offset: int, ceiling: int = MOST_LENIENT) -> list[str]:
        """Return the ids of one page of what is rated no higher than the ceiling."""
        places = _places(self, ceiling)[offset : offset + limit]
        return [self.id_at(place) for place in places]

    def count(self, ceiling: int = MOST_LENIENT) -> int:
        """Return how many gifs are rated no higher than the ceiling."""
        return len(_places(self, ceiling))

    def id_at(self, place: int) -> str:
        """Return the id of one gif, whatever its rating and its channel."""
        word = self.words[place % len(self.words)]
        return str(IdParts(self.kind, word, self.number_at(place)))

    def number_at(self, place: int) -> int:
        """Return the number of that gif."""
        return (self._start + place * _STRIDE) % NUMBERS

    @cached_property
    def _start(self) -> int:
        return stable_number("shelf", self.kind, self.topic)


def searched(kind: Kind, query: str) -> SearchResults:
    """Return what `q` finds: `@username` means a channel, "sticker" means stickers."""
    words = query.casefold().split()
    if kind is Kind.GIF and not _STICKER_WORDS.isdisjoint(words):
        kind = Kind.STICKER
    channel = next((word[1:] for word in words if word.startswith("@")), "")
    if not channel or "nothing" in words:
        return found(kind, query)
    said = id_word(" ".join(word for word in words if not word.startswith("@")))
    return SearchResults(
        kind,
        topic=" ".join(words),
        words=(said,) if said else _TRENDING_WORDS,
        total=_LOOKED_AT_FOR_A_CHANNEL,
        channel=channel,
    )


def found(kind: Kind, query: str) -> SearchResults:
    """Return what these words find; how they are cased and spaced does not matter."""
    topic = " ".join(query.casefold().split())
    return SearchResults(kind, topic, (id_word(topic),), _total(kind, topic))


def trending(kind: Kind) -> SearchResults:
    """Return what everybody looks at."""
    return SearchResults(kind, "\x1ftrending", _TRENDING_WORDS, MOST_FOUND)


def emoji() -> SearchResults:
    """Return the emoji, each in its first variation."""
    return SearchResults(Kind.EMOJI, "\x1femoji", _EMOJI_WORDS, 180)


def _total(kind: Kind, topic: str) -> int:
    if "nothing" in topic.split():
        return 0
    scarce, number = divmod(stable_number("total", kind, topic), 4)
    return MOST_FOUND if number else 30 + scarce % 470


@lru_cache(maxsize=1024)
def _places(results: SearchResults, ceiling: int) -> Sequence[int]:
    places: Sequence[int] = range(results.total)
    if ceiling < MOST_LENIENT:
        places = [n for n in places if rating_of(results.number_at(n)) <= ceiling]
    if results.channel:
        places = [n for n in places if _is_of_channel(results, n)]
    return places


def _is_of_channel(results: SearchResults, place: int) -> bool:
    gif = find_gif(results.id_at(place))
    artist = gif.artist if gif else None
    return artist is not None and artist.username == results.channel
