"""`python -m benchmarks.scaling`: write docs/scaling.md and docs/scaling.svg."""

from benchmarks.measure import ROOT
from benchmarks.scaling.page import write

if __name__ == "__main__":
    (ROOT / "docs").mkdir(exist_ok=True)
    write(ROOT / "docs")
