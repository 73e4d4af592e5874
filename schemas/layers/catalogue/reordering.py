"""Families of layers that put the same values in another order, or repeat them."""

from schemas.layers.catalogue.base import CatalogueLayer
from schemas.layers.shape import Misfit, Shape


class Permutation(CatalogueLayer):
    """Axes in another order."""

    def output_of_one(self, shape: Shape) -> Shape:
        """The sides in the order of ``dims``, each axis once."""
        dims = self.key("dims")
        axes = len(dims) if shape is None else len(shape)
        if sorted(dims) != list(range(1, axes + 1)):
            raise Misfit(
                "R321",
                "dims",
                f"dims must name each axis of the input once, 1 to {axes}; received {list(dims)}",
                f"write an order of {list(range(1, axes + 1))}",
            )
        return None if shape is None else tuple(shape[axis - 1] for axis in dims)


class RepeatedVector(CatalogueLayer):
    """A vector as a sequence of copies."""

    def output_of_one(self, shape: Shape) -> Shape:
        """``n`` steps of the features."""
        if shape is not None and len(shape) != 1:
            raise Misfit(
                "R321",
                None,
                f"{self.kind} needs one axis of features; its input has {len(shape)} axes",
                "put `flatten` or a global pooling layer before it",
            )
        return (self.key("n"), *(shape or (None,)))
