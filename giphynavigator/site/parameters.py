"""What the search page understands; whatever else an address holds is ignored."""

from collections.abc import Mapping
from typing import Final

from msgspec.structs import fields

from giphynavigator.parameters import GifParameters, read

NAMES: Final = frozenset(field.name for field in fields(GifParameters))


def read_asked(given: Mapping[str, str]) -> GifParameters:
    """Give what was asked, or raise InvalidParameter.

    What a form sends empty was not given.
    """
    known = {name: text for name, text in given.items() if name in NAMES}
    return read(GifParameters, {name: text for name, text in known.items() if text})
