"""Pages in memory: how long, how many, and what failures leave behind."""

import tracemalloc

import pytest

from giphynavigator.errors import NavigatorError
from giphynavigator.giphy_errors import GifNotFound, GiphyFailed
from giphynavigator.pages import Page, packed
from giphynavigator.resilience.breaker import CircuitOpen
from giphynavigator.resilience.quota import QuotaSpent
from giphynavigator.resilience.store import (
    ENTRY,
    MOST_FAILURES,
    Lifetimes,
    PageStore,
)
from tests.fakes import FakeClock
from tests.resilience.pages import page_of

MANY = 1 << 30


def store_of(
    clock: FakeClock,
    *,
    max_age: float = 60.0,
    error: float = 3600.0,
    max_bytes: int = MANY,
    random: float = 0.0,
) -> PageStore:
    lifetimes = Lifetimes(max_age, stale_while_revalidate=600, stale_if_error=error)
    return PageStore(lifetimes, max_bytes=max_bytes, clock=clock, random=lambda: random)


def rich_page(number: int) -> Page:
    """A page as big as fifty GIFs with their renditions are."""
    gifs = [{"id": f"{number}-{at}", "url": "u" * 820} for at in range(50)]
    return Page(packed(gifs), 50, 500)


def test_a_page_is_kept_with_its_moments(clock: FakeClock) -> None:
    store = store_of(clock)

    entry = store.put("cats", page_of("a"))

    assert store.get("cats") is entry
    assert (entry.born, entry.fresh_until, entry.refresh_at) == (1000, 1060, 1060)
    assert (entry.found, len(store), store.get("dogs")) == (False, 1, None)


def test_a_page_that_is_not_new_has_so_much_less_to_live(clock: FakeClock) -> None:
    entry = store_of(clock).put("cats", page_of("a"), age=50, found=True)

    assert (entry.born, entry.fresh_until, entry.found) == (950, 1010, True)


@pytest.mark.parametrize(("random", "lifetime"), [(0.0, 60), (0.5, 57), (1.0, 54)])
def test_a_lifetime_is_cut_by_chance_up_to_a_tenth(
    clock: FakeClock, random: float, lifetime: float
) -> None:
    entry = store_of(clock, random=random).put("cats", page_of("a"))

    assert entry.fresh_until - clock.now == pytest.approx(lifetime)


def test_lifetimes_of_pages_that_came_together_end_apart(clock: FakeClock) -> None:
    store = PageStore(Lifetimes(60, 600, 3600), max_bytes=MANY, clock=clock)

    ends = {store.put(str(n), page_of("a")).fresh_until for n in range(100)}

    assert len(ends) > 90
    assert clock.now + 54 <= min(ends) < max(ends) <= clock.now + 60


def test_no_two_pages_have_one_serial(clock: FakeClock) -> None:
    store = store_of(clock)

    serials = [store.put("cats", page_of("a")).serial for _ in range(3)]

    assert len(set(serials)) == 3


def test_without_a_lifetime_nothing_is_kept(clock: FakeClock) -> None:
    store = store_of(clock, max_age=0)

    entry = store.put("cats", page_of("a"))
    store.fail("dogs", GiphyFailed(503))

    assert entry.page == page_of("a")
    assert (len(store), store.size, store.get("cats")) == (0, 0, None)
    assert store.failure("dogs") is None


@pytest.mark.parametrize(("error", "longest"), [(3600, 3600), (10, 660)])
def test_a_page_that_is_too_old_for_any_use_is_not_given(
    clock: FakeClock, error: float, longest: float
) -> None:
    store = store_of(clock, error=error)
    store.put("cats", page_of("a"))

    clock.advance(longest - 0.1)
    before = store.get("cats")
    clock.advance(0.1)

    assert before is not None
    assert (store.get("cats"), store.size) == (None, 0)


def test_what_is_too_old_leaves_with_the_next_page_that_comes(
    clock: FakeClock,
) -> None:
    store = store_of(clock)
    for number in range(100):
        store.put(f"old {number}", page_of("a"))
    clock.advance(3000)
    store.put("younger", page_of("b"))
    clock.advance(600)

    store.put("new", page_of("c"))

    assert len(store) == 2


def test_a_sweep_comes_once_a_minute_at_most(clock: FakeClock) -> None:
    store = store_of(clock, max_age=1, error=10)
    store.lifetimes = Lifetimes(1, 1, 10)
    store.put("old", page_of("a"))
    clock.advance(59)
    store.put("soon", page_of("b"))
    soon = len(store)
    clock.advance(1)

    store.put("late", page_of("c"))

    assert (soon, len(store)) == (2, 2)


