"""The download command, timed from when everything is imported to its end.

`python -m benchmarks.contenders.downloading ARGUMENT...` prints the seconds, and the
bytes of memory that it had at most.
"""

import resource
import sys
import time

from giphynavigator.commands.main import main

if __name__ == "__main__":
    began = time.perf_counter()
    main(["download", *sys.argv[1:]], standalone_mode=False)
    took = time.perf_counter() - began
    print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
