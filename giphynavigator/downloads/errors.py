"""What can go wrong with a download; each sentence goes on after the file's name.

::

    BadRequest
    └── NoPage, NoAddress
    NotFound
    └── NothingFound, NoOriginal
    BadGateway
    └── MediaError            the server did not give what was asked for
        ├── Passing           it may go well in a moment
        │   ├── MediaUnreachable, MediaBrokeOff, MediaTooSlow
        │   └── MediaBusy, MediaChanged
        ├── Spoiled           what has come so far is worth nothing
        │   ├── NoMedia, OtherFormat, MediaCut, MoreThanSaid
        │   └── MediaTooLong
        └── MediaRefused, MediaNonsense
    NavigatorError
    ├── FileError             the file cannot be written
    └── FolderError           no file can
"""

from giphynavigator.errors import BadGateway, BadRequest, NavigatorError, NotFound


class NothingFound(NotFound):
    """Giphy finds no GIF for these words."""

    def __init__(self) -> None:
        super().__init__("Giphy finds nothing")


class NoPage(BadRequest):
    """An address on giphy.com that is no GIF's."""

    def __init__(self) -> None:
        super().__init__("this is no GIF's page")


class NoAddress(BadRequest):
    """An address that nobody could ask."""

    def __init__(self) -> None:
        super().__init__("this is no address")


class NoOriginal(NotFound):
    """Giphy has lost the file that the GIF was made as."""

    def __init__(self) -> None:
        super().__init__("Giphy has no original of it")


class MediaError(BadGateway):
    """The server of a file did not give it."""


class Passing(MediaError):
    """The same may go well in a moment; `retry_after` in seconds, 0: it did not say."""

    retry_after: float = 0


class Spoiled(MediaError):
    """What has come of the file is not what was asked for, nor will the rest be."""


class MediaUnreachable(Passing):
    """No connection came about."""

    def __init__(self) -> None:
        super().__init__("the server could not be reached")


class MediaBrokeOff(Passing):
    """The connection broke before the file was whole."""

    def __init__(self, size: int, total: int | None) -> None:
        of = "" if total is None else f" of {total:,}"
        super().__init__(f"the connection broke off after {size:,}{of} bytes")


class MediaTooSlow(Passing):
    """Nothing came, or next to nothing, for so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"next to nothing came for {seconds:g} seconds")


class MediaBusy(Passing):
    """The server answered 408, 429 or 5xx; says in how many seconds to come again."""

    def __init__(self, status: int, retry_after: float) -> None:
        super().__init__(f"the server answered with status {status}")
        self.retry_after = retry_after


class MediaChanged(Passing):
    """The rest that came is the rest of another file."""

    def __init__(self) -> None:
        super().__init__("the file changed on the server while it came")


class MediaRefused(MediaError):
    """The server answered with a status that will not change."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the server answered with status {status}")


class MediaNonsense(MediaError):
    """The server's answer is none to what was asked."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the server {what}")


class NoMedia(Spoiled):
    """A status of success around something that is no media."""

    def __init__(self, head: bytes) -> None:
        page = head.lstrip().startswith(b"<")
        found = "a web page" if page else "something else" if head else "nothing"
        super().__init__(f"no GIF, WebP, MP4, PNG or JPEG came, but {found}")


class OtherFormat(Spoiled):
    """Media of another format than the file's name says."""

    def __init__(self, found: str, wanted: str) -> None:
        super().__init__(f"a {found} came where a {wanted} should be")


class MediaCut(Spoiled):
    """By its own account the file is longer than the server said."""

    def __init__(self, size: int) -> None:
        super().__init__(f"the file breaks off: it is longer than {size:,} bytes")


class MoreThanSaid(Spoiled):
    """More bytes came than the server had announced."""

    def __init__(self, size: int) -> None:
        super().__init__(f"more came than the {size:,} bytes that the server announced")


class MediaTooLong(Spoiled):
    """The file is longer than any that is kept, or has no end at all."""

    def __init__(self, most: int) -> None:
        super().__init__(f"it is longer than the {most:,} bytes that a file may have")


class FileError(NavigatorError):
    """A file cannot be written, or is not ours to write."""


class FolderError(NavigatorError):
    """Nothing can be written: says where and why."""

    def __init__(self, folder: object, why: str) -> None:
        super().__init__(f"{folder}: {why}")
