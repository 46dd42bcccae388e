"""What the sign-in form sends; no complaint quotes it, for it holds a token."""

from typing import Final
from urllib.parse import parse_qsl

import msgspec

MOST_FIELDS: Final = 10
MOST_BYTES: Final = 8192


def read_fields(body: bytes) -> dict[str, str]:
    """Give the fields of a form or of a JSON object; none of what is neither.

    What is far too long for a token and a path is not looked at.
    """
    if len(body) > MOST_BYTES:
        return {}
    try:
        return msgspec.json.decode(body, type=dict[str, str])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        text = body.decode(errors="replace")
    try:
        return dict(parse_qsl(text, max_num_fields=MOST_FIELDS))
    except ValueError:
        return {}
