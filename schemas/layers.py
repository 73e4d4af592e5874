"""Layers, by Keras' names in snake case and with Keras' argument names and defaults."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.base import Items, Node
from schemas.custom import Custom
from schemas.quantities import Count, DropoutRate, NonNegative, Positive, Share
from schemas.tagged import ByTag

Activation = Literal[
    "celu",
    "elu",
    "exponential",
    "gelu",
    "hard_sigmoid",
    "hard_silu",
    "leaky_relu",
    "linear",
    "log_softmax",
    "mish",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "softsign",
    "swish",
    "tanh",
]
Initializer = Literal[
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "lecun_normal",
    "lecun_uniform",
    "ones",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "truncated_normal",
    "variance_scaling",
    "zeros",
]
Padding = Literal["valid", "same"]
Size2D = Count | Annotated[Items[Count], Field(min_length=2, max_length=2)]
"""One number for both sides, or ``[height, width]``."""
LayerName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")]


class Regularizer(Node):
    """Penalty added to the loss: l1 · Σ|w| + l2 · Σw²."""

    l1: NonNegative = 0.0
    """Factor of Σ|w|."""
    l2: NonNegative = 0.0
    """Factor of Σw²."""


class LayerBase(Node):
    """What any layer may have."""

    name: LayerName | None = None
    """Name in the model; left out, Keras chooses one."""
    inputs: Annotated[Items[LayerName], Field(min_length=1, max_length=100)] | None = None
    """In a functional model: names of the layers before it whose outputs it takes, or ``input`` for the model's own
    input; left out, the layer right before it."""


class Weighted(LayerBase):
    """What a layer with a kernel may have."""

    activation: Activation = "linear"
    """Function applied to the output."""
    use_bias: bool = True
    """Whether there is a bias."""
    kernel_initializer: Initializer = "glorot_uniform"
    """How the kernel starts."""
    bias_initializer: Initializer = "zeros"
    """How the bias starts."""
    kernel_regularizer: Regularizer | None = None
    """Penalty on the kernel."""
    dropout: DropoutRate | None = None
    """Share of this layer's outputs dropped in training; wins over the model's ``dropout: auto``."""


class Dense(Weighted):
    """activation(x · W + b)."""

    kind: Literal["dense"]
    units: Count
    """Size of the output."""


class Conv2D(Weighted):
    """2-D convolution over height and width, channels last."""

    kind: Literal["conv2d"]
    filters: Count
    """Channels of the output."""
    kernel_size: Size2D
    """Height and width of the window."""
    strides: Size2D = 1
    """Step of the window."""
    padding: Padding = "valid"
    """``same`` pads with zeros to keep height and width (at stride 1)."""
    dilation_rate: Size2D = 1
    """Spacing of the window's points."""
    groups: Count = 1
    """Number of groups that the channels are split into."""


class SeparableConv2D(Weighted):
    """Depthwise convolution, then a 1 x 1 convolution over channels."""

    kind: Literal["separable_conv2d"]
    filters: Count
    """Channels of the output."""
    kernel_size: Size2D
    """Height and width of the window."""
    strides: Size2D = 1
    """Step of the window."""
    padding: Padding = "valid"
    """``same`` pads with zeros to keep height and width (at stride 1)."""
    depth_multiplier: Count = 1
    """Channels made of each input channel before the 1 x 1 convolution."""


class PoolBase(LayerBase):
    """What pooling layers have."""

    pool_size: Size2D = 2
    """Height and width of the window."""
    strides: Size2D | None = None
    """Step of the window; left out, the pool size."""
    padding: Padding = "valid"
    """``same`` pads at the borders."""


class MaxPooling2D(PoolBase):
    """Largest value of each window."""

    kind: Literal["max_pooling2d"]


class AveragePooling2D(PoolBase):
    """Mean of each window."""

    kind: Literal["average_pooling2d"]


class GlobalAveragePooling2D(LayerBase):
    """Mean over height and width."""

    kind: Literal["global_average_pooling2d"]


