"""Custom code that a recipe names: what a verb that would import it says with and without ``--allow-code``."""

from dataclasses import replace

from runner.diagnostics import Diagnostic
from runner.source.load import Loaded

NAMED = "R185"
"""What checking a recipe says of a target."""
REFUSED = "R206"
"""What a verb that would import it says."""


def judged(loaded: Loaded, *, allowed: bool) -> Loaded:
    """The same, ready for a verb that imports: allowed code is no news, and other code leaves no recipe."""
    named = [diagnostic for diagnostic in loaded.diagnostics if diagnostic.code == NAMED]
    if allowed or not named:
        return loaded._replace(diagnostics=tuple(d for d in loaded.diagnostics if d.code != NAMED))
    told = tuple(_refused(d) if d.code == NAMED else d for d in loaded.diagnostics)
    return loaded._replace(diagnostics=told, recipe=None)


def _refused(named: Diagnostic) -> Diagnostic:
    message = named.message.replace("a run would import", "the recipe wants to import")
    help = "read the code, then say --allow-code; `recipe validate` and `recipe plan` do without"
    return replace(named, code=REFUSED, severity="error", message=message, help=(help,))
