"""Static files: read once, named after what is in them, kept by browsers for ever.

`static/` beside this module is for all pages, `<feature>/static/` for those of a
feature. A template names a file by `static("base.css")` or, of a feature,
`static("notes/list.css")` and gets an address with a hash in it. A module imports
its neighbours by their plain names, `from "./grid.js"` or `from "../base.js"`, and
they are put right here: the hash of a module holds those of all that it imports.

What is not in these folders when the program starts has no address at all.
"""

import gzip
import re
from collections.abc import Mapping
from functools import cache, cached_property
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Final

import giphynavigator

ROOT: Final = Path(giphynavigator.__file__).parent

KINDS: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".txt": "text/plain; charset=utf-8",
}
"""The content types of all that is ever served; another kind of file is not."""

IMPORT: Final = re.compile(rb'((?:\bfrom|\bimport)\s*")(\.{1,2}/[\w./-]+)(")')
HASHED: Final = re.compile(r"(.+)\.[0-9a-f]{12}(\.\w+)")


class Asset:
    """A file ready to be sent; `name` is what its address ends with."""

    def __init__(self, plain: str, body: bytes) -> None:
        path = PurePosixPath(plain)
        tag = blake2b(body, digest_size=6).hexdigest()
        self.name = str(path.with_name(f"{path.stem}.{tag}{path.suffix}"))
        self.kind = KINDS[path.suffix]
        self.body = body

    @cached_property
    def packed(self) -> bytes:
        """The body in gzip, made when it is first asked for."""
        return gzip.compress(self.body, 6, mtime=0)


class Assets:
    """The static files of the program, by their plain names and by their hashed."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._plain: dict[str, Asset] = {}
        self._importers: list[str] = []
        for name in files:
            self._load(name)
        self._hashed = {asset.name: asset for asset in self._plain.values()}

    def address(self, name: str) -> str:
        """Give the address of a file; KeyError when there is none of that name."""
        return f"/static/{self._plain[name].name}"

    def exact(self, name: str) -> Asset | None:
        """Give the file whose address ends with this name, never any other."""
        return self._hashed.get(name)

    def current(self, name: str) -> Asset | None:
        """Give what the file of another release's address has become."""
        hashed = HASHED.fullmatch(name)
        return self._plain.get(f"{hashed[1]}{hashed[2]}") if hashed else None

    def _load(self, name: str) -> Asset:
        """Give the file, and before it those that it imports."""
        if name in self._importers:
            raise ValueError(f"{name} imports itself, in a circle: no hash can be had")
        if name not in self._plain:
            body = self._files[name]
            if name.endswith(".js"):
                self._importers.append(name)
                body = IMPORT.sub(lambda found: self._linked(name, found), body)
                self._importers.pop()
            self._plain[name] = Asset(name, body)
        return self._plain[name]

    def _linked(self, importer: str, found: re.Match[bytes]) -> bytes:
        """Give an import with the hashed address; one of no file of ours stays."""
        folder = PurePosixPath(importer).parent
        name = normpath(folder / found[2].decode())
        if name not in self._files:
            return found[0]
        return b"%b/static/%b%b" % (found[1], self._load(name).name.encode(), found[3])


@cache
def all_assets() -> Assets:
    """Give the static files of the whole program, read when they are first wanted."""
    shared = _read(ROOT / "static", "")
    for folder in sorted(ROOT.glob("*/static")):
        shared |= _read(folder, f"{folder.parent.name}/")
    return Assets(shared)


def _read(folder: Path, prefix: str) -> dict[str, bytes]:
    return {
        prefix + path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in KINDS
    }
