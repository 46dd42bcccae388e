"""The service as `serve` runs it, watched from within: `python -m tests.abuse.watched`.

It takes the settings file, says its address in a line of JSON, and at each SIGUSR1
how its loop has been since the last one.
"""

import asyncio
import json
import os
import signal
import sys
import time
from typing import Final

from giphynavigator.logs import set_up_logs
from giphynavigator.serving.places import Place
from giphynavigator.serving.server import new_runner, serve, stop_on_signal
from giphynavigator.settings_sources import read_settings
from tests.starved import Starved

TICK: Final = 0.005
LATE: Final = 0.020
"""Seconds by which a turn of the loop comes too late."""


class Watch:
    """Notices when the loop does not turn, for how long, and how often it is late."""

    def __init__(self) -> None:
        self._begin_anew()
        self._starved = Starved(os.getpid())
        self._looking = asyncio.create_task(self._look())
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, self._report)

    async def _look(self) -> None:
        while True:
            began, starved = time.perf_counter(), self._starved()
            await asyncio.sleep(TICK)
            late = time.perf_counter() - began - TICK - (self._starved() - starved)
            self._longest = max(self._longest, late)
            self._turns += 1
            self._late += late > LATE

    def _report(self) -> None:
        tasks = len(asyncio.all_tasks())
        say(stall=self._longest, turns=self._turns, late=self._late, tasks=tasks)
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._longest, self._turns, self._late = 0.0, 0, 0


def say(**facts: object) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def stopping() -> asyncio.Event:
    """What stops the service, and what watches it meanwhile."""
    stop = stop_on_signal()
    stop.watch = Watch()
    return stop


def main(config: str) -> None:
    settings = read_settings(config)
    set_up_logs(settings.file.log)
    place = Place("127.0.0.1", 0)
    with new_runner() as runner:
        runner.run(serve(settings, place, lambda url: say(url=url), stopping))


if __name__ == "__main__":
    main(sys.argv[1])
