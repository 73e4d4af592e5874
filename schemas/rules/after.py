"""What follows a training: steps that the recipe's data and format allow."""

from collections.abc import Iterator

from schemas.after import ExportOptions, ExportStep
from schemas.findings import Finding, Path
from schemas.recipe import Recipe
from schemas.rules.samples import sources
from schemas.rules.tell import Rule, error


def _exports(recipe: Recipe) -> Iterator[tuple[Path, ExportOptions]]:
    for place, step in enumerate(recipe.after or ()):
        if isinstance(step, ExportStep):
            yield ("after", place, "export"), step.export


def evaluation_has_a_part(recipe: Recipe) -> Iterator[Finding]:
    """R470: an evaluation is of the test examples."""
    for place, step in enumerate(recipe.after or ()):
        missing = next((source for source in sources(recipe) if not source.has("test")), None)
        if step == "evaluate" and missing is not None:
            help = f"give {'.'.join(map(str, missing.path))}.splits a test part, or leave evaluate out"
            yield error("R470", ("after", place), f"evaluate needs a test part, and {missing.name} has none", help)


def export_options_act(recipe: Recipe) -> Iterator[Finding]:
    """R471: options of an export that its other options leave without effect."""
    for path, export in _exports(recipe):
        if export.int8 and export.to != "litert":
            yield error("R471", (*path, "int8"), f"int8 is for litert; received {export.to}", "write `to: litert`")
        if export.allow_flips and not (export.check or export.int8):
            said = f"allow_flips {export.allow_flips} counts nothing without check"
            yield error("R471", (*path, "allow_flips"), said, "write `check: true`")


def steps_differ(recipe: Recipe) -> Iterator[Finding]:
    """R472: a step that is listed twice would do the same again."""
    names = [step_name(step) for step in recipe.after or ()]
    for place, name in enumerate(names):
        if name in names[:place]:
            yield error("R472", ("after", place), f"{name} is listed twice", "list each step once")


def step_name(step: object) -> str:
    """What a step is called: ``evaluate``, ``export onnx``."""
    if isinstance(step, ExportStep):
        return f"export {step.export.to}{' int8' if step.export.int8 else ''}"
    return str(step)


RULES: tuple[Rule, ...] = (evaluation_has_a_part, export_options_act, steps_differ)
