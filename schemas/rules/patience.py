"""What reacts to a monitor, against the curve below it and the length of the run."""

import math
from collections.abc import Iterator

from schemas.findings import Finding, Path
from schemas.recipe import Recipe
from schemas.rules.lengths import run
from schemas.rules.parts import PATH, base_of, warmup_of
from schemas.rules.rises import rise_of
from schemas.rules.tell import Rule, at, warning
from schemas.schedule import Plateau

_ENDING = {"1cycle": "final drop", "wsd": "decay"}
"""Kinds whose last phase does the refining."""


def plateau_over_a_falling_base(recipe: Recipe) -> Iterator[Finding]:
    """R118: where the rate rises the loss may too, by design; a plateau would cut the rise."""
    base, path = base_of(recipe)
    place = rise_of(base, path) if isinstance(recipe.schedule, Plateau) and base is not None else None
    if base is not None and place is not None:
        yield warning(
            "R118",
            place,
            f"plateau works against {base.kind}, whose learning rate rises on purpose while the monitor stands still",
            f"use {base.kind} alone, or a plateau over a constant or falling base",
        )


def _never(patience: int, epochs: int | None, unseen: int = 0) -> bool:
    # The first epoch that is looked at sets the best, so the earliest reaction is behind epoch patience + 1.
    return epochs is not None and unseen + patience + 1 >= epochs


def _unseen(recipe: Recipe) -> int:
    """Epochs that a plateau does not look at, because a warm-up has steps in them; 0 where only the data could tell."""
    warmup = warmup_of(recipe)
    epochs = None if warmup is None else run(recipe).epochs_of(warmup[0].duration)
    return 0 if epochs is None else math.ceil(round(epochs, 6))


def early_stopping_lets_the_end_happen(recipe: Recipe) -> Iterator[Finding]:
    """R119: 1cycle and wsd improve most in their last phase, which an early stop cuts off."""
    base, _ = base_of(recipe)
    stopping, epochs = recipe.training.early_stopping, recipe.training.epochs
    if stopping is None or base is None or base.kind not in _ENDING or _never(stopping.patience, epochs):
        return
    yield warning(
        "R119",
        ("training", "early_stopping"),
        f"early_stopping may end the run before the {_ENDING[base.kind]} of {base.kind}, which refines the model",
        "remove `early_stopping` and choose the length by `epochs`; the best model is kept in any case",
    )


def _patient(recipe: Recipe) -> Iterator[tuple[Path, int, str, int]]:
    if isinstance(recipe.schedule, Plateau):
        place = at(recipe.schedule, PATH, "patience")
        yield place, recipe.schedule.patience, "the plateau's cut", _unseen(recipe)
    stopping = recipe.training.early_stopping
    if stopping is not None:
        yield at(stopping, ("training", "early_stopping"), "patience"), stopping.patience, "the stop", 0


def patience_fits_the_run(recipe: Recipe) -> Iterator[Finding]:
    """R120: patience that outlasts the run never acts."""
    epochs = recipe.training.epochs
    for path, patience, what, unseen in _patient(recipe):
        if epochs is not None and _never(patience, epochs, unseen):
            yield warning(
                "R120",
                path,
                f"patience {patience} never acts: {what} would come after epoch {unseen + patience + 1} at the "
                f"earliest, and the run has {epochs}",
                f"give a patience below {epochs - unseen - 1}, or train for more epochs"
                if epochs - unseen > 2
                else "train for more epochs",
            )


RULES: tuple[Rule, ...] = (plateau_over_a_falling_base, early_stopping_lets_the_end_happen, patience_fits_the_run)
