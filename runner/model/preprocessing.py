"""What applications want done to pixels from 0 to 255, as layers that plain Keras opens."""

from typing import Any

import keras

from schemas.layer_selection import PREPROCESSING
from schemas.layers.applications.table import Mode

_MEAN = (0.485, 0.456, 0.406)
_DEVIATION = (0.229, 0.224, 0.225)
"""Of the colours of ImageNet, red, green and blue, from 0 to 1."""
_BLUE_FIRST = (103.939, 116.779, 123.68)
"""Mean pixel of ImageNet in the order of the first networks' reader."""


class Preprocessing:
    """The pixels as ``preprocess_input`` of the application gives them; applied like a layer, also more than once.

    ``tf``: x / 127.5 - 1. ``torch``: (x / 255 - mean) / deviation of each colour. ``caffe``: blue, green, red, less
    their means. ``inside``: as they are, because the application scales them itself. Source: ``imagenet_utils`` of
    Keras.

    Args:
        mode: Keras' name of the way.
        name: of the application; the layer is called ``NAME.preprocessing``.
    """

    def __init__(self, mode: Mode, name: str) -> None:
        self._turned = mode == "caffe"
        self._scaling = _scaling(mode, f"{name}.{PREPROCESSING}")

    def __call__(self, inputs: Any) -> Any:
        """Scaled images, for images of shape (batch, height, width, channels)."""
        turned = keras.ops.flip(inputs, axis=-1) if self._turned else inputs
        return turned if self._scaling is None else self._scaling(turned)


def _scaling(mode: Mode, name: str) -> Any:
    if mode == "tf":
        return keras.layers.Rescaling(1 / 127.5, -1.0, name=name, dtype="float32")
    if mode == "torch":
        pairs = list(zip(_MEAN, _DEVIATION, strict=True))
        scale = [1 / (255 * deviation) for _, deviation in pairs]
        offset = [-mean / deviation for mean, deviation in pairs]
        return keras.layers.Rescaling(scale, offset, name=name, dtype="float32")
    if mode == "caffe":
        return keras.layers.Rescaling(1.0, [-mean for mean in _BLUE_FIRST], name=name, dtype="float32")
    return None
