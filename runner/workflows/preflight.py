"""What only the data, Keras and the machine can tell of a recipe: ``validate --deep``; nothing is allocated."""

from collections.abc import Iterator
from pathlib import Path as FilePath

from runner.diagnostics import Diagnostic, Severity
from runner.errors import DataError, ScheduleError, TooLarge
from runner.plan.capacity import machine_memory, require_fits
from runner.plan.custom_code import with_code
from runner.plan.plan import Plan
from runner.source.merging.document import Document
from runner.workflows.prepare import DataOptions, prepare
from schemas.findings import Path
from schemas.recipe import Recipe
from schemas.rules.custom import customs

DATA: Path = ("data", "name")


def look_deeper(
    recipe: Recipe, document: Document, options: DataOptions, *, allow_code: bool = False
) -> Iterator[Diagnostic]:
    """Plan the run and build the model's shapes; what stands in their way is told at its line.

    Args:
        recipe: a valid recipe.
        document: its texts, for the places.
        options: where data is; nothing is downloaded.
        allow_code: whether own Python may be imported; without it the model is not built.
    """
    from runner.errors import HubError

    try:
        plan = prepare(recipe, options, lambda message: None)
    except ScheduleError as error:
        yield _told(document, "R201", ("schedule", *error.path), error)
    except HubError as error:
        yield _told(document, "R202", DATA, error, "warning")
    except DataError as error:
        yield _told(document, "R202", error.path, error)
    else:
        yield from _warnings(plan, document)
        if allow_code:
            plan = with_code(plan, FilePath(document.name).parent)
        if plan.code is not None or not any(customs(recipe)):
            yield from _model(plan, document)


def _warnings(plan: Plan, document: Document) -> Iterator[Diagnostic]:
    if plan.fallback is not None:
        message = f"{plan.fallback}; what was checked is the fallback, {plan.data.label}"
        yield document.diagnostic(DATA, "R202", message, severity="warning")
    for warning in plan.warnings:
        yield document.diagnostic(warning.path, warning.code, warning.message, severity="warning")


def _model(plan: Plan, document: Document) -> Iterator[Diagnostic]:
    from runner.engine.start import quiet_start

    quiet_start()
    from runner.errors import BuildError
    from runner.model.build import layer_shapes
    from runner.model.custom_loss import require_loss

    try:
        require_loss(plan)
        require_fits(plan, layer_shapes(plan.layers, plan.data.shape), machine_memory())
    except BuildError as error:
        yield _told(document, error.code, error.path, error)
    except TooLarge as error:
        yield _told(document, "R205", error.path, error)


def _told(document: Document, code: str, path: Path, error: Exception, severity: Severity = "error") -> Diagnostic:
    help = getattr(error, "help", ())
    lines = tuple(filter(None, (help,))) if isinstance(help, str) else tuple(help)
    return document.diagnostic(path, code, str(error), severity=severity, help=lines)
