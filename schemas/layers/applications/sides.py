"""Sides and channels of what an application without its top gives."""

import math
from collections.abc import Mapping

Window = tuple[int, int]
"""Width and step of a window without padding; width 0: padded, so that n becomes ⌈n / step⌉."""
_UP: Window = (0, 2)
_DOWN: Window = (2, 2)
_INCEPTION: tuple[Window, ...] = ((3, 2), (3, 1), (3, 2), (3, 1), (3, 2), (3, 2), (3, 2))
_WINDOWS: Mapping[str, tuple[Window, ...]] = {
    "convnext": ((4, 4), _DOWN, _DOWN, _DOWN),
    "densenet": (_UP, _UP, _DOWN, _DOWN, _DOWN),
    "efficientnet": (_UP,) * 5,
    "inception": _INCEPTION,
    "mobilenet": (_UP, *(_DOWN,) * 4),
    "mobilenet_v": (_UP,) * 5,
    "nasnet": ((3, 2), *(_UP,) * 4),
    "resnet": (_UP,) * 5,
    "vgg": (_DOWN,) * 5,
    "xception": ((3, 2), (3, 1), *(_UP,) * 4),
}
"""What changes the sides on the way through, by how names begin; the longest beginning counts."""


def output_side(name: str, side: int) -> int:
    """Side of the output: each window makes ⌊(n - width) / step⌋ + 1 of n, a padded one ⌈n / step⌉.

    >>> output_side("mobilenet_v2", 33), output_side("vgg16", 33), output_side("xception", 71)
    (2, 1, 3)
    """
    family = max((start for start in _WINDOWS if name.startswith(start)), key=len)
    for width, step in _WINDOWS[family]:
        side = (side - width) // step + 1 if width else math.ceil(side / step)
    return side


def output_channels(name: str, channels: int, alpha: float) -> int:
    """Channels of the output.

    Args:
        name: of the application.
        channels: with ``alpha`` 1.
        alpha: what multiplies the filters of the MobileNets.

    >>> output_channels("mobilenet_v2", 1280, 0.35), output_channels("mobilenet_v3_small", 576, 0.75)
    (1280, 432)
    """
    if alpha == 1:
        return channels
    if name == "mobilenet":
        return int(channels * alpha)
    if name == "mobilenet_v2":
        return _of_eight(channels * alpha) if alpha > 1 else channels
    return _of_eight(6 * _of_eight(channels // 6 * alpha))


def _of_eight(value: float) -> int:
    """The multiple of 8 that is nearest, but not below 90 % of the value."""
    rounded = max(8, int(value + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * value else rounded
