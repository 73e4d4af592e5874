"""Custom code named by a recipe: what a verb that imports it reports with and without ``--allow-code``."""

from pathlib import Path

from runner.diagnostics import Diagnostic
from runner.source.load import Loaded

NAMED = "R185"
"""Code of the note that checking a recipe adds for each target."""
REFUSED = "R206"
"""Code of the error from a verb that would import the target."""


def judged(loaded: Loaded, *, allowed: bool) -> Loaded:
    """The loaded recipe for a verb that imports code: without the notes if allowed, otherwise with errors instead."""
    named = [diagnostic for diagnostic in loaded.diagnostics if diagnostic.code == NAMED]
    if allowed or not named:
        return loaded._replace(diagnostics=tuple(d for d in loaded.diagnostics if d.code != NAMED))
    reported = tuple(_refused(d) if d.code == NAMED else d for d in loaded.diagnostics)
    return loaded._replace(diagnostics=reported, recipe=None)


def _refused(named: Diagnostic) -> Diagnostic:
    message = named.message.replace("a run would import", "the recipe wants to import")
    help = "read the code, then add --allow-code; `recipe validate` and `recipe plan` work without it"
    return named._replace(code=REFUSED, severity="error", message=message, help=(help,))


def code_beside(recipe: Path) -> list[Path]:
    """Files of custom code that a gallery recipe names and that lie in its folder: a copy needs them beside it."""
    from runner.custom_import import locate
    from runner.source.load import load
    from schemas.rules.custom import customs

    found = load(recipe).recipe
    assert found is not None
    modules = sorted({custom.target.partition(":")[0] for custom, _ in customs(found)})
    files = [locate(recipe.parent, module) for module in modules]
    return [file for file in files if file is not None and file.parent == recipe.parent]
