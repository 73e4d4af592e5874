"""One layer of a recipe: a file, variable or argument before merging."""

from typing import NamedTuple

from runner.source.yaml.nodes import Node, Path, Scalar, steps, text_of


class Layer(NamedTuple):
    """A value and its place in the recipe."""

    place: tuple[str, ...]
    """Keys and indices as text; empty for a file, which holds a whole recipe."""
    value: Node | None
    """The value; None if an override resets the key to its default."""

    def text_at(self, path: Path) -> Scalar | Node | None:
        """The text of the value at ``path`` (for a block, its key); None if the layer does not set it."""
        here, below = path[: len(self.place)], path[len(self.place) :]
        if self.value is None or tuple(map(str, here)) != self.place:
            return None
        found = list(steps(self.value, below))
        return text_of(*found[-1]) if len(found) == len(below) + 1 else None
