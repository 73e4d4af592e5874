"""Durations against each other, as far as they compare without knowing the steps of an epoch."""

from typing import NamedTuple

from schemas.quantities import Duration
from schemas.recipe import Recipe
from schemas.rules.parts import warmup_of


class Stretch(NamedTuple):
    """The run, or what a warm-up leaves of it."""

    epochs: float | None
    """Its length; None when a warm-up in steps is taken off."""

    def share(self, duration: Duration) -> float | None:
        """A duration in percent of the stretch; None where only the data's size could tell."""
        match duration.unit:
            case "%":
                return duration.value
            case "epochs":
                return 100 * duration.value / self.epochs if self.epochs else None
            case "steps":
                return None

    def epochs_of(self, duration: Duration) -> float | None:
        """A duration in epochs; None where only the data's size could tell."""
        match duration.unit:
            case "%":
                return None if self.epochs is None else self.epochs * duration.value / 100
            case "epochs":
                return duration.value
            case "steps":
                return None

    def __str__(self) -> str:
        """Name it for messages."""
        return "run" if self.epochs is None else f"{Duration(round(self.epochs, 6), 'epochs')}"


def run(recipe: Recipe) -> Stretch:
    """The whole run: what the warm-up and momentum tables of their own are measured against."""
    training = recipe.training
    # Steps are epochs only when the data is known.
    return Stretch(float(training.epochs) if training.epochs is not None and training.steps is None else None)


def body(recipe: Recipe) -> Stretch:
    """What a warm-up before the schedule leaves: the stretch that the schedule's durations are measured against."""
    whole, warmup = run(recipe), warmup_of(recipe)
    if warmup is None or warmup[0].overlap:
        return whole
    ramp = whole.epochs_of(warmup[0].duration)
    rest = None if ramp is None or whole.epochs is None else whole.epochs - ramp
    # A warm-up that leaves nothing is an error of its own; no second one should follow from it.
    return Stretch(rest if rest is not None and rest > 0 else None)
