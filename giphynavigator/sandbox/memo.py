"""Answers that were given once and are given again as they are."""

from collections import OrderedDict
from typing import NamedTuple

_OVERHEAD = 500  # what an entry weighs besides its body


class Given(NamedTuple):
    """An answer as it went over the wire."""

    status: int
    body: bytes


class Memo:
    """The answers used last, of no more than `room` bytes together."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._given: OrderedDict[tuple[str, str], Given] = OrderedDict()

    def get(self, question: tuple[str, str]) -> Given | None:
        """Return the answer to this question, if it is remembered."""
        given = self._given.get(question)
        if given is not None:
            self._given.move_to_end(question)
        return given

    def put(self, question: tuple[str, str], given: Given) -> None:
        """Remember an answer, and forget the oldest when there is no room."""
        self._given[question] = given
        self._room -= _weight(question, given)
        while self._room < 0 and self._given:
            self._room += _weight(*self._given.popitem(last=False))


def _weight(question: tuple[str, str], given: Given) -> int:
    return len(given.body) + sum(map(len, question)) + _OVERHEAD
