"""``make bench``: the engine against hand-written Keras and others, interleaved; medians and ratios.

Each case is written into the table of docs/benchmarks.md as soon as it is measured; one that fails is named in the
end, and costs no other its figures. Rows of another machine or other versions go with the first case that is written.
``PART="mlp, saving"`` measures some and refuses to put them beside such rows; ``ARGS="mlp saving"`` only prints them.
``ROUNDS`` sets the number of rounds; ``MINIMAL=1`` tries every case on next to nothing, and its figures say nothing.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from tests.benchmarks import cost, files, many_runs, process, start, table
from tests.benchmarks.saving import UNITS
from tests.benchmarks.table import Row
from tests.benchmarks.workload import BATCH, BATCHES, EXAMPLES, NETWORKS, SIZES, WORKLOADS, prepared

ROUNDS = int(os.environ.get("ROUNDS", "3"))
MINIMAL = bool(os.environ.get("MINIMAL"))
EPOCHS = 4
CONTESTANTS = {
    "mlp": ("engine", "bare", "fit", "fit x43", "fit jit"),
    "lenet": ("engine", "fit", "fit x43"),
    "resnet": ("engine", "whole", "in parts", "fit"),
    "stream": ("engine", "fit"),
    "lstm": ("engine", "fit", "fit x43"),
    "embedding": ("engine", "fit", "fit x43"),
    "batch 16": ("engine", "fit", "fit x43"),
    "batch 4096": ("engine", "fit"),
}
LIGHTNING = os.environ.get("LIGHTNING_PYTHON", sys.executable)
"""A Python that has PyTorch Lightning; it may be in an environment of its own."""
TORCH = os.environ.get("TORCH_PYTHON", sys.executable)
"""A Python that has PyTorch."""
BESIDE = {
    "torch": (TORCH, "torch", "tests.benchmarks.torch_contestant", ("mlp", "lenet", "resnet")),
    "lightning": (LIGHTNING, "lightning", "tests.benchmarks.lightning_contestant", ("mlp", "lenet")),
}
"""Contestants that may be absent: their Python, the package that they need, their module and their workloads."""
Measured = dict[str, Any]


def child(*command: str, python: str = sys.executable) -> Measured:
    """What a process of its own has measured."""
    done = subprocess.run([python, "-m", *command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr)
    values: Measured = json.loads(done.stdout.splitlines()[-1])
    return values


def measured(contestant: str, workload: str, epochs: int | None = None, examples: int | None = None) -> Measured:
    """Train once in a process of its own."""
    usual = (2, 3 * max(BATCHES.get(workload, BATCH), 1_000)) if MINIMAL else SIZES.get(workload, (EPOCHS, EXAMPLES))
    size = (workload, str(epochs or usual[0]), str(examples or usual[1]))
    if contestant in BESIDE:
        python, _, module, _ = BESIDE[contestant]
        return child(module, *size, python=python)
    return child("tests.benchmarks.contestants", contestant, *size)


@cache
def has(python: str, package: str) -> bool:
    """Whether a Python can import a package."""
    return subprocess.run([python, "-c", f"import {package}"], capture_output=True, check=False).returncode == 0


def compared(case: str, contestants: tuple[str, ...], measure: Callable[[str], Measured]) -> Iterator[Row]:
    """Measure in turn, ``ROUNDS`` times; a row each, with its ratio to the first in the same round."""
    rounds = [{name: measure(name) for name in contestants} for _ in range(ROUNDS)]
    own = [statistics.median(round_[contestants[0]]["seconds"]) for round_ in rounds]
    for name in contestants:
        seconds = [statistics.median(round_[name]["seconds"]) for round_ in rounds]
        ratios = tuple(one / other for one, other in zip(seconds, own, strict=True))
        yield Row(case, name, tuple(seconds), ratios, statistics.median(round_[name]["peak_mib"] for round_ in rounds))


def trained(workload: str) -> Iterator[Row]:
    """Seconds an epoch."""
    contestants = CONTESTANTS[workload]
    beside = {name: has(python, package) for name, (python, package, _, able) in BESIDE.items() if workload in able}
    contestants += tuple(name for name, there in beside.items() if there)
    yield from compared(workload, contestants, lambda name: measured(name, workload))
    yield from (Row(workload, name, ()) for name, there in beside.items() if not there)


def others() -> Iterator[Row]:
    """Seconds an epoch of networks of other kinds."""
    for network in NETWORKS:
        for row in compared("networks", ("engine", "fit"), lambda name, network=network: measured(name, network)):
            yield replace(row, contestant=f"{network}, {row.contestant}")


def evaluated(workload: str) -> Iterator[Row]:
    """Seconds of an evaluation."""
    names, examples = ("engine", "keras", "keras x1000"), str(2_000 if MINIMAL else EXAMPLES)
    yield from compared(
        f"evaluate {workload}", names, lambda name: child("tests.benchmarks.evaluating", name, workload, examples)
    )


def saved() -> Iterator[Row]:
    """Seconds of 40 steps of a model of 100 million weights, without and with four checkpoints among them."""
    units = str(64 if MINIMAL else UNITS)
    names = ("no checkpoint", "saves")
    yield from compared("saving", names, lambda name: child("tests.benchmarks.saving", name, units))


def whole_process() -> Iterator[Row]:
    """Seconds of a process, and until its first line."""
    rounds = [(process.waited(process.IMPORT)[0], process.waited(process.RUN)) for _ in range(ROUNDS)]
    bare = [imported for imported, _ in rounds]
    yield Row("process", "import tensorflow, keras", tuple(bare), (1.0,) * ROUNDS)
    whole = [seconds for _, (seconds, _) in rounds]
    yield Row(
        "process", "recipe run digits_constant", tuple(whole), tuple(a / b for a, b in zip(whole, bare, strict=True))
    )
    yield Row("process", "its first line", tuple(first or 0.0 for _, (_, first) in rounds))


def validated() -> Iterator[Row]:
    """Processor seconds of ``recipe validate``."""
    found = start.least(1 if MINIMAL else 15)
    for name, seconds in found.items():
        yield Row("validate", name, (seconds,), (seconds / found["bare imports"],))


def grown() -> Iterator[Row]:
    """Seconds of the MLP for each 1,000 steps, with more examples and with more epochs: the same if time is linear."""
    small = 512 if MINIMAL else EXAMPLES // 4
    for factor in (1, 4, 16):
        more = measured("engine", "mlp", 3, small * factor)["seconds"]
        longer = measured("engine", "mlp", 2 * factor + 1, small)["seconds"]
        for what, seconds, steps in (("examples", more, small * factor / 128), ("steps", longer, small / 128)):
            yield Row("growth", f"{factor} times the {what}", (1000 * sum(seconds) / len(seconds) / steps,))


def everything_beside_bare() -> Iterator[Row]:
    """Seconds of an epoch of the MLP with what a run writes and sends, one after another, beside the bare loop."""
    size = ("2", "3000") if MINIMAL else (str(cost.EPOCHS), str(EXAMPLES))
    rounds = [{name: child("tests.benchmarks.cost", name, *size) for name in cost.NAMES} for _ in range(ROUNDS)]
    for clock, what in (("seconds", "on the wall"), ("processor", "of the processor")):
        for name in cost.NAMES:
            peak = statistics.median(round_[name]["peak_mib"] for round_ in rounds)
            yield Row("cost", f"{name}, {what}", *_beside_bare(rounds, name, clock, clock), peak)
    for name in (cost.SERVED, cost.EVERY_STEP):
        if cost.MLFLOW:
            yield Row("cost", f"{name}, of the server's processor", *_beside_bare(rounds, name, "served", "processor"))
        else:  # the package has the server
            yield Row("cost", name, ())


def _beside_bare(
    rounds: Sequence[Mapping[str, Mapping[str, float]]], name: str, clock: str, other: str
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Seconds of each round, and their ratios to those of the bare loop by the other clock."""
    taken = tuple(round_[name][clock] for round_ in rounds)
    return taken, tuple(one / round_[cost.BARE][other] for one, round_ in zip(taken, rounds, strict=True))


