"""What reacts to a monitor, against the curve below it and the length of the run."""

from collections.abc import Iterator

from schemas.findings import Finding, Path
from schemas.recipe import Recipe
from schemas.rules.parts import PATH, base_of
from schemas.rules.tell import Rule, at, warning
from schemas.schedule import Plateau

_RISING = {"1cycle", "cyclic", "cosine_restarts"}
"""Kinds whose learning rate rises on purpose."""
_ENDING = {"1cycle": "final drop", "wsd": "decay"}
"""Kinds whose last phase does the refining."""


def plateau_over_a_falling_base(recipe: Recipe) -> Iterator[Finding]:
    """R118: where the rate rises the loss may too, by design; a plateau would cut the rise."""
    base, path = base_of(recipe)
    if isinstance(recipe.schedule, Plateau) and base is not None and base.kind in _RISING:
        yield warning(
            "R118",
            (*path, "kind"),
            f"plateau works against {base.kind}, whose learning rate rises on purpose while the monitor stands still",
            f"use {base.kind} alone, or a plateau over a constant or falling base",
        )


def _never(patience: int, epochs: int | None) -> bool:
    # The first epoch sets the best, so the earliest reaction is behind epoch patience + 1.
    return epochs is not None and patience + 1 >= epochs


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


def _patient(recipe: Recipe) -> Iterator[tuple[Path, int, str]]:
    if isinstance(recipe.schedule, Plateau):
        yield at(recipe.schedule, PATH, "patience"), recipe.schedule.patience, "the plateau's cut"
    stopping = recipe.training.early_stopping
    if stopping is not None:
        yield at(stopping, ("training", "early_stopping"), "patience"), stopping.patience, "the stop"


def patience_fits_the_run(recipe: Recipe) -> Iterator[Finding]:
    """R120: patience that outlasts the run never acts."""
    epochs = recipe.training.epochs
    for path, patience, what in _patient(recipe):
        if epochs is not None and _never(patience, epochs):
            yield warning(
                "R120",
                path,
                f"patience {patience} never acts: {what} would come after epoch {patience + 1} at the earliest, "
                f"and the run has {epochs}",
                f"give a patience below {epochs - 1}, or train for more epochs"
                if epochs > 2
                else "train for more epochs",
            )


RULES: tuple[Rule, ...] = (plateau_over_a_falling_base, early_stopping_lets_the_end_happen, patience_fits_the_run)
