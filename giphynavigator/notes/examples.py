"""Examples of what can be done with notes, one after the other."""

from typing import Any, Final

from giphynavigator.web.operations import Example

GIF: Final = {
    "id": "wowMX1em9do",
    "url": "https://giphy.com/gifs/wow-jumping-good-morning-wowMX1em9do",
    "title": "Wow Jumping GIF by Paper Kite",
}
NOTE: Final[dict[str, Any]] = {
    "title": "For the launch",
    "description": "When all lights are green",
    "created_at": "2017-08-23T00:00:00Z",
    "created_by": "Ada",
    "priority": 3,
    "gif": GIF,
}
KEPT: Final = {"id": 1, **NOTE}
PATH: Final = {"id": 1}
LATER: Final = {"title": "For the next launch", "created_by": "Ada", "priority": 1}

NEW: Final = Example(body={**NOTE, "created_at": "2017-08-23 00:00"}, answer=KEPT)
ALL: Final = Example(
    query={"limit": 10, "offset": 0, "search": "launch"},
    answer={"notes": [KEPT], "total": 1},
)
ONE: Final = Example(path=PATH, answer=KEPT)
REPLACED: Final = Example(
    path=PATH, body=LATER, answer={**KEPT, **LATER, "description": "", "gif": None}
)
CHANGED: Final = Example(
    path=PATH,
    body={"priority": 9, "gif": GIF},
    answer={**KEPT, **LATER, "description": "", "priority": 9},
)
ONE_GONE: Final = Example(path=PATH)
