"""What people ask for, as media to fetch."""

import msgspec
import pytest
from yarl import URL

from giphynavigator.downloads.errors import (
    NoAddress,
    NoOriginal,
    NoPage,
    NothingFound,
)
from giphynavigator.downloads.finding import Finder, are_words, needs_giphy
from giphynavigator.gifs import Gif, Rendition
from giphynavigator.giphy_errors import GifNotFound

MEDIA = "https://media2.giphy.com/media/v1.Y2lk/{}/giphy.gif?cid=1&ct=g"


def gif(gif_id: str, title: str = "A Title", url: str | None = None) -> Gif:
    original = Rendition(url or MEDIA.format(gif_id), 1, 1, 1)
    page = f"https://giphy.com/gifs/{gif_id}"
    return Gif(gif_id, page, title, "g", "", "", None, None, original)


class Ready:
    """A reply that is ready to be sent."""

    def __init__(self, gif: Gif) -> None:
        self.answer = self
        self.body = msgspec.json.encode(gif)


class FakeSearches:
    """Knows a few GIFs, and remembers which ids were asked for."""

    def __init__(self, *gifs: Gif) -> None:
        self.gifs = gifs
        self.asked: list[str] = []

    async def search_on(self, query: str, limit: int):
        for gif in self.gifs[:limit]:
            yield [gif]

    async def gif(self, gif_id: str) -> Ready:
        self.asked.append(gif_id)
        for gif in self.gifs:
            if gif.id == gif_id:
                return Ready(gif)
        raise GifNotFound(gif_id)

    async def by_ids(self, ids) -> dict[str, Gif]:
        self.asked.append(",".join(ids))
        return {gif.id: gif for gif in self.gifs if gif.id in ids}


def finder(*gifs: Gif, sandbox: bool = False) -> Finder:
    return finder_in(FakeSearches(*gifs), sandbox=sandbox)


def finder_in(searches: FakeSearches, *, sandbox: bool = False) -> Finder:
    return Finder(searches, api_url="http://127.0.0.1:8081/v1", sandbox=sandbox)


async def test_words_lead_to_the_originals_in_giphys_order() -> None:
    found = await finder(gif("a"), gif("b"), gif("c")).find("cats", 2, {})

    assert [each.id for each in found] == ["a", "b"]
    assert found[0].url == URL(MEDIA.format("a"))
    assert (found[0].title, found[0].ending, found[0].asked) == ("A Title", ".gif", "")


async def test_words_that_find_nothing_are_an_error_with_a_sentence() -> None:
    with pytest.raises(NothingFound, match="Giphy finds nothing"):
        await finder().find("cats", 2, {})


async def test_a_gif_without_an_original_is_found_and_has_no_file() -> None:
    lost = msgspec.structs.replace(gif("a"), original=None)
    nowhere = gif("b", url="http://[")

    found = await finder(lost, nowhere, gif("c")).find("cats", 3, {})

    assert [each.url for each in found] == [None, None, URL(MEDIA.format("c"))]
    assert str(NoOriginal()) == "Giphy has no original of it"


PAGES = [
    "https://giphy.com/gifs/cats-cheering-tired-abc123",
    "https://giphy.com/gifs/abc123",
    "https://giphy.com/gifs/abc123/",
    "https://giphy.com/gifs/somebody-cats-abc123/fullscreen?x=1#top",
    "https://giphy.com/gifs/somebody/cats-abc123",
    "https://giphy.com/gifs/caf%C3%A9-abc123",
    "http://www.giphy.com/stickers/cats-abc123",
    "https://giphy.com/clips/cats-abc123",
    "https://giphy.com/embed/abc123",
    "giphy.com/gifs/cats-abc123",
]


@pytest.mark.parametrize("page", PAGES)
async def test_a_page_leads_to_the_original_by_its_id(page: str) -> None:
    (found,) = await finder(gif("abc123")).find(page, 10, {})

    assert (found.id, found.url) == ("abc123", URL(MEDIA.format("abc123")))
    assert found.asked == page


@pytest.mark.parametrize(
    "page",
    ["https://giphy.com/", "https://giphy.com/search/cats", "https://giphy.com/gifs/-"],
)
async def test_an_address_at_giphy_that_is_no_gifs_is_said_to_be_none(
    page: str,
) -> None:
    with pytest.raises(NoPage):
        await finder().find(page, 10, {})


async def test_a_page_of_a_gif_that_is_not_there_is_not_found() -> None:
    with pytest.raises(GifNotFound):
        await finder().find("https://giphy.com/gifs/abc123", 10, {})


def page(gif_id: str) -> str:
    return f"https://giphy.com/gifs/cats-{gif_id}"


