"""What layers over spatial axes share: the number of axes, and the sides that a window leaves."""

from typing import Any

from schemas.layers.catalogue.base import CatalogueLayer
from schemas.layers.shape import Known, Misfit, Shape, written

_AXES = {1: "steps and features", 2: "height, width and channels", 3: "depth, height, width and channels"}
_HELP = {
    1: "put an `embedding` before it, or `reshape` the input to [steps, features]",
    2: "put it before `flatten` or global pooling, or `reshape` the input",
    3: "`reshape` the input to [depth, height, width, channels]",
}


def sides_of(size: Any, rank: int) -> tuple[int, ...]:
    """One number for each side.

    >>> sides_of(3, 2)
    (3, 3)
    """
    return (size,) * rank if isinstance(size, int) else tuple(size)


class Spatial(CatalogueLayer):
    """A layer over ``rank`` spatial axes and channels, which come last."""

    def output_of_one(self, shape: Shape) -> Shape:
        """Shape of the output, after checking the number of axes."""
        if shape is not None and len(shape) != self.rank + 1:
            raise wrong_rank(self.kind, self.rank, len(shape))
        *sides, channels = shape or (None,) * (self.rank + 1)
        return self.output_of_sides(tuple(sides), channels)

    def output_of_sides(self, sides: Known, channels: int | None) -> Known:
        """Shape of the output, given the sides and the channels of the input.

        Raises:
            Misfit: the layer does not take this input.
        """
        return (*sides, channels)

    def slid(self, sides: Known, size_key: str) -> Known:
        """Sides after the window: ⌈side/stride⌉ with ``same``, ⌊(side − span)/stride⌋ + 1 with ``valid``."""
        size = sides_of(self.key(size_key), self.rank)
        gaps = sides_of(self.key("dilation_rate"), self.rank) if self.has("dilation_rate") else (1,) * self.rank
        strides = self.key("strides")
        steps = sides_of(strides, self.rank) if strides is not None else size
        spans = tuple((n - 1) * gap + 1 for n, gap in zip(size, gaps, strict=True))
        padded = self.key("padding") == "same"
        if not padded and any(s is not None and s < span for s, span in zip(sides, spans, strict=True)):
            raise _too_large(size_key, spans, sides)
        return tuple(_side(s, n, step, padded) for s, n, step in zip(sides, spans, steps, strict=True))


def wrong_rank(kind: str, rank: int, axes: int) -> Misfit:
    """The input of a layer has another number of axes."""
    return Misfit(
        "R310" if rank == 1 else "R156",
        None,
        f"{kind} needs {_AXES[rank]}; its input has {axes} {'axis' if axes == 1 else 'axes'}",
        _HELP[rank],
    )


def _too_large(key: str, spans: Known, sides: Known) -> Misfit:
    return Misfit(
        "R155",
        key,
        f"{key} must not be larger than the layer's input; received {written(spans)}, and the input is "
        f"{written(sides)}",
        "use a smaller one, `padding: same`, or fewer layers that shrink the input",
    )


def _side(side: int | None, span: int, stride: int, padded: bool) -> int | None:
    if side is None:
        return None
    return -(-side // stride) if padded else (side - span) // stride + 1
