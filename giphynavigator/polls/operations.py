"""What routes take that read requests by themselves, as the document has it."""

from http import HTTPStatus
from typing import Final

from giphynavigator.errors import Forbidden
from giphynavigator.parameters import Parameters
from giphynavigator.polls import examples
from giphynavigator.polls.live import NoWebSocket
from giphynavigator.polls.parameters import PollId, VoteBody, WinnerBody
from giphynavigator.polls.repository import PollNotFound
from giphynavigator.polls.scores import TooManyListeners
from giphynavigator.polls.services import NoWinner
from giphynavigator.polls.shapes import KeptWinner, PollShape, Told
from giphynavigator.polls.voters import NotYours
from giphynavigator.polls.votes import ChoiceNotFound, PollClosed
from giphynavigator.storage.outages import DatabaseUnavailable
from giphynavigator.web.forms import FORM
from giphynavigator.web.operations import Content, Example, Operation

READING: Final = (PollNotFound, DatabaseUnavailable)
CHANGING: Final = (*READING, NotYours)

IN_THE_ADDRESS: Final = "Without a body, `choice` may be a parameter of the address."

VOTE: Final = Operation(
    summary="Vote, or move the vote; the answer shows the poll with the vote in it",
    details=IN_THE_ADDRESS,
    path={"id": PollId},
    query=Parameters,
    bodies=(Content(VoteBody), Content(VoteBody, FORM)),
    answers={HTTPStatus.OK: Content(PollShape)},
    errors=(*READING, ChoiceNotFound, PollClosed),
    example=examples.VOTE,
)
WINNER: Final = Operation(
    summary="Keep the choice that leads, or the one that is named, as a note",
    details=IN_THE_ADDRESS,
    path={"id": PollId},
    query=Parameters,
    bodies=(Content(WinnerBody), Content(WinnerBody, FORM)),
    needs_body=False,
    answers={HTTPStatus.CREATED: Content(KeptWinner)},
    headers=("Location",),
    errors=(*READING, ChoiceNotFound, NoWinner),
    example=examples.WINNER,
)
LIVE: Final = Operation(
    summary="Tell how many chose what, at once and at every change, over a WebSocket",
    path={"id": PollId},
    query=Parameters,
    answers={
        HTTPStatus.SWITCHING_PROTOCOLS: Content(
            Told, description="A WebSocket, of which every message is such an object"
        )
    },
    errors=(*READING, NoWebSocket, Forbidden, TooManyListeners),
    example=Example(path=examples.PATH),
)
