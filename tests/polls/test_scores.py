"""Boards show the latest totals to whoever looks, and never older ones again."""

import asyncio

import pytest

from giphynavigator.polls.scores import Board, Scores, TooManyListeners
from giphynavigator.polls.shapes import Tally
from giphynavigator.serving.draining import ServiceEnding
from tests.fakes import settle


def tally(version: int, *, poll: int = 1, closed: bool = False) -> Tally:
    return Tally(poll, version, {1: version}, closed)


@pytest.fixture
def ending() -> asyncio.Event:
    return asyncio.Event()


async def test_who_knows_nothing_is_told_at_once() -> None:
    board = Board()
    board.put(tally(3))

    assert await board.news_to(None) == tally(3)


async def test_who_knows_the_latest_waits_for_the_next() -> None:
    board = Board()
    board.put(tally(3))
    waiting = asyncio.create_task(board.news_to(tally(3)))
    await settle()
    assert not waiting.done()

    board.put(tally(4))

    assert await waiting == tally(4)


async def test_what_comes_late_or_twice_is_no_news() -> None:
    board = Board()
    board.put(tally(5))

    board.put(tally(4))
    board.put(tally(5))

    assert board.latest == tally(5)


async def test_who_was_slow_is_told_the_latest_alone() -> None:
    board = Board()
    board.put(tally(1))
    for version in range(2, 1000):
        board.put(tally(version))

    assert await board.news_to(tally(1)) == tally(999)


async def test_that_a_poll_has_closed_is_news_at_the_same_version() -> None:
    board = Board()
    board.put(tally(2))

    board.put(tally(2, closed=True))
    board.put(tally(2))

    assert await board.news_to(tally(2)) == tally(2, closed=True)


async def test_a_board_is_there_as_long_as_anybody_looks(
    ending: asyncio.Event,
) -> None:
    scores = Scores()

    with scores.watching(1, None, ending) as first:
        with scores.watching(1, None, ending) as second:
            assert first is second
        assert scores.polls == (1,)
        scores.publish(tally(7))
        assert scores.known(1) == tally(7)

    assert scores.polls == ()
    assert scores.known(1) is None
    scores.publish(tally(8))
    scores.close()


async def test_a_poll_that_is_no_more_has_no_more_news(ending: asyncio.Event) -> None:
    scores = Scores()
    with scores.watching(1, None, ending) as board:
        board.put(tally(1))
        waiting = asyncio.create_task(board.news_to(tally(1)))

        scores.remove(1)

        assert await waiting is None
    scores.close()


async def test_the_end_reaches_every_board_and_lets_nobody_in(
    ending: asyncio.Event,
) -> None:
    scores = Scores()
    with (
        scores.watching(1, None, ending) as one,
        scores.watching(2, None, ending) as two,
    ):
        ending.set()

        assert (await one.news_to(None), await two.news_to(None)) == (None, None)
    with pytest.raises(ServiceEnding), scores.watching(1, None, ending):
        pass


async def test_what_is_closed_has_no_more_news(ending: asyncio.Event) -> None:
    scores = Scores()
    with scores.watching(1, None, ending) as board:
        scores.close()

        assert await board.news_to(None) is None


async def test_no_more_listen_than_a_process_bears(ending: asyncio.Event) -> None:
    scores = Scores(most=2)

    with (
        scores.watching(1, None, ending),
        scores.watching(2, None, ending),
        pytest.raises(TooManyListeners),
        scores.watching(1, None, ending),
    ):
        pass
    with scores.watching(1, None, ending):
        pass
    scores.close()


async def test_no_client_takes_the_place_of_others(ending: asyncio.Event) -> None:
    scores = Scores(each=1)

    with scores.watching(1, "10.0.0.1", ending):
        with pytest.raises(TooManyListeners), scores.watching(2, "10.0.0.1", ending):
            pass
        with scores.watching(1, "10.0.0.2", ending):
            pass
    with scores.watching(1, "10.0.0.1", ending):
        pass
    scores.close()


async def test_one_may_wait_until_there_is_somebody_who_looks(
    ending: asyncio.Event,
) -> None:
    scores = Scores()
    waiting = asyncio.create_task(scores.watched())
    await settle()
    assert not waiting.done()

    with scores.watching(1, None, ending):
        await waiting

    assert not scores._watched.is_set()
    scores.close()


def test_a_message_has_totals_by_choice_or_hides_them() -> None:
    told = Tally(1, 4, {7: 2, 9: 1}, closed=False)

    assert told.shown == '{"version":4,"votes":{"7":2,"9":1},"voters":3}'
    assert told.hidden == '{"version":4,"votes":null,"voters":3}'
