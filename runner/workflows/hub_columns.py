"""Which columns of a dataset of Hugging Face are seen, where nobody has said so."""

from collections.abc import Callable
from pathlib import Path

from runner.data.sources.held_images import held_columns
from runner.errors import DataError

Note = Callable[[str], None]
"""Is given what the person should know of a choice that was made."""


def image_column(path: Path, folder: str, target: str, note: Note) -> str | None:
    """The column of images that is seen; None: there is none, and the columns are seen as those of a table.

    Args:
        path: of the first file.
        folder: as it is called.
        target: column that is predicted.
        note: is told where there are columns of texts too.

    Raises:
        DataError: there are several columns of images.
    """
    images, texts = held_columns(path)
    if len(images) > 1:
        raise DataError(
            f"{folder} has several columns of images: {', '.join(map(repr, images))}",
            "write a recipe with `source: images`, the `files`, and `column: NAME`",
        )
    others = [name for name in texts if name != target]
    if images and others:
        note(
            f"{folder} has images ({images[0]!r}) and texts ({', '.join(map(repr, others))}): the images are seen; "
            "in a recipe `source: parquet` in place of `source: images` takes the texts"
        )
    return images[0] if images else None
