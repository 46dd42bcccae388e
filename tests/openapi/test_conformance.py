"""The service does what its document says, whatever it is asked.

SCHEMATHESIS_CASES in the environment makes it more cases than usual, and others each
time.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Thread

from tests.conftest import CANARY
from tests.processes import REPOSITORY, fetch, running

USUAL = 1000
CASES = int(os.environ.get("SCHEMATHESIS_CASES", USUAL))
SETTINGS = "giphy: {rating: r}\nlog: {access: false}\n"
HOURS = 3600.0


def test_every_answer_is_as_the_document_says(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(SETTINGS)
    said: list[str] = []
    with running(
        *("serve", "--port", "0", "--config", str(tmp_path / "config.yml")),
        DATABASE_URL=f"sqlite+aiosqlite:///{tmp_path}/kept.db",
        GIPHYNAVIGATOR_TOKENS=CANARY,
    ) as (url, process):
        Thread(target=lambda: said.extend(process.stderr), daemon=True).start()
        report = asked_of(url, tmp_path)
        fetch(f"{url}/livez")

    assert report["complete"]
    assert report["failures"] == report["errors"] == []
    assert report["operations"]["tested"] == report["operations"]["total"] - 1  # live
    assert report["test_cases"]["generated"] >= CASES
    assert "unexpected fault" not in "".join(said)


def asked_of(url: str, folder: Path) -> dict:
    """Have schemathesis ask whatever it can think of; its report, told on stdout."""
    path = folder / "report.json"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli"),
            *("--config-file", str(Path(__file__).with_name("schemathesis.toml"))),
            *("run", f"{url}/openapi.json"),
            *("--max-examples", str(max(3, CASES // 60))),
            *("--header", f"Authorization: Bearer {CANARY}"),
            *("--report", "json", "--report-json-path", str(path)),
            *(("--seed", "1") if CASES == USUAL else ()),
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
        timeout=HOURS,
    )
    print(done.stdout, done.stderr)  # noqa: T201 - shown when something fails
    return json.loads(path.read_text(encoding="utf-8"))
