"""Where the pixels of a changed image come from: one 3 × 3 matrix an example, from its own draws.

A matrix leads from a pixel (x, y, 1) of the changed image to its place in the image before. Pixels are points with
whole coordinates; the middle of an image is at ((width − 1)/2, (height − 1)/2), as in Keras' layers.
"""

from typing import NamedTuple

import numpy as np

from runner.data.augment.draws import Float64, between
from schemas.image_changes import Crop, Flip, Rotate, Translate, Zoom

Geometric = Flip | Rotate | Translate | Zoom | Crop
DRAWS = 4
"""Numbers that a geometric change draws at most, the first of which says whether it acts."""


class Frame(NamedTuple):
    """Sides of an image in pixels."""

    height: int
    width: int


def matrices(transform: Geometric, u: Float64, frame: Frame) -> Float64:
    """The matrix of each example, shape ``(n, 3, 3)``; the identity where the transform does not act.

    Args:
        transform: what is to be done.
        u: numbers in [0, 1), shape ``(n, DRAWS)``.
        frame: of the images.
    """
    match transform:
        case Flip():
            return flipped(transform, u, frame)
        case Rotate():
            found = rotated(np.radians(between(u[:, 1], -transform.degrees, transform.degrees)), frame)
        case Translate():
            down = between(u[:, 1], -transform.height, transform.height) * frame.height
            right = between(u[:, 2], -transform.width, transform.width) * frame.width
            found = affine(len(u), offset_x=-right, offset_y=-down)
        case Zoom():
            found = zoomed(between(u[:, 1], 1 - transform.factor, 1 + transform.factor), frame)
        case Crop():
            found = cropped(transform, u, frame)
    return np.where((u[:, 0] < transform.probability)[:, None, None], found, np.eye(3))


def affine(
    n: int,
    *,
    xx: Float64 | float = 1.0,
    xy: Float64 | float = 0.0,
    yx: Float64 | float = 0.0,
    yy: Float64 | float = 1.0,
    offset_x: Float64 | float = 0.0,
    offset_y: Float64 | float = 0.0,
) -> Float64:
    """x′ = xx·x + xy·y + offset_x, y′ = yx·x + yy·y + offset_y, for n examples."""
    found = np.zeros((n, 3, 3))
    found[:, 0, 0], found[:, 0, 1], found[:, 0, 2] = xx, xy, offset_x
    found[:, 1, 0], found[:, 1, 1], found[:, 1, 2] = yx, yy, offset_y
    found[:, 2, 2] = 1
    return found


def flipped(transform: Flip, u: Float64, frame: Frame) -> Float64:
    """x′ = width − 1 − x where left and right change places, and likewise for y."""
    sideways = (u[:, 0] < transform.probability) & (transform.mode != "vertical")
    upside_down = (u[:, 1] < transform.probability) & (transform.mode != "horizontal")
    return affine(
        len(u),
        xx=np.where(sideways, -1.0, 1.0),
        yy=np.where(upside_down, -1.0, 1.0),
        offset_x=np.where(sideways, frame.width - 1.0, 0.0),
        offset_y=np.where(upside_down, frame.height - 1.0, 0.0),
    )


def rotated(radians: Float64, frame: Frame) -> Float64:
    """Turned counter-clockwise about the middle."""
    cosine, sine = np.cos(radians), np.sin(radians)
    x, y = (frame.width - 1) / 2, (frame.height - 1) / 2
    return affine(
        len(radians),
        xx=cosine,
        xy=-sine,
        yx=sine,
        yy=cosine,
        offset_x=x - cosine * x + sine * y,
        offset_y=y - sine * x - cosine * y,
    )


def zoomed(scale: Float64, frame: Frame) -> Float64:
    """Scaled about the middle; a scale above 1 enlarges."""
    inverse = 1 / scale
    x, y = (frame.width - 1) / 2, (frame.height - 1) / 2
    return affine(len(scale), xx=inverse, yy=inverse, offset_x=x - inverse * x, offset_y=y - inverse * y)


def cropped(transform: Crop, u: Float64, frame: Frame) -> Float64:
    """A part at a random place, every whole place being as likely, scaled to the frame."""
    height, width = frame if transform.size is None else transform.size
    tall, wide = height / frame.height, width / frame.width
    top = _place(u[:, 1], frame.height, height, transform.padding)
    left = _place(u[:, 2], frame.width, width, transform.padding)
    # pixels are squares here, whose middles are half a pixel from their edges
    return affine(len(u), xx=wide, yy=tall, offset_x=left + wide / 2 - 0.5, offset_y=top + tall / 2 - 0.5)


def _place(u: Float64, side: int, part: int, padding: int) -> Float64:
    return np.floor(u * (side + 2 * padding - part + 1)) - padding


def is_exact(transform: Geometric) -> bool:
    """Whether it only moves whole pixels to whole pixels, so that nothing has to be interpolated."""
    return isinstance(transform, Flip) or (isinstance(transform, Crop) and transform.size is None)
