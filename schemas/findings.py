"""Findings of the checks on a recipe; places are key paths, and files and lines are added later."""

from typing import Literal, NamedTuple

Path = tuple[str | int, ...]
"""Keys and indices from the root of the recipe, such as ``('model', 'layers', 2, 'units')``."""


class Finding(NamedTuple):
    """One error or warning of a rule about a recipe."""

    code: str
    """Stable code, such as ``R101``; ``recipe explain`` has a page for each."""
    severity: Literal["error", "warning"]
    path: Path
    """The key that the message is about."""
    message: str
    """Names the argument, the rule and the value received."""
    help: str | None = None
    """How to fix it."""
    at_key: bool = False
    """Whether the key itself is wrong, so that it is underlined rather than its value."""
