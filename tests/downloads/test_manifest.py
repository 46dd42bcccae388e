import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from giphynavigator.downloads.errors import FolderError
from giphynavigator.downloads.manifest import FILE, Entry, Manifest


def entry(name: str, sha256: str = "00") -> Entry:
    return Entry(id=name, url=f"https://x/{name}", file=name, bytes=1, sha256=sha256)


def manifest(folder: Path) -> Manifest:
    manifest = Manifest(folder)
    manifest.read()
    return manifest


def files(folder: Path) -> list[str]:
    lines = (folder / FILE).read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["file"] for line in lines]


def test_a_run_adds_what_is_new_and_repeats_nothing(tmp_path: Path) -> None:
    for _ in range(2):
        manifest(tmp_path).add(entry("a"))
    manifest(tmp_path).add(entry("b"))

    assert files(tmp_path) == ["a", "b"]
    assert manifest(tmp_path).get("a") == entry("a")
    assert manifest(tmp_path).owners() == {"a": "a", "b": "b"}


def test_a_file_that_became_another_has_one_line(tmp_path: Path) -> None:
    for name in ("a", "b"):
        manifest(tmp_path).add(entry(name))

    manifest(tmp_path).add(entry("a", "11"))

    assert files(tmp_path) == ["b", "a"]
    assert manifest(tmp_path).get("a") == entry("a", "11")
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_many_threads_and_programs_add_whole_lines(tmp_path: Path) -> None:
    manifests = [manifest(tmp_path), manifest(tmp_path)]
    with ThreadPoolExecutor(8) as pool:
        for number in range(200):
            pool.submit(manifests[number % 2].add, entry(str(number)))

    assert sorted(files(tmp_path), key=int) == [str(number) for number in range(200)]


def test_a_line_that_broke_off_is_mended(tmp_path: Path) -> None:
    manifest(tmp_path).add(entry("a"))
    with (tmp_path / FILE).open("ab") as file:
        file.write(b'{"id":"b","url":"htt')

    manifest(tmp_path).add(entry("c"))

    assert files(tmp_path) == ["a", "c"]


def test_lines_of_others_stay_as_they_are(tmp_path: Path) -> None:
    theirs = b'{"note": "mine"}\n\xff\n# not ours'
    (tmp_path / FILE).write_bytes(theirs)

    manifest(tmp_path).add(entry("a"))
    manifest(tmp_path).add(entry("a", "11"))

    assert (tmp_path / FILE).read_bytes().startswith(theirs + b"\n")


def test_a_manifest_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    os.mkdir(tmp_path / FILE)  # noqa: PTH102

    with pytest.raises(FolderError, match=r"manifest\.jsonl: Is a directory"):
        manifest(tmp_path)
