"""Text to nodes."""

from runner.diagnostics import Diagnostic
from runner.source.nodes import Node
from runner.source.plain import read_plain
from runner.source.read import Budget
from runner.source.text import SourceText


def parse(source: SourceText, budget: Budget, *, offset: int = 0) -> tuple[Node | None, list[Diagnostic]]:
    """Read one document from ``source.text[offset:]``.

    Returns:
        The root (None when there is nothing but space and comments), and what is wrong with values and keys.

    Raises:
        Refused: when the text is no YAML, holds several documents or directives, or is beyond the limits.
    """
    root = read_plain(source, budget) if offset == 0 else None
    if root is not None:
        return root, []
    # Importing ruamel takes longer than reading a plain recipe.
    from runner.source.compose import compose

    return compose(source, budget, offset)
