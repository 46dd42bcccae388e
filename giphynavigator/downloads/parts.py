"""Files that come piece by piece, and get their name when they are whole.

What is there of a file is a part. Its name says of which file it is the beginning
and of which version of that file, so the two cannot disagree: `NAME.v-CODE.part`,
where CODE is what the server calls the version. Where it calls it nothing the part
is `NAME.part`, and of no use later. Everything here blocks, and raises FileError or
FolderError.
"""

import errno
import hashlib
import os
import re
import sys
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import Final

from giphynavigator.downloads.errors import FileError, FolderError
from giphynavigator.downloads.formats import HEAD

if sys.platform != "win32":
    import fcntl

BLOCK: Final = 1024 * 1024
NAME: Final = re.compile(r"(?P<name>.+)\.v-(?P<code>[\w-]+)\.part", re.ASCII)
FLAGS: Final = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})
"""What no other file would fare better with."""


class Part:
    """The beginning of a file: `size` bytes of its `version`, the first in `head`."""

    def __init__(
        self, path: Path, version: str, instead_of: "Part | None" = None
    ) -> None:
        """Take its place; there is no file before it is resumed or written."""
        self.path = path
        self.version = version
        self.size = 0
        self.head = b""
        self._old = instead_of
        self._sha256 = hashlib.sha256()
        self._open_file: FileIO | None = None

    def resume(self) -> None:
        """Take in what an earlier run left, if it is still there."""
        with translated(self.path.parent), suppress(FileNotFoundError):
            self._open()
            while block := self._file.read(BLOCK):
                self._take(block)

    def write(self, piece: bytes) -> None:
        """Add a piece; one that the disk does not take whole is not counted."""
        with translated(self.path.parent):
            if self._open_file is None:
                self._begin()
            left = memoryview(piece)
            while left:
                left = left[self._file.write(left) :]
        self._take(piece)

    def keep(self, path: Path) -> str:
        """Give the file its name, now that it is whole, and return its sha256.

        If another has that name meanwhile, what came is thrown away: FileError.
        """
        with translated(self.path.parent):
            os.fsync(self._file.fileno())
            self._file.close()
            if os.path.lexists(path):
                self.path.unlink()
                raise FileError("a file of that name has come from elsewhere")
            self.path.rename(path)
        return self._sha256.hexdigest()

    def close(self) -> None:
        """Leave what can be gone on with later, and nothing else."""
        if self._open_file and self.version and self.size:
            self._open_file.close()
        elif self._open_file:
            self.discard()
        elif self._old:
            self._old.close()

    def discard(self) -> None:
        """Throw it away."""
        if self._open_file:
            with translated(self.path.parent):
                self._open_file.close()
                self.path.unlink(missing_ok=True)
        elif self._old:
            self._old.discard()

    @property
    def _file(self) -> FileIO:
        if self._open_file is None:
            raise ValueError("neither resumed nor written")
        return self._open_file

    def _begin(self) -> None:
        """Make the file, empty even if it was there."""
        if self._old:
            self._old.discard()
        self._open(os.O_CREAT)
        self._file.truncate()

    def _open(self, flags: int = 0) -> None:
        """Open the file, which nobody else may have open."""
        file = FileIO(os.open(self.path, FLAGS | flags, 0o666), "r+")
        try:
            lock(file)
        except OSError:
            file.close()
            raise
        self._open_file = file

    def _take(self, piece: bytes) -> None:
        self.head += piece[: HEAD - len(self.head)]
        self.size += len(piece)
        self._sha256.update(piece)


def part_name(name: str, version: str) -> str:
    """Give the name of a part of a file."""
    code = f".v-{encoded(version)}" if version else ""
    return f"{name}{code}.part"


def old_part(path: Path) -> Part | None:
    """Give the part that a file is, None if it is none that could be resumed."""
    found = NAME.fullmatch(path.name)
    version = decoded(found["code"]) if found else ""
    return Part(path, version) if version else None


def encoded(version: str) -> str:
    """Give a version as letters, digits, hyphens and underscores."""
    return urlsafe_b64encode(version.encode()).decode().rstrip("=")


def decoded(code: str) -> str:
    """Give the version that was encoded so, "" if none was."""
    try:
        version = urlsafe_b64decode(code + "=" * (-len(code) % 4)).decode("ascii")
    except ValueError:
        return ""
    return version if version.isprintable() else ""


@contextmanager
def translated(folder: Path) -> Iterator[None]:
    """Make errors of ours of what the system refuses."""
    try:
        yield
    except BlockingIOError as error:
        raise FileError("another program is downloading it") from error
    except OSError as error:
        said = error.strerror or type(error).__name__
        if error.errno in FULL:
            raise FolderError(folder, said) from error
        raise FileError(said) from error


def lock(file: FileIO) -> None:
    """Take the file for this program alone, where the system knows how."""
    if sys.platform != "win32":
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def sync(folder: Path) -> None:
    """Make new names in a folder last, where the system knows how."""
    if sys.platform == "win32":
        return
    with suppress(OSError):  # some file systems refuse, and need not be told
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
