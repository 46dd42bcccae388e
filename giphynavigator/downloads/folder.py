"""The folder that files go to: what is there of each, and what is known of them."""

import errno
import hashlib
import os
from pathlib import Path

from giphynavigator.downloads.errors import FileError, FolderError
from giphynavigator.downloads.formats import FORMATS, HEAD, format_of
from giphynavigator.downloads.manifest import Entry, Manifest
from giphynavigator.downloads.parts import NAME, Part, old_part, part_name, translated


class Folder:
    """Where files go. What is there is looked at once, at the beginning.

    `prepare`, `known` and `list` block, and raise FileError or FolderError.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.manifest = Manifest(path)
        self._there: set[str] = set()
        self._parts: dict[str, Part] = {}

    def prepare(self) -> None:
        """Make the folder if need be, and look what is in it."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            for path in self.path.iterdir():
                self._there.add(path.name)
                found, part = NAME.fullmatch(path.name), old_part(path)
                if found and part:
                    self._parts[found["name"]] = part
        except OSError as error:
            said = "it is no folder" if self.path.is_file() else error.strerror
            raise FolderError(self.path, said or "it cannot be used") from error
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise FolderError(self.path, os.strerror(errno.EACCES))
        self.manifest.read()

    def find(self, name: str, ending: str) -> Path | None:
        """Give the file of that name; without an ending it may have any."""
        endings = [ending] if ending else [known.ending for known in FORMATS]
        names = (f"{name}{each}" for each in endings)
        there = next((each for each in names if each in self._there), None)
        return self.path / there if there else None

    def known(self, path: Path, gif_id: str, url: str) -> Entry:
        """Give the entry of a file that is there; one without an entry gets one.

        What is there under its name and is no media is left alone: FileError.
        """
        if not path.is_file():
            raise FileError("something of that name is there, and it is no file")
        if entry := self.manifest.get(path.name):
            return entry
        with translated(self.path), path.open("rb") as file:
            is_media = format_of(file.read(HEAD))
            file.seek(0)
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
        if not is_media:
            raise FileError("a file of that name is there, and it is no media")
        return self.list(Entry(gif_id, url, path.name, size, sha256))

    def list(self, entry: Entry) -> Entry:
        """Write an entry into the manifest."""
        self.manifest.add(entry)
        return entry

    def old_part(self, name: str) -> Part | None:
        """Give what an earlier run left of a file, to be resumed."""
        return self._parts.get(name)

    def new_part(self, name: str, version: str, *, old: Part | None) -> Part:
        """Give a part that takes the place of what there is, once it is written."""
        return Part(self.path / part_name(name, version), version, instead_of=old)
