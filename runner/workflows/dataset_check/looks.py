"""What an image looks like, in few bytes that survive another size and another encoding."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SIDE = 16
"""Rows and columns of the small picture that is kept of an image."""
LEAST_SIDE = 16
"""Of images that are compared: smaller ones look alike without being copies."""
_ROWS, _COLUMNS = 8, 9
_GREY = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True)
class Looks:
    """Of some images.

    Attributes:
        hashes: difference hashes, uint64, ``(n,)``.
        pictures: small grey pictures, uint8, ``(n, 16 · 16)``.
    """

    hashes: NDArray[np.uint64]
    pictures: NDArray[np.uint8]


def are_images(shape: tuple[int, ...], dtype: np.dtype[np.generic]) -> bool:
    """Whether arrays ``(n, height, width)`` or ``(n, height, width, channels)`` are images that can be compared."""
    is_picture = len(shape) == 3 or (len(shape) == 4 and shape[3] in (1, 3))
    return dtype == np.uint8 and is_picture and min(shape[1:3]) >= LEAST_SIDE


def looks_of(images: NDArray[np.uint8]) -> Looks:
    """Difference hash and small picture of each image.

    The hash has a bit for each of 8 × 8 pairs of neighbours in a row of the image, averaged to 8 rows and 9 columns:
    whether the right one is brighter. Sizes and encodings change few bits, other images about half of the 64.

    Args:
        images: of the shape ``(n, height, width)``, ``(n, height, width, 1)`` or ``(n, height, width, 3)``.
    """
    grey = images.astype(np.float32)
    if grey.ndim == 4:
        grey = grey @ _GREY if grey.shape[3] == 3 else grey[..., 0]
    small = _averaged(grey, _ROWS, _COLUMNS)
    bits = np.packbits((small[:, :, 1:] > small[:, :, :-1]).reshape(len(grey), -1), axis=1)
    pictures = np.rint(_averaged(grey, SIDE, SIDE)).astype(np.uint8).reshape(len(grey), -1)
    return Looks(np.ascontiguousarray(bits).view(np.uint64)[:, 0], pictures)


def _averaged(grey: NDArray[np.float32], rows: int, columns: int) -> NDArray[np.float32]:
    down, across = _shares(rows, grey.shape[1]), _shares(columns, grey.shape[2])
    result: NDArray[np.float32] = np.matmul(np.matmul(down, grey), across.T)
    return result


def _shares(count: int, side: int) -> NDArray[np.float32]:
    """Which share of each of ``count`` stretches lies in each pixel, ``(count, side)``; each row sums to 1."""
    edges = np.linspace(0, side, count + 1)
    pixels = np.arange(side)
    overlap = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    shares: NDArray[np.float32] = (np.maximum(overlap, 0) * (count / side)).astype(np.float32)
    return shares
