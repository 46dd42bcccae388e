"""Responses to errors say what any error of their status may say."""

from http import HTTPStatus

import pytest

from giphynavigator.errors import NavigatorError, Unauthorized, Unavailable
from giphynavigator.openapi.entries import Entry
from giphynavigator.openapi.responses import Responses
from giphynavigator.openapi.schemas import Schemas
from giphynavigator.web.operations import Content, Operation


class ForGood(NavigatorError):
    """It will not be better later."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class OnlyByPost(NavigatorError):
    """What is needed cannot be shown here."""

    status = HTTPStatus.UNAUTHORIZED


def headers_told(*errors: type[NavigatorError]) -> list[str]:
    """The headers that the document has of answers to these errors."""
    operation = Operation(summary="x", answers={200: Content(str)}, errors=errors)
    entry = Entry("GET", "/x", "x", "p", has_page=False, operation=operation)
    responses = Responses(Schemas())
    responses.of(entry, ())
    told = responses.components.values()
    return [name for each in told for name in each.get("headers", ())]


@pytest.mark.parametrize(
    ("without", "one", "header"),
    [
        (ForGood, Unavailable, "Retry-After"),
        (OnlyByPost, Unauthorized, "WWW-Authenticate"),
    ],
)
def test_a_header_that_one_of_several_errors_has_is_told(
    without: type[NavigatorError], one: type[NavigatorError], header: str
) -> None:
    assert headers_told(without, one) == [header]
    assert headers_told(one, without) == [header]


def test_a_header_that_no_error_has_is_not_told() -> None:
    assert headers_told(ForGood, OnlyByPost) == []