async def test_many_pages_cost_a_call_for_fifty_of_them() -> None:
    searches = FakeSearches(*(gif(f"id{number}") for number in range(70)))
    pages = [page(gif.id) for gif in searches.gifs]
    finder = finder_in(searches)

    known = await finder.known([*pages, pages[0], "cats", "https://giphy.com/search/x"])
    found = [(await finder.find(each, 10, known))[0].id for each in pages]

    assert found == [gif.id for gif in searches.gifs]
    assert [len(asked.split(",")) for asked in searches.asked] == [50, 20]


async def test_a_page_that_was_not_among_them_is_asked_for_by_itself() -> None:
    searches = FakeSearches(gif("here"))
    finder = finder_in(searches)

    known = await finder.known([page("here"), page("gone")])

    with pytest.raises(GifNotFound):
        await finder.find(page("gone"), 10, known)
    assert searches.asked == ["here,gone", "gone"]


async def test_one_page_is_asked_for_once() -> None:
    searches = FakeSearches(gif("here"))
    finder = finder_in(searches)

    known = await finder.known([page("here")])
    await finder.find(page("here"), 10, known)

    assert searches.asked == ["here"]


FILES = [
    ("https://media.giphy.com/media/abc123/giphy.gif", "abc123", "", ".gif"),
    (MEDIA.format("abc123"), "abc123", "", ".gif"),
    ("https://media0.giphy.com/media/abc123/200w.webp?x=1", "abc123", "200w", ".webp"),
    ("https://media0.giphy.com/media/abc123/giphy-hd.mp4", "abc123", "-hd", ".mp4"),
    ("https://i.giphy.com/abc123.GIF", "abc123", "", ".gif"),
    ("https://i.giphy.com/media/abc123/giphy.webp", "abc123", "", ".webp"),
]


@pytest.mark.parametrize(("url", "gif_id", "title", "ending"), FILES)
async def test_a_file_of_giphys_is_named_after_its_gif(
    url: str, gif_id: str, title: str, ending: str
) -> None:
    (found,) = await finder().find(url, 10, {})

    assert (found.id, found.title, found.ending) == (gif_id, title, ending)
    assert found.url == URL(url)


async def test_files_from_elsewhere_have_names_of_their_own() -> None:
    urls = [
        "http://127.0.0.1:1/a.gif",
        "http://127.0.0.1:2/a.gif",
        "http://127.0.0.1:1/b/a.gif",
        "http://127.0.0.1:1/a.gif?version=2",
    ]

    found = [(await finder().find(url, 10, {}))[0] for url in urls]

    assert len({each.id for each in found}) == len(urls)
    assert all(each.id.startswith("a-") for each in found)


async def test_a_file_without_a_letter_in_its_name_is_called_by_its_mark_alone() -> (
    None
):
    (found,) = await finder().find("http://127.0.0.1/%E7%8C%AB.gif", 10, {})

    assert found.id.isalnum()


async def test_the_fragment_of_an_address_is_no_part_of_it() -> None:
    (found,) = await finder().find("http://127.0.0.1/a.gif#top", 10, {})

    assert found.url == URL("http://127.0.0.1/a.gif")


async def test_what_the_service_shows_of_the_sandbox_is_fetched_from_the_sandbox() -> (
    None
):
    shown = "http://gifs.lan:8080/sandbox/media/v1.Y2lk/abc123/giphy.gif"

    (found,) = await finder(sandbox=True).find(shown, 10, {})
    (with_a_key,) = await finder().find(shown, 10, {})

    assert found.url == URL("http://127.0.0.1:8081/media/v1.Y2lk/abc123/giphy.gif")
    assert found.id == "abc123"
    assert with_a_key.url == URL(shown)


@pytest.mark.parametrize("text", ["http://[", "http://x:99999999/"])
async def test_an_address_that_nobody_could_ask_is_none(text: str) -> None:
    with pytest.raises(NoAddress):
        await finder().find(text, 10, {})


@pytest.mark.parametrize(
    ("asked", "words", "giphy"),
    [
        ("cats", True, True),
        ("re: cats and dogs", True, True),
        ("giphy.com", True, True),
        ("giphy.com/gifs/abc", False, True),
        ("https://giphy.com/gifs/abc", False, True),
        ("https://media0.giphy.com/media/abc/giphy.gif", False, False),
        ("file:///etc/passwd", False, False),
        ("", True, True),
    ],
)
def test_words_are_told_from_addresses(asked: str, words: bool, giphy: bool) -> None:
    assert (are_words(asked), needs_giphy(asked)) == (words, giphy)
