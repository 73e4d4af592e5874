"""Which layers of Keras a recipe may name, by kind, and what the table does not say of each.

A new layer that has a family's shape rule is one line here, once ``make catalogue`` has it in the table.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from schemas.base import Items
from schemas.layers.catalogue.arguments import Argument, Axis, Finite, Length, borders
from schemas.quantities import Count, DropoutRate

_WINDOWS = "windows"
_SIDES = "sides"
_VALUES = "values"


class Entry(NamedTuple):
    """A layer that is admitted."""

    keras: str
    """Name in ``keras.layers``."""
    family: str
    """Base class, as ``module.Class`` of this package."""
    rank: int = 0
    """Number of spatial axes."""
    keys: Mapping[str, Argument] = {}
    """Arguments that mean something else here than by their name alone."""
    says: str | None = None
    """What it does, where Keras' own first lines say too little."""


def _ends(rank: int) -> Mapping[str, Argument]:
    text = "Zeros added: one number for all ends, one for each side, or [before, after] a side."
    return {"padding": Argument(borders(rank), text)}


_AXIS = {"axis": Argument(Axis, "Axis of the channels: -1 is the last one, 1 the first one after the batch.")}
_NEGATIVE_OR_COUNT = Count | Literal[-1]
_OWN_DROPOUT = {
    "dropout": Argument(DropoutRate, "Fraction of the inputs dropped in training, by one mask for all steps.")
}
_WEIGHTS_DROPOUT = {"dropout": Argument(DropoutRate, "Fraction of the attention weights dropped in training.")}
_HEADS = {
    "num_heads": Argument(Count, "Number of heads."),
    "key_dim": Argument(Count, "Features of each head's query and key."),
    "value_dim": Argument(Count | None, "Features of each head's value; by default ``key_dim``."),
    "output_shape": Argument(Length | None, "Features of the output; by default those of the query."),
    "attention_axes": Argument(
        Annotated[Items[Annotated[int, Field(ge=1, le=8)]], Field(min_length=1, max_length=8)] | None,
        "Axes over which to attend; by default all but the batch, the heads and the features.",
    ),
    "sliding_window": Argument(Count | None, "Number of steps that each step sees; by default all."),
    "use_gate": Argument(bool, "Whether a gate made of the query multiplies the output of the heads."),
    "head_dim": Argument(Count, "Features of each head."),
    "num_query_heads": Argument(Count, "Number of heads of the query."),
    "num_key_value_heads": Argument(Count, "Number of heads of key and value; it divides those of the query."),
    **_WEIGHTS_DROPOUT,
}
_SCORES = {
    "use_scale": Argument(bool, "Whether to learn a factor of the scores."),
    "score_mode": Argument(Literal["dot", "concat"], "How well query and key fit: by their product or their sum."),
    **_WEIGHTS_DROPOUT,
}
Letters = Annotated[str, Field(min_length=1, max_length=26, pattern="^[A-Za-z]+$")]
_EINSUM = {
    "equation": Argument(
        Annotated[str, Field(min_length=5, max_length=100)],
        "Axes of input, kernel and output: ``abc,cd->abd`` is a dense layer over the last axis of steps.",
    ),
    "output_shape": Argument(
        Count | Annotated[Items[Count | None], Field(min_length=1, max_length=8)],
        "Sides of the output without the batch; null for a side of the input.",
    ),
    "bias_axes": Argument(Letters | None, "Letters of the output that the bias has; by default there is no bias."),
}
_NUMBERS = {
    "scale": Argument(Finite, "Factor of each value."),
}


def _conv(keras: str, family: str, rank: int) -> Entry:
    return Entry(keras, f"{_WINDOWS}.{family}", rank)


