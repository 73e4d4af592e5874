"""Families of layers that change the sides: padding, cropping, repetition, and images resized."""

from typing import Any

from schemas.layers.catalogue.spatial import Spatial, sides_of
from schemas.layers.shape import Known, Misfit, written


class Padding(Spatial):
    """Zeros around the sides."""

    def output_of_sides(self, sides: Known, channels: int | None) -> Known:
        """Each side with what is added at its two ends."""
        ends = ends_of(self.key("padding"), self.rank)
        return (*(side and side + sum(both) for side, both in zip(sides, ends, strict=True)), channels)


class Cropping(Spatial):
    """Cuts values off the ends of the sides."""

    def output_of_sides(self, sides: Known, channels: int | None) -> Known:
        """Each side without what is cut off at its two ends; something must be left."""
        ends = ends_of(self.key("cropping"), self.rank)
        left = tuple(side and side - sum(both) for side, both in zip(sides, ends, strict=True))
        if any(side is not None and side < 1 for side in left):
            raise Misfit(
                "R322",
                "cropping",
                f"cropping must leave something of each side; received {written(tuple(map(sum, ends)))} in all, and "
                f"the input is {written(sides)}",
                "crop less",
            )
        return (*left, channels)


class Repetition(Spatial):
    """Repeats or interpolates each value along the sides."""

    def output_of_sides(self, sides: Known, channels: int | None) -> Known:
        """Each side times its factor."""
        factors = sides_of(self.key("size"), self.rank)
        return (*(side and side * factor for side, factor in zip(sides, factors, strict=True)), channels)


class Resizing(Spatial):
    """Images in another size."""

    def output_of_sides(self, sides: Known, channels: int | None) -> Known:
        """``height`` and ``width``."""
        return (self.key("height"), self.key("width"), channels)


def ends_of(borders: Any, rank: int) -> list[tuple[int, int]]:
    """The numbers before and after each side.

    >>> ends_of([2, [0, 1]], 2)
    [(2, 2), (0, 1)]
    """
    if isinstance(borders, int):
        return [(borders, borders)] * rank
    if rank == 1:
        return [(borders[0], borders[1])]
    return [(part, part) if isinstance(part, int) else (part[0], part[1]) for part in borders]
