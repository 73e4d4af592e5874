"""What plateau, early stopping and the choice of the best model watch."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from schemas.findings import Finding, Path
from schemas.metrics import facts_of, name_of
from schemas.recipe import Recipe
from schemas.rules.measures import computed, divide, way_out
from schemas.rules.parts import PATH
from schemas.rules.samples import sources
from schemas.rules.tell import Rule, at, error, warning
from schemas.schedule.kinds import is_plateau

if TYPE_CHECKING:
    from schemas.monitoring import Mode


class _Watch(NamedTuple):
    """A name that someone watches, and where it is written."""

    path: Path
    who: str
    name: str
    mode: tuple["Mode", Path]


def _watches(recipe: Recipe) -> Iterator[_Watch]:
    training, schedule = recipe.training, recipe.schedule
    if schedule is not None and is_plateau(schedule):
        mode = schedule.mode, (*PATH, "mode")
        yield _Watch(at(schedule, PATH, "monitor"), "plateau", schedule.monitor, mode)
    stopping = training.early_stopping
    if stopping is not None:
        place: Path = ("training", "early_stopping")
        yield _Watch(
            at(stopping, place, "monitor"), "early_stopping", stopping.monitor, (stopping.mode, (*place, "mode"))
        )
    if training.best is not None:
        yield _Watch(("training", "best"), "best", training.best, ("auto", ()))


def monitors_are_computed(recipe: Recipe) -> Iterator[Finding]:
    """R130: what is watched is computed once an epoch; a monitor that is missing would never react."""
    for watch in _watches(recipe):
        prefix, figure = divide(watch.name)
        if prefix == "test_":
            yield error(
                "R130",
                watch.path,
                f"{watch.who} watches '{watch.name}', but the test part is evaluated once, at the end",
                f"watch 'val_{figure}'",
            )
        elif watch.name != prefix + figure or not computed(recipe, prefix, figure):
            yield error(
                "R130",
                watch.path,
                f"{watch.who} watches '{watch.name}', which is not computed",
                way_out(watch.name, recipe),
            )


def monitors_have_a_validation_part(recipe: Recipe) -> Iterator[Finding]:
    """R131: a ``val_`` monitor needs validation examples, in the data and in what stands in for it."""
    watches = [watch for watch in _watches(recipe) if divide(watch.name)[0] == "val_"]
    for source in sources(recipe):
        for watch in [] if source.validation else watches:
            # On a fallback the parts are right above the name; the monitor itself is fine for the recipe's data.
            yield error(
                "R131",
                (*source.path, "splits", "validation") if source.is_fallback else watch.path,
                f"{watch.who} watches '{watch.name}', but {source.name} has no validation part",
                f"give {'.'.join(map(str, source.path))}.splits a validation part, or watch '{divide(watch.name)[1]}'",
            )


def _custom(recipe: Recipe) -> set[str]:
    """Metrics of custom code, of which only the recipe knows the direction."""
    return {metric.called for metric in recipe.training.metrics or () if not isinstance(metric, str)}


def modes_fit_their_monitors(recipe: Recipe) -> Iterator[Finding]:
    """R132: less loss is better and more accuracy is; the other direction waits for the worst epoch."""
    for watch in _watches(recipe):
        mode, path = watch.mode
        prefix, figure = divide(watch.name)
        if not computed(recipe, prefix, figure) or figure in _custom(recipe):
            continue
        better = facts_of(figure).better
        if mode not in ("auto", better):
            yield warning(
                "R132",
                path,
                f"mode of '{watch.name}' should be {better}; received {mode}",
                f"write `mode: {better}`, or leave it out",
            )


def what_stops_is_what_restores(recipe: Recipe) -> Iterator[Finding]:
    """R225: one monitor chooses the model that early stopping restores; a second one would never be heard."""
    stopping, best = recipe.training.early_stopping, recipe.training.best
    if stopping is not None and stopping.restore_best and best is not None and best != stopping.monitor:
        yield error(
            "R225",
            ("training", "best"),
            f"best is {best}, but early_stopping watches {stopping.monitor} and restores the best model by it",
            f"remove `best`, or write `monitor: {best}` or `restore_best: false` in early_stopping",
        )


def baselines_can_be_beaten(recipe: Recipe) -> Iterator[Finding]:
    """R226: no accuracy is above 1, and no loss below 0; the patience would run out whatever happens."""
    stopping = recipe.training.early_stopping
    if stopping is None or stopping.baseline is None or not computed(recipe, *divide(stopping.monitor)):
        return
    baseline, facts = stopping.baseline, facts_of(divide(stopping.monitor)[1])
    rising = (facts.better if stopping.mode == "auto" else stopping.mode) == "max"
    if baseline >= facts.most if rising else baseline <= facts.least:
        yield error(
            "R226",
            ("training", "early_stopping", "baseline"),
            f"{stopping.monitor} must be {'above' if rising else 'below'} the baseline to count; received "
            f"{baseline:g}, which it never is",
            f"write {baseline / 100:g}" if rising and 1 < baseline < 100 else "write a value that can be reached",
        )


def metrics_are_named_once(recipe: Recipe) -> Iterator[Finding]:
    """R133: a metric has one column; named twice, it would have two of one name."""
    given = [name_of(metric) for metric in recipe.training.metrics or ()]
    for k, name in enumerate(given):
        if name in given[:k]:
            yield error(
                "R133", ("training", "metrics", k), f"metrics must be distinct; received {name} twice", "remove one"
            )


RULES: tuple[Rule, ...] = (
    monitors_are_computed,
    monitors_have_a_validation_part,
    modes_fit_their_monitors,
    what_stops_is_what_restores,
    baselines_can_be_beaten,
    metrics_are_named_once,
)