ADMITTED: Mapping[str, Entry] = {
    "conv3d": _conv("Conv3D", "Convolution", 3),
    "separable_conv1d": _conv("SeparableConv1D", "Convolution", 1),
    "depthwise_conv1d": _conv("DepthwiseConv1D", "DepthwiseConvolution", 1),
    "depthwise_conv2d": _conv("DepthwiseConv2D", "DepthwiseConvolution", 2),
    "conv1d_transpose": _conv("Conv1DTranspose", "TransposedConvolution", 1),
    "conv2d_transpose": _conv("Conv2DTranspose", "TransposedConvolution", 2),
    "conv3d_transpose": _conv("Conv3DTranspose", "TransposedConvolution", 3),
    "max_pooling3d": _conv("MaxPooling3D", "Pooling", 3),
    "average_pooling3d": _conv("AveragePooling3D", "Pooling", 3),
    "global_max_pooling3d": _conv("GlobalMaxPooling3D", "GlobalPooling", 3),
    "global_average_pooling3d": _conv("GlobalAveragePooling3D", "GlobalPooling", 3),
    **{
        f"adaptive_{kind}_pooling{rank}d": _conv(f"Adaptive{kind.title()}Pooling{rank}D", "AdaptivePooling", rank)
        for kind in ("average", "max")
        for rank in (1, 2, 3)
    },
    "zero_padding1d": Entry("ZeroPadding1D", f"{_SIDES}.Padding", 1, _ends(1)),
    "zero_padding3d": Entry("ZeroPadding3D", f"{_SIDES}.Padding", 3, _ends(3)),
    **{f"cropping{rank}d": Entry(f"Cropping{rank}D", f"{_SIDES}.Cropping", rank) for rank in (1, 2, 3)},
    "up_sampling1d": Entry("UpSampling1D", f"{_SIDES}.Repetition", 1,
                           {"size": Argument(Count, "How often each step is repeated.")}),
    "up_sampling2d": Entry("UpSampling2D", f"{_SIDES}.Repetition", 2),
    "up_sampling3d": Entry("UpSampling3D", f"{_SIDES}.Repetition", 3),
    "resizing": Entry("Resizing", f"{_SIDES}.Resizing", 2),
    "center_crop": Entry("CenterCrop", f"{_SIDES}.Resizing", 2),
    "rescaling": Entry("Rescaling", f"{_VALUES}.Elementwise", keys=_NUMBERS, says="y = x · scale + offset."),
    "alpha_dropout": Entry("AlphaDropout", f"{_VALUES}.RandomDrop",
                           says="Dropout that keeps mean and variance of the inputs; for networks with selu."),
    "gaussian_dropout": Entry("GaussianDropout", f"{_VALUES}.RandomDrop",
                              says="Multiplies by normal noise around 1 of variance rate / (1 - rate), in training."),
    "spatial_dropout1d": Entry("SpatialDropout1D", f"{_WINDOWS}.SpatialDropout", 1,
                               says="Drops whole features, over all steps."),
    "spatial_dropout3d": Entry("SpatialDropout3D", f"{_WINDOWS}.SpatialDropout", 3, says="Drops whole channels."),
    "group_normalization": Entry("GroupNormalization", f"{_VALUES}.GroupNormalization",
                                 keys={**_AXIS, "groups": Argument(_NEGATIVE_OR_COUNT,
                                       "Number of groups of channels; -1 is one for each channel.")},
                                 says="Normalizes each example within groups of channels."),
    "rms_normalization": Entry("RMSNormalization", f"{_VALUES}.UnmaskedAlongAxes",
                               says="Divides by the root of the mean of squares along axes, and learns a scale."),
    "unit_normalization": Entry("UnitNormalization", f"{_VALUES}.AlongAxes",
                                says="Divides by the length along axes, so that each vector has length 1."),
    "softmax": Entry("Softmax", f"{_VALUES}.AlongAxes", says="exp(x) / Σexp(x) along axes."),
    "relu": Entry("ReLU", f"{_VALUES}.Elementwise",
                  says="Rectified linear unit with a slope, a threshold and a largest value of choice."),
    "leaky_relu": Entry("LeakyReLU", f"{_VALUES}.Elementwise", says="x for x ≥ 0, negative_slope · x otherwise."),
    "elu": Entry("ELU", f"{_VALUES}.Elementwise", says="x for x ≥ 0, alpha · (exp(x) - 1) otherwise."),
    "prelu": Entry("PReLU", f"{_VALUES}.SharedSlopes",
                   keys={"shared_axes": Argument(
                       Annotated[Items[Annotated[int, Field(ge=1, le=8)]], Field(min_length=1, max_length=8)] | None,
                       "Axes along which the slopes are shared, such as [1, 2] after a convolution.")},
                   says="x for x ≥ 0, slope · x otherwise, with slopes that are learned."),
    "identity": Entry("Identity", f"{_VALUES}.Elementwise"),
    "activity_regularization": Entry("ActivityRegularization", f"{_VALUES}.Elementwise",
                                     says="Adds l1 · Σ|y| + l2 · Σy² of its inputs to the loss."),
    "masking": Entry("Masking", f"{_VALUES}.Masking"),
    "permute": Entry("Permute", "reordering.Permutation", says="Puts the axes into another order."),
    "repeat_vector": Entry("RepeatVector", "reordering.RepeatedVector", says="A vector as n equal steps."),
    "simple_rnn": Entry("SimpleRNN", "recurrent.Recurrent", keys=_OWN_DROPOUT,
                        says="Recurrent layer whose state is its output."),
    **{
        f"conv_lstm{rank}d": Entry(f"ConvLSTM{rank}D", "recurrent.RecurrentConvolution", rank, keys=_OWN_DROPOUT,
                                   says="Long short-term memory whose products are convolutions.")
        for rank in (1, 2, 3)
    },
    "attention": Entry("Attention", "attention.DotAttention", keys=_SCORES),
    "additive_attention": Entry("AdditiveAttention", "attention.DotAttention", keys=_SCORES),
    "multi_head_attention": Entry("MultiHeadAttention", "attention.ProjectedAttention", keys=_HEADS,
                                  says="Attention of several heads (Vaswani et al. 2017)."),
    "group_query_attention": Entry("GroupQueryAttention", "attention.GroupedAttention", keys=_HEADS,
                                   says="Attention of heads that share keys and values in groups."),
    "dot": Entry("Dot", "products.DotProduct",
                 keys={"axes": Argument(Axis | Annotated[Items[Axis], Field(min_length=2, max_length=2)],
                                        "Axis of both inputs, or of each, along which products are summed."),
                       "normalize": Argument(bool, "Whether to scale vectors to length 1 first, for the cosine.")},
                 says="Sums of products of two inputs along an axis of each."),
    "einsum_dense": Entry("EinsumDense", "products.EinsumDense", keys=_EINSUM,
                          says="A dense layer whose product is written as an equation."),
    "time_distributed": Entry("TimeDistributed", "wrapping.Distributed",
                              says="Applies a layer to each step, with the same weights."),
}  # fmt: skip
