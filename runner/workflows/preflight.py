"""``validate --deep``: checks of a recipe that need the data, Keras and the machine; nothing is allocated."""

from collections.abc import Iterator
from pathlib import Path as FilePath

from runner.data.access import DataAccess
from runner.diagnostics import Diagnostic, Severity
from runner.errors import HubError, RecipeError, WeightsError, WeightsMissing
from runner.plan.allow_code import with_code
from runner.plan.capacity import machine_memory, require_fits
from runner.plan.plan import Plan
from runner.source.merging.document import Document
from runner.workflows.prepare import prepare
from runner.workflows.weights import with_weights
from schemas.findings import Path
from schemas.recipe import Recipe
from schemas.rules.custom import customs

DATA: Path = ("data", "name")


def preflight(
    recipe: Recipe, document: Document, options: DataAccess, *, allow_code: bool = False
) -> Iterator[Diagnostic]:
    """Plan the run and build the model's shapes; return errors and warnings at their lines.

    Args:
        recipe: a valid recipe.
        document: the texts of the recipe, to locate errors.
        options: where to find data; nothing is downloaded.
        allow_code: whether custom code may be imported; without it the model is not built.
    """
    options = options.allowing(FilePath(document.name).parent) if allow_code else options
    try:
        plan = prepare(recipe, options, lambda message: None)
    except RecipeError as error:  # a missing dataset is only a warning here
        yield _reported(document, error, "warning" if isinstance(error, HubError) else "error")
    else:
        yield from _warnings(plan, document)
        try:
            plan = with_weights(plan, options)
        except WeightsError as error:  # so is a missing run
            yield _reported(document, error, "warning" if isinstance(error, WeightsMissing) else "error")
        if allow_code:
            plan = with_code(plan, FilePath(document.name).parent)
        if plan.code is not None or not any(customs(recipe)):
            yield from _model(plan, document)


def _warnings(plan: Plan, document: Document) -> Iterator[Diagnostic]:
    if plan.fallback is not None:
        message = f"{plan.fallback}; the fallback was checked instead: {plan.data.label}"
        yield document.diagnostic(DATA, "R202", message, severity="warning")
    for warning in plan.warnings:
        yield document.diagnostic(warning.path, warning.code, warning.message, severity="warning")


def _model(plan: Plan, document: Document) -> Iterator[Diagnostic]:
    from runner.engine.start import quiet_start

    quiet_start(own_code=plan.code is not None)
    from runner.model.own_code import require_code
    from runner.model.planned_shapes import planned_shapes
    from runner.model.transfer import with_sources

    try:
        layers = planned_shapes(plan)
        require_code(plan)
        require_fits(plan, with_sources(plan, layers), machine_memory())
    except RecipeError as error:
        yield _reported(document, error)


def _reported(document: Document, error: RecipeError, severity: Severity = "error") -> Diagnostic:
    assert error.code is not None
    return document.diagnostic(error.place, error.code, str(error), severity=severity, help=error.help)
