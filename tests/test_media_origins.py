"""Where media may come from, and which addresses a name may lead to."""

import pytest
from yarl import URL

from giphynavigator.media_origins import MediaOrigins, OriginRefused, read_origin
from giphynavigator.settings import MediaSettings

LISTED = [
    *MediaSettings().origins,
    "Media.Example:8443",
    "127.0.0.1:8000",
    "localhost:8000",
    "[::1]:8000",
    "10.0.0.5",
]

ALLOWED = [
    "https://media.giphy.com/media/x/giphy.gif",
    "https://media3.giphy.com/media/x/giphy.gif",
    "https://MEDIA3.giphy.com:443/x.gif",
    "https://i.giphy.com/x.gif",
    "https://media.example:8443/x.gif",
    "http://127.0.0.1:8000/x.gif",
    "https://127.0.0.1:8000/x.gif",
    "http://localhost:8000/x.gif",
    "http://[::1]:8000/x.gif",
    "https://10.0.0.5/x.gif",
]

REFUSED = [
    "http://media3.giphy.com/x.gif",
    "https://media3.giphy.com:8443/x.gif",
    "https://giphy.com/x.gif",
    "https://evil.example/media3.giphy.com/x.gif",
    "https://media3.giphy.com.evil.example/x.gif",
    "https://media.evil.giphy.com/x.gif",
    "https://media3.giphy.com@evil.example/x.gif",
    "https://me:secret@media3.giphy.com/x.gif",
    "https://:secret@media3.giphy.com/x.gif",
    "https://media.example/x.gif",
    "http://127.0.0.1:9/x.gif",
    "http://127.0.0.1/x.gif",
    "http://127.0.0.2:8000/x.gif",
    "http://10.0.0.5/x.gif",
    "https://10.0.0.6/x.gif",
    "https://[::ffff:10.0.0.5]/x.gif",
    "ftp://media3.giphy.com/x.gif",
    "file:///etc/passwd",
    "/etc/passwd",
]


@pytest.mark.parametrize("address", ALLOWED)
def test_what_is_listed_may_be_fetched(address: str) -> None:
    MediaOrigins(LISTED).check(URL(address))


@pytest.mark.parametrize("address", REFUSED)
def test_what_is_not_listed_or_not_safe_may_not(address: str) -> None:
    with pytest.raises(OriginRefused):
        MediaOrigins(LISTED).check(URL(address))


def test_a_refusal_says_no_more_of_an_address_than_where_it_leads() -> None:
    with pytest.raises(OriginRefused) as caught:
        MediaOrigins([]).check(URL("https://[2001:db8::1]:8443/x?key=secret"))

    assert str(caught.value) == "https://[2001:db8::1]:8443 is not in media.origins"


def test_a_refused_name_or_password_is_not_repeated() -> None:
    with pytest.raises(OriginRefused) as caught:
        MediaOrigins(LISTED).check(URL("https://me:secret@i.giphy.com/x.gif"))

    assert str(caught.value) == (
        "https://i.giphy.com is not asked with a name or a password"
    )


@pytest.mark.parametrize(
    ("api_url", "is_allowed"),
    [
        ("http://127.0.0.1:8081/v1", True),
        ("http://localhost:8081/v1", False),
        ("https://api.giphy.com/v1", False),
        ("", False),
    ],
)
def test_an_api_on_this_machine_has_its_own_media(
    api_url: str, is_allowed: bool
) -> None:
    origins = MediaOrigins([], api_url=api_url)
    url = URL("http://127.0.0.1:8081/media/x/giphy.gif")

    if is_allowed:
        origins.check(url)
    else:
        with pytest.raises(OriginRefused):
            origins.check(url)


PRIVATE = [
    "10.0.0.6",
    "127.0.0.1",
    "169.254.169.254",
    "192.168.1.1",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "::1",
    "fe80::1",
    "fd00::1",
    "::ffff:10.0.0.6",
    "64:ff9b::a00:6",
    "2002:a00:6::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_leads_to_no_private_address(address: str) -> None:
    with pytest.raises(OriginRefused, match=r"media0\.giphy\.com leads to "):
        MediaOrigins(LISTED).check_address("media0.giphy.com", address, 443)


@pytest.mark.parametrize(
    ("host", "address", "port"),
    [
        ("media0.giphy.com", "151.101.2.2", 443),
        ("media0.giphy.com", "2a04:4e42::645", 443),
        ("gifs.example", "10.0.0.5", 443),
        ("gifs.example", "127.0.0.1", 8000),
        ("localhost", "127.0.0.1", 8000),
        ("localhost", "::1", 8000),
    ],
)
def test_a_name_leads_to_public_addresses_and_to_those_that_are_listed(
    host: str, address: str, port: int
) -> None:
    MediaOrigins(LISTED).check_address(host, address, port)


@pytest.mark.parametrize(
    "entry",
    ["", "https://x.example", "x.example/", "x:0", "x:65536", "x:a", "a b", "*", "x.*"],
)
def test_an_entry_that_is_no_host_is_refused_with_the_settings(entry: str) -> None:
    with pytest.raises(ValueError, match=r"must (be|end)"):
        read_origin(entry)
    with pytest.raises(ValueError, match=r"must (be|end)"):
        MediaSettings(origins=(entry,))
