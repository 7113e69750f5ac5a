"""Runs a command and prints what it used as JSON: `python -IS launch.py COMMAND …`.

A process of its own and a small one: the peak of memory that the system tells of a process is at least that of
the one that started it.
"""

import json
import os
import subprocess
import sys
from time import perf_counter

if __name__ == "__main__":
    start = perf_counter()
    process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
    # The system's own account of the finished process, which subprocess does not hand on.
    _, status, used = os.wait4(process.pid, 0)
    wall = perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "wall": wall, "memory": used.ru_maxrss / 1000}))
    sys.exit(process.returncode)
