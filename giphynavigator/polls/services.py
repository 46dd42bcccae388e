"""PollService: polls from choices or from a search, votes, and the winner."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from giphynavigator.errors import Conflict, NotFound, shortened
from giphynavigator.gifs import Gif, KeptGif
from giphynavigator.polls.ballots import BallotBox
from giphynavigator.polls.models import this_moment
from giphynavigator.polls.needs import KeptNote, Notes, Searches
from giphynavigator.polls.parameters import LAST_ID, ChoiceBody, PollBody, PollChanges
from giphynavigator.polls.repository import PollRepository
from giphynavigator.polls.scores import Scores
from giphynavigator.polls.shapes import Option, Poll, Seen
from giphynavigator.polls.votes import Ballot, ChoiceNotFound
from giphynavigator.web.moments import read_moment

PATIENCE: Final = 1.5
"""Seconds that a page waits for its GIFs; what comes later is there the next time."""
LEAST: Final = 2
"""Choices without which there is nothing to choose."""


class NothingToChoose(NotFound):
    """The search finds fewer GIFs than a poll needs."""

    def __init__(self, query: str) -> None:
        shown = shortened(repr(query))
        super().__init__(f"there are not two GIFs to choose from for {shown}")


class NoWinner(Conflict):
    """Nobody has voted, several choices tie, or the votes are hidden yet."""

    def __init__(self, poll_id: int) -> None:
        super().__init__(f"poll {poll_id} has no winner: name one by its choice")


class PollService:
    """Makes polls, has votes counted and shows how polls stand."""

    def __init__(  # noqa: PLR0913 - each by name
        self,
        repository: PollRepository,
        *,
        ballots: BallotBox,
        scores: Scores,
        searches: Searches,
        notes: Notes,
        limit: int,
    ) -> None:
        self._repository = repository
        self._ballots = ballots
        self._scores = scores
        self._searches = searches
        self._notes = notes
        self._limit = max(LEAST, limit)

    async def page(
        self, *, limit: int, offset: int, voter: str
    ) -> tuple[list[Seen], int]:
        """Give polls as a voter sees them, newest first, and how many there are."""
        polls, total = await self._repository.page(limit=limit, offset=offset)
        chosen = await self._repository.chosen(voter, [poll.id for poll in polls])
        return [Seen(poll, chosen.get(poll.id)) for poll in polls], total

    async def see(self, poll_id: int, *, voter: str) -> Seen:
        """Give a poll as a voter sees it, or raise PollNotFound."""
        poll = await self._repository.get(poll_id)
        chosen = await self._repository.chosen(voter, [poll_id])
        return Seen(poll, chosen.get(poll_id))

    async def create(self, body: PollBody, *, owner: str) -> Poll:
        """Give a new poll; one from a search has as choices what the search finds."""
        choices = body.choices or await self._found(body)
        columns = {
            "question_text": body.question.strip(),
            "results": body.results,
            "owner": owner,
            "closes_at": body.closes_at and read_moment("closes_at", body.closes_at),
        }
        return await self._repository.add(columns, list(map(columns_of, choices)))

    async def media(self, poll: Poll) -> dict[str, Gif]:
        """Give the GIFs of a poll by their ids, those that can be had now."""
        ids = [choice.gif.id for choice in poll.choices if choice.gif]
        return await self._searches.by_ids(ids, patience=PATIENCE)

    async def vote(self, poll_id: int, choice_id: int, *, voter: str) -> Seen:
        """Give the poll with the vote in it; the vote that was there is moved.

        Raises PollNotFound, ChoiceNotFound or PollClosed; then nothing is counted.
        """
        if not 0 < choice_id <= LAST_ID:
            raise ChoiceNotFound(poll_id, choice_id)
        poll = await self._ballots.cast(Ballot(poll_id, choice_id, voter))
        return Seen(poll, choice_id)

    async def change(self, poll_id: int, changes: PollChanges) -> Poll:
        """Give the poll, closed now or at another time."""
        columns = {"closes_at": closing(changes)}
        poll = await self._repository.change(poll_id, columns)
        self._scores.publish(poll.tally)
        return poll

    async def delete(self, poll_id: int) -> None:
        """Delete the poll with all its votes."""
        await self._repository.delete(poll_id)
        self._scores.remove(poll_id)

    async def keep_winner(
        self, poll_id: int, choice_id: int | None, *, voter: str
    ) -> KeptNote:
        """Keep a choice as a note; which one need not be said where one leads."""
        seen = await self.see(poll_id, voter=voter)
        winner = winner_of(seen) if choice_id is None else choice_of(seen, choice_id)
        gif = winner.gif
        return await self._notes.add(
            {
                "title": winner.text,
                "description": f"Picked in the poll “{seen.poll.question}”",
                "created_by": "",
                "priority": 0,
                "gif_id": gif and gif.id,
                "gif_url": gif and gif.url,
                "gif_title": gif and gif.title,
            }
        )

    async def _found(self, body: PollBody) -> Sequence[ChoiceBody]:
        """Give what the search of a poll finds as its choices, no GIF twice."""
        query = (body.query or "").strip()
        found: dict[str, ChoiceBody] = {}
        async for page in self._searches.search_on(query, body.limit or self._limit):
            for gif in filter(None, map(kept, page)):
                text = gif.title.strip()[:200] or f"GIF {len(found) + 1}"
                found.setdefault(gif.id, ChoiceBody(text, gif))
        if len(found) < LEAST:
            raise NothingToChoose(query)
        return list(found.values())


def closing(changes: PollChanges) -> datetime | this_moment | None:
    """Give the moment at which a poll is to close, None for never."""
    if isinstance(changes.closes_at, str):
        return read_moment("closes_at", changes.closes_at)
    return this_moment() if changes.closed is True else None


def choice_of(seen: Seen, choice_id: int) -> Option:
    """Give a choice of the poll, or raise ChoiceNotFound."""
    for choice in seen.poll.choices:
        if choice.id == choice_id:
            return choice
    raise ChoiceNotFound(seen.poll.id, choice_id)


def winner_of(seen: Seen) -> Option:
    """Give the one choice that leads, or raise NoWinner."""
    if len(seen.poll.leaders) != 1 or not seen.shows_votes:
        raise NoWinner(seen.poll.id)
    return seen.poll.leaders[0]


def kept(gif: Gif) -> KeptGif | None:
    """Give what is kept of a GIF, None for one that is not as it must be."""
    title = (gif.title or gif.alt_text).replace("\0", "")[:500]
    told = {"id": gif.id, "url": gif.url, "title": title}
    try:
        return msgspec.convert(told, KeptGif)
    except msgspec.ValidationError:
        return None


def columns_of(choice: ChoiceBody) -> dict[str, Any]:
    """Give a choice as the table has it."""
    columns: dict[str, Any] = {"choice_text": choice.text.strip()}
    if choice.gif is not None:
        told = msgspec.structs.asdict(choice.gif)
        columns |= {f"gif_{name}": value for name, value in told.items()}
    return columns
