"""What nobody foresaw: an id for the caller, everything else for the log."""

import logging
import secrets

from giphynavigator.errors import PlainError

log = logging.getLogger(__name__)


class Unforeseen(PlainError):
    """Something went wrong that nobody foresaw; the log knows it by this id."""

    def __init__(self, fault: str) -> None:
        super().__init__("something went wrong here; the log knows more by this id")
        self.fault = fault

    def problem(self) -> dict[str, object]:
        """Give problem details that say no more than the status does, and the id."""
        return {**super().problem(), "id": self.fault}


def noted(error: Exception) -> Unforeseen:
    """Write the fault into the log, traceback and all; give what callers may know."""
    fault = secrets.token_hex(8)
    log.error("unexpected fault %s", fault, exc_info=error)
    return Unforeseen(fault)
