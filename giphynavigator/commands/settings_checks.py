"""What doctor sees without leaving the process: settings, secrets and limits."""

import re
import stat
import sys
from pathlib import Path
from typing import Final

from giphynavigator.commands.findings import Finding, bad, warning
from giphynavigator.security.hosts import is_loopback
from giphynavigator.settings import Settings
from giphynavigator.settings_sources import read_settings

if sys.platform != "win32":
    import resource

SHORTEST_TOKEN: Final = 16
SHORTEST_SECRET: Final = 32
"""Characters of what nobody guesses, be they but hexadecimal digits."""

CLIENTS: Final = 1024
"""Connections of clients that a process should have room for."""
OWN_FILES: Final = 64
"""Files and sockets that a process has open by itself, apart from the database's."""
ENOUGH_FILES: Final = 8192

KEY: Final = re.compile(r"[A-Za-z0-9_-]+")


def look_at_settings(settings: Settings) -> list[Finding]:
    """Give what the settings and the process say of themselves."""
    return [
        file_of(settings),
        key(settings),
        writing(settings),
        signing(settings),
        log(settings),
        files(settings),
    ]


def file_of(settings: Settings) -> Finding:
    """Say which file was read, and whether others may read a password in it."""
    path = Path(settings.source)
    alone = read_settings(path, {})
    is_open = path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH)
    if is_open and any(alone.secrets):
        state = f"{path} holds a password, and others may read it"
        advice = "chmod 600, or use DATABASE_URL and REDIS_URL"
        return warning("settings", state, advice)
    return Finding("settings", str(path))


def key(settings: Settings) -> Finding:
    """Say whether there is a key, and whether it can be one."""
    if settings.sandbox:
        advice = "set GIPHY_API_KEY for Giphy's own"
        return Finding("key", "none, so the sandbox answers", advice)
    if not settings.api_key:
        return bad("key", "none", "set GIPHY_API_KEY: Giphy answers nobody without")
    if not KEY.fullmatch(settings.api_key.reveal()):
        state = "GIPHY_API_KEY has characters that no key has"
        return warning("key", state, "look for quotes and blanks in it")
    return Finding("key", "GIPHY_API_KEY is set")


def writing(settings: Settings) -> Finding:
    """Say who may write, and whether the tokens are such as nobody guesses."""
    lengths = [len(token.reveal()) for token in settings.tokens]
    if lengths and min(lengths) < SHORTEST_TOKEN:
        advice = f"make it {SHORTEST_TOKEN} characters or more"
        return bad("writing", "a token is short", advice)
    if lengths:
        return Finding("writing", "who has one of GIPHYNAVIGATOR_TOKENS")
    server = settings.file.server
    if not is_loopback(server.host) or server.trusted_proxies:
        return Finding("writing", "nobody", "set GIPHYNAVIGATOR_TOKENS")
    if server.hosts:
        state = "this machine, and who comes by a proxy that does not say so"
        advice = "set GIPHYNAVIGATOR_TOKENS, or server.trusted_proxies"
        return warning("writing", state, advice)
    return Finding("writing", "this machine alone")


def signing(settings: Settings) -> Finding:
    """Say what cookies are signed with, and whether that can be guessed."""
    if not settings.secret:
        return Finding("signing", "with a secret that the database keeps")
    if len(settings.secret.reveal()) < SHORTEST_SECRET:
        advice = f"make it {SHORTEST_SECRET} characters or more: openssl rand -hex 32"
        return bad("signing", "GIPHYNAVIGATOR_SECRET is short", advice)
    return Finding("signing", "with GIPHYNAVIGATOR_SECRET")


def log(settings: Settings) -> Finding:
    """Say what is logged, and whether that is more than people would like."""
    said = settings.file.log
    requests = "each request" if said.access else "no requests"
    state = f"{said.level} and above as {said.format}, {requests}"
    if said.level == "debug":
        return warning("log", f"{state}, and what people search for", "log.level: info")
    return Finding("log", state)


def files(settings: Settings) -> Finding:
    """Say how many files and connections a process may have open."""
    if sys.platform == "win32":
        return Finding("files", "not limited here")
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return room_in(limit, settings)


def room_in(limit: int, settings: Settings) -> Finding:
    """Say how many clients there is room for among so many files; below 0: any."""
    if limit < 0:
        return Finding("files", "not limited here")
    database = settings.file.database
    room = limit - OWN_FILES - database.pool_size - database.max_overflow
    advice = f"ulimit -n {ENOUGH_FILES}, or LimitNOFILE= where systemd starts it"
    if room <= 0:
        return bad("files", f"{limit} open at once: no room for clients", advice)
    if room < CLIENTS:
        state = f"{limit} open at once: room for {room} clients"
        return warning("files", state, advice)
    return Finding("files", f"{limit} open at once")
