"""The servers that are measured, each a process: `python -m benchmarks.contenders.…`.

Each prints its address and serves until it is killed. None writes an access log.
"""
