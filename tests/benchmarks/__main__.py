"""``make bench``: the engine against hand-written Keras on one workload, interleaved; medians and ratios."""

import json
import os
import statistics
import subprocess
import sys
from typing import Any

from tests.benchmarks import start
from tests.benchmarks.workload import EXAMPLES, SIZES, prepared

ROUNDS = int(os.environ.get("ROUNDS", "3"))
EPOCHS = 5
LEAST = {"mlp": 2.2, "lenet": 1.2, "resnet": 1.8, "stream": 1.0}
"""Ratio of ``fit`` to the engine that is wanted."""
CONTESTANTS = {
    "mlp": ("engine", "bare", "fit", "fit x43"),
    "lenet": ("engine", "fit", "fit x43"),
    "resnet": ("engine", "whole", "in parts", "fit"),
    "stream": ("engine", "fit"),
}
LIGHTNING = os.environ.get("LIGHTNING_PYTHON", sys.executable)
"""A Python that has PyTorch Lightning; it may be in an environment of its own."""
Measured = dict[str, Any]


def measured(contestant: str, workload: str, epochs: int | None = None, examples: int | None = None) -> Measured:
    """Train once in a process of its own."""
    usual = SIZES.get(workload, (EPOCHS, EXAMPLES))
    size = (workload, str(epochs or usual[0]), str(examples or usual[1]))
    if contestant == "lightning":
        command = [LIGHTNING, "-m", "tests.benchmarks.lightning_contestant", *size]
    else:
        command = [sys.executable, "-m", "tests.benchmarks.contestants", contestant, *size]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr)
    values: Measured = json.loads(done.stdout.splitlines()[-1])
    return values


def has_lightning() -> bool:
    """Whether PyTorch Lightning is installed."""
    return subprocess.run([LIGHTNING, "-c", "import lightning"], capture_output=True, check=False).returncode == 0


def compare(workload: str) -> None:
    """Train in turn, ``ROUNDS`` times, and print a row a contestant."""
    contestants = CONTESTANTS[workload]
    if workload in ("mlp", "lenet") and has_lightning():
        contestants += ("lightning",)
    rounds = [{name: measured(name, workload) for name in contestants} for _ in range(ROUNDS)]
    epochs, _ = SIZES.get(workload, (EPOCHS, EXAMPLES))
    print(f"{workload}: seconds an epoch (median of {ROUNDS} rounds of {epochs - 1} epochs), ratio to the engine")
    for name in contestants:
        medians = [statistics.median(round_[name]["seconds"]) for round_ in rounds]
        ratios = [
            other / statistics.median(round_["engine"]["seconds"])
            for other, round_ in zip(medians, rounds, strict=True)
        ]
        peak = statistics.median(round_[name]["peak_mib"] for round_ in rounds)
        line = f"  {name:<9} {statistics.median(medians):6.3f} s   ratio {statistics.median(ratios):5.2f}"
        print(f"{line}   (rounds {', '.join(f'{r:.2f}' for r in ratios)})   peak {peak:,.0f} MiB", flush=True)
    print(f"  wanted: fit at least {LEAST[workload]} times the engine, which takes at most 1.15 times its memory")


def grow() -> None:
    """Whether time is linear: in examples (seconds an epoch) and in steps (seconds of so many epochs)."""
    small = EXAMPLES // 4
    print("growth: seconds of the MLP for each 1,000 steps, which would be the same if growth were linear")
    for factor in (1, 4, 16):
        more = measured("engine", "mlp", 3, small * factor)["seconds"]
        longer = measured("engine", "mlp", 2 * factor + 1, small)["seconds"]
        examples, steps = (1000 * sum(s) / len(s) for s in (more, longer))
        row = (examples / (small * factor / 128), steps / (small / 128))
        print(f"  x{factor:<3} examples {row[0]:6.3f} s   steps {row[1]:6.3f} s", flush=True)


def main() -> None:
    """Run all comparisons, or those named on the command line."""
    for name in sys.argv[1:] or ("start", *CONTESTANTS, "growth"):
        if name == "growth":
            grow()
        elif name == "start":
            start.report()
        elif prepared(name):
            compare(name)
        else:
            print(f"{name}: left out, TFDS_DATA_DIR names no folder with a prepared mnist", flush=True)


if __name__ == "__main__":
    main()
