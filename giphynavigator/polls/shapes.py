"""Polls as the database has them, as JSON shows them, and as they are told live."""

from datetime import datetime
from functools import cached_property
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from giphynavigator.gifs import KeptGif

Results: TypeAlias = Literal["always", "after_vote", "after_close"]
"""When a voter may see how many chose what."""


class Option(Struct, frozen=True):
    """What may be chosen, and how many did."""

    id: int
    text: str
    gif: KeptGif | None
    votes: int


class Told(Struct, frozen=True):
    """What is told live: votes by the id of the choice, null while they are hidden."""

    version: int
    votes: dict[int, int] | None
    voters: int


class Tally(Struct, frozen=True, dict=True):
    """The totals of a poll; of two, the one with the higher version is the newer."""

    poll: int
    version: int
    votes: dict[int, int]
    closed: bool

    def is_news_to(self, known: "Tally") -> bool:
        """Whether it says what somebody who knows the other does not know."""
        if self.version == known.version:
            return self.closed and not known.closed
        return self.version > known.version

    @cached_property
    def shown(self) -> str:
        """The message that tells it."""
        return self._message(self.votes)

    @cached_property
    def hidden(self) -> str:
        """The message that tells no more than how many have voted."""
        return self._message(None)

    def _message(self, votes: dict[int, int] | None) -> str:
        voters = sum(self.votes.values())
        return msgspec.json.encode(Told(self.version, votes, voters)).decode()


class Poll(Struct, frozen=True):
    """A question, its choices in their order, and how it stands at a version."""

    id: int
    question: str
    choices: tuple[Option, ...]
    version: int
    closes_at: datetime | None
    closed: bool
    results: Results
    owner: str

    @property
    def voters(self) -> int:
        """How many have voted: each for one choice."""
        return sum(choice.votes for choice in self.choices)

    @property
    def tally(self) -> Tally:
        """What of it may change while somebody watches."""
        votes = {choice.id: choice.votes for choice in self.choices}
        return Tally(self.id, self.version, votes, self.closed)

    @property
    def leaders(self) -> list[Option]:
        """Those with the most votes: one, several if they tie, none before a vote."""
        most = max((choice.votes for choice in self.choices), default=0)
        return [choice for choice in self.choices if choice.votes == most > 0]


class Seen(Struct, frozen=True):
    """A poll in the eyes of one voter; `choice` is what he has chosen, if anything."""

    poll: Poll
    choice: int | None = None

    @property
    def shows_votes(self) -> bool:
        """Whether he may see how many chose what."""
        if self.poll.closed or self.poll.results == "always":
            return True
        return self.poll.results == "after_vote" and self.choice is not None


class ChoiceShape(Struct, frozen=True):
    """A choice as it is shown; `votes` is null while they are hidden."""

    id: int
    text: str
    gif: KeptGif | None
    votes: int | None


class PollShape(Struct, frozen=True):
    """A poll as it is shown; `closes_at` is ISO 8601 in UTC, or null."""

    id: int
    question: str
    choices: list[ChoiceShape]
    voters: int
    version: int
    closes_at: datetime | None
    closed: bool


class PollPage(Struct, frozen=True):
    """Some polls, and how many there are in all."""

    polls: list[PollShape]
    total: int


class KeptWinner(Struct, frozen=True):
    """The note that a winner is kept as: its id, and where it is."""

    note: int
    url: str


def shape(seen: Seen) -> PollShape:
    """Give a poll as it is shown to a voter."""
    poll, shows = seen.poll, seen.shows_votes
    return PollShape(
        id=poll.id,
        question=poll.question,
        choices=[
            ChoiceShape(c.id, c.text, c.gif, c.votes if shows else None)
            for c in poll.choices
        ],
        voters=poll.voters,
        version=poll.version,
        closes_at=poll.closes_at,
        closed=poll.closed,
    )
