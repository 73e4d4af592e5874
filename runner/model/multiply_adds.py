"""How many multiply-adds a layer takes for one example, from its shapes.

A multiply-add is one product of a matrix product, a convolution or an attention, with the addition that sums it up.
Biases, activations, gates, normalization, pooling and merging are left out: they take a few operations a value.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import keras

Sides = tuple[int | None, ...]
"""A shape without the batch axis; None for a side that depends on the example."""
Count = Callable[[Any, Sequence[Sides], Sides], int]


class _Unknown(Exception):
    """A side that the count needs depends on the example."""


def multiply_adds(layer: Any, inputs: Sequence[Sides], output: Sides) -> int | None:
    """Multiply-adds of one example in a forward pass; None where they depend on the example, or are not known.

    Args:
        layer: of Keras, built.
        inputs: shapes of its inputs.
        output: shape of its output.
    """
    counted = next((count for classes, count in _COUNTS if isinstance(layer, classes)), None)
    if counted is None:
        ours = type(layer).__module__.startswith("keras.")
        return 0 if ours and not _has_kernel(layer) else None
    try:
        return counted(layer, inputs, output)
    except _Unknown:
        return None


def _has_kernel(layer: Any) -> bool:
    """Whether a layer has weights that are multiplied, of a kind that is not counted here."""
    return any("kernel" in weight.name for weight in layer.weights)


def _product(sides: Sequence[int | None]) -> int:
    known = [side for side in sides if side is not None]
    if len(known) < len(sides):
        raise _Unknown
    return math.prod(known)


def _size(weight: Any) -> int:
    return _product(tuple(weight.shape))


def _spatial(layer: Any, sides: Sides) -> int:
    """Number of positions of an image or a sequence."""
    return _product(sides[1:] if layer.data_format == "channels_first" else sides[:-1])


def _dense(layer: Any, inputs: Sequence[Sides], output: Sides) -> int:
    """Positions · n · m, for a kernel n × m that is applied at each position of the axes before the last."""
    return _product(output[:-1]) * _size(layer.kernel)


def _einsum(layer: Any, inputs: Sequence[Sides], output: Sides) -> int:
    """The product of the sides of all letters of the equation but the batch's."""
    names, _, _ = layer.equation.replace(" ", "").partition("->")
    ours, kernel = names.replace("...", "").split(",")
    sides = dict(zip(kernel, layer.kernel.shape, strict=True))
    leading = len(inputs[0]) - len(ours) + (0 if "..." in names else 1)
    letters = ours if "..." in names else ours[1:]
    free = [side for letter, side in zip(letters, inputs[0][leading:], strict=True) if letter not in sides]
    return _size(layer.kernel) * _product([*inputs[0][:leading], *free])


def _convolution(layer: Any, inputs: Sequence[Sides], output: Sides) -> int:
    """Positions of the output · size of the kernel: k₁ · … · k_r · channels / groups · filters."""
    return _spatial(layer, output) * _size(layer.kernel)


def _transposed(layer: Any, inputs: Sequence[Sides], output: Sides) -> int:
    """Positions of the input · size of the kernel: each input value is spread over the kernel."""
    return _spatial(layer, inputs[0]) * _size(layer.kernel)


def _separable(layer: Any, inputs: Sequence[Sides], output: Sides) -> int:
    """Positions of the output · (k₁ · … · k_r · channels · multiplier + channels · multiplier · filters)."""
    return _spatial(layer, output) * (_size(layer.depthwise_kernel) + _size(layer.pointwise_kernel))


def _recurrent(layer: Any, inputs: Sequence[Sides], output: Sides) -> int:
    """Steps · g · (features · units + units²), with g = 4 gates for LSTM, 3 for GRU and 1 for a simple RNN."""
    return _product(inputs[0][:1]) * (_size(layer.cell.kernel) + _size(layer.cell.recurrent_kernel))


def _bidirectional(layer: Any, inputs: Sequence[Sides], output: Sides) -> int:
    """Those of the two layers."""
    return sum(_recurrent(one, inputs, output) for one in (layer.forward_layer, layer.backward_layer))


