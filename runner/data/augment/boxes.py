"""Rectangles in an image: top, bottom, left and right in whole pixels, bottom and right being outside."""

import numpy as np

from runner.data.augment.draws import Float64
from runner.data.augment.geometry import Frame


def random_boxes(share: Float64, ratio: Float64, u: Float64, frame: Frame) -> Float64:
    """Rectangles that lie within the image, at a random place.

    Args:
        share: of the image's area, shape ``(n,)``.
        ratio: height / width.
        u: numbers in [0, 1) for the place, shape ``(n, 2)``.
        frame: of the images.

    Returns:
        Shape ``(n, 4)``; a side longer than the image's is cut to it.
    """
    area = share * frame.height * frame.width
    height = np.clip(np.rint(np.sqrt(area * ratio)), 1, frame.height)
    width = np.clip(np.rint(np.sqrt(area / ratio)), 1, frame.width)
    top = np.floor(u[:, 0] * (frame.height - height + 1))
    left = np.floor(u[:, 1] * (frame.width - width + 1))
    return np.stack([top, top + height, left, left + width], axis=1)


def centred_boxes(share: Float64, u: Float64, frame: Frame) -> Float64:
    """Rectangles in the image's shape about a random pixel, cut at the edges of the image, as CutMix has them.

    Args:
        share: of the image's area before it is cut, shape ``(n,)``.
        u: numbers in [0, 1) for the middle, shape ``(n, 2)``.
        frame: of the images.

    Returns:
        Shape ``(n, 4)``.
    """
    sides = []
    for k, side in enumerate(frame):
        half = np.floor(side * np.sqrt(share)) / 2
        middle = np.floor(u[:, k] * side)
        sides += [np.clip(np.floor(middle - half), 0, side), np.clip(np.floor(middle + half), 0, side)]
    return np.stack(sides, axis=1)
