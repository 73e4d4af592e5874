"""Images decoded one block after another on all cores.

A thread for each core takes a few images, reads them, and decodes them in one call of a compiled function, during which
the interpreter is free. That takes a third of the processor time of tf.data, which calls a function for each image.
"""

import itertools
import math
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.data.pixels.decode import decoded, sized
from runner.data.pixels.images import Images
from runner.data.splits.shares import Indices
from runner.errors import DataError
from runner.hardware.cores import cores

GROUP = 128
"""Images at most that are decoded in one call."""
_GROUP_BYTES = 1 << 20
_AHEAD = 2
"""Groups that wait for each core."""


Block = tuple[Indices, NDArray[np.uint8]]
"""Positions of images, and their pixels."""
Decode = Callable[[Any, Any], Any]
"""Contents and orientations of images to their pixels."""


@dataclass(frozen=True)
class _Coming:
    """A block whose images are being decoded."""

    positions: Indices
    pixels: NDArray[np.uint8]
    groups: list[Future[None]]

    def block(self) -> Block:
        """Wait until all are decoded.

        Raises:
            DataError: an image cannot be read or decoded; the first of them is named.
        """
        for group in self.groups:
            group.result()
        return self.positions, self.pixels


def decoded_blocks(images: Images, shape: tuple[int, ...], blocks: Iterator[Indices]) -> Iterator[Block]:
    """Each block of positions with the pixels of its images, of the shape ``(n, height, width, channels)``.

    The result does not depend on the number of cores: one thread decodes an image, and each has its place.

    Args:
        images: to decode.
        shape: of one image, in the end.
        blocks: positions of the images that come together; there may be no end of them.

    Raises:
        DataError: an image cannot be read or decoded; it is named.
    """
    decode = _decoder(images, shape)
    size = max(1, min(GROUP, _GROUP_BYTES // math.prod(shape)))
    pool = ThreadPoolExecutor(cores(), thread_name_prefix="decode")
    coming: deque[_Coming] = deque()
    try:
        for positions in blocks:
            coming.append(_begun(pool, images, decode, positions, shape, size))
            while len(coming) > 1 and sum(len(each.groups) for each in coming) > _AHEAD * cores():
                yield coming.popleft().block()
        while coming:
            yield coming.popleft().block()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _begun(
    pool: ThreadPoolExecutor, images: Images, decode: Decode, positions: Indices, shape: tuple[int, ...], size: int
) -> _Coming:
    pixels = np.empty((len(positions), *shape), np.uint8)

    def group(start: int, stop: int) -> None:
        pixels[start:stop] = _group(images, decode, positions[start:stop].tolist())

    count = max(1, math.ceil(len(positions) / size))
    bounds = [len(positions) * k // count for k in range(count + 1)]
    groups = [pool.submit(group, *pair) for pair in itertools.pairwise(bounds)]
    return _Coming(positions, pixels, groups)


def _group(images: Images, decode: Decode, positions: list[int]) -> NDArray[np.uint8]:
    contents = [images.read(position) for position in positions]
    orientations = [images.facts[position].orientation for position in positions]
    try:
        pixels: NDArray[np.uint8] = decode(
            tf.constant(contents, tf.string), tf.constant(orientations, tf.int32)
        ).numpy()
    except tf.errors.OpError as error:
        for position in positions:
            images.image(position)  # says what is wrong, and with which file
        raise DataError(f"images cannot be decoded: {error.message}") from error
    return pixels


def _decoder(images: Images, shape: tuple[int, ...]) -> Decode:
    """The compiled function; it turns and resizes only where an image needs it, by what the headers say."""
    turns = any(facts.orientation != 1 for facts in images.facts)
    resizes = any((facts.height, facts.width) != shape[:2] for facts in images.facts)

    def pixels(one: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
        content, orientation = one
        found = decoded(content, images.channels, orientation if turns else None)
        if resizes and images.size is not None:
            found = sized(found, images.size, images.how)
        return tf.ensure_shape(found, shape)

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string), tf.TensorSpec([None], tf.int32)])  # type: ignore[untyped-decorator]
    def decode(contents: tf.Tensor, orientations: tf.Tensor) -> tf.Tensor:
        with tf.device("CPU:0"):
            spec = tf.TensorSpec(shape, tf.uint8)
            return tf.map_fn(pixels, (contents, orientations), fn_output_signature=spec, parallel_iterations=1)

    found: Decode = decode.get_concrete_function()
    return found
