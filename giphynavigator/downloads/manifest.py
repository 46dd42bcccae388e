"""manifest.jsonl: one line of JSON for each file, written when the file is whole."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from threading import Lock
from typing import Final

import msgspec
from msgspec import Struct

from giphynavigator.downloads.errors import FolderError

FILE: Final = "manifest.jsonl"


class Entry(Struct, frozen=True):
    """A file: of which GIF it is, where it came from, how long and what it is."""

    id: str
    url: str
    file: str
    bytes: int
    sha256: str


class Manifest:
    """What is known of the files of a folder; of each file one line. It blocks."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._lock = Lock()
        self._entries: dict[str, Entry] = {}

    def read(self) -> None:
        """Take in what earlier runs wrote, and mend a last line that broke off."""
        with self._translated():
            text = self._path.read_bytes() if os.path.lexists(self._path) else b""
            torn = text.rpartition(b"\n")[2]
            if torn.startswith(b'{"id":') and entry_in(torn) is None:
                os.truncate(self._path, len(text) - len(torn))
            elif torn:
                self._append(b"\n")
        found = filter(None, map(entry_in, text.splitlines()))
        self._entries = {entry.file: entry for entry in found}

    def get(self, file: str) -> Entry | None:
        """Give what is known of a file."""
        return self._entries.get(file)

    def owners(self) -> dict[str, str]:
        """Give the ids of the GIFs, by file."""
        return {entry.file: entry.id for entry in self._entries.values()}

    def add(self, entry: Entry) -> None:
        """Write down a file; what was written of it before, if it differs, goes."""
        with self._lock, self._translated():
            known = self._entries.get(entry.file)
            if known and known.sha256 == entry.sha256:
                return
            if known:
                self._remove(entry.file)
            self._append(msgspec.json.encode(entry) + b"\n")
            self._entries[entry.file] = entry

    def _append(self, line: bytes) -> None:
        """Write at once, so that another program's line cannot come in between."""
        with FileIO(self._path, "a") as file:
            file.write(line)

    def _remove(self, name: str) -> None:
        """Write the whole anew without the lines of a file."""
        lines = self._path.read_bytes().splitlines(keepends=True)
        others = [line for line in lines if not is_of(name, entry_in(line))]
        new = self._path.with_name(f"{FILE}.part")
        new.write_bytes(b"".join(others))
        new.replace(self._path)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise FolderError(self._path, why) from error


def entry_in(line: bytes) -> Entry | None:
    """Give what a line says, None if it is no line of ours."""
    try:
        return msgspec.json.decode(line, type=Entry)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def is_of(name: str, entry: Entry | None) -> bool:
    """Whether an entry is that file's."""
    return entry is not None and entry.file == name
