"""How a download goes: bars for people who look, lines for logs."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from giphynavigator.downloads.services import Result
from giphynavigator.downloads.transfer import Told


class Tally:
    """Counts what came of it; `files` is how many results there will be."""

    def __init__(self) -> None:
        self.files = 0
        self.new = 0
        self.there = 0
        self.failed: list[Result] = []

    def expect(self, files: int) -> None:
        """Learn how many files there will be beside what failed before."""
        self.files = files + len(self.failed)

    def begin(self, name: str) -> Told:  # noqa: ARG002 - others show it
        """Learn that a file will be fetched."""
        return lambda _size, _total: None

    def end(self, result: Result) -> None:
        """Learn what came of something."""
        if result.error:
            self.failed.append(result)
        elif result.is_new:
            self.new += 1
        else:
            self.there += 1

    @property
    def done(self) -> int:
        """How many results there are."""
        return self.new + self.there + len(self.failed)

    def summary(self) -> str:
        """Say in a line how many files there are, and whence."""
        return f"{self.new} fetched, {self.there} there already"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None


class Lines(Tally):
    """A line for each file that is there."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console

    def end(self, result: Result) -> None:
        """Write how long the file is, or that it had been there."""
        super().end(result)
        if entry := result.entry:
            known = f", for {result.asked} too" if result.asked else ""
            there = f"is there already{known}"
            state = decimal(entry.bytes) if result.is_new else there
            line = f"{self.done}/{self.files} {entry.file} {state}"
            self._console.out(line, highlight=False)


class Bars(Tally):
    """A bar for each file that is coming, and over them one for all."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[state]}", markup=False),
            console=console,
        )
        self._bars: dict[str, TaskID] = {}
        self._whole = self._progress.add_task("looking", total=None, state="")

    def expect(self, files: int) -> None:
        """Show of how many files it will be."""
        super().expect(files)
        self._progress.update(self._whole, description="files", total=self.files)
        self._count()

    def begin(self, name: str) -> Told:
        """Give what shows a bar, and then moves it."""

        def told(size: int, total: int | None) -> None:
            if name not in self._bars:
                self._bars[name] = self._progress.add_task(name, total=None, state="")
            state = f"{decimal(size)} of {decimal(total)}" if total else decimal(size)
            task = self._bars[name]
            self._progress.update(task, completed=size, total=total, state=state)

        return told

    def end(self, result: Result) -> None:
        """Take the bar away."""
        super().end(result)
        if task := self._bars.pop(result.name, None):
            self._progress.remove_task(task)
        self._count()

    def _count(self) -> None:
        state = f"{self.done} of {self.files}"
        self._progress.update(self._whole, completed=self.done, state=state)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()
