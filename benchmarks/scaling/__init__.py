"""How calls, memory and CPU grow with people, searches and replicas."""

from benchmarks.scaling.page import write

__all__ = ["write"]
