"""Examples of what can be done with polls, one after the other."""

from typing import Final

from giphynavigator.web.operations import Example

PATH: Final = {"id": 1}
BODY: Final = {
    "question": "Which one says it best?",
    "choices": [{"text": "The cat"}, {"text": "The dog"}],
}
POLL: Final = {
    "id": 1,
    "question": "Which one says it best?",
    "choices": [
        {"id": 1, "text": "The cat", "gif": None, "votes": 0},
        {"id": 2, "text": "The dog", "gif": None, "votes": 0},
    ],
    "voters": 0,
    "version": 1,
    "closes_at": None,
    "closed": False,
}

NEW: Final = Example(body=BODY, answer=POLL)
ALL: Final = Example(query={"limit": 10, "offset": 0})
ONE: Final = Example(path=PATH)
VOTE: Final = Example(path=PATH, body={"choice": 2})
WINNER: Final = Example(path=PATH, body={"choice": 2})
LATER: Final = Example(path=PATH, body={"closes_at": "2100-01-01T12:00:00Z"})
ONE_GONE: Final = Example(path=PATH)
