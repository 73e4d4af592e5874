"""Images decoded one after another on all cores, by tf.data."""

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

    pixels = _pipeline(images, positions).as_numpy_iterator()
    while True:
        first = _next(pixels, images, asked, 0)
        if first is None:
            return
        block = np.empty((len(asked[0]), *shape), np.uint8)
        block[0] = first
        for place in range(1, len(block)):
            image = _next(pixels, images, asked, place)
            assert image is not None
            block[place] = image
        yield asked.popleft(), block


def _next(pixels: Any, images: Images, asked: Sequence[Indices], place: int) -> NDArray[np.uint8] | None:
    """The next image; None at the end."""
    try:
        image: NDArray[np.uint8] | None = next(pixels, None)
    except tf.errors.OpError as error:
        position = int(asked[0][place])
        images.image(position)  # says what is wrong, and with which file
        raise DataError(f"{images.facts[position].name} cannot be decoded: {error.message}") from error
    return image


def _pipeline(images: Images, positions: Callable[[], Iterator[Indices]]) -> Any:
    with tf.device("CPU:0"):
        orientations = tf.constant([facts.orientation for facts in images.facts], tf.int32)

        def image(content: tf.Tensor, position: tf.Tensor) -> tf.Tensor:
            found = decoded(content, images.channels, orientations[position])
            return found if images.size is None else sized(found, images.size, images.how)

        contents = _held(images, positions) if images.held else _files(images, positions)
        made = contents.map(image, num_parallel_calls=cores(), deterministic=True)
        return made.prefetch(_AHEAD * cores())


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
