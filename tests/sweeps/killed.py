"""Sweeps whose workers are killed, held against sweeps that are left alone.

``python -m tests.sweeps.killed 30 20`` makes a sweep of 30 trials on digits and kills its workers 20 times.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from runner.record.directory import RunPaths
from runner.workflows.selftest import compare
from tests.cli.program import LIMIT, Process, environment, started
from tests.faults.program import HOOKS

DIGITS = """\
recipe: 1
name: digits
task: classification
seed: 7
data: {{source: builtin, name: digits, scale: 1/16, batch_size: 128}}
model:
  kind: sequential
  layers:
    - {{kind: flatten}}
    - {{kind: dense, units: 16, activation: relu, dropout: 0.1}}
optimizer: {{kind: sgd, learning_rate: 0.01, momentum: 0.9}}
training: {{epochs: 4, checkpoint: 2 steps}}
sweep:
  objective: val_loss
  sampler: tpe
  pruner: {pruner}
  trials: {trials}
  ranges:
    optimizer.learning_rate: {{log: [1e-3, 0.5]}}
    optimizer.momentum: {{linear: [0.0, 0.95]}}
    model.layers.1.units: {{int: [8, 64], step: 8}}
    model.layers.1.activation: {{choice: [relu, tanh]}}
"""


def worker(folder: Path, *arguments: str, **variables: str) -> Process:
    """A process that works on the sweep of ``digits.yaml`` in a folder."""
    return started("sweep", "digits.yaml", "--worker", "--progress", "plain", *arguments, cwd=folder, **variables)


def fault(lines: int, seconds: float = 0.0) -> dict[str, str]:
    """Variables of a worker that dies so long after so many of its lines in the journal."""
    return {"PYTHONPATH": str(HOOKS), "RECIPE_FAULT": f"torn-sweep:{lines}:{seconds}"}


def mortal(folder: Path, chance: random.Random) -> Process:
    """A worker that dies when it trains: with its first to eighth line of the journal, or up to 0.3 seconds later."""
    return worker(folder, **fault(chance.randint(1, 8), chance.uniform(0, 0.3)))


def runs_in(folder: Path) -> list[Path]:
    """The runs of the sweep of ``digits.yaml`` in a folder."""
    return list((folder / "runs/digits-sweep").glob("2*"))


def prepared(folder: Path, *, trials: int, pruner: str = "median") -> Path:
    """The folder with the recipe in it."""
    folder.mkdir(exist_ok=True)
    (folder / "digits.yaml").write_text(DIGITS.format(trials=trials, pruner=pruner))
    return folder


def finished(process: Process, seconds: float = LIMIT) -> None:
    """Wait for a worker that is to end by itself."""
    _, said = process.communicate(timeout=seconds)
    assert process.returncode == 0, said


def died(process: Process, seconds: float = LIMIT) -> bool:
    """Wait for a worker that is to die; False if it has ended by itself."""
    process.communicate(timeout=seconds)
    return process.returncode == -9


def table(folder: Path) -> list[dict[str, Any]]:
    """The trials of a sweep that has ended, as ``--json`` prints them."""
    command = [sys.executable, "-m", "runner", "sweep", "digits.yaml", "--json", "-q"]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["status"] == "finished"
    trials: list[dict[str, Any]] = found["trials"]
    return trials


def differences(one: Path, other: Path) -> Iterator[str]:
    """What differs between two sweeps: their tables, and each file and number of each run."""
    tables = table(one), table(other)
    for mine, theirs in zip(*tables, strict=True):
        for key in ("trial", "values", "state", "value", "epochs"):
            if mine[key] != theirs[key]:
                yield f"trial {mine['trial']}: {key}: {mine[key]} and {theirs[key]}"
        runs = [
            RunPaths(folder / "runs/digits-sweep" / each["runs"][0]) for folder, each in ((one, mine), (other, theirs))
        ]
        for found in compare(*runs):
            yield from (f"trial {mine['trial']}: {found.field}: {text}" for text in found.differing)
    for folder in (one, other):
        if len(runs_in(folder)) != len(tables[0]):
            yield f"{folder.name} has {len(runs_in(folder))} runs for {len(tables[0])} trials"
    if (one / "runs/digits-sweep/best.yaml").read_text() != (other / "runs/digits-sweep/best.yaml").read_text():
        yield "best.yaml"


def disturbed(folder: Path, kills: int, seed: int) -> int:
    """Work on the sweep with workers that are killed so many times; gives how many were."""
    chance, killed = random.Random(seed), 0
    while killed < kills and died(mortal(folder, chance)):
        killed += 1
    finished(worker(folder))
    return killed


def main(trials: int, kills: int) -> None:
    """Print what differs between an undisturbed and a disturbed sweep."""
    with tempfile.TemporaryDirectory() as base:
        straight, other = (prepared(Path(base) / name, trials=trials) for name in ("straight", "disturbed"))
        began = time.monotonic()
        finished(worker(straight))
        print(f"{trials} trials undisturbed: {time.monotonic() - began:.0f} s", flush=True)
        killed = disturbed(other, kills, seed=1)
        print(f"{killed} workers killed: {time.monotonic() - began:.0f} s", flush=True)
        found = list(differences(straight, other))
        states = [each["state"] for each in table(other)]
        print(f"trials: { {state: states.count(state) for state in sorted(set(states))} }")
        print("\n".join(found) or "tables, runs and best recipes are equal to the bit")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
