"""What reacts to a monitor, against the curve below it and the length of the run."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from schemas.findings import Finding, Path
from schemas.recipe import Recipe
from schemas.rules.lengths import run
from schemas.rules.measures import divide
from schemas.rules.parts import PATH, base_of, warmup_of
from schemas.rules.tell import Rule, at, nearest, warning
from schemas.schedule.kinds import is_plateau

if TYPE_CHECKING:
    from schemas.monitoring import EarlyStopping


def plateau_over_a_falling_base(recipe: Recipe) -> Iterator[Finding]:
    """R118: where the rate rises the loss may too, by design; a plateau would cut the rise."""
    base, path = base_of(recipe)
    rise = base.rise() if recipe.schedule is not None and is_plateau(recipe.schedule) and base is not None else None
    if base is not None and rise is not None:
        yield warning(
            "R118",
            nearest(base, path, rise),
            f"plateau works against {base.kind}, whose learning rate rises on purpose while the monitor does not "
            "improve",
            f"use {base.kind} alone, or a plateau over a constant or falling base",
        )


class _Patient(NamedTuple):
    """Something that reacts when its monitor has not improved for a while."""

    path: Path
    """Of its patience."""
    patience: int
    what: str
    earliest: int | None
    """Epoch after which it reacts at the earliest; None where only the data's size could tell."""
    unseen: int = 0
    """Epochs at the beginning that it does not look at."""


def _earliest(recipe: Recipe, monitor: str, values: int) -> int | None:
    """Epoch that has the so many-th value of a monitor; a ``val_`` monitor has one where there is a validation."""
    validation = recipe.training.validation
    if validation is None or divide(monitor)[0] != "val_":
        return values
    apart = run(recipe).epochs_of(validation.every)
    return None if apart is None else math.ceil(round(values * apart, 6))


def _stop(recipe: Recipe, stopping: "EarlyStopping") -> _Patient:
    # The first value sets the best, unless there is a baseline to be beaten; Keras never stops after the first epoch.
    values = max(stopping.patience, 2) if stopping.baseline is not None else stopping.patience + 1
    earliest = _earliest(recipe, stopping.monitor, values)
    path = at(stopping, ("training", "early_stopping"), "patience")
    return _Patient(
        path, stopping.patience, "the stop", None if earliest is None else stopping.start_from_epoch + earliest
    )


def _unseen(recipe: Recipe) -> int:
    """Epochs that a plateau does not look at, because a warm-up has steps in them; 0 where only the data could tell."""
    warmup = warmup_of(recipe)
    epochs = None if warmup is None else run(recipe).epochs_of(warmup[0].duration)
    return 0 if epochs is None else math.ceil(round(epochs, 6))


def early_stopping_lets_the_end_happen(recipe: Recipe) -> Iterator[Finding]:
    """R119: 1cycle and wsd improve most in their last phase, which an early stop cuts off."""
    base, _ = base_of(recipe)
    stopping, epochs = recipe.training.early_stopping, recipe.training.epochs
    refining = None if base is None else base.refining_phase
    if stopping is None or base is None or refining is None or _never(_stop(recipe, stopping), epochs):
        return
    yield warning(
        "R119",
        ("training", "early_stopping"),
        f"early_stopping may end the run before the {refining} of {base.kind}, which refines the model",
        "remove `early_stopping` and choose the length by `epochs`; the best model is kept in any case",
    )


def _patient(recipe: Recipe) -> Iterator[_Patient]:
    schedule = recipe.schedule
    if schedule is not None and is_plateau(schedule):
        earliest, unseen = _earliest(recipe, schedule.monitor, schedule.patience + 1), _unseen(recipe)
        earliest = None if earliest is None else unseen + earliest
        yield _Patient(at(schedule, PATH, "patience"), schedule.patience, "the plateau's cut", earliest, unseen)
    if recipe.training.early_stopping is not None:
        yield _stop(recipe, recipe.training.early_stopping)


def _never(patient: _Patient, epochs: int | None) -> bool:
    return epochs is not None and patient.earliest is not None and patient.earliest >= epochs


def patience_fits_the_run(recipe: Recipe) -> Iterator[Finding]:
    """R120: patience that outlasts the run never acts."""
    epochs = recipe.training.epochs
    for patient in _patient(recipe):
        if epochs is not None and _never(patient, epochs):
            yield warning(
                "R120",
                patient.path,
                f"patience {patient.patience} never acts: {patient.what} would come after epoch {patient.earliest} at "
                f"the earliest, and the run has {epochs}",
                f"give a patience below {epochs - patient.unseen - 1}, or train for more epochs"
                if epochs - patient.unseen > 2
                else "train for more epochs",
            )


RULES: tuple[Rule, ...] = (plateau_over_a_falling_base, early_stopping_lets_the_end_happen, patience_fits_the_run)
