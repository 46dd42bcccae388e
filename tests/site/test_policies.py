import pytest

from giphynavigator.web.policies import content_policy, media_sources


@pytest.mark.parametrize(
    ("origin", "sources"),
    [
        ("i.giphy.com", "https://i.giphy.com"),
        ("media*.giphy.com", "https://*.giphy.com"),
        ("*.giphy.com", "https://*.giphy.com"),
        ("a.b*.giphy.com", "https://*.giphy.com"),
        ("cdn.example:8443", "https://cdn.example:8443"),
        ("127.0.0.1:8081", "https://127.0.0.1:8081 http://127.0.0.1:8081"),
        ("localhost", "https://localhost http://localhost"),
    ],
)
def test_an_origin_of_the_settings_is_a_source_that_browsers_know(
    origin: str, sources: str
) -> None:
    assert media_sources([origin]) == sources


def test_a_source_is_named_once() -> None:
    origins = ["media*.giphy.com", "thumbs*.giphy.com", "i.giphy.com"]

    assert media_sources(origins) == "https://*.giphy.com https://i.giphy.com"


def test_nothing_that_stands_in_a_page_is_run() -> None:
    policy = content_policy("abc", "https://*.giphy.com")

    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self' 'nonce-abc';" in policy
    assert "img-src 'self' https://*.giphy.com;" in policy
    assert "frame-ancestors 'none'" in policy
