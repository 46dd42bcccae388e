"""Parts on a disk that is full, in the way, or shared."""

import errno
import os
from hashlib import sha256
from pathlib import Path

import pytest

from giphynavigator.downloads.errors import FileError, FolderError
from giphynavigator.downloads.parts import Part, old_part, part_name

VERSION = '"v/1+~"'


def part(folder: Path, version: str = VERSION) -> Part:
    return Part(folder / part_name("a.gif", version), version)


def test_a_part_says_in_its_name_what_it_is_a_part_of(tmp_path: Path) -> None:
    first = part(tmp_path)
    first.write(b"GIF89a and more than a head")
    first.close()

    (path,) = tmp_path.iterdir()
    again = old_part(path)
    again.resume()
    again.write(b", and the rest")

    assert path.name.startswith("a.gif.v-")
    assert again.version == VERSION
    assert again.head == b"GIF89a and more "
    whole = b"GIF89a and more than a head, and the rest"
    assert again.keep(tmp_path / "a.gif") == sha256(whole).hexdigest()
    assert [each.name for each in tmp_path.iterdir()] == ["a.gif"]


@pytest.mark.parametrize("version", ["", VERSION])
def test_what_cannot_be_gone_on_with_is_not_left(tmp_path: Path, version: str) -> None:
    empty = part(tmp_path, version)
    empty.write(b"")
    empty.close()

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["a.gif.part", "a.gif.v-.part", "a.gif.v-DQo.part", "a.gif.v-_.part", "x"]
)
def test_a_file_that_names_no_version_is_no_part_to_go_on_with(name: str) -> None:
    assert old_part(Path(name)) is None


def test_the_old_part_goes_when_the_new_one_comes(tmp_path: Path) -> None:
    old = part(tmp_path)
    old.write(b"old")
    new = Part(tmp_path / part_name("a.gif", '"2"'), '"2"', instead_of=old)
    unused = Part(tmp_path / "unused", '"3"', instead_of=new)

    new.write(b"new")
    unused.close()

    (path,) = tmp_path.iterdir()
    assert path.read_bytes() == b"new"


def test_a_part_that_never_came_to_be_leaves_the_old_one_or_takes_it_along(
    tmp_path: Path,
) -> None:
    old = part(tmp_path)
    old.write(b"old")
    path = old.path
    Part(tmp_path / "new", '"2"', instead_of=old).close()
    was_left = path.exists()

    again = old_part(path)
    again.resume()
    Part(tmp_path / "new", '"2"', instead_of=again).discard()

    assert (was_left, path.exists()) == (True, False)


def test_a_part_that_has_vanished_is_begun_anew(tmp_path: Path) -> None:
    gone = part(tmp_path)

    gone.resume()
    gone.close()
    gone.discard()

    assert (gone.size, list(tmp_path.iterdir())) == (0, [])


def test_two_programs_do_not_write_the_same_part(tmp_path: Path) -> None:
    first, second = part(tmp_path), part(tmp_path)
    first.write(b"mine")

    with pytest.raises(FileError, match="another program is downloading it"):
        second.write(b"not mine")
    second.close()
    first.close()

    assert first.path.read_bytes() == b"mine"


def test_a_file_that_has_come_meanwhile_is_left_alone(tmp_path: Path) -> None:
    late = part(tmp_path)
    late.write(b"late")
    (tmp_path / "a.gif").write_bytes(b"early")

    with pytest.raises(FileError, match="come from elsewhere"):
        late.keep(tmp_path / "a.gif")
    late.close()

    assert (tmp_path / "a.gif").read_bytes() == b"early"
    assert os.listdir(tmp_path) == ["a.gif"]  # noqa: PTH208


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"precious")
    linked = part(tmp_path)
    linked.path.symlink_to(secret)

    with pytest.raises(FileError):
        linked.write(b"GIF89a")
    linked.close()

    assert secret.read_bytes() == b"precious"


def test_a_folder_in_the_way_is_the_files_misfortune(tmp_path: Path) -> None:
    blocked = part(tmp_path)
    blocked.path.mkdir()

    with pytest.raises(FileError, match="Is a directory"):
        blocked.write(b"GIF89a")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_everybodys_misfortune(tmp_path: Path) -> None:
    full = part(tmp_path)
    full.write(b"GIF89a")
    os.dup2(os.open("/dev/full", os.O_WRONLY), full._file.fileno())

    with pytest.raises(FolderError, match=os.strerror(errno.ENOSPC)):
        full.write(b"more")
    assert full.size == 6
    full.close()
