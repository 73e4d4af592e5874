"""Custom code named by a recipe: what a verb that imports it reports with and without ``--allow-code``."""

from dataclasses import replace

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
    return replace(named, code=REFUSED, severity="error", message=message, help=(help,))
