"""Names for files: from a GIF's id and title, good on every file system."""

import re
import unicodedata
from collections.abc import Mapping
from hashlib import blake2b
from typing import Final

LONGEST: Final = 80
"""Characters of a name: some file systems allow 143 bytes, and a part needs more."""

RESERVED: Final = re.compile(r"con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE)
"""Names that are devices to Windows, whatever stands behind a dot after them."""


def stem(gif_id: str, title: str = "") -> str:
    """Give a name without its ending: letters, digits, hyphens and underscores."""
    # The case of an id tells it from another; that of a title says nothing.
    name = f"{plain(gif_id)}-{plain(title).lower()}"[:LONGEST].strip("-") or "gif"
    return f"{name}_" if RESERVED.fullmatch(name) else name


def plain(text: str) -> str:
    """Give the words of a text in ASCII, with hyphens between them."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_]+", "-", letters).strip("-")


def mark(text: str) -> str:
    """Give a few characters that are others for every other text."""
    return blake2b(text.encode(), digest_size=4).hexdigest()


class Names:
    """Who has which name: a name that one GIF has is no other's, however written.

    Where case makes no difference, ids that differ in nothing else would otherwise
    share a file.
    """

    def __init__(self, taken: Mapping[str, str]) -> None:
        """Take the names that are given already, each with its GIF's id."""
        self._owners = {name.casefold(): owner for name, owner in taken.items()}

    def give(self, gif_id: str, stem: str, ending: str) -> str:
        """Give the GIF's own name, without the ending: for the same GIF the same."""
        owner = self._owners.setdefault(f"{stem}{ending}".casefold(), gif_id)
        if owner == gif_id:
            return stem
        return self.give(gif_id, f"{stem}-{mark(gif_id)}", ending)
