"""What a check on a recipe found; places are paths of keys, files and lines come later."""

from typing import Literal, NamedTuple

Path = tuple[str | int, ...]
"""Keys and indices from the root of the recipe, such as ``('model', 'layers', 2, 'units')``."""


class Finding(NamedTuple):
    """One thing that a rule has to say about a recipe."""

    code: str
    """Stable code, such as ``R101``; ``recipe explain`` has a page for each."""
    severity: Literal["error", "warning"]
    path: Path
    """The key that the message is about."""
    message: str
    """Names the argument, the rule and the value received."""
    help: str | None = None
    """The way out."""
