"""What one file, variable or argument says, before it was merged with the others."""

from typing import NamedTuple

from runner.source.yaml.nodes import Node, Path, Scalar, steps, text_of


class Layer(NamedTuple):
    """A value and the place in the recipe where it was put."""

    place: tuple[str, ...]
    """Keys and indices in text; empty for a file, which says a whole recipe."""
    value: Node | None
    """None where an override puts the key back to its default."""

    def text_at(self, path: Path) -> Scalar | Node | None:
        """The text that says the value at ``path`` (the key, for a block); None when the layer does not say it."""
        here, below = path[: len(self.place)], path[len(self.place) :]
        if self.value is None or tuple(map(str, here)) != self.place:
            return None
        found = list(steps(self.value, below))
        return text_of(*found[-1]) if len(found) == len(below) + 1 else None
