"""What is written to standard error, and what never is: queries, above debug."""

import logging
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from aiohttp import web
from aiohttp.abc import AbstractAccessLogger
from aiohttp.http_exceptions import HttpProcessingError

from giphynavigator.settings import LogSettings, Secret
from giphynavigator.tracing import REQUEST_ID, trace_fields, trace_id

TEXT: Final = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
HIDDEN: Final = "***"
SHORTEST: Final = 6
"""Characters of a secret that is looked for; a shorter one is in half of all lines."""


def set_up_logs(settings: LogSettings, secrets: Iterable[Secret] = ()) -> None:
    """Send log lines of the level and above to standard error, as text or as JSON.

    Should a secret get into a line in spite of everything, it is blacked out.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter_for(settings, secrets))
    logging.basicConfig(level=settings.level.upper(), handlers=[handler])
    logging.getLogger("aiohttp.server").addFilter(is_worth_a_line)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def formatter_for(
    settings: LogSettings, secrets: Iterable[Secret]
) -> logging.Formatter:
    """Give what makes lines as the settings have them, without these secrets."""
    formatter = JsonFormatter if settings.format == "json" else TextFormatter
    return Discreet(formatter(), secrets)


class TextFormatter(logging.Formatter):
    """A line for people, ending with the ids of the request that it is about."""

    def __init__(self) -> None:
        super().__init__(TEXT)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - theirs
        """Give the line without the traceback."""
        ids = " ".join(f"{k}={v}" for k, v in ids_of(record).items())
        return f"{super().formatMessage(record)} {ids}".rstrip()


class JsonFormatter(logging.Formatter):
    """A JSON object on one line; what a record was given as `extra` are members."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line, traceback and all."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
            **ids_of(record),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line).decode()


class Discreet(logging.Formatter):
    """Blacks out secrets in what another formatter makes."""

    def __init__(self, inner: logging.Formatter, secrets: Iterable[Secret]) -> None:
        super().__init__()
        self._inner = inner
        texts = {secret.reveal() for secret in secrets}
        known = (text for text in texts if len(text) >= SHORTEST)
        # The longest first: one may hold another.
        self._secrets = sorted(known, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """Give the line without secrets."""
        line = self._inner.format(record)
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return line


def ids_of(record: logging.LogRecord) -> Mapping[str, str]:
    """Give the ids that a record was given, else those of the current request."""
    ids: Mapping[str, str] | None = getattr(record, "ids", None)
    return trace_fields() if ids is None else ids


def is_worth_a_line(record: logging.LogRecord) -> bool:
    """Say whether a line of aiohttp's is news.

    A request that is no HTTP is none: anyone can send as many as he likes, and
    the line would quote it with a traceback.
    """
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError | web.RequestPayloadError)


class AccessLogger(AbstractAccessLogger):
    """One line for each request: method, route, status, milliseconds, cache state."""

    def log(
        self, request: web.BaseRequest, response: web.StreamResponse, time: float
    ) -> None:
        """Write the line; `time` is in seconds.

        In place of the path stands the pattern of its route, which holds none of
        the words that people search for; the path itself only where no route is.
        """
        facts = {
            "method": request.method,
            "route": route_of(request) or request.rel_url.raw_path,
            "status": response.status,
            "ms": round(time * 1000, 1),
            "cache": cache_state(response),
        }
        ids = {
            "request_id": response.headers.get(REQUEST_ID, ""),
            "trace_id": trace_id(request.headers.get("traceparent", "")),
        }
        extra = {"facts": facts, "ids": {k: v for k, v in ids.items() if v}}
        line = "%(method)s %(route)s %(status)s %(ms).1f ms %(cache)s"
        self.logger.info(line, facts, extra=extra)


def route_of(request: web.BaseRequest) -> str | None:
    """Give the pattern of the route that was taken, None where there is none."""
    if not isinstance(request, web.Request):
        return None
    try:
        resource = request.match_info.route.resource
    except AssertionError:  # aiohttp's, where the request was no HTTP
        return None
    return resource.canonical if resource else None


def cache_state(response: web.StreamResponse) -> str:
    """Give the word that Cache-Status has for the answer, - where there is none."""
    parts = response.headers.get("Cache-Status", "").split("; ")
    known = [part for part in parts if part in STATES]
    return known[-1].removeprefix("fwd=") if known else "-"


STATES: Final = frozenset({"hit", "fwd=miss", "fwd=stale", "collapsed"})
