"""Chance that falls the same way in every process, on every day."""

from hashlib import blake2b


def stable_bytes(*parts: object, size: int = 16) -> bytes:
    """Return `size` bytes that depend on the parts and on nothing else."""
    text = "\x1f".join(map(str, parts))
    return blake2b(text.encode("utf-8", "replace"), digest_size=size).digest()


def stable_number(*parts: object) -> int:
    """Return a large whole number that depends on the parts and on nothing else."""
    return int.from_bytes(stable_bytes(*parts, size=8), "big")
