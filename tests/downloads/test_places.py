"""What stands for a version of a file."""

import pytest

from giphynavigator.downloads.places import version_of

MONDAY = "Mon, 02 Jun 2025 10:00:00 GMT"
SECOND_LATER = "Mon, 02 Jun 2025 10:00:01 GMT"

VERSIONS = [
    ({"ETag": '"a"'}, '"a"'),
    ({"ETag": '"a"', "Last-Modified": MONDAY, "Date": SECOND_LATER}, '"a"'),
    ({"ETag": 'W/"a"'}, ""),
    ({"ETag": "a"}, ""),
    ({"ETag": '""'}, ""),
    ({"ETag": f'"{"a" * 81}"'}, ""),
    ({"ETag": '"a\xe9"'}, ""),
    ({"ETag": 'W/"a"', "Last-Modified": MONDAY, "Date": SECOND_LATER}, MONDAY),
    ({"Last-Modified": MONDAY, "Date": SECOND_LATER}, MONDAY),
    ({"Last-Modified": MONDAY, "Date": MONDAY}, ""),
    ({"Last-Modified": MONDAY}, ""),
    ({"Last-Modified": "soon", "Date": "now"}, ""),
    ({"Last-Modified": "Mon, 02 Jun 2025 10:00:00", "Date": SECOND_LATER}, ""),
    ({}, ""),
]


@pytest.mark.parametrize(("headers", "version"), VERSIONS)
def test_a_version_stands_for_every_byte_or_there_is_none(
    headers: dict[str, str], version: str
) -> None:
    assert version_of(headers) == version
