"""What a change does to a batch of images, given its numbers: TensorFlow operations without any randomness.

Images have the shape ``(b, height, width, channels)`` and are float32 in the range in which they are stored.
"""

import tensorflow as tf

from schemas.image_changes import Fill

_FILLS = {"reflect": "REFLECT", "nearest": "NEAREST", "wrap": "WRAP", "constant": "CONSTANT"}


def resampled(images: tf.Tensor, affine: tf.Tensor, fill: Fill, *, exact: bool) -> tf.Tensor:
    """Each pixel from its place in the image before.

    Args:
        images: a batch.
        affine: the first two rows of each image's matrix, shape ``(b, 6)``.
        fill: what lies outside.
        exact: whether whole pixels are moved to whole pixels; else values are interpolated bilinearly.
    """
    moved = tf.raw_ops.ImageProjectiveTransformV3(
        images=images,
        transforms=tf.concat([affine, tf.zeros([tf.shape(affine)[0], 2])], axis=1),
        output_shape=tf.shape(images)[1:3],
        fill_value=0.0,
        interpolation="NEAREST" if exact else "BILINEAR",
        fill_mode=_FILLS[fill],
    )
    return tf.ensure_shape(moved, images.shape)  # which it does not know of itself


def contrasted(images: tf.Tensor, factor: tf.Tensor, *, stored_as_bytes: bool) -> tf.Tensor:
    """X ← m + f·(x − m), m being the mean of each channel of an image; f of the shape ``(b, 1)``."""
    factor = factor[:, :, tf.newaxis, tf.newaxis]
    mean = tf.reduce_mean(images, [1, 2], keepdims=True)
    changed = _in_range(mean + factor * (images - mean), stored_as_bytes=stored_as_bytes)
    return tf.where(tf.equal(factor, 1.0), images, changed)  # not even rounded where nothing is to be done


def brightened(images: tf.Tensor, factor: tf.Tensor, *, stored_as_bytes: bool) -> tf.Tensor:
    """X ← f·x; f of the shape ``(b, 1)``."""
    return _in_range(factor[:, :, tf.newaxis, tf.newaxis] * images, stored_as_bytes=stored_as_bytes)


def erased(images: tf.Tensor, box: tf.Tensor, value: float | None) -> tf.Tensor:
    """Images with a covered rectangle.

    Args:
        images: a batch.
        box: top, bottom, left and right of each, shape ``(b, 4)``; bottom and right are outside.
        value: of the covered pixels; None: the mean of each channel of the image.
    """
    cover = tf.reduce_mean(images, [1, 2], keepdims=True) if value is None else tf.constant(value, images.dtype)
    return tf.where(inside(images, box), cover, images)


def inside(images: tf.Tensor, box: tf.Tensor) -> tf.Tensor:
    """Whether each pixel lies in its image's rectangle, shape ``(b, height, width, 1)``."""
    y = tf.cast(tf.range(tf.shape(images)[1]), tf.float32)[tf.newaxis, :]
    x = tf.cast(tf.range(tf.shape(images)[2]), tf.float32)[tf.newaxis, :]
    top, bottom, left, right = tf.split(box, 4, axis=1)
    rows, columns = (y >= top) & (y < bottom), (x >= left) & (x < right)
    return (rows[:, :, tf.newaxis] & columns[:, tf.newaxis, :])[..., tf.newaxis]


def mixed(images: tf.Tensor, others: tf.Tensor, share: tf.Tensor, box: tf.Tensor) -> tf.Tensor:
    """s·x + (1 − s)·x′ outside of the rectangle, x′ inside.

    Args:
        images: x.
        others: x′, of the same shape.
        share: s, shape ``(b, 1)``.
        box: as :func:`erased` has it.
    """
    share = share[:, :, tf.newaxis, tf.newaxis]
    blend = tf.where(tf.equal(share, 1.0), images, share * images + (1 - share) * others)
    return tf.where(inside(images, box), others, blend)


def _in_range(images: tf.Tensor, *, stored_as_bytes: bool) -> tf.Tensor:
    return tf.clip_by_value(images, 0.0, 255.0) if stored_as_bytes else images
