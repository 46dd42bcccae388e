"""What browsers are told that a page may do: load from here and show GIFs, no more."""

from collections.abc import Iterable
from typing import Final

from giphynavigator.media_origins import MediaOrigin, is_loopback, read_origin

PAGE_HEADERS: Final = {
    "Vary": "Accept, Accept-Encoding",
    "Cache-Control": "private, no-cache",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Giphy's media hosts learn nothing; forms still say where they come from.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), "
        "usb=(), browsing-topics=()"
    ),
}
"""The headers of every page but its Content-Security-Policy."""


def content_policy(nonce: str, media: str) -> str:
    """Give the Content-Security-Policy of one page.

    `nonce` is new for each page; a `<style nonce>` may carry it, and nothing else
    that stands in the page itself is obeyed. `media` is where GIFs come from.
    """
    return (
        "default-src 'none'; script-src 'self'; connect-src 'self'; "
        f"style-src 'self' 'nonce-{nonce}'; img-src 'self' {media}; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )


def media_sources(origins: Iterable[str]) -> str:
    """Give the settings' `media.origins` as sources of a Content-Security-Policy.

    There a star stands for whole labels at the front only, so `media*.giphy.com`
    becomes `https://*.giphy.com`. Hosts on the loopback may be asked by http too.
    """
    sources = (source for entry in origins for source in _sources(read_origin(entry)))
    return " ".join(dict.fromkeys(sources))


def _sources(origin: MediaOrigin) -> list[str]:
    _, star, after = origin.host.rpartition("*")
    host = f"*.{after.partition('.')[2]}" if star else origin.host
    if origin.port:
        host = f"{host}:{origin.port}"
    schemes = ["https", "http"] if is_loopback(origin.host) else ["https"]
    return [f"{scheme}://{host}" for scheme in schemes]
