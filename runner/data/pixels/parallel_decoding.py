"""Images decoded one block after another on all cores.

A thread for each core takes a few images, reads them, and decodes them in one call of a compiled function, during which
the interpreter is free. That takes a third of the processor time of tf.data, which calls a function for each image.
For colour JPEG files that stay as they are the function has an operation for each image of a call: a loop over small
ones takes a quarter more.
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

from runner.data.pixels.decode import decoded, jpeg, sized
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
    decoder = _Decoder(images, shape)
    size = max(1, min(GROUP, _GROUP_BYTES // math.prod(shape)))
    pool = ThreadPoolExecutor(cores(), thread_name_prefix="decode")
    coming: deque[_Coming] = deque()
    try:
        for positions in blocks:
            coming.append(_begun(pool, images, decoder, positions, size))
            while len(coming) > 1 and sum(len(each.groups) for each in coming) > _AHEAD * cores():
                yield coming.popleft().block()
        while coming:
            yield coming.popleft().block()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _begun(pool: ThreadPoolExecutor, images: Images, decoder: "_Decoder", positions: Indices, size: int) -> _Coming:
    pixels = np.empty((len(positions), *decoder.shape), np.uint8)
    count = max(1, math.ceil(len(positions) / size))
    decode = decoder.of(math.ceil(len(positions) / count))

    def group(start: int, stop: int) -> None:
        pixels[start:stop] = _group(images, decode, positions[start:stop].tolist())

    bounds = [len(positions) * k // count for k in range(count + 1)]
    groups = [pool.submit(group, *pair) for pair in itertools.pairwise(bounds)]
    return _Coming(positions, pixels, groups)


def _group(images: Images, decode: Decode, positions: list[int]) -> NDArray[np.uint8]:
    contents = [images.read(position) for position in positions]
    orientations = images.facts.orientations[positions]
    try:
        pixels: NDArray[np.uint8] = decode(
            tf.constant(contents, tf.string), tf.constant(orientations, tf.int32)
        ).numpy()
    except tf.errors.OpError as error:
        for position in positions:
            images.image(position)  # says what is wrong, and with which file
        raise DataError(f"images cannot be decoded: {error.message}") from error
    return pixels


class _Decoder:
    """Makes the compiled function; it turns and resizes only where an image needs it, by what the headers say.

    Args:
        images: to decode.
        shape: of one image, in the end.
    """

    def __init__(self, images: Images, shape: tuple[int, ...]) -> None:
        self.shape = shape
        self._images = images
        self._turns = bool((images.facts.orientations != 1).any())
        self._resizes = bool((images.facts.sizes != shape[:2]).any())
        plain = images.channels == 3 and images.facts.all_are("JPEG")
        self._each = plain and not self._turns and not self._resizes
        self._made: dict[int, Decode] = {}

    def of(self, most: int) -> Decode:
        """The function for at most so many images."""
        number = most if self._each else 0
        if number not in self._made:
            self._made[number] = self._one_by_one(most) if self._each else self._loop()
        return self._made[number]

    def _one_by_one(self, number: int) -> Decode:
        @tf.function(input_signature=[tf.TensorSpec([number], tf.string)])  # type: ignore[untyped-decorator]
        def decode(contents: tf.Tensor) -> tf.Tensor:
            with tf.device("CPU:0"):
                return tf.stack([tf.ensure_shape(jpeg(content), self.shape) for content in tf.unstack(contents)])

        found = decode.get_concrete_function()

        def filled(contents: Any, _: Any) -> Any:
            count = len(contents)
            return found(contents if count == number else tf.gather(contents, np.arange(number) % count))[:count]

        return filled

    def _loop(self) -> Decode:
        @tf.function(input_signature=[tf.TensorSpec([None], tf.string), tf.TensorSpec([None], tf.int32)])  # type: ignore[untyped-decorator]
        def decode(contents: tf.Tensor, orientations: tf.Tensor) -> tf.Tensor:
            with tf.device("CPU:0"):
                spec = tf.TensorSpec(self.shape, tf.uint8)
                return tf.map_fn(self._one, (contents, orientations), fn_output_signature=spec, parallel_iterations=1)

        found: Decode = decode.get_concrete_function()
        return found

    def _one(self, one: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
        content, orientation = one
        images = self._images
        found = decoded(content, images.channels, orientation if self._turns else None)
        if self._resizes and images.size is not None:
            found = sized(found, images.size, images.how)
        return tf.ensure_shape(found, self.shape)
