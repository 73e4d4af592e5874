"""Images that lie in a file of many, as in the Arrow and Parquet files of Hugging Face's datasets."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner.errors import DataError


@dataclass(frozen=True)
class HeldImage:
    """An image in a row of a file.

    Attributes:
        path: of the file.
        row: from 1.
        content: a buffer with the bytes of an image file, mapped from the disk; None: the row has none.
        named: path that the row has in their place.
    """

    path: Path
    row: int
    content: Any
    named: str | None = None

    def read(self) -> bytes:
        """The bytes of the image file.

        Raises:
            DataError: the row has none.
        """
        if self.content is None:
            what = f"the path {self.named!r} of an image, and not the image" if self.named else "no image"
            raise DataError(
                f"{called(self)}: the row has {what}",
                "save the dataset with its images inside, as save_to_disk and to_parquet do, or set on_error: skip",
            )
        content: bytes = self.content.to_pybytes()
        return content


ImageFile = Path | HeldImage


def called(file: ImageFile) -> str:
    """An image in messages: ``3.png``, or ``train-00000.arrow: row 7``."""
    return file.name if isinstance(file, Path) else f"{file.path.name}: row {file.row:,}"


def content_of(file: ImageFile) -> bytes:
    """The bytes of an image file.

    Raises:
        DataError: the row has none.
        OSError: the file cannot be read.
    """
    if isinstance(file, HeldImage):
        return file.read()
    with open(file, "rb", buffering=0) as whole:  # Path.open costs as much as reading a small image
        return whole.read()


def head_of(file: ImageFile, most: int) -> bytes:
    """So many of the first bytes of an image file; none where it cannot be read, which who opens it will say."""
    if isinstance(file, HeldImage):
        content = file.content
        return b"" if content is None else bytes(content.slice(0, min(most, content.size)).to_pybytes())
    try:
        with open(file, "rb", buffering=0) as whole:
            return whole.read(most)
    except OSError:
        return b""


def opened(file: ImageFile) -> Path | io.BytesIO:
    """What Pillow opens.

    Raises:
        DataError: the row has no image.
    """
    return file if isinstance(file, Path) else io.BytesIO(file.read())