def listed() -> Iterator[Row]:
    """Seconds of ``recipe runs`` in a folder of many runs; ratios are to the second that it may take."""
    count = 200 if MINIMAL else many_runs.RUNS
    with tempfile.TemporaryDirectory() as folder:
        runs = many_runs.make(Path(folder), count)
        rounds = [many_runs.seconds(runs, count) for _ in range(ROUNDS)]
    for name, taken in zip(("for the first time", "again"), zip(*rounds, strict=True), strict=True):
        yield Row("runs", f"{count:,} runs, {name}", taken, tuple(one / many_runs.AT_MOST for one in taken))


def read(case: str) -> Iterator[Row]:
    """Seconds from the first look at large files to a model that has seen each example once."""
    with tempfile.TemporaryDirectory() as folder:
        files.make(case, Path(folder), files.SIZES[case] // (2_000 if MINIMAL else 1))
        names = files.contestants(case)
        yield from compared(f"read {case}", names, lambda name: child("tests.benchmarks.files", case, name, folder))


CASES: dict[str, Callable[[], Iterator[Row]]] = {
    **{name: (lambda name=name: trained(name)) for name in WORKLOADS},
    "networks": others,
    **{f"evaluate {name}": (lambda name=name: evaluated(name)) for name in ("mlp", "lenet")},
    **{f"read {case}": (lambda case=case: read(case)) for case in files.SIZES},
    "saving": saved,
    "process": whole_process,
    "validate": validated,
    "growth": grown,
    "cost": everything_beside_bare,
    "runs": listed,
}


def main() -> None:
    """Run all cases, those of ``PART``, or those named on the command line; exit status 1 if one of them failed."""
    part = tuple(name.strip() for name in os.environ.get("PART", "").split(",") if name.strip())
    names = tuple(sys.argv[1:]) or part or tuple(CASES)
    for name in names:
        if name not in CASES:
            sys.exit(f"unknown case {name!r}; there are {', '.join(CASES)}")
    writes = not sys.argv[1:] and not MINIMAL
    if writes and part:
        table.require_mergeable(ROUNDS)
    failed = _measure(names, writes=writes)
    if writes:
        print(f"written to {table.DOCS.name} and {table.README.name}")
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def _measure(names: Sequence[str], *, writes: bool) -> list[str]:
    """Measure the cases, each of which is written as soon as it has its figures; gives those that failed."""
    rows: list[Row] = []
    failed: list[str] = []
    beside = tuple(CASES) if table.is_mergeable(ROUNDS) else ()
    print(*table.markdown(()), sep="\n", flush=True)
    for name in names:
        if not prepared(name):
            print(f"{name}: left out, TFDS_DATA_DIR names no folder with a prepared mnist", flush=True)
            continue
        before = len(rows)
        try:
            for row in CASES[name]():
                rows.append(row)
                print(f"| {' | '.join(row.cells)} |", flush=True)
        except (Exception, SystemExit) as error:  # whatever a case fails of, the others are worth their time
            print(f"{name} failed:", *traceback.format_exception(error), file=sys.stderr, flush=True)
            failed.append(name)
        if writes and len(rows) > before:
            table.write(rows, ROUNDS, beside)
    return failed


if __name__ == "__main__":
    main()
