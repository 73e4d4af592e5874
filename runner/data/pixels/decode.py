"""From the bytes of an image file to pixels of a size, in TensorFlow's operations, eager or in a graph."""

from typing import Any, Literal

import keras
import tensorflow as tf

from runner.data.pixels.jpeg import TRANSFORM

Fit = Literal["fit", "crop", "pad"]
"""``fit``: stretched to the size; ``crop``: the middle, as large as the size's shape allows; ``pad``: whole, with black
beside it."""
_COLOURS = [None, None, 3]


def decoded(content: Any, channels: int, orientation: Any = None) -> Any:
    """Pixels of an image, upright, uint8 of the shape ``(height, width, channels)``.

    Args:
        content: bytes of a BMP, GIF (its first picture), JPEG, PNG or WebP file.
        channels: 1 for grey, 3 for colours; transparency is left out.
        orientation: of EXIF, 1 … 8; None: the image is upright.
    """
    image = tf.ensure_shape(tf.cond(tf.io.is_jpeg(content), lambda: jpeg(content), lambda: _other(content)), _COLOURS)
    if orientation is not None:
        image = upright(image, orientation)
    return tf.image.rgb_to_grayscale(image) if channels == 1 else image


def jpeg(content: Any) -> Any:
    """Pixels of a JPEG file, by the accurate inverse cosine transform, as Pillow and nearly all programs have it."""
    return tf.io.decode_jpeg(content, 3, dct_method=TRANSFORM)


def _other(content: Any) -> Any:
    # of JPEG files it would give other pixels: it has the fast transform alone, and no choice
    return tf.io.decode_image(content, channels=3, expand_animations=False)


def upright(image: Any, orientation: Any) -> Any:
    """Turn and mirror an image as its EXIF orientation says."""
    orientation = tf.convert_to_tensor(orientation, tf.int32)
    # one branch for what nearly all images are: each costs as much as a tenth of decoding a small one
    return tf.cond(orientation == 1, lambda: image, lambda: _turned(image, orientation))


def _turned(image: Any, orientation: Any) -> Any:
    sideways = orientation >= 5
    image = tf.cond(sideways, lambda: tf.transpose(image, [1, 0, 2]), lambda: image)
    across = tf.reduce_any(orientation == tf.constant([2, 3, 6, 7]))
    image = tf.cond(across, lambda: tf.reverse(image, [1]), lambda: image)
    down = tf.reduce_any(orientation == tf.constant([3, 4, 7, 8]))
    return tf.cond(down, lambda: tf.reverse(image, [0]), lambda: image)


def sized(image: Any, size: tuple[int, int], how: Fit) -> Any:
    """An image of a size, uint8; as ``keras.layers.Resizing(antialias=True)`` makes it, rounded.

    Args:
        image: uint8, of the shape ``(height, width, channels)``.
        size: height and width.
        how: what is done where its shape is another.
    """
    is_there = tf.reduce_all(tf.shape(image)[:2] == tf.constant(size))  # resizing would give the same pixels
    found = tf.cond(is_there, lambda: image, lambda: _resized(image, size, how))
    return tf.ensure_shape(found, [*size, image.shape[2]])


def _resized(image: Any, size: tuple[int, int], how: Fit) -> Any:
    resized = keras.ops.image.resize(
        tf.cast(image, tf.float32),
        size,
        interpolation="bilinear",
        antialias=True,
        crop_to_aspect_ratio=how == "crop",
        pad_to_aspect_ratio=how == "pad",
        data_format="channels_last",
    )
    return tf.cast(tf.clip_by_value(tf.round(resized), 0, 255), tf.uint8)
