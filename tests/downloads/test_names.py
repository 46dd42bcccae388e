import pytest

from giphynavigator.downloads.names import LONGEST, Names, stem

STEMS = [
    ("abc", "Happy Dance GIF", "abc-happy-dance-gif"),
    ("abc", "", "abc"),
    ("abc", "../../etc/x", "abc-etc-x"),
    ("abc", "..\\..\\C:\\x", "abc-c-x"),
    ("abc", "a\0b\nc\x1b[31m", "abc-a-b-c-31m"),
    ("abc", "Café Ünïcode ﬁne", "abc-cafe-unicode-fine"),
    ("abc", "猫の写真", "abc"),
    ("abc", 'a<b>c:d"e|f?g*h', "abc-a-b-c-d-e-f-g-h"),
    ("abc", "trailing dots... ", "abc-trailing-dots"),
    ("../../etc/x", "", "etc-x"),
    ("", "", "gif"),
    ("CON", "", "CON_"),
    ("com1", "", "com1_"),
    ("nul", "x", "nul-x"),
    ("aBc", "Title", "aBc-title"),
]


@pytest.mark.parametrize(("gif_id", "title", "name"), STEMS)
def test_names_are_letters_digits_and_hyphens(
    gif_id: str, title: str, name: str
) -> None:
    assert stem(gif_id, title) == name


def test_a_name_has_room_for_what_is_put_behind_it() -> None:
    assert len(stem("a" * 64, "word " * 1000)) <= LONGEST
    assert stem("a" * 64, "word " * 1000).startswith("a" * 64)


def test_ids_that_differ_in_case_alone_do_not_share_a_file() -> None:
    names = Names({})

    one, other = names.give("abc", "abc", ".gif"), names.give("aBc", "aBc", ".gif")

    assert one == "abc"
    assert other.startswith("aBc-")
    assert names.give("abc", "abc", ".gif") == one
    assert names.give("aBc", "aBc", ".gif") == other


def test_a_name_stays_its_owners_from_run_to_run() -> None:
    first = Names({})
    first.give("abc", "abc", ".gif")
    other = first.give("aBc", "aBc", ".gif")

    names = Names({"abc.gif": "abc", f"{other}.gif": "aBc"})

    assert names.give("aBc", "aBc", ".gif") == other
