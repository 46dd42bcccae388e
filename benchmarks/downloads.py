"""How long downloads take beside curl's, and how much memory a long one takes."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.measure import ROOT, clean_environment, contender
from benchmarks.rows import Row

ROUNDS: Final = 5
FILES: Final = 200
MB: Final = 1_000_000
SIZE: Final = MB
PACE: Final = 5 * MB
AT_ONCE: Final = (8, 50)
LONG: Final = 1000 * MB
COMMAND: Final = (sys.executable, "-m", "benchmarks.contenders.downloading")


async def downloads() -> list[Row]:
    """Measure both."""
    return [*(beside_curl(at_once) for at_once in AT_ONCE), long_file()]


def beside_curl(at_once: int) -> Row:
    """Fetch the same files with the command and with curl, in turns."""
    if shutil.which("curl") is None:
        return wall_row(at_once, [], [], "not measured: curl is not installed")
    ours, curls = [], []
    with contender("paced", str(PACE)) as server:
        urls = [f"{server.address}/{SIZE}/{number}.gif" for number in range(FILES)]
        for _ in range(ROUNDS):
            with scene(server.address) as folder:
                ours.append(download(folder, urls, at_once)[0])
                curls.append(by_curl(urls, at_once, folder))
    return wall_row(at_once, ours, curls)


@contextmanager
def scene(address: str) -> Iterator[Path]:
    """Lend a folder, with settings in it that let media come from that server."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        origins = {"origins": [address.removeprefix("http://")]}
        settings = {"media": origins, "database": {"url": "sqlite+aiosqlite://"}}
        (folder / "config.yml").write_text(json.dumps(settings))
        yield folder


def by_curl(urls: Sequence[str], at_once: int, folder: Path) -> float:
    """Give the seconds that curl takes for the same."""
    (folder / "curl").mkdir()
    lines = [
        f'url = "{url}"\noutput = "{folder}/curl/{number}.gif"'
        for number, url in enumerate(urls)
    ]
    (folder / "curl.txt").write_text("\n".join(lines))
    parallel = ["--parallel", "--parallel-max", str(at_once)]
    began = time.perf_counter()
    subprocess.run(
        ["curl", "--silent", *parallel, "--config", str(folder / "curl.txt")],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - began


def download(folder: Path, urls: Sequence[str], at_once: int = 1) -> list[float]:
    """Run the command; give its seconds, and its bytes of memory at most."""
    options = ("--to", str(folder / "ours"), "--concurrency", str(at_once))
    done = subprocess.run(
        [*COMMAND, *urls, *options, "--config", str(folder / "config.yml")],
        cwd=ROOT,
        env=clean_environment(),
        check=True,
        capture_output=True,
        text=True,
    )
    assert len(list((folder / "ours").glob("*.gif"))) >= len(urls), done.stderr
    return [float(figure) for figure in done.stdout.split()]


def long_file() -> Row:
    """Compare the memory for a long file with that for a short one."""
    more = []
    with contender("paced", "0") as server:
        for _ in range(ROUNDS):
            with scene(server.address) as folder:
                short, long = (
                    download(folder, [f"{server.address}/{size}/{size}.gif"])[1]
                    for size in (SIZE, LONG)
                )
                more.append((long - short) / MB)
    return Row(
        what="Download of 1 GB: memory beyond that for 1 MB",
        short="1 GB file, memory beyond 1 MB",
        budget=60,
        unit="{:.1f} MB",
        figures=tuple(more),
        how=(
            "The most resident memory that the kernel ever counted for the command"
            f" `download`, fetching one file as fast as it comes. {ROUNDS} rounds."
        ),
    )


def wall_row(
    at_once: int, ours: list[float], curls: list[float], missing: str = ""
) -> Row:
    """Put them side by side."""
    pairs = sorted(zip(ours, curls, strict=True))
    middle = pairs[len(pairs) // 2] if pairs else (0, 0)
    return Row(
        what=f"Download of {FILES} files of 1 MB, {at_once} at once: wall ÷ curl",
        short=f"{FILES} files, {at_once} at once ÷ curl",
        budget=1.2,
        figures=tuple(own / curl for own, curl in pairs),
        baseline=f"ours {middle[0]:.2f} s, curl {middle[1]:.2f} s" if pairs else "",
        how=(
            f"A server of its own sends {PACE // MB} MB a second on each connection."
            f" {ROUNDS} rounds of the command `download`, fsync, sha256 and manifest"
            " included, from when the interpreter has imported everything to its end,"
            f" in turns with `curl --parallel --parallel-max {at_once}` into another"
            " folder, all of it."
        ),
        missing=missing,
    )
