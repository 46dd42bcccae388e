"""Shapes that settings, parameters and bodies have in common."""

import re
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta

BLANK: Final = r"\s\x00-\x1f\x7f-\x9f\ufeff"
"""Characters that nobody sees, for patterns.

By itself \\s is not the same in Python as in JSON Schema.
"""

Title: TypeAlias = Annotated[
    str,
    Meta(
        max_length=200,
        pattern=f"[^{BLANK}]",
        description="1 to 200 characters, not all of them blank",
    ),
]

Rating: TypeAlias = Literal["g", "pg", "pg-13", "r"]
# fmt: off
Lang: TypeAlias = Literal[
    "en", "es", "pt", "id", "fr", "ar", "tr", "th", "vi", "de", "it", "ja",
    "zh-CN", "zh-TW", "ru", "ko", "pl", "nl", "ro", "hu", "sv", "cs", "hi",
    "bn", "da", "fa", "tl", "fi", "he", "ms", "no", "uk",
]
# fmt: on


def located(error: msgspec.ValidationError) -> tuple[str, str]:
    """Give the field that a value is wrong at, with dots, and msgspec's complaint."""
    problem, _, at = str(error).partition(" - at `$")
    field = at.strip("`").removeprefix(".")
    if name := re.search("unknown field `(.*)`", problem):
        field, problem = f"{field}.{name[1]}".strip("."), "unknown key"
    elif name := re.search("missing required field `(.*)`", problem):
        field, problem = f"{field}.{name[1]}".strip("."), "is missing"
    return field, (problem[:1].lower() + problem[1:]).replace("`", "")
