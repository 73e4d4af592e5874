"""Type, bounds and meaning of the arguments of Keras' layers, by name."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field

from schemas.base import Items
from schemas.constraints import Constraint
from schemas.layers.base import Activation, Initializer, Regularizer
from schemas.quantities import Count, DropoutRate, NonNegative, Positive

Whole = Annotated[int, Field(ge=0, le=10**12)]
Axis = Annotated[int, Field(ge=-8, le=8)]
Axes = Axis | Annotated[Items[Axis], Field(min_length=1, max_length=8)]
Finite = Annotated[float, Field(ge=-1e30, le=1e30)]
Padding = Literal["valid", "same"]
Length = Count | Annotated[Items[Count], Field(min_length=1, max_length=8)]


class Argument(NamedTuple):
    """What a key takes and means."""

    type: Any
    text: str


def sizes(rank: int) -> Any:
    """One number for all sides, or one for each of them."""
    return Count | Annotated[Items[Count], Field(min_length=rank, max_length=rank)]


def borders(rank: int) -> Any:
    """Numbers for the two ends of each side: one for all, one a side, or ``[before, after]`` a side."""
    both = Annotated[Items[Whole], Field(min_length=2, max_length=2)]
    if rank == 1:
        return Whole | both
    return Whole | Annotated[Items[Whole | both], Field(min_length=rank, max_length=rank)]


def extra_sides(rank: int) -> Any:
    """As :func:`sizes`, but from 0, or nothing."""
    return Whole | Annotated[Items[Whole], Field(min_length=rank, max_length=rank)] | None


_BY_RANK = {
    "kernel_size": (sizes, "Size of the window: one number for all sides, or one for each."),
    "strides": (sizes, "Step of the window: one number for all sides, or one for each."),
    "dilation_rate": (sizes, "Spacing between the points of the window."),
    "pool_size": (sizes, "Size of the window: one number for all sides, or one for each."),
    "size": (sizes, "How often each value is repeated along each side."),
    "output_size": (sizes, "Sides of the output."),
    "cropping": (borders, "Values cut off: one number for all ends, one for each side, or [before, after] a side."),
    "output_padding": (extra_sides, "Values added to the output's sides, less than the stride; by default inferred."),
}
"""Arguments whose type depends on the number of spatial axes."""

_PENALTY = Regularizer | None
_LIMIT = Constraint | None
ARGUMENTS: Mapping[str, Argument] = {
    "units": Argument(Count, "Size of the state, and of the output."),
    "filters": Argument(Count, "Number of channels of the output."),
    "padding": Argument(Padding, "``same`` pads with zeros to keep the sides (at stride 1)."),
    "groups": Argument(Count, "Number of groups that the channels are split into."),
    "depth_multiplier": Argument(Count, "Number of channels computed from each input channel."),
    "activation": Argument(Activation, "Function applied to the output."),
    "recurrent_activation": Argument(Activation, "Function of the gates."),
    "use_bias": Argument(bool, "Whether to use a bias."),
    "kernel_initializer": Argument(Initializer, "Initializer of the kernel."),
    "recurrent_initializer": Argument(Initializer, "Initializer of the kernel of the state."),
    "depthwise_initializer": Argument(Initializer, "Initializer of the kernel of each channel."),
    "pointwise_initializer": Argument(Initializer, "Initializer of the kernel over channels."),
    "bias_initializer": Argument(Initializer, "Initializer of the bias."),
    "alpha_initializer": Argument(Initializer, "Initializer of the slopes."),
    "beta_initializer": Argument(Initializer, "Initializer of the offset."),
    "gamma_initializer": Argument(Initializer, "Initializer of the scale."),
    "kernel_regularizer": Argument(_PENALTY, "Penalty on the kernel."),
    "recurrent_regularizer": Argument(_PENALTY, "Penalty on the kernel of the state."),
    "depthwise_regularizer": Argument(_PENALTY, "Penalty on the kernel of each channel."),
    "pointwise_regularizer": Argument(_PENALTY, "Penalty on the kernel over channels."),
    "bias_regularizer": Argument(_PENALTY, "Penalty on the bias."),
    "activity_regularizer": Argument(_PENALTY, "Penalty on the output."),
    "alpha_regularizer": Argument(_PENALTY, "Penalty on the slopes."),
    "beta_regularizer": Argument(_PENALTY, "Penalty on the offset."),
    "gamma_regularizer": Argument(_PENALTY, "Penalty on the scale."),
    "kernel_constraint": Argument(_LIMIT, "What is done to the kernel after every update, such as ``max_norm``."),
    "recurrent_constraint": Argument(_LIMIT, "What is done to the kernel of the state after every update."),
    "depthwise_constraint": Argument(_LIMIT, "What is done to the kernel of each channel after every update."),
    "pointwise_constraint": Argument(_LIMIT, "What is done to the kernel over channels after every update."),
    "bias_constraint": Argument(_LIMIT, "What is done to the bias after every update."),
    "alpha_constraint": Argument(_LIMIT, "What is done to the slopes after every update."),
    "beta_constraint": Argument(_LIMIT, "What is done to the offset after every update."),
    "gamma_constraint": Argument(_LIMIT, "What is done to the scale after every update."),
    "unit_forget_bias": Argument(bool, "Whether the bias of the forget gate starts at 1."),
    "return_sequences": Argument(bool, "Whether every step's state comes out, or only the last one's."),
    "go_backwards": Argument(bool, "Whether the last step comes first."),
    "recurrent_dropout": Argument(DropoutRate, "Fraction of the state dropped in training, by one mask for all steps."),
    "keepdims": Argument(bool, "Whether the sides stay, as sides of 1."),
    "rate": Argument(DropoutRate, "Fraction dropped."),
    "axis": Argument(Axes, "As in Keras: -1 is the last axis, 1 the first one after the batch."),
    "epsilon": Argument(Positive, "Small number added to the variance."),
    "center": Argument(bool, "Whether to learn an offset."),
    "scale": Argument(bool, "Whether to learn a scale."),
    "alpha": Argument(NonNegative, "Limit of the output for large negative values, as -alpha."),
    "negative_slope": Argument(NonNegative, "Slope for negative values."),
    "max_value": Argument(NonNegative | None, "Largest output; by default there is none."),
    "threshold": Argument(NonNegative, "Values below it have the negative slope."),
    "shared_axes": Argument(Axes | None, "Axes along which the slopes are shared, such as [1, 2] after a convolution."),
    "l1": Argument(NonNegative, "Factor of Σ|y|."),
    "l2": Argument(NonNegative, "Factor of Σy²."),
    "mask_value": Argument(Finite, "Steps whose features all have this value are passed over by later layers."),
    "n": Argument(Count, "Number of repetitions."),
    "dims": Argument(
        Annotated[Items[Count], Field(min_length=1, max_length=8)],
        "The axes of the input in the order of the output; 1 is the first one after the batch.",
    ),
    "height": Argument(Count, "Height of the output."),
    "width": Argument(Count, "Width of the output."),
    "interpolation": Argument(
        Literal["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"], "How values between pixels are computed."
    ),
    "crop_to_aspect_ratio": Argument(bool, "Whether to crop the input to the output's proportions first."),
    "pad_to_aspect_ratio": Argument(bool, "Whether to pad the input to the output's proportions first."),
    "fill_mode": Argument(Literal["constant"], "How padding is filled."),
    "fill_value": Argument(Finite, "Value of the padding."),
    "antialias": Argument(bool, "Whether to smooth an image that gets smaller."),
    "offset": Argument(Finite, "Number added to each value."),
}


def is_later(name: str) -> bool:
    """Whether an argument became a key later: at its default it is no part of the fingerprint."""
    return name.endswith("_constraint")


def argument(name: str, rank: int) -> Argument:
    """Type and meaning of an argument, for a layer with ``rank`` spatial axes."""
    if name in _BY_RANK:
        type_, text = _BY_RANK[name]
        return Argument(type_(rank), text)
    return ARGUMENTS[name]


OMITTED: Mapping[str, str] = {
    "data_format": "channels are always last",
    "seed": "the recipe's seed decides every mask",
    "dtype": "hardware.precision decides",
    "name": "any layer has it",
    "noise_shape": "spatial dropout and dropout between layers cover it",
    "stateful": "a state that outlives the batch depends on how examples are divided into batches",
    "return_state": "a layer has one output",
    "unroll": "it changes only the speed",
    "flash_attention": "it refuses dropout",
    "lora_rank": "it is for fine-tuning of large models",
    "lora_alpha": "it is for fine-tuning of large models",
    "gptq_unpacked_column_size": "it is for quantized models",
    "quantization_config": "it is for quantized models",
}
"""Arguments that no layer of the catalogue takes, and why."""
