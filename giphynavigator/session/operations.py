"""What signing in and out takes, as the document has it."""

from http import HTTPStatus
from typing import Final

from msgspec import UNSET, Struct, UnsetType

from giphynavigator.errors import TooManyRequests
from giphynavigator.security.sessions import WrongToken
from giphynavigator.web.forms import FORM
from giphynavigator.web.operations import Content, Operation


class SigningIn(Struct, frozen=True):
    """One of the service's tokens, and the path to go on to."""

    token: str
    next: str | UnsetType = UNSET


class SigningOut(Struct, frozen=True):
    """The path to go on to."""

    next: str | UnsetType = UNSET


SIGN_IN: Final = Operation(
    summary="Sign in with a token, and go on with a cookie that stands for it",
    bodies=(Content(SigningIn), Content(SigningIn, FORM)),
    answers={HTTPStatus.SEE_OTHER: None},
    headers=("Location", "Set-Cookie"),
    errors=(WrongToken, TooManyRequests),
)
SIGN_OUT: Final = Operation(
    summary="Sign out, and go on without the cookie",
    bodies=(Content(SigningOut), Content(SigningOut, FORM)),
    needs_body=False,
    answers={HTTPStatus.SEE_OTHER: None},
    headers=("Location", "Set-Cookie"),
    errors=(TooManyRequests,),
)
