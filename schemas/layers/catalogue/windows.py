"""Families of layers that move a window: convolutions and pooling."""

from typing import ClassVar

from schemas.layers.catalogue.spatial import Spatial, sides_of
from schemas.layers.shape import Known, Misfit
from schemas.quantities import DropoutRate


class Kernel(Spatial):
    """Common parts of layers with a kernel over spatial axes."""

    not_of_keras: ClassVar[frozenset[str]] = frozenset({"kind", "inputs", "dropout"})

    dropout: DropoutRate | None = None
    """Fraction of this layer's outputs dropped in training."""

    @property
    def output_dropout(self) -> float | None:
        """The layer's own ``dropout``."""
        return self.dropout


class Filters(Kernel):
    """Common parts of layers whose channels are ``filters``."""

    @property
    def hidden_size(self) -> int:
        """``filters``."""
        return int(self.key("filters"))

    @property
    def fitting_dropout(self) -> str:
        """Whole channels, because neighbours are much alike; after selu single values."""
        usual = super().fitting_dropout
        return f"spatial_dropout{self.rank}d" if usual == "dropout" else usual


class Convolution(Filters):
    """Convolutions and separable convolutions: the window's sides, and ``filters`` channels."""

    def output_of_sides(self, sides: Known, channels: int | None) -> Known:
        """The sides after the window; groups divide the channels."""
        if self.has("groups"):
            groups, filters = self.key("groups"), self.key("filters")
            if channels is not None and channels % groups and filters % groups == 0:
                raise Misfit(
                    "R154",
                    "groups",
                    f"groups must divide the channels of the input; received {groups} groups and {channels} channels",
                    "use a divisor of the channels, such as 1",
                )
        return (*self.slid(sides, "kernel_size"), self.key("filters"))


class DepthwiseConvolution(Kernel):
    """A kernel for each channel: the window's sides, and ``depth_multiplier`` times the channels."""

    def output_of_sides(self, sides: Known, channels: int | None) -> Known:
        """The sides after the window; the channels are multiplied."""
        more = None if channels is None else channels * self.key("depth_multiplier")
        return (*self.slid(sides, "kernel_size"), more)


class TransposedConvolution(Filters):
    """Convolutions that enlarge: each value is spread over a window."""

    def output_of_sides(self, sides: Known, channels: int | None) -> Known:
        """The sides grow, and ``filters`` are the channels.

        With p for the output padding and k for the span of the kernel a side becomes:

        - ``same``: side · stride, or (side − 1) · stride + (k mod 2) + p where p is given,
        - ``valid``: (side − 1) · stride + max(k, stride), or (side − 1) · stride + k + p where p is given.
        """
        rank = self.rank
        size, strides = sides_of(self.key("kernel_size"), rank), sides_of(self.key("strides"), rank)
        spans = [(n - 1) * gap + 1 for n, gap in zip(size, sides_of(self.key("dilation_rate"), rank), strict=True)]
        extra = self.key("output_padding")
        added = (None,) * rank if extra is None else sides_of(extra, rank)
        for stride, more in zip(strides, added, strict=True):
            if more is not None and more >= stride:
                raise Misfit(
                    "R322",
                    "output_padding",
                    f"output_padding must be less than the stride; received {more} and a stride of {stride}",
                    "use a smaller one, or leave it out",
                )
        same = self.key("padding") == "same"
        grown = zip(sides, spans, strides, added, strict=True)
        return (*(_grown(side, span, stride, more, same) for side, span, stride, more in grown), self.key("filters"))


def _grown(side: int | None, span: int, stride: int, added: int | None, same: bool) -> int | None:
    if side is None:
        return None
    if same:
        return side * stride if added is None else (side - 1) * stride + span % 2 + added
    return (side - 1) * stride + (max(span, stride) if added is None else span + added)


class Pooling(Spatial):
    """Layers that reduce each window to one value, channel by channel."""

    def output_of_sides(self, sides: Known, channels: int | None) -> Known:
        """The sides after the window; the channels stay."""
        return (*self.slid(sides, "pool_size"), channels)


class AdaptivePooling(Spatial):
    """Pooling whose windows are chosen so that the output has given sides."""

    def output_of_sides(self, sides: Known, channels: int | None) -> Known:
        """``output_size``; the channels stay."""
        return (*sides_of(self.key("output_size"), self.rank), channels)


class GlobalPooling(Spatial):
    """Layers that reduce each channel to one value."""

    def output_of_sides(self, sides: Known, channels: int | None) -> Known:
        """The channels, behind sides of 1 where ``keepdims`` is true."""
        return (*(1,) * self.rank, channels) if self.key("keepdims") else (channels,)


class SpatialDropout(Spatial):
    """Dropout of whole channels."""

    takes_mask: ClassVar[bool] = True
    is_dropout: ClassVar[bool] = True