class GlobalMaxPooling2D(LayerBase):
    """Largest value over height and width."""

    kind: Literal["global_max_pooling2d"]


class ZeroPadding2D(LayerBase):
    """Zeros around height and width."""

    kind: Literal["zero_padding2d"]
    padding: Size2D = 1
    """Rows and columns added on each side."""


class Flatten(LayerBase):
    """All axes but the batch become one."""

    kind: Literal["flatten"]


class Reshape(LayerBase):
    """The same values in another shape."""

    kind: Literal["reshape"]
    target_shape: Annotated[Items[Count], Field(min_length=1, max_length=8)]
    """Shape without the batch axis."""


class ActivationLayer(LayerBase):
    """An activation on its own."""

    kind: Literal["activation"]
    activation: Activation
    """Function applied."""


class Dropout(LayerBase):
    """Sets a share of the inputs to zero in training and scales the rest up."""

    kind: Literal["dropout"]
    rate: DropoutRate
    """Share dropped."""


class SpatialDropout2D(LayerBase):
    """Drops whole channels."""

    kind: Literal["spatial_dropout2d"]
    rate: DropoutRate
    """Share of channels dropped."""


class GaussianNoise(LayerBase):
    """Adds normal noise in training."""

    kind: Literal["gaussian_noise"]
    stddev: NonNegative
    """Standard deviation of the noise."""


class BatchNormalization(LayerBase):
    """Normalises each channel over the batch."""

    kind: Literal["batch_normalization"]
    momentum: Share = 0.99
    """Memory of the moving mean and variance."""
    epsilon: Positive = 1e-3
    """Added to the variance."""
    center: bool = True
    """Whether an offset is learned."""
    scale: bool = True
    """Whether a factor is learned."""


class LayerNormalization(LayerBase):
    """Normalises each example over its last axis."""

    kind: Literal["layer_normalization"]
    epsilon: Positive = 1e-3
    """Added to the variance."""
    center: bool = True
    """Whether an offset is learned."""
    scale: bool = True
    """Whether a factor is learned."""


class MergeBase(LayerBase):
    """What layers of several inputs have. Shapes are compared from the last axis on; a side of 1 fits any other."""


class Add(MergeBase):
    """Sum of its inputs, value by value."""

    kind: Literal["add"]


class Subtract(MergeBase):
    """First input minus the second one, value by value."""

    kind: Literal["subtract"]


class Multiply(MergeBase):
    """Product of its inputs, value by value."""

    kind: Literal["multiply"]


class Average(MergeBase):
    """Mean of its inputs, value by value."""

    kind: Literal["average"]


class Maximum(MergeBase):
    """Largest of its inputs, value by value."""

    kind: Literal["maximum"]


class Minimum(MergeBase):
    """Smallest of its inputs, value by value."""

    kind: Literal["minimum"]


class Concatenate(MergeBase):
    """Its inputs one after another along an axis; all other sides are the same."""

    kind: Literal["concatenate"]
    axis: Annotated[int, Field(ge=-8, le=8)] = -1
    """As in Keras: -1 is the last axis (channels, units), 1 the first one behind the batch."""


class CustomLayer(LayerBase, Custom):
    """Own Python: a class of keras.layers.Layer, or a function that returns a layer; only with --allow-code."""

    kind: Literal["custom"]


Layer = Annotated[
    Dense
    | Conv2D
    | SeparableConv2D
    | MaxPooling2D
    | AveragePooling2D
    | GlobalAveragePooling2D
    | GlobalMaxPooling2D
    | ZeroPadding2D
    | Flatten
    | Reshape
    | ActivationLayer
    | Dropout
    | SpatialDropout2D
    | GaussianNoise
    | BatchNormalization
    | LayerNormalization
    | Add
    | Subtract
    | Multiply
    | Average
    | Maximum
    | Minimum
    | Concatenate
    | CustomLayer,
    ByTag("kind"),
]
