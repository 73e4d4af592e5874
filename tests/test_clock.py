"""When a process began."""

import subprocess
import sys
import time

from runner.hardware.clock import process_began

TICK = 0.02


def test_the_time_since_the_process_began_includes_its_start() -> None:
    script = (
        "import runner.hardware.clock, time; import numpy, pydantic; began = runner.hardware.clock.process_began(); "
    )
    script += "print(time.perf_counter() - began, time.thread_time())"
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    wall = time.perf_counter() - began
    elapsed, computed = map(float, done.stdout.split())
    assert computed - TICK <= elapsed <= wall + TICK


def test_the_beginning_of_this_process_does_not_move() -> None:
    pairs = [(process_began(), process_began()) for _ in range(20)]
    assert min(abs(one - other) for one, other in pairs) < TICK, "and not only where the process was kept waiting"
    assert max(map(max, pairs)) < time.perf_counter()
