"""A mapping within bytes: what was not used for longest goes first."""

from giphynavigator.bounded import Bounded


def filled(*names: str, max_bytes: int = 30) -> Bounded[str, str]:
    bounded: Bounded[str, str] = Bounded(max_bytes)
    for name in names:
        bounded.put(name, name.upper(), 10)
    return bounded


def names(bounded: Bounded[str, str]) -> list[str]:
    return [name for name, _ in bounded]


def test_what_was_put_can_be_got() -> None:
    bounded = filled("a", "b")

    assert [bounded.get(name) for name in "abc"] == ["A", "B", None]
    assert (len(bounded), bounded.size) == (2, 20)


def test_what_was_put_first_goes_first() -> None:
    assert names(filled("a", "b", "c", "d")) == ["b", "c", "d"]


def test_what_was_used_stays_longer() -> None:
    bounded = filled("a", "b", "c")

    bounded.get("a")
    bounded.put("d", "D", 10)

    assert names(bounded) == ["c", "a", "d"]


def test_many_small_ones_go_for_a_big_one() -> None:
    bounded = filled("a", "b", "c")

    bounded.put("big", "BIG", 25)

    assert (names(bounded), bounded.size) == (["big"], 25)


def test_what_alone_is_too_big_is_not_kept_and_drives_nothing_out() -> None:
    bounded = filled("a", "b")

    bounded.put("huge", "HUGE", 31)

    assert (names(bounded), bounded.size) == (["a", "b"], 20)


def test_a_value_that_is_put_again_counts_once() -> None:
    bounded = filled("a", "b")

    bounded.put("a", "A", 15)

    assert (names(bounded), bounded.size) == (["b", "a"], 25)


def test_a_value_that_has_become_too_big_is_not_kept_in_its_old_form() -> None:
    bounded = filled("a")

    bounded.put("a", "A", 31)

    assert (names(bounded), bounded.size) == ([], 0)


def test_what_is_dropped_frees_its_bytes_once() -> None:
    bounded = filled("a", "b")

    bounded.drop("a")
    bounded.drop("a")

    assert (names(bounded), bounded.size) == (["b"], 10)
