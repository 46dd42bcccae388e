"""Where to listen, and why one cannot."""

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from giphynavigator.errors import Misconfigured


class Place(Struct, frozen=True):
    """Where to listen; port 0 takes any that is free."""

    host: str
    port: int
    shared: bool = False


class CannotListen(Misconfigured):
    """The system gives us no such place; says why."""

    def __init__(self, place: Place, error: OSError) -> None:
        where = f"port {place.port} of {place.host}"
        if error.errno == errno.EADDRINUSE:
            super().__init__(f"{where} is taken; choose another")
        elif error.errno and not isinstance(error, socket.gaierror):
            super().__init__(f"cannot listen on {where}: {os.strerror(error.errno)}")
        else:
            super().__init__(f"cannot listen on {where}: {error.strerror}")


@contextmanager
def taking(place: Place) -> Iterator[None]:
    """Raise CannotListen for whatever hinders us from listening there."""
    try:
        yield
    except OSError as error:
        raise CannotListen(place, error) from error
