"""What goes out is encoded once for each page and slice."""

import tracemalloc

from giphynavigator.answers import Answer, Answers, Links, encode
from giphynavigator.pages import Kept
from tests.resilience.pages import page_of

MANY = 1 << 20


class Maker:
    """Makes answers, and counts."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> Answer:
        self.made += 1
        return encode({"number": self.made})


def kept_as(serial: int = 1, *, outcome="hit", ttl: float = 60.0) -> Kept:
    return Kept(page_of("a"), serial, outcome, ttl, age=0.0)


def test_an_answer_is_made_once_for_all_who_ask() -> None:
    answers, make = Answers(MANY), Maker()

    replies = [answers.reply(kept_as(), ("links", "cats", 5), make) for _ in range(9)]

    assert make.made == 1
    assert len({id(reply.answer) for reply in replies}) == 1


def test_each_slice_and_each_page_has_an_answer_of_its_own() -> None:
    answers, make = Answers(MANY), Maker()

    for kept in (kept_as(1), kept_as(2)):
        for key in (("links", "cats", 5), ("links", "Cats", 5), ("links", "cats", 6)):
            answers.reply(kept, key, make)

    assert make.made == 6


def test_a_reply_tells_of_the_page_at_the_moment_it_is_asked() -> None:
    answers, make = Answers(MANY), Maker()
    now, later = kept_as(ttl=60), kept_as(outcome="stale", ttl=-5)

    replies = [answers.reply(kept, ("links",), make) for kept in (now, later)]

    assert [reply.kept for reply in replies] == [now, later]
    assert make.made == 1


def test_what_has_no_lifetime_is_made_anew_and_not_kept() -> None:
    answers, make = Answers(MANY), Maker()

    for _ in range(3):
        answers.reply(kept_as(outcome="collapsed", ttl=0.0), ("links",), make)

    assert make.made == 3


def test_answers_keep_within_their_bytes() -> None:
    bound = 1 << 20
    answers = Answers(bound)
    urls = [
        [f"https://giphy.com/gifs/{n}-{at}" for at in range(50)] for n in range(600)
    ]

    tracemalloc.start()
    try:
        for serial, links in enumerate(urls):
            gifs = [{"url": url * 2} for url in links]
            key = ("links", f"question {serial}", 50)
            answers.reply(kept_as(serial), key, lambda gifs=gifs: encode(gifs, gifs))
            del gifs
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert 0.8 * bound < used < 1.1 * bound


def test_equal_bodies_have_equal_tags_and_others_have_others() -> None:
    tags = [encode(value).etag for value in ({"a": 1}, {"a": 1}, {"a": 2})]

    assert tags[0] == tags[1] != tags[2]
    assert tags[0].startswith('"')
    assert tags[0].endswith('"')


def test_links_are_the_list_that_the_body_shows() -> None:
    gifs = page_of("a", "b").links(50)
    reply = Answers(MANY).reply(kept_as(), ("links",), lambda: encode(gifs, gifs))

    links = Links(reply)

    assert links == gifs
    assert encode(links).body == reply.answer.body
    assert links.reply is reply


def test_whoever_changes_their_links_changes_nobody_elses() -> None:
    gifs = page_of("a").links(50)
    reply = Answers(MANY).reply(kept_as(), ("links",), lambda: encode(gifs, gifs))

    Links(reply)[0]["url"] = "https://elsewhere.example"

    assert Links(reply) == gifs
