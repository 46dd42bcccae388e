"""The commands of docs/operating.md that save what is kept, and bring it back."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

from sqlalchemy import text

from giphynavigator.notes.parameters import NoteBody, columns
from giphynavigator.notes.repository import NoteRepository
from tests.database.conftest import Open
from tests.processes import REPOSITORY
from tests.servers import HOST, PostgresServer, find

OPERATING = (REPOSITORY / "docs/operating.md").read_text("utf-8")
AS_POSTGRES = "    runuser -u postgres -- "
LATER_STEP = """
CREATE TABLE remark (id serial PRIMARY KEY, note_id integer REFERENCES note (id))
"""
"""What a release after this one might add: it hangs on what was there before."""


class Operator:
    """Runs what the document has an operator do as the user postgres."""

    def __init__(self, server: PostgresServer, folder: Path) -> None:
        tools = Path(find("pg_restore")).parent
        self._environment = {
            "HOME": str(folder),
            "PATH": os.pathsep.join((str(tools), os.environ["PATH"])),
            "PGHOST": HOST,
            "PGPORT": str(server.port),
            "PGUSER": "postgres",
        }

    def does(self, name: str) -> None:
        """Run the one command of that name, word for word."""
        (line,) = re.findall(rf"(?m)^{AS_POSTGRES}({name} .*)$", OPERATING)
        done = subprocess.run(
            line.replace(" --pwprompt", ""),  # there is nobody to type it
            shell=True,
            cwd="/",
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), line


def note(title: str) -> dict[str, Any]:
    return columns(NoteBody(title=title))


async def test_what_was_dumped_comes_back_whatever_a_later_release_has_added(
    postgres_server: PostgresServer, tmp_path: Path, opening: Open
) -> None:
    operator = Operator(postgres_server, tmp_path)
    operator.does("createuser")
    operator.does("createdb")
    url = f"postgresql://giphynavigator@{HOST}:{postgres_server.port}/giphynavigator"
    before = await opening(url)
    for title in ("one", "two"):
        await NoteRepository(before).add(note(title))
    operator.does("pg_dump")
    async with before.writing() as session:
        await session.execute(text(LATER_STEP))
    await NoteRepository(before).add(note("since"))
    await before.close()

    operator.does("pg_restore")

    after = await opening(url)
    async with after.reading() as session:
        titles = await session.scalars(text("SELECT title FROM note ORDER BY id"))
        remarks = await session.scalar(text("SELECT to_regclass('remark')"))
    assert (titles.all(), remarks) == (["one", "two"], None)
    await NoteRepository(after).add(note("next"))
