"""How an answer shows gifs: from where, tracked how, and how much of each."""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote

from .fields import Wanted, pruned
from .gifs import RATINGS, Gif
from .ids import Kind
from .renditions import BUNDLES, RENDITIONS, has_rendition, rendition

_PINGBACK = (
    "https://giphy-analytics.giphy.com/v2/pingback_simple?analytics_response_payload="
)


@dataclass(frozen=True)
class View:
    """What every gif of one answer has in common."""

    origin: str
    endpoint: str
    cid: str
    wanted: Wanted
    bundle: str

    def show(self, gif: Gif) -> dict[str, Any]:
        """Return the gif object, or the part of it that was asked for."""
        return {
            name: pruned(value(self, gif), self.wanted.get(name, {}))
            for name, value in _FIELDS.items()
            if (not self.wanted or name in self.wanted) and _has(gif, name)
        }

    def images(self, gif: Gif) -> dict[str, dict[str, str]]:
        """Return the renditions that the bundle and the fields leave."""
        folder = f"{self.origin}/media/{self._tracking}/{gif.id}/"
        return {
            name: rendition(gif, name, folder)
            for name in self._renditions
            if has_rendition(gif, name)
        }

    def payload(self, gif: Gif) -> str:
        """Return what a client reports back when somebody has seen the gif."""
        return "e=" + _base64(
            f"event_type=GIF_SEARCH&cid={self.cid}&gif_id={gif.id}&ct=g"
        )

    def analytics(self, gif: Gif) -> dict[str, dict[str, str]]:
        """Return the addresses of the reports."""
        start = f"{_PINGBACK}{quote(self.payload(gif))}&action_type="
        return {
            "onload": {"url": f"{start}SEEN"},
            "onclick": {"url": f"{start}CLICK"},
            "onsent": {"url": f"{start}SENT"},
        }

    @cached_property
    def _renditions(self) -> list[str]:
        bundle = BUNDLES.get(self.bundle, RENDITIONS.keys())
        wanted = self.wanted.get("images") or RENDITIONS.keys()
        return [name for name in RENDITIONS if name in bundle and name in wanted]

    @cached_property
    def _tracking(self) -> str:
        return "v1." + _base64(f"cid={self.cid}&ep={self.endpoint}&ct=g")


def _base64(text: str) -> str:
    return urlsafe_b64encode(text.encode("utf-8", "replace")).decode().rstrip("=")


def _has(gif: Gif, name: str) -> bool:
    return name != "user" or gif.artist is not None


def _user(_: View, gif: Gif) -> dict[str, Any]:
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


def _source(_: View, gif: Gif) -> str:
    return f"https://loops.example/{gif.slug}" if gif.traits[11] % 2 else ""


def _imported(_: View, gif: Gif) -> str:
    year, month, day, hour, minute = gif.traits[12:17]
    date = f"{2014 + year % 11}-{1 + month % 12:02}-{1 + day % 28:02}"
    return f"{date} {hour % 24:02}:{minute % 60:02}:{gif.number % 60:02}"


_FIELDS: Final[Mapping[str, Callable[[View, Gif], Any]]] = {
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
    "rating": lambda _, gif: RATINGS[gif.rating],
    "content_url": lambda *_: "",
    "source_tld": lambda view, gif: "loops.example" if _source(view, gif) else "",
    "source_post_url": _source,
    "is_sticker": lambda _, gif: int(gif.kind is not Kind.GIF),
    "import_datetime": _imported,
    "trending_datetime": lambda *_: "0000-00-00 00:00:00",
    "images": View.images,
    "user": _user,
    "analytics_response_payload": View.payload,
    "analytics": View.analytics,
    "alt_text": lambda _, gif: gif.alt_text,
    "is_low_contrast": lambda _, gif: gif.traits[17] % 50 == 0,
}