def _distributed(layer: Any, inputs: Sequence[Sides], output: Sides) -> int:
    """Steps · those of the layer that is applied to each."""
    inner = multiply_adds(layer.layer, [inputs[0][1:]], output[1:])
    if inner is None:
        raise _Unknown
    return _product(inputs[0][:1]) * inner


def _model(layer: Any, inputs: Sequence[Sides], output: Sides) -> int:
    """The sum over the layers of a model within the model."""
    return sum(_part(part) for part in layer.layers)


def _part(layer: Any) -> int:
    node = layer._inbound_nodes[0]
    inputs = [tuple(tensor.shape[1:]) for tensor in node.input_tensors]
    found = multiply_adds(layer, inputs, tuple(node.outputs[0].shape[1:]))
    if found is None:
        raise _Unknown
    return found


def _attention(layer: Any, inputs: Sequence[Sides], output: Sides) -> int:
    """T · S · (d + v) for T queries and S keys of d features, and S values of v features."""
    query, value = inputs[0], inputs[1] if len(inputs) > 1 else inputs[0]
    return _product([query[0], value[0]]) * _product([_product(query[-1:]) + _product(value[-1:])])


def _heads(layer: Any, inputs: Sequence[Sides], output: Sides) -> int:
    """Projections and, in each head, products of queries with keys and of weights with values.

    T · (d · h · k + h · v · o) + S · (h' · k · d' + h' · v · d″) + h · T · S · (k + v), for T queries of d features, S
    keys and values of d' and d″, h heads of queries and h' of keys and values with k and v features each, and o
    outputs; with a gate T · d · h · v more. With axes that are not attended, that many times.
    """
    query, value = inputs[0], inputs[1] if len(inputs) > 1 else inputs[0]
    key = inputs[2] if len(inputs) > 2 else value
    queries, keys = _product(query[:-1]), _product(key[:-1])
    projected = queries * (_size(layer._query_dense.kernel) + _size(layer._output_dense.kernel))
    projected += keys * (_size(layer._key_dense.kernel) + _size(layer._value_dense.kernel))
    gate = getattr(layer, "_gate_dense", None)
    projected += queries * _size(gate.kernel) if gate is not None else 0
    heads, key_size = (int(side) for side in layer._query_dense.kernel.shape[-2:])
    value_size = int(layer._value_dense.kernel.shape[-1])
    attended = getattr(layer, "_attention_axes", None) or tuple(range(1, len(query)))
    apart = _product([side for axis, side in enumerate(query[:-1], start=1) if axis not in attended])
    return projected + heads * (queries * keys // apart) * (key_size + value_size)


def _dot(layer: Any, inputs: Sequence[Sides], output: Sides) -> int:
    """Values of one input · those of the other / sides that are summed over."""
    axis = layer.axes if isinstance(layer.axes, int) else layer.axes[0]
    one, other = inputs
    summed = one[axis - 1] if axis > 0 else one[axis]
    return _product(one) * _product(other) // _product([summed])


_COUNTS: tuple[tuple[tuple[type[Any], ...], Count], ...] = (
    ((keras.Model,), _model),
    ((keras.layers.Dense,), _dense),
    ((keras.layers.EinsumDense,), _einsum),
    ((keras.layers.SeparableConv1D, keras.layers.SeparableConv2D), _separable),
    ((keras.layers.Conv1DTranspose, keras.layers.Conv2DTranspose, keras.layers.Conv3DTranspose), _transposed),
    (
        (
            keras.layers.Conv1D,
            keras.layers.Conv2D,
            keras.layers.Conv3D,
            keras.layers.DepthwiseConv1D,
            keras.layers.DepthwiseConv2D,
        ),
        _convolution,
    ),
    ((keras.layers.LSTM, keras.layers.GRU, keras.layers.SimpleRNN), _recurrent),
    ((keras.layers.Bidirectional,), _bidirectional),
    ((keras.layers.TimeDistributed,), _distributed),
    ((keras.layers.MultiHeadAttention, keras.layers.GroupQueryAttention), _heads),
    ((keras.layers.Attention, keras.layers.AdditiveAttention), _attention),
    ((keras.layers.Dot,), _dot),
)
