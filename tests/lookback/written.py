"""Runs written without training: the record of a run that might have been."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner.events import (
    DeviceChosen,
    EpochEnded,
    Evaluated,
    Event,
    ExpectationChecked,
    PhaseRow,
    RunEnded,
    RunStarted,
    Status,
    Steps,
    Warned,
    shortest,
)
from runner.plan.schedule import compile_schedule
from runner.source.load import load
from tests.cli.program import GALLERY

BEGUN = 1_767_225_600.0
"""2026-01-01 00:00 in UTC."""
PER_EPOCH = 10


@dataclass(frozen=True)
class Written:
    """What a run is to be like; the defaults are one that went well."""

    recipe: str = "digits_phases"
    sets: tuple[str, ...] = ()
    epochs: int = 4
    done: int | None = None
    """Epochs made; None: all."""
    status: Status | None = "finished"
    """None: the record has no end."""
    level: float = 1.0
    """Times which losses are."""
    begun: float = BEGUN
    fingerprint: str = "abcdef01" * 8
    warnings: tuple[str, ...] = ()
    packages: tuple[tuple[str, str], ...] = (("recipe-runner", "0.1.0"), ("tensorflow", "2.21.0"), ("keras", "3.15.1"))


def events(run: Written, run_dir: str = "") -> Iterable[Event]:
    """The events of the run."""
    recipe = load(GALLERY / f"{run.recipe}.yaml", sets=run.sets).recipe
    assert recipe is not None
    assert recipe.schedule is not None
    steps = run.epochs * PER_EPOCH
    schedule = compile_schedule(
        recipe.schedule, steps=steps, steps_per_epoch=PER_EPOCH, base_momentum=recipe.optimizer.driven_momentum
    )
    yield RunStarted(
        time=run.begun, recipe=recipe.name, run_dir=run_dir, fingerprint=run.fingerprint, seed=recipe.seed, steps=steps,
        epochs=run.epochs, steps_per_epoch=PER_EPOCH, batch_size=32, parameters=17_226, data="builtin digits 1",
        phases=tuple(PhaseRow(name=p.name, start=p.start, stop=p.stop) for p in schedule.phases),
        metrics=("loss", "accuracy", "val_loss", "val_accuracy"),
    )  # fmt: skip
    yield DeviceChosen(time=run.begun, device="CPU", description="2 threads")
    yield from (Warned(time=run.begun, message=text) for text in run.warnings)
    metrics: dict[str, float] = {}
    for epoch in range(run.epochs if run.done is None else run.done):
        first = epoch * PER_EPOCH
        values = schedule.evaluate(range(first, first + PER_EPOCH))
        rates, momenta = values["learning_rate"], values["momentum"]
        losses = tuple(round(run.level * 2.0 / (1 + step), 6) for step in range(first, first + PER_EPOCH))
        yield Steps(
            time=run.begun + 1 + epoch, first_step=first, epoch=epoch, learning_rate=shortest(rates),
            momentum=shortest(momenta), loss=losses, examples=320, seconds=0.5,
        )  # fmt: skip
        accuracy = round(1 - losses[-1] / 4, 4)
        metrics = {"loss": losses[-1], "accuracy": accuracy, "val_loss": losses[-1] * 1.25, "val_accuracy": accuracy}
        yield EpochEnded(
            time=run.begun + 1.5 + epoch, epoch=epoch, step=first + PER_EPOCH, metrics=metrics,
            learning_rate=float(str(rates[-1])), momentum=float(str(momenta[-1])), seconds=0.75,
            examples_per_second=640.0, phase="", best=True,
        )  # fmt: skip
    if run.status is None:
        return
    test = {"test_loss": metrics["loss"] * 1.5, "test_accuracy": metrics["accuracy"] - 0.01}
    yield Evaluated(time=run.begun + 9, split="test", metrics=test, examples=270)
    met = run.status != "expectation_missed"
    yield ExpectationChecked(
        time=run.begun + 9, metric="test_accuracy", expectation=">= 0.9", value=test["test_accuracy"], met=met
    )
    yield RunEnded(
        time=run.begun + 10, status=run.status, message=None, steps=steps, seconds_total=9.5, seconds_training=4.25,
        metrics={**metrics, **test}, best={"epoch": run.epochs - 1, "val_loss": metrics["val_loss"]},
    )  # fmt: skip


def write(base: Path, stamp: str = "20260101-000000-abcdef01", run: Written | None = None) -> Path:
    """Write a run under ``base``; return its directory."""
    run = run or Written()
    source = GALLERY / f"{run.recipe}.yaml"
    loaded = load(source, sets=run.sets)
    assert loaded.recipe is not None
    folder = base / loaded.recipe.name / stamp
    folder.mkdir(parents=True)
    (folder / "events.jsonl").write_text(
        "".join(f"{event.to_json()}\n" for event in events(run, str(folder.relative_to(base.parent))))
    )
    (folder / "recipe.yaml").write_text(source.read_text())
    lock: dict[str, Any] = {
        "fingerprint": run.fingerprint,
        "recipe": loaded.recipe.model_dump(mode="json"),
        "data": "builtin digits 1",
        "code": {},
        "examples": {"train": 1257, "validation": 270, "test": 270},
        "seed": loaded.recipe.seed,
        "device": {"kind": "CPU", "description": "2 threads"},
        "packages": dict(run.packages),
        "host": {"python": "3.11.7", "system": "Linux", "cores": 2, "variables": {}},
        "data_sha256": {"train": "1" * 64, "validation": "2" * 64, "test": "3" * 64},
    }
    (folder / "lock.json").write_text(json.dumps(lock))
    return folder