def test_the_page_not_used_for_longest_goes_first(clock: FakeClock) -> None:
    size = len(page_of("a").items) + ENTRY
    store = store_of(clock, max_bytes=3 * size)
    for key in "abc":
        store.put(key, page_of("a"))

    store.get("a")
    store.put("d", page_of("a"))

    assert [key for key in "abcd" if store.get(key)] == ["a", "c", "d"]
    assert store.size == 3 * size


def test_the_bound_in_bytes_is_one_of_memory(clock: FakeClock) -> None:
    bound = 4 << 20
    store = store_of(clock, max_bytes=bound)

    tracemalloc.start()
    try:
        for number in range(300):
            store.put(f"search/g/en/0/question {number}", rich_page(number))
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert 80 < len(store) < 120
    assert 0.9 * bound < store.size <= bound
    assert 0.9 * bound < used < 1.1 * bound


def test_each_failed_refresh_puts_the_next_one_off_for_longer(
    clock: FakeClock,
) -> None:
    store = store_of(clock)
    entry = store.put("cats", page_of("a"))
    pauses = []

    for _ in range(8):
        store.fail("cats", GiphyFailed(503))
        pauses.append(entry.refresh_at - clock.now)

    assert pauses == [2, 4, 8, 16, 32, 60, 60, 60]


def test_however_often_it_fails_it_is_tried_every_minute(clock: FakeClock) -> None:
    store = store_of(clock, error=1e9)
    entry = store.put("cats", page_of("a"))

    for _ in range(2000):
        store.fail("cats", GiphyFailed(503))

    assert entry.refresh_at - clock.now == 60


def test_a_page_that_comes_ends_the_putting_off(clock: FakeClock) -> None:
    store = store_of(clock)
    store.put("cats", page_of("a"))
    store.fail("cats", GiphyFailed(503))
    entry = store.put("cats", page_of("b"))

    store.fail("cats", GiphyFailed(503))

    assert entry.refresh_at - clock.now == 2


@pytest.mark.parametrize("error", [QuotaSpent(5), CircuitOpen(5), ValueError("what?")])
def test_whatever_a_refresh_fails_of_it_is_put_off(clock: FakeClock, error) -> None:
    store = store_of(clock)
    entry = store.put("cats", page_of("a"))

    store.fail("cats", error)

    assert entry.refresh_at - clock.now == 2
    assert store.failure("cats") is None


def test_a_cold_failure_is_remembered_for_two_seconds(clock: FakeClock) -> None:
    store = store_of(clock)
    store.fail("cats", GiphyFailed(503))

    clock.advance(1.9)
    remembered = store.failure("cats")
    clock.advance(0.1)

    assert isinstance(remembered, GiphyFailed)
    assert store.failure("cats") is None


def test_that_there_is_no_such_gif_is_remembered_as_long_as_a_page(
    clock: FakeClock,
) -> None:
    store = store_of(clock)
    store.fail("gif", GifNotFound("abc"))

    clock.advance(59)
    remembered = store.failure("gif")
    clock.advance(1)

    assert str(remembered) == "there is no GIF 'abc'"
    assert store.failure("gif") is None


@pytest.mark.parametrize("error", [QuotaSpent(5), CircuitOpen(5), ValueError("what?")])
def test_what_is_cheap_to_find_out_again_is_not_remembered(
    clock: FakeClock, error
) -> None:
    store = store_of(clock)

    store.fail("cats", error)

    assert store.failure("cats") is None


def test_a_page_that_comes_after_all_ends_the_failure(clock: FakeClock) -> None:
    store = store_of(clock)
    store.fail("cats", GiphyFailed(503))

    store.put("cats", page_of("a"))

    assert store.failure("cats") is None


def test_a_remembered_failure_keeps_no_frames_alive(clock: FakeClock) -> None:
    store = store_of(clock)

    with pytest.raises(NavigatorError) as caught:
        fail_in_a_frame_that_holds_much()
    store.fail("cats", caught.value)

    remembered = store.failure("cats")
    assert remembered is not None
    assert (remembered.__traceback__, remembered.__context__) == (None, None)
    assert caught.value.__traceback__ is not None
    assert str(remembered) == str(caught.value)


def fail_in_a_frame_that_holds_much() -> None:
    much = "x" * 1_000_000
    raise GiphyFailed(503 if much else 500)


def test_no_more_failures_are_remembered_than_ten_thousand(clock: FakeClock) -> None:
    store = store_of(clock)

    for number in range(MOST_FAILURES + 1):
        store.fail(str(number), GiphyFailed(503))

    assert store.failure("0") is None
    assert store.failure("1") is not None
    assert store.failure(str(MOST_FAILURES)) is not None
