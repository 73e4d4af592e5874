"""Images decoded one after another on all cores, by tf.data."""

import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.data.pixels.decode import decoded, sized
from runner.data.pixels.images import Images
from runner.data.splits.shares import Indices
from runner.errors import DataError
from runner.hardware.cores import cores

_AHEAD = 4
"""Images that are decoded beforehand, for each core."""
GROUP = 32
"""Images at most that come from tf.data together: each time costs as much as decoding a small image."""
_GROUP_BYTES = 4 << 20


Block = tuple[Indices, NDArray[np.uint8]]
"""Positions of images, and their pixels."""


def decoded_blocks(images: Images, shape: tuple[int, ...], blocks: Iterator[Indices]) -> Iterator[Block]:
    """Each block of positions with the pixels of its images, of the shape ``(n, height, width, channels)``.

    The result does not depend on the number of cores: tf.data keeps the order, and one thread decodes an image.

    Args:
        images: to decode.
        shape: of one image, in the end.
        blocks: positions of the images that come together; there may be no end of them.

    Raises:
        DataError: an image cannot be read or decoded; it is named.
    """
    asked: deque[Indices] = deque()

    def positions() -> Iterator[Indices]:
        for block in blocks:
            asked.append(block)
            yield block

    size = max(1, min(GROUP, _GROUP_BYTES // math.prod(shape)))
    pixels = _pipeline(images, positions, size).as_numpy_iterator()
    left = np.empty((0, *shape), np.uint8)
    while True:
        parts, count = [left], len(left)
        while not asked or count < len(asked[0]):
            group = _next(pixels, images, asked, slice(count, count + size))
            if group is None:
                return
            parts.append(group)
            count += len(group)
        joined = np.concatenate(parts) if len(parts) > 1 else left
        block = asked.popleft()
        left = joined[len(block) :]
        yield block, joined[: len(block)]


def _next(pixels: Any, images: Images, asked: Sequence[Indices], places: slice) -> NDArray[np.uint8] | None:
    """The next images, at places from the first block's first on; None at the end."""
    try:
        group: NDArray[np.uint8] | None = next(pixels, None)
    except tf.errors.OpError as error:
        for position in np.concatenate(asked)[places].tolist():
            images.image(position)  # says what is wrong, and with which file
        raise DataError(f"images cannot be decoded: {error.message}") from error
    return group


def _pipeline(images: Images, positions: Callable[[], Iterator[Indices]], group: int) -> Any:
    with tf.device("CPU:0"):
        orientations = tf.constant([facts.orientation for facts in images.facts], tf.int32)

        def image(content: tf.Tensor, position: tf.Tensor) -> tf.Tensor:
            found = decoded(content, images.channels, orientations[position])
            return found if images.size is None else sized(found, images.size, images.how)

        contents = _held(images, positions) if images.held else _files(images, positions)
        made = contents.map(image, num_parallel_calls=cores(), deterministic=True)
        return made.batch(group).prefetch(_AHEAD * cores() // group + 1)


def _files(images: Images, positions: Callable[[], Iterator[Indices]]) -> Any:
    """Contents and positions of files, which are read on all cores."""
    paths = tf.constant([str(facts.file) for facts in images.facts])
    given = tf.data.Dataset.from_generator(positions, output_signature=tf.TensorSpec([None], tf.int64))
    return given.unbatch().map(
        lambda position: (tf.io.read_file(paths[position]), position), num_parallel_calls=cores(), deterministic=True
    )


def _held(images: Images, positions: Callable[[], Iterator[Indices]]) -> Any:
    """Contents and positions of images that are mapped into memory."""

    def contents() -> Iterator[tuple[bytes, int]]:
        for block in positions():
            for position in block.tolist():
                yield images.content(position), position

    signature = (tf.TensorSpec([], tf.string), tf.TensorSpec([], tf.int64))
    return tf.data.Dataset.from_generator(contents, output_signature=signature)
