"""Runs every part in a process of its own and prints one table; the exit code is 1 if a part is wrong."""

import argparse
import json
import os
import subprocess
import sys
import time

NAMES = ("device", "types", "xla", "steps", "memory", "resume", "replicas", "streaming", "speed")
"""In the order of the table."""
SECONDS = 150
"""That a part may take; all of them together take less than 10 minutes on a GPU."""


def part(name: str, device: str, *, small: bool) -> tuple[str, str]:
    """The verdict of a part, and its figures."""
    command = [sys.executable, "-m", "tests.benchmarks.gpu_check.part", name, device, *(["--small"] if small else [])]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return "WRONG", f"not done within {SECONDS} seconds"
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        return "WRONG", lines[-1] if lines else f"exit code {done.returncode}"
    found = json.loads(done.stdout.splitlines()[-1])
    return "ok" if found["ok"] else "WRONG", found["said"]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="make gpu-check", description=__doc__)
    parser.add_argument("--device", choices=("gpu", "cpu"), default="gpu", help="cpu: the same parts without a GPU")
    parser.add_argument("--small", action="store_true", help="a short form, to see that every part works")
    parser.add_argument("parts", nargs="*", help="names of parts; left out, all of them")
    asked = parser.parse_args()
    unknown = set(asked.parts) - set(NAMES)
    if unknown:
        parser.error(f"unknown part {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    wrong = 0
    for name in asked.parts or NAMES:
        began = time.perf_counter()
        verdict, said = part(name, asked.device, small=asked.small)
        wrong += verdict != "ok"
        print(f"{name:<10} {verdict:<6} {time.perf_counter() - began:5.0f} s  {said}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
