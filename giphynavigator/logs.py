"""What is written to standard error, and what never is: queries, above debug."""

import logging
import sys
from typing import Final

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger
from aiohttp.http_exceptions import HttpProcessingError

FORMAT: Final = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


def set_up_logs(level: str) -> None:
    """Send log lines of this level and above to standard error."""
    logging.basicConfig(stream=sys.stderr, level=level.upper(), format=FORMAT)
    logging.getLogger("aiohttp.server").addFilter(is_worth_a_line)


def is_worth_a_line(record: logging.LogRecord) -> bool:
    """Say whether a line of aiohttp's is news.

    A request that is no HTTP is none: anyone can send as many as he likes, and
    the line would quote it with a traceback.
    """
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError)


class AccessLogger(AbstractAccessLogger):
    """One line for each request: method, path, status and milliseconds."""

    def log(
        self, request: web.BaseRequest, response: web.StreamResponse, time: float
    ) -> None:
        """Write the line; `time` is in seconds. The query is left out of it."""
        self.logger.info(
            "%s %s %s %.1f ms",
            request.method,
            request.rel_url.raw_path,
            response.status,
            time * 1000,
        )
