"""Names by which groups and exclusions select layers."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

PREPROCESSING = "preprocessing"
"""Last part of the name of the layer that scales an application's pixels; it is none of the application's own."""
_RANGE = r"^([^\[]+)\[(-?\d*):(-?\d*)\]$"


def selects(written: str, layer: str) -> bool:
    """Whether a name selects a layer: by the layer's own name, or by the name of a block or layer that it is in.

    >>> selects("stage", "stage.1.conv2d_1"), selects("stage", "stages")
    (True, False)
    """
    return layer == written or layer.startswith(f"{written}.")


def selected(written: Iterable[str], layer: str) -> bool:
    """Whether one of several names selects a layer."""
    return any(selects(name, layer) for name in written)


class LayerRange(NamedTuple):
    """Some layers of an application by their numbers, as Python slices ``base.layers`` of Keras."""

    application: str
    part: slice


def range_of(written: str) -> LayerRange | None:
    """The range that a name such as ``base[100:]`` stands for; None for a plain name.

    >>> range_of("base[:-20]")
    LayerRange(application='base', part=slice(None, -20, None))
    """
    found = re.match(_RANGE, written)
    if found is None:
        return None
    start, stop = (int(text) if text else None for text in found.groups()[1:])
    return LayerRange(found[1], slice(start, stop))


def members(written: str, layers: Sequence[str]) -> list[str]:
    """Names of the layers that a name or a range selects.

    The layers of an application are numbered as in Keras' ``base.layers``: its input layer is number 0.

    >>> members("base[2:]", ["base.preprocessing", "base.conv1", "base.conv1_bn", "output"])
    ['base.conv1_bn']

    Args:
        written: in the recipe.
        layers: names of all layers of the model in order.
    """
    some = range_of(written)
    if some is None:
        return [layer for layer in layers if selects(written, layer)]
    own = [layer for layer in layers if selects(some.application, layer)]
    inner = [layer for layer in own if layer not in (some.application, f"{some.application}.{PREPROCESSING}")]
    return [layer for layer in ["", *inner][some.part] if layer]
