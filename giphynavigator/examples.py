"""Examples of the core's requests, as the document shows them and a test makes them.

The sandbox's answers are always the same, but for the addresses of its media.
"""

from typing import Final

from giphynavigator.web.operations import Example

SEARCH: Final = Example(
    query={"query": "wow", "limit": 2},
    answer={
        "query": "wow",
        "limit": 2,
        "gifs": [
            {"url": "https://giphy.com/gifs/wow-jumping-good-morning-wowMX1em9do"},
            {"url": "https://giphy.com/gifs/wow-cheering-surprised-wow64rG1mQv"},
        ],
    },
)
SLICE: Final = Example(
    query={"query": "wow", "limit": 10, "offset": 20, "rating": "g", "lang": "en"}
)
POPULAR: Final = Example(query={"limit": 10, "offset": 20})
BY_CHANCE: Final = Example(query={"query": "wow"})
ONE_GIF: Final = Example(path={"id": "wowMX1em9do"})
WORDS: Final = Example(
    query={"query": "hap"},
    answer={
        "suggestions": [
            *("hap", "hap gif", "hap dance", "hap love", "hap meme"),
            *("hap happy", "hap reaction", "hap party", "hap cute", "hap baby"),
        ]
    },
)
UNCOUNTED: Final = Example(
    answer={"limit": None, "used": None, "left": None, "resets_in": None}
)
