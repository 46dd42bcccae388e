"""What a killed service leaves in the temp folder, and who removes it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from giphynavigator.metrics.folders import NEW, PREFIX, clear_up, lent_folder
from tests.processes import REPOSITORY, fetch, running

HOLDING = """
import sys
from giphynavigator.metrics.folders import hold
hold(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""


def left(temporary: Path, name: str = "left") -> Path:
    """A folder of an hour ago, with numbers in it."""
    folder = temporary / (PREFIX + name)
    folder.mkdir()
    (folder / "counter_1.db").write_bytes(b"numbers")
    age(folder)
    return folder


def age(folder: Path) -> None:
    an_hour_ago = time.time() - 3600
    os.utime(folder, (an_hour_ago, an_hour_ago), follow_symlinks=False)


@contextmanager
def held(folder: Path) -> Iterator[subprocess.Popen]:
    """Another process that holds the folder, until it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, folder],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        try:
            assert process.stdout.readline() == b"held\n"
            yield process
        finally:
            process.kill()


def test_a_folder_that_nobody_holds_goes(tmp_path: Path) -> None:
    left(tmp_path)

    clear_up(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_stays_while_one_process_holds_it_and_goes_once_that_is_killed(
    tmp_path: Path,
) -> None:
    folder = left(tmp_path)
    with held(folder) as one, held(folder) as another:
        one.kill()
        one.wait()
        clear_up(tmp_path)
        while_held = folder.exists()
        another.kill()
        another.wait()

        clear_up(tmp_path)

    assert (while_held, folder.exists()) == (True, False)


def test_a_folder_that_was_just_made_stays(tmp_path: Path) -> None:
    folder = left(tmp_path)
    os.utime(folder, (time.time() - NEW / 2,) * 2)

    clear_up(tmp_path)

    assert folder.exists()


def test_what_is_not_ours_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "precious").mkdir()
    other = tmp_path / "giphynavigator-other"
    other.mkdir()
    file = tmp_path / (PREFIX + "file")
    file.touch()
    link = tmp_path / (PREFIX + "link")
    link.symlink_to(tmp_path / "precious")
    for path in (other, file, link):
        age(path)
    clear_up(tmp_path)
    strangers = left(tmp_path, "strangers")
    monkeypatch.setattr(os, "getuid", lambda: strangers.stat().st_uid + 1)

    clear_up(tmp_path)

    names = {path.name.removeprefix(PREFIX) for path in tmp_path.iterdir()}
    assert names == {"precious", "giphynavigator-other", "file", "link", "strangers"}


def test_a_lent_folder_is_held_and_goes_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with lent_folder() as folder:
        age(Path(folder))
        clear_up(tmp_path)

        assert Path(folder).is_dir()
    assert list(tmp_path.iterdir()) == []


def test_workers_remove_what_killed_ones_left(tmp_path: Path) -> None:
    arguments = ("serve", "--workers", "2", "--port", "0")
    with running(*arguments, TMPDIR=str(tmp_path)) as (_, process):
        (lent,) = tmp_path.glob(PREFIX + "*")
        age(lent)
        with running(*arguments, TMPDIR=str(tmp_path)) as (url, other):
            beside = fetch(f"{url}/metrics")
            still_there = lent.exists()
            process.kill()
            process.stderr.read()  # its workers have the other end: now they are gone
            other.kill()
            other.stderr.read()
    for folder in tmp_path.glob(PREFIX + "*"):
        age(folder)

    with running(*arguments, TMPDIR=str(tmp_path)):
        (only,) = tmp_path.glob(PREFIX + "*")

    assert still_there
    assert b"giphynavigator_page_lookups_total" in beside
    assert only != lent
