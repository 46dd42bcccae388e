"""Findings: what doctor sees, how well it is, and what to do about it."""

from typing import Final, Literal, TypeAlias

from msgspec import Struct

Health: TypeAlias = Literal["ok", "warn", "bad"]

MARKS: Final[dict[Health, str]] = {"ok": "ok  ", "warn": "warn", "bad": "BAD "}


class Finding(Struct, frozen=True):
    """One thing that was looked at: its state, and what to do if it is not well.

    What is bad keeps the service, or a part of it, from working; of a warning one
    should know. A state that is well may have advice too, for who wants more.
    """

    subject: str
    state: str
    advice: str = ""
    health: Health = "ok"

    @property
    def good(self) -> bool:
        """Whether the service works with it."""
        return self.health != "bad"

    def line(self) -> str:
        """Give the finding as one line of text."""
        advice = f" -> {self.advice}" if self.advice else ""
        return f"{MARKS[self.health]} {self.subject:<9} {self.state}{advice}"


def warning(subject: str, state: str, advice: str) -> Finding:
    """Give a finding that one should know of."""
    return Finding(subject, state, advice, "warn")


def bad(subject: str, state: str, advice: str) -> Finding:
    """Give a finding with which the service, or a part of it, does not work."""
    return Finding(subject, state, advice, "bad")
