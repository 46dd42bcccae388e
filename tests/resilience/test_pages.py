"""Pages hold what Giphy sent, and know whether they answer a question."""

import sys

import msgspec
import pytest

from giphynavigator.pages import Page, Question, folded, packed
from tests.resilience.pages import page_of


@pytest.mark.parametrize(
    "text",
    [
        "slice me",
        "Slice Me",
        "  slice \t me\n",
        "SLICE\u2003ME",
        "\u017flice me",  # a long s
    ],
)
def test_words_that_mean_the_same_have_one_key(text: str) -> None:
    assert Question("search", text).key == Question("search", "slice me").key


def test_an_accent_is_the_same_however_it_is_put_together() -> None:
    assert folded("CAFE\u0301") == folded("caf\u00e9")


def test_questions_that_differ_in_anything_have_different_keys() -> None:
    questions = [
        Question("search", "cats"),
        Question("search", "cat s"),
        Question("search", "cats", number=1),
        Question("search", "cats", rating="g"),
        Question("search", "cats", lang="en"),
        Question("suggestions", "cats"),
        Question("gif", "cats"),
        Question("gif", "Cats"),
    ]

    assert len({question.key for question in questions}) == len(questions)


def test_a_packed_value_takes_no_more_memory_than_it_is_long() -> None:
    gifs = [{"id": str(number), "url": "u" * 800} for number in range(50)]

    loose, tight = msgspec.json.encode(gifs), packed(gifs)

    assert tight == loose
    assert sys.getsizeof(tight) == len(tight) + 33


@pytest.mark.parametrize("kind", ["search", "trending"])
def test_a_page_of_gifs_answers_what_asks_for_gifs(kind) -> None:
    assert page_of("a", "b").answers(Question(kind))
    assert page_of().answers(Question(kind))


@pytest.mark.parametrize(
    ("items", "count"),
    [
        (b"", 0),
        (b"null", 0),
        (b"{}", 0),
        (b"[", 0),
        (b"[" * 100_000, 1),
        (b'["\xff"]', 1),
        (b"[1]", 1),
        (b'["cats"]', 1),
        (b'[{"id": "a"}]', 1),
        (b'[{"url": 5}]', 1),
        (b'[{"url": "u"}]', 2),
        (b"cposix\nsystem\n(S'exit 1'\ntR.", 0),
    ],
)
def test_what_is_no_list_of_gifs_answers_no_search(items: bytes, count: int) -> None:
    assert not Page(items, count).answers(Question("search", "cats"))


def test_words_answer_what_asks_for_words_and_nothing_else() -> None:
    words = Page(packed(["cat", "cats"]), 2)

    kinds = ("suggestions", "popular", "search", "trending", "gif")
    assert [words.answers(Question(kind)) for kind in kinds] == [
        *(True, True, False, False, False)
    ]


def test_one_gif_is_answered_by_one_gif_only() -> None:
    pages = (page_of(), page_of("a"), page_of("a", "b"))

    assert [page.answers(Question("gif", "a")) for page in pages] == [
        *(False, True, False)
    ]
