"""Layers that operate on height, width and channels."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from schemas.base import Items
from schemas.layers.base import LayerBase, Weighted
from schemas.layers.shape import Known, Misfit, Shape, written
from schemas.quantities import Count, DropoutRate
from schemas.tagged import by_tag

Padding = Literal["valid", "same"]
Size2D = Count | Annotated[Items[Count], Field(min_length=2, max_length=2)]
"""One number for both sides, or ``[height, width]``."""


def pair(size: int | tuple[int, ...]) -> tuple[int, int]:
    """Height and width of a size given as one number or two.

    >>> pair(3)
    (3, 3)
    """
    return (size, size) if isinstance(size, int) else (size[0], size[1])


class ImageLayer(LayerBase):
    """Common parts of layers that operate on height, width and channels."""

    def output_of_one(self, shape: Shape) -> Shape:
        """Shape of the output, after checking that the input has three axes."""
        if shape is not None and len(shape) != 3:
            raise Misfit(
                "R156",
                None,
                f"{self.kind} needs height, width and channels; its input has {len(shape)} "
                f"{'axis' if len(shape) == 1 else 'axes'}",
                "put it before `flatten` or global pooling, `reshape` the input, or use dense layers",
            )
        return self.output_of_image(shape or (None, None, None))

    def output_of_image(self, shape: Known) -> Known:
        """Shape of the output, given height, width and channels of the input.

        Raises:
            Misfit: the layer does not take this input.
        """
        return shape


class Window(ImageLayer):
    """Common parts of layers that move a window over the image."""

    def slid(
        self, shape: Known, key: str, size: Size2D, strides: Size2D | None, padding: Padding, dilation: Size2D = 1
    ) -> Known:
        """Height and width after the window: ⌈side/stride⌉ with ``same``, ⌊(side − span)/stride⌋ + 1 with ``valid``."""
        spans = [(n - 1) * gap + 1 for n, gap in zip(pair(size), pair(dilation), strict=True)]
        sides = shape[:2]
        if padding == "valid" and any(s is not None and s < span for s, span in zip(sides, spans, strict=True)):
            raise Misfit(
                "R155",
                key,
                f"{key} must not be larger than the layer's input; received {' x '.join(map(str, spans))}, "
                f"and the input is {written(sides)}",
                "use a smaller one, `padding: same`, or fewer layers that shrink the image",
            )
        steps = pair(strides if strides is not None else size)
        return tuple(_side(s, n, step, padding) for s, n, step in zip(sides, spans, steps, strict=True))


def _side(side: int | None, window: int, stride: int, padding: str) -> int | None:
    if side is None:
        return None
    return -(-side // stride) if padding == "same" else (side - window) // stride + 1


class Conv2D(Window, Weighted):
    """2-D convolution over height and width, channels last."""

    kind: Literal["conv2d"]
    filters: Count
    """Number of channels of the output."""
    kernel_size: Size2D
    """Height and width of the window."""
    strides: Size2D = 1
    """Stride of the window."""
    padding: Padding = "valid"
    """``same`` pads with zeros to keep height and width (at stride 1)."""
    dilation_rate: Size2D = 1
    """Spacing between the points of the window."""
    groups: Count = 1
    """Number of groups that the channels are split into."""

    @property
    def hidden_size(self) -> int:
        """``filters``."""
        return self.filters

    @property
    def fitting_dropout(self) -> str:
        """Whole channels, because neighbours are much alike; after selu single values."""
        usual = super().fitting_dropout
        return "spatial_dropout2d" if usual == "dropout" else usual

    def output_of_image(self, shape: Known) -> Known:
        """Height and width after the window, and ``filters`` channels; groups must divide the channels of the input.

        >>> Conv2D(kind="conv2d", filters=8, kernel_size=3).output_of_one((28, 28, 1))
        (26, 26, 8)
        """
        channels = shape[2]
        # If the filters do not fit either, one error per key is enough.
        if channels is not None and channels % self.groups and self.filters % self.groups == 0:
            raise Misfit(
                "R154",
                "groups",
                f"groups must divide the channels of the input; received {self.groups} groups and {channels} channels",
                "use a divisor of the channels, such as 1",
            )
        sides = self.slid(shape, "kernel_size", self.kernel_size, self.strides, self.padding, self.dilation_rate)
        return (*sides, self.filters)


class SeparableConv2D(Window, Weighted):
    """Depthwise convolution, then a 1 x 1 convolution over channels."""

    kind: Literal["separable_conv2d"]
    filters: Count
    """Number of channels of the output."""
    kernel_size: Size2D
    """Height and width of the window."""
    strides: Size2D = 1
    """Stride of the window."""
    padding: Padding = "valid"
    """``same`` pads with zeros to keep height and width (at stride 1)."""
    depth_multiplier: Count = 1
    """Number of channels computed from each input channel before the 1 x 1 convolution."""

    @property
    def hidden_size(self) -> int:
        """``filters``."""
        return self.filters

    @property
    def fitting_dropout(self) -> str:
        """Whole channels, because neighbours are much alike; after selu single values."""
        usual = super().fitting_dropout
        return "spatial_dropout2d" if usual == "dropout" else usual

    def output_of_image(self, shape: Known) -> Known:
        """Height and width after the window, and ``filters`` channels."""
        return (*self.slid(shape, "kernel_size", self.kernel_size, self.strides, self.padding), self.filters)

    def keras_arguments(self) -> dict[str, Any]:
        """Keras' arguments for its two kernels: penalty and constraint are the 1 x 1 one's."""
        arguments = super().keras_arguments()
        initializer = arguments.pop("kernel_initializer")
        arguments |= {"depthwise_initializer": initializer, "pointwise_initializer": initializer}
        for what in ("regularizer", "constraint"):
            if f"kernel_{what}" in arguments:
                arguments[f"pointwise_{what}"] = arguments.pop(f"kernel_{what}")
        return arguments


class PoolBase(Window):
    """Keys of pooling layers."""

    pool_size: Size2D = 2
    """Height and width of the window."""
    strides: Size2D | None = None
    """Stride of the window; by default the pool size."""
    padding: Padding = "valid"
    """``same`` pads at the borders."""

    def output_of_image(self, shape: Known) -> Known:
        """Height and width after the window, with the channels of the input.

        >>> MaxPooling2D(kind="max_pooling2d").output_of_one((28, 28, 8))
        (14, 14, 8)
        """
        return (*self.slid(shape, "pool_size", self.pool_size, self.strides, self.padding), shape[2])


class MaxPooling2D(PoolBase):
    """Largest value of each window."""

    kind: Literal["max_pooling2d"]


class AveragePooling2D(PoolBase):
    """Mean of each window."""

    kind: Literal["average_pooling2d"]


class GlobalPoolBase(ImageLayer):
    """Layers that reduce each channel to one value."""

    def output_of_image(self, shape: Known) -> Known:
        """The number of channels as the only axis."""
        return shape[2:]


class GlobalAveragePooling2D(GlobalPoolBase):
    """Mean over height and width."""

    kind: Literal["global_average_pooling2d"]


class GlobalMaxPooling2D(GlobalPoolBase):
    """Largest value over height and width."""

    kind: Literal["global_max_pooling2d"]


class ZeroPadding2D(ImageLayer):
    """Zeros around height and width."""

    kind: Literal["zero_padding2d"]
    padding: Size2D = 1
    """Rows and columns added on each side."""

    def output_of_image(self, shape: Known) -> Known:
        """Height and width plus twice the padding."""
        (top, left), (height, width, channels) = pair(self.padding), shape
        return (height and height + 2 * top, width and width + 2 * left, channels)


class SpatialDropout2D(ImageLayer):
    """Drops whole channels."""

    is_dropout: ClassVar[bool] = True

    kind: Literal["spatial_dropout2d"]
    rate: DropoutRate
    """Fraction of channels dropped."""


Imaging = (
    Conv2D
    | SeparableConv2D
    | MaxPooling2D
    | AveragePooling2D
    | GlobalAveragePooling2D
    | GlobalMaxPooling2D
    | ZeroPadding2D
    | SpatialDropout2D
)
"""A new layer for images goes here."""
BY_KIND = by_tag(Imaging)
