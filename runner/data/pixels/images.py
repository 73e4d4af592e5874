"""Images by their position."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.data.images.held import content_of
from runner.data.images.table import ImageTable
from runner.data.known_files import KnownFiles
from runner.data.pixels.decode import Fit, decoded, sized
from runner.errors import DataError
from runner.hardware.cores import cores


@dataclass(frozen=True)
class Images:
    """Image files that are decoded when they are asked for.

    Attributes:
        facts: of each.
        channels: 1 for grey, 3 for colours.
        size: height and width; None: all are of one size, and stay so.
        how: what is done where an image's shape is another.
        files: of the images, which must be as they were; None: nothing is known of them.
    """

    facts: ImageTable
    channels: int = 3
    size: tuple[int, int] | None = None
    how: Fit = "fit"
    files: KnownFiles | None = None
    called: Callable[[int], str] | None = None
    """How messages call the image at a position; None: by its file."""
    help: str = "fix it, remove it, or set on_error: skip"
    """The way out where an image cannot be decoded."""

    def __len__(self) -> int:
        return len(self.facts)

    def read(self, position: int) -> bytes:
        """The bytes of an image file.

        Raises:
            DataError: it cannot be read, or has changed.
        """
        try:
            return content_of(self.facts.files[position]) if self.files is None else self.files.content(position)
        except FileNotFoundError as error:
            raise DataError(f"{self._name(position)} is no longer there") from error
        except OSError as error:
            said = error.strerror or error
            raise DataError(f"{self._name(position)} can no longer be read: {said}") from error

    def image(self, position: int) -> NDArray[np.uint8]:
        """Pixels of one image, of the shape ``(height, width, channels)``.

        Raises:
            DataError: the file cannot be read or decoded, or is of another size than its facts say.
        """
        facts = self.facts[position]
        try:
            found = decoded(self.read(position), self.channels, facts.orientation)
        except tf.errors.OpError as error:
            raise DataError(f"{self._name(position)} cannot be decoded: {_reason(error)}", self.help) from error
        if tuple(found.shape[:2]) != (facts.height, facts.width):
            raise DataError(
                f"{self._name(position)} has {found.shape[0]} × {found.shape[1]} pixels, "
                f"its header said {facts.height} × {facts.width}: it has changed"
            )
        pixels: NDArray[np.uint8] = (found if self.size is None else sized(found, self.size, self.how)).numpy()
        return pixels

    def _name(self, position: int) -> str:
        return self.facts.name(position) if self.called is None else self.called(position)

    def take(self, positions: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        """Pixels of the images at the positions, in their order; decoded on all cores.

        Raises:
            DataError: as of :meth:`image`.
        """
        with ThreadPoolExecutor(cores()) as pool:
            return np.stack(list(pool.map(self.image, positions.tolist())))


def _reason(error: Any) -> str:
    """What TensorFlow says, without the names of its operations."""
    text = str(error.message).split("}} ")[-1].split(" [Op:")[0]
    return text.strip().split("\n")[0]
