"""Operations on colours as Pillow has them, for images of numbers 0 … 255 in float32, ``(b, height, width, channels)``.

Where an operation has a parameter it is one an image, in the shape ``(b, 1, 1, 1)``.
"""

import tensorflow as tf

_LUMA = (0.299, 0.587, 0.114)


def brightness(images: tf.Tensor, factor: tf.Tensor) -> tf.Tensor:
    """f·x."""
    return _bounded(factor * images)


def color(images: tf.Tensor, factor: tf.Tensor) -> tf.Tensor:
    """f·x + (1 − f)·grey; images that have not three channels have no colours."""
    if images.shape[-1] != 3:
        return images
    return _bounded(factor * images + (1 - factor) * _grey(images))


def contrast(images: tf.Tensor, factor: tf.Tensor) -> tf.Tensor:
    """f·x + (1 − f)·m, m being the mean of the image in grey."""
    return _bounded(factor * images + (1 - factor) * tf.reduce_mean(_grey(images), [1, 2, 3], keepdims=True))


def sharpness(images: tf.Tensor, factor: tf.Tensor) -> tf.Tensor:
    """f·x + (1 − f)·smooth, each pixel being smoothed with its eight neighbours; the outermost pixels stay."""
    height, width = images.shape[1:3]
    if min(height, width) < 3:
        return images
    own = images[:, 1:-1, 1:-1]
    # sums of slices, because TensorFlow's convolution of no images gives another shape than that of some
    around = [images[:, y : height - 2 + y, x : width - 2 + x] for y in range(3) for x in range(3)]
    inner = factor * own + (1 - factor) * (tf.add_n(around) + 4 * own) / 13
    middle = tf.concat([images[:, 1:-1, :1], _bounded(inner), images[:, 1:-1, -1:]], axis=2)
    return tf.concat([images[:, :1], middle, images[:, -1:]], axis=1)


def posterize(images: tf.Tensor, bits: tf.Tensor) -> tf.Tensor:
    """Only the highest bits of each number."""
    step = tf.pow(2.0, 8 - bits)
    return tf.floor(images / step) * step


def solarize(images: tf.Tensor, threshold: tf.Tensor) -> tf.Tensor:
    """255 − x where x is not below the threshold."""
    return tf.where(images >= threshold, 255 - images, images)


def autocontrast(images: tf.Tensor, _: tf.Tensor) -> tf.Tensor:
    """Each channel stretched to 0 … 255; a channel of one number stays."""
    low, high = (reduce(images, [1, 2], keepdims=True) for reduce in (tf.reduce_min, tf.reduce_max))
    return tf.where(high > low, (images - low) * 255 / tf.maximum(high - low, 1e-6), images)


def equalize(images: tf.Tensor, _: tf.Tensor) -> tf.Tensor:
    """Each channel with a histogram as even as may be: v ← ⌊(s/2 + pixels below v)/s⌋.

    s is ⌊(pixels that do not have the largest number)/255⌋; a channel with s = 0 stays.
    """
    height, width, channels = images.shape[1:]
    numbers = tf.cast(tf.round(tf.transpose(images, [0, 3, 1, 2])), tf.int32)
    numbers = tf.reshape(numbers, [-1, height * width])
    count = tf.shape(numbers)[0]
    places = numbers + 256 * tf.range(count)[:, tf.newaxis]
    ones = tf.ones_like(places)
    histogram = tf.reshape(tf.math.unsorted_segment_sum(ones, places, count * 256), [-1, 256])
    largest = tf.reduce_max(tf.where(histogram > 0, tf.range(256)[tf.newaxis], -1), axis=1)
    at_largest = tf.gather(histogram, tf.maximum(largest, 0), batch_dims=1)
    step = ((height * width - at_largest) // 255)[:, tf.newaxis]
    below = tf.cumsum(histogram, axis=1, exclusive=True)
    table = tf.minimum((step // 2 + below) // tf.maximum(step, 1), 255)
    found = tf.where(step > 0, tf.gather(table, numbers, batch_dims=1), numbers)
    found = tf.reshape(tf.cast(found, tf.float32), [-1, channels, height, width])
    return tf.transpose(found, [0, 2, 3, 1])


def _grey(images: tf.Tensor) -> tf.Tensor:
    if images.shape[-1] != 3:
        return images
    return tf.reduce_sum(images * tf.constant(_LUMA), axis=-1, keepdims=True)


def _bounded(images: tf.Tensor) -> tf.Tensor:
    return tf.clip_by_value(images, 0.0, 255.0)
