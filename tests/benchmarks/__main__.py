"""``make bench``: the engine against hand-written Keras on one workload, interleaved; medians and ratios."""

import json
import os
import statistics
import subprocess
import sys
from typing import Any

ROUNDS = int(os.environ.get("ROUNDS", "3"))
EPOCHS = 5
LEAST = {"mlp": 1.8, "lenet": 1.2}
"""Ratio of ``fit`` to the engine that is wanted."""


def measured(contestant: str, workload: str) -> dict[str, Any]:
    """Train once in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.contestants", contestant, workload, str(EPOCHS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr)
    values: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return values


def compare(workload: str, contestants: tuple[str, ...]) -> None:
    """Train in turn, ``ROUNDS`` times, and print a row a contestant."""
    rounds = [{name: measured(name, workload) for name in contestants} for _ in range(ROUNDS)]
    own = [statistics.median(round_["engine"]["seconds"]) for round_ in rounds]
    print(f"{workload}: seconds an epoch (median of {ROUNDS} rounds of {EPOCHS - 1} epochs), ratio to the engine")
    for name in contestants:
        medians = [statistics.median(round_[name]["seconds"]) for round_ in rounds]
        ratios = [other / engine for other, engine in zip(medians, own, strict=True)]
        peak = statistics.median(round_[name]["peak_mib"] for round_ in rounds)
        line = f"  {name:<8} {statistics.median(medians):6.3f} s   ratio {statistics.median(ratios):5.2f}"
        print(f"{line}   (rounds {', '.join(f'{r:.2f}' for r in ratios)})   peak {peak:,.0f} MiB", flush=True)
    print(f"  wanted: fit at least {LEAST[workload]} times the engine", flush=True)


def main() -> None:
    """Run all comparisons, or those named on the command line."""
    for workload in sys.argv[1:] or LEAST:
        compare(workload, ("engine", "fit", "fit x43"))


if __name__ == "__main__":
    main()
