"""The gif object of Giphy's answers, whole or just the `fields` asked for."""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeAlias
from urllib.parse import quote

from .ids import Kind
from .made_up_gifs import RATING_NAMES, MadeUpGif
from .renditions import BUNDLES, RENDITION_FILES, has_rendition, rendition

_PINGBACK = (
    "https://giphy-analytics.giphy.com/v2/pingback_simple?analytics_response_payload="
)

Wanted: TypeAlias = Mapping[str, "Wanted"]
"""What is wanted of an object, by name; nothing named means all of it."""


@dataclass(frozen=True)
class GifView:
    """What every gif of one answer has in common."""

    origin: str
    endpoint: str
    cid: str
    wanted: Wanted
    bundle: str

    def show(self, gif: MadeUpGif) -> dict[str, Any]:
        """Return the gif object, or the part of it that was asked for."""
        return {
            name: pruned(value(self, gif), self.wanted.get(name, {}))
            for name, value in _FIELDS.items()
            if (not self.wanted or name in self.wanted) and _has(gif, name)
        }

    def images(self, gif: MadeUpGif) -> dict[str, dict[str, str]]:
        """Return the renditions that the bundle and the fields leave."""
        folder = f"{self.origin}/media/{self._tracking}/{gif.id}/"
        return {
            name: rendition(gif, name, folder)
            for name in self._renditions
            if has_rendition(gif, name)
        }

    def payload(self, gif: MadeUpGif) -> str:
        """Return what a client reports back when somebody has seen the gif."""
        return "e=" + _base64(
            f"event_type=GIF_SEARCH&cid={self.cid}&gif_id={gif.id}&ct=g"
        )

    def analytics(self, gif: MadeUpGif) -> dict[str, dict[str, str]]:
        """Return the addresses of the reports."""
        start = f"{_PINGBACK}{quote(self.payload(gif))}&action_type="
        return {
            "onload": {"url": f"{start}SEEN"},
            "onclick": {"url": f"{start}CLICK"},
            "onsent": {"url": f"{start}SENT"},
        }

    @cached_property
    def _renditions(self) -> list[str]:
        bundle = BUNDLES.get(self.bundle, RENDITION_FILES.keys())
        wanted = self.wanted.get("images") or RENDITION_FILES.keys()
        return [name for name in RENDITION_FILES if name in bundle and name in wanted]

    @cached_property
    def _tracking(self) -> str:
        return "v1." + _base64(f"cid={self.cid}&ep={self.endpoint}&ct=g")


def read_fields(text: str) -> Wanted:
    """Return the comma list as a tree; a name alone outranks what is below it."""
    tree: dict[str, Any] = {}
    for path in sorted(
        filter(None, text.replace(" ", "").split(",")), key=len, reverse=True
    ):
        branch = tree
        for name in path.split("."):
            branch = branch.setdefault(name, {})
        branch.clear()
    return tree


def pruned(value: Any, wanted: Wanted) -> Any:
    """Return the wanted part of a value."""
    if not wanted or not isinstance(value, dict):
        return value
    return {
        name: pruned(value[name], below)
        for name, below in wanted.items()
        if name in value
    }


def _base64(text: str) -> str:
    return urlsafe_b64encode(text.encode("utf-8", "replace")).decode().rstrip("=")


def _has(gif: MadeUpGif, name: str) -> bool:
    return name != "user" or gif.artist is not None


def _user(_: GifView, gif: MadeUpGif) -> dict[str, Any]:
    if gif.artist is None:
        return {}
    name = gif.artist.username
    return {
        "avatar_url": f"https://media.giphy.com/avatars/{name}/avatar.gif",
        "banner_image": "",
        "banner_url": "",
        "profile_url": f"https://giphy.com/channel/{name}/",
        "username": name,
        "display_name": gif.artist.display_name,
        "description": f"Loops by {gif.artist.display_name}.\r\nMade with care.",
        "instagram_url": f"https://instagram.com/{name}",
        "website_url": f"https://{name}.example",
        "is_verified": gif.artist.is_verified,
    }


def _source(_: GifView, gif: MadeUpGif) -> str:
    return f"https://loops.example/{gif.slug}" if gif.traits[11] % 2 else ""


def _imported(_: GifView, gif: MadeUpGif) -> str:
    year, month, day, hour, minute = gif.traits[12:17]
    date = f"{2014 + year % 11}-{1 + month % 12:02}-{1 + day % 28:02}"
    return f"{date} {hour % 24:02}:{minute % 60:02}:{gif.number % 60:02}"


_FIELDS: Final[Mapping[str, Callable[[GifView, MadeUpGif], Any]]] = {
    "type": lambda _, gif: gif.kind.value,
    "id": lambda _, gif: gif.id,
    "url": lambda _, gif: gif.page,
    "slug": lambda _, gif: gif.slug,
    "bitly_gif_url": lambda _, gif: f"https://gph.is/g/{gif.id[-8:]}",
    "bitly_url": lambda _, gif: f"https://gph.is/g/{gif.id[-8:]}",
    "embed_url": lambda _, gif: f"https://giphy.com/embed/{gif.id}",
    "username": lambda _, gif: gif.artist.username if gif.artist else "",
    "source": _source,
    "title": lambda _, gif: gif.title,
    "rating": lambda _, gif: RATING_NAMES[gif.rating],
    "content_url": lambda *_: "",
    "source_tld": lambda view, gif: "loops.example" if _source(view, gif) else "",
    "source_post_url": _source,
    "is_sticker": lambda _, gif: int(gif.kind is not Kind.GIF),
    "import_datetime": _imported,
    "trending_datetime": lambda *_: "0000-00-00 00:00:00",
    "images": GifView.images,
    "user": _user,
    "analytics_response_payload": GifView.payload,
    "analytics": GifView.analytics,
    "alt_text": lambda _, gif: gif.alt_text,
    "is_low_contrast": lambda _, gif: gif.traits[17] % 50 == 0,
}
