"""What is written to standard error, and what never is: queries, above debug."""

import logging
import sys
from typing import Final

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger

FORMAT: Final = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


def set_up_logs(level: str) -> None:
    """Send log lines of this level and above to standard error."""
    logging.basicConfig(stream=sys.stderr, level=level.upper(), format=FORMAT)


class AccessLogger(AbstractAccessLogger):
    """One line for each request: method, path, status, bytes and milliseconds."""

    def log(
        self, request: web.BaseRequest, response: web.StreamResponse, time: float
    ) -> None:
        """Write the line; `time` is in seconds. The query is left out of it."""
        self.logger.info(
            "%s %s %s %d B %.1f ms",
            request.method,
            request.rel_url.raw_path,
            response.status,
            response.body_length,
            time * 1000,
        )
