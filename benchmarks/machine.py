"""The machine's description, as far as it has to do with the figures."""

import os
import platform
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

LIBRARIES: Final = (
    "aiohttp",
    "dependency-injector",
    "msgspec",
    "multidict",
    "redis",
    "uvloop",
    "yarl",
)


def machine() -> list[str]:
    """Say in lines what the figures were measured on."""
    return [
        f"{cpu()}, {os.cpu_count()} cores, {memory():.0f} GB",
        f"{platform.system()} {release()}",
        f"Python {platform.python_version()}; {', '.join(libraries())}",
        redis_version(),
        f"{datetime.now(UTC):%d %B %Y}; load at the end {os.getloadavg()[0]:.1f}",
    ]


def cpu() -> str:
    """Give the processor's name."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()


def memory() -> float:
    """Give the machine's memory in GB."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def release() -> str:
    """Give the kernel's numbers."""
    found = re.match(r"[\d.]+", platform.release())
    return found[0] if found else ""


def libraries() -> Iterator[str]:
    """Give the versions of what the figures depend on."""
    for name in LIBRARIES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield f"no {name}"


def redis_version() -> str:
    """Give the version of the Redis server."""
    try:
        said = subprocess.run(
            ["redis-server", "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return "no redis-server"
    found = re.search(r"v=([\d.]+)", said)
    return f"Redis {found[1]}" if found else "Redis"
