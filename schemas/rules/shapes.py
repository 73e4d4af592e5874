"""Shapes along the layers, as far as they are known without the data."""

import math
from collections.abc import Iterator, Sequence

from schemas.findings import Finding
from schemas.graph import ENTRY, sources_of
from schemas.layers import (
    Conv2D,
    CustomLayer,
    Dense,
    Flatten,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    Layer,
    MergeBase,
    PoolBase,
    Reshape,
    SeparableConv2D,
    SpatialDropout2D,
    ZeroPadding2D,
)
from schemas.recipe import Recipe
from schemas.rules.merges import Misfit, Shape, merged
from schemas.rules.model import LAYERS
from schemas.rules.samples import Sample, sources
from schemas.rules.tell import Rule, error

_Image = (
    Conv2D | SeparableConv2D | PoolBase | ZeroPadding2D | SpatialDropout2D | GlobalAveragePooling2D | GlobalMaxPooling2D
)


def _pair(size: int | tuple[int, ...]) -> tuple[int, int]:
    return (size, size) if isinstance(size, int) else (size[0], size[1])


def _side(side: int | None, window: int, stride: int, padding: str) -> int | None:
    if side is None:
        return None
    return -(-side // stride) if padding == "same" else (side - window) // stride + 1


def _windowed(layer: Conv2D | SeparableConv2D | PoolBase, shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
    key = "pool_size" if isinstance(layer, PoolBase) else "kernel_size"
    size = _pair(layer.pool_size if isinstance(layer, PoolBase) else layer.kernel_size)
    dilation = _pair(layer.dilation_rate if isinstance(layer, Conv2D) else 1)
    spans = [(n - 1) * gap + 1 for n, gap in zip(size, dilation, strict=True)]
    sides = shape[:2]
    if layer.padding == "valid" and any(s is not None and s < span for s, span in zip(sides, spans, strict=True)):
        raise Misfit(
            "R155",
            key,
            f"{key} must not be larger than the layer's input; received {' x '.join(map(str, spans))}, "
            f"and the input is {' x '.join(str(side or '?') for side in sides)}",
            "take a smaller one, `padding: same`, or fewer layers that shrink the image",
        )
    strides = _pair(layer.strides if layer.strides is not None else size)
    height, width = (_side(s, n, step, layer.padding) for s, n, step in zip(sides, spans, strides, strict=True))
    return (height, width, shape[2] if isinstance(layer, PoolBase) else layer.filters)


def _require_groups(layer: Conv2D, channels: int | None) -> None:
    # Where the filters do not fit either, one error a key is enough.
    if channels is not None and channels % layer.groups and layer.filters % layer.groups == 0:
        raise Misfit(
            "R154",
            "groups",
            f"groups must divide the channels of the input; received {layer.groups} groups and {channels} channels",
            "take a divisor of the channels, such as 1",
        )


def _reshaped(layer: Reshape, shape: Shape) -> Shape:
    wanted = math.prod(layer.target_shape)
    if shape is not None and (count := _size(shape)) not in (None, wanted):
        raise Misfit(
            "R158",
            "target_shape",
            f"target_shape must keep the number of values; received {list(layer.target_shape)}, which holds {wanted}, "
            f"and the input has {count}",
            f"give sides whose product is {count}",
        )
    return layer.target_shape


def _size(shape: tuple[int | None, ...]) -> int | None:
    sides = [side for side in shape if side is not None]
    return math.prod(sides) if len(sides) == len(shape) else None


def _image_layer(layer: _Image, shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
    match layer:
        case Conv2D():
            _require_groups(layer, shape[2])
            return _windowed(layer, shape)
        case SeparableConv2D() | PoolBase():
            return _windowed(layer, shape)
        case ZeroPadding2D():
            top, left = _pair(layer.padding)
            height, width, channels = shape
            return (height and height + 2 * top, width and width + 2 * left, channels)
        case GlobalAveragePooling2D() | GlobalMaxPooling2D():
            return shape[2:]
        case SpatialDropout2D():
            return shape


def _after(layer: Layer, shapes: Sequence[Shape]) -> Shape:
    """Shape of a layer's output.

    Raises:
        Misfit: when the layer does not take these inputs.
    """
    if isinstance(layer, MergeBase):
        return merged(layer, shapes)
    if len(shapes) != 1 or isinstance(layer, CustomLayer):
        return None
    return _after_one(layer, shapes[0])


def _after_one(layer: Layer, shape: Shape) -> Shape:
    if isinstance(layer, _Image):
        if shape is not None and len(shape) != 3:
            raise Misfit(
                "R156",
                None,
                f"{layer.kind} needs height, width and channels; its input has {len(shape)} "
                f"{'axis' if len(shape) == 1 else 'axes'}",
                "put it before `flatten` or global pooling, `reshape` the input, or take dense layers",
            )
        return _image_layer(layer, shape or (None, None, None))
    match layer:
        case Flatten():
            return (None,) if shape is None else (_size(shape),)
        case Reshape():
            return _reshaped(layer, shape)
        case Dense():
            return None if shape is None else (*shape[:-1], layer.units)
        case _:
            return shape


def layers_take_their_inputs(recipe: Recipe) -> Iterator[Finding]:
    """R154 to R158: each layer takes what those before it give (R184: together), the last one axis to the output.

    Where the data's shape is not known here, what layers imply is still checked; ``validate --deep`` sees the rest.
    """
    found = (finding for source in sources(recipe) for finding in _walk(recipe, source.sample, source.name))
    yield from {(finding.code, finding.path): finding for finding in found}.values()


def _walk(recipe: Recipe, sample: Sample | None, name: str) -> Iterator[Finding]:
    suffix = f" (inputs of {name} are {' x '.join(map(str, sample.shape))})" if sample is not None else ""
    layers = recipe.model.layers
    shapes: dict[int | None, Shape] = {ENTRY: sample.shape if sample is not None else None}
    for k, wires in enumerate(sources_of(recipe.model)):
        try:
            shapes[k] = _after(layers[k], [shapes.get(source) for source in wires])
        except Misfit as misfit:
            key = misfit.key if misfit.key in layers[k].model_fields_set else None
            path = (*LAYERS, k) if key is None else (*LAYERS, k, key)
            yield error(misfit.code, path, misfit.message + suffix, misfit.help)
            return
    last = shapes[len(layers) - 1]
    if last is not None and len(last) != 1:
        yield error(
            "R157",
            (*LAYERS, len(layers) - 1) if layers else LAYERS,
            f"the output layer needs one axis; the layers before it leave {len(last)}{suffix}",
            "end the layers with `{kind: flatten}` or a global pooling layer",
        )


RULES: tuple[Rule, ...] = (layers_take_their_inputs,)
