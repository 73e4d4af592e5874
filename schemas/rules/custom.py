"""Custom code: what a run would import."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemas.data import is_custom
from schemas.findings import Finding, Path
from schemas.metrics import is_known, metric_of
from schemas.recipe import Recipe
from schemas.rules.measures import divide
from schemas.rules.model import LAYERS
from schemas.rules.tell import Rule, error, warning
from schemas.schedule.curve_kinds import is_custom as is_custom_schedule
from schemas.schedule.pieces import base_of

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from schemas.custom import Custom

METRICS: Path = ("training", "metrics")


def customs(recipe: Recipe) -> "Iterator[tuple[Custom, Path]]":
    """What of a recipe is somebody's custom code, with its place."""
    for k, layer in enumerate(recipe.model.layers):
        if _is_own(layer):
            yield layer, (*LAYERS, k)
    if is_custom(recipe.data):
        yield recipe.data, ("data",)
    base, place = (None, ()) if recipe.schedule is None else base_of(recipe.schedule)
    if base is not None and is_custom_schedule(base):
        yield base, ("schedule", *place)
    if _is_own(recipe.optimizer):
        yield recipe.optimizer, ("optimizer",)
    if _is_own(recipe.training.loss):
        yield recipe.training.loss, ("training", "loss")
    for k, metric in enumerate(recipe.training.metrics or ()):
        if not isinstance(metric, str):
            yield metric, (*METRICS, k)
    yield from ((callback, ("callbacks", k)) for k, callback in enumerate(recipe.callbacks))


def _is_own(part: object) -> "TypeIs[Custom]":
    return getattr(part, "kind", None) == "custom"


def metrics_have_names_of_their_own(recipe: Recipe) -> Iterator[Finding]:
    """R615: what is known of a figure is known by its name, which begins with the part and the output that it is of."""
    for k, metric in enumerate(recipe.training.metrics or ()):
        rule = None if isinstance(metric, str) else _fault(metric.called)
        if rule is not None and not isinstance(metric, str):
            yield error(
                "R615",
                (*METRICS, k, "name" if metric.name is not None else "target"),
                f"the name of a custom metric {rule}; received '{metric.called}'",
                "give the metric a `name`, such as 'custom_score'",
            )


def _fault(name: str) -> str | None:
    """The rule that the name of a custom metric breaks; None: it is a good one."""
    known = metric_of(name)
    if is_known(known) or known == "loss":
        return f"must not be '{name}'" if known == name else f"must not end in '_{known}', as those of outputs do"
    if divide(name)[0]:
        return f"must not begin with '{divide(name)[0]}', as figures of a part do"
    return None if re.fullmatch(r"[a-z][a-z0-9_]{0,50}", name) else "must be 1 to 51 of a-z, 0-9 and _"


def custom_code_is_named(recipe: Recipe) -> Iterator[Finding]:
    """R185: what a run with --allow-code would import is said aloud; nothing is imported to say it."""
    for custom, path in customs(recipe):
        module, _, name = custom.target.partition(":")
        yield warning(
            "R185",
            (*path, "target"),
            f"a run would import {module} and call {name}, which is code that was not checked",
            "`recipe run --allow-code` does so; read the code first",
        )


RULES: tuple[Rule, ...] = (custom_code_is_named, metrics_have_names_of_their_own)
