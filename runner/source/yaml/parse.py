"""Parses YAML text to nodes."""

from runner.diagnostics import Diagnostic
from runner.source.yaml.fast_reader import read_plain
from runner.source.yaml.nodes import Node
from runner.source.yaml.positions import SourceText
from runner.source.yaml.read import Budget


def parse(source: SourceText, budget: Budget, *, offset: int = 0) -> tuple[Node | None, list[Diagnostic]]:
    """Read one document from ``source.text[offset:]``.

    Returns:
        The root (None if there is only white space and comments), and errors in values and keys.

    Raises:
        Refused: the text is not YAML, has several documents or directives, or exceeds the limits.
    """
    root = read_plain(source, budget) if offset == 0 else None
    if root is not None:
        return root, []
    # Importing ruamel takes longer than reading a plain recipe.
    from runner.source.yaml.compose import compose

    return compose(source, budget, offset)
