"""What there is to know of a gif, all of it rebuilt from the id."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from .ids import Kind, read_id, stable_bytes

RATING_NAMES: Final = ("g", "pg", "pg-13", "r")

_LADDER = (0,) * 13 + (1,) * 4 + (2,) * 2 + (3,)
_ACTS = (
    "dancing", "laughing", "waving", "jumping", "sleeping", "running", "falling",
    "clapping", "cooking", "singing", "spinning", "cheering", "thinking", "hugging",
    "nodding", "celebrating",
)  # fmt: skip
_MOODS = (
    "happy", "funny", "excited", "tired", "surprised", "proud", "shy", "good morning",
)  # fmt: skip
_SCREENS = (
    (480, 270), (480, 360), (480, 480), (400, 300),
    (320, 240), (270, 480), (200, 200), (498, 280),
)  # fmt: skip
_RARELY_MISSING = (
    "fixed_width_still",
    "preview_gif",
    "fixed_width_small_still",
    "downsized_still",
)
_ONE_IN_FORTY = 6  # of the 256 values of a byte


class Artist(NamedTuple):
    """Somebody with a channel on Giphy."""

    username: str
    display_name: str
    is_verified: bool


ARTISTS: Final = (
    Artist("pixelpantry", "Pixel Pantry", is_verified=True),
    Artist("lunaloops", "Luna Loops", is_verified=False),
    Artist("ateliermouvement", "Atelier Mouvement é", is_verified=True),
    Artist("studiowobble", "Studio Wobble", is_verified=False),
    Artist("paperkite", "Paper Kite", is_verified=True),
)


@dataclass(frozen=True, slots=True)
class MadeUpGif:
    """One gif; everything else about it follows from these facts."""

    id: str
    kind: Kind
    word: str
    number: int
    rating: int
    act: str
    mood: str
    width: int
    height: int
    frames: int
    artist: Artist | None
    traits: bytes

    @property
    def lacks(self) -> str | None:
        """The rendition that Giphy failed to make, if there is one."""
        return (
            _RARELY_MISSING[self.traits[6] % 4]
            if self.traits[7] < _ONE_IN_FORTY
            else None
        )

    @property
    def alt_text(self) -> str:
        """What there is to see, at times nothing."""
        if self.traits[9] < _ONE_IN_FORTY:
            return ""
        return " ".join(f"A {self.mood} drawing of {self.word} {self.act}.".split())

    @property
    def slug(self) -> str:
        """The readable last part of the gif's page."""
        words = f"{self.word} {self.act} {self.mood}".split()
        return "-".join((*words, self.id))

    @property
    def page(self) -> str:
        """The address of the gif's page."""
        folder = "gifs" if self.kind is Kind.GIF else "stickers"
        return f"https://giphy.com/{folder}/{self.slug}"

    @property
    def title(self) -> str:
        """What the page is headed with, at times nothing."""
        if self.traits[8] < _ONE_IN_FORTY:
            return ""
        noun = "GIF" if self.kind is Kind.GIF else "Sticker"
        title = " ".join(f"{self.word} {self.act}".title().split())
        return f"{title} {noun}" + (
            f" by {self.artist.display_name}" if self.artist else ""
        )


def rating_of(number: int) -> int:
    """Return the place in RATING_NAMES of the gif that has this number."""
    return _LADDER[(number * 2_654_435_761 >> 13) % len(_LADDER)]


@lru_cache(maxsize=8192)
def find_gif(gif_id: str) -> MadeUpGif | None:
    """Return the gif, or None when there is none of that id."""
    known = read_id(gif_id)
    if known is None:
        return None
    traits = stable_bytes("gif", gif_id, size=32)
    width, height = _SCREENS[traits[0] % len(_SCREENS)]
    return MadeUpGif(
        gif_id,
        *known,
        rating=rating_of(known.number),
        act=_ACTS[traits[1] % len(_ACTS)],
        mood=_MOODS[traits[2] % len(_MOODS)],
        width=width,
        height=height,
        frames=8 + traits[3] % 5,
        artist=ARTISTS[traits[4] % 5] if traits[5] < 0.4 * 256 else None,
        traits=traits,
    )
