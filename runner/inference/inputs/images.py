"""Image files, decoded without loss: a file that the model would see otherwise than it is refused."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, UnidentifiedImageError

from runner.errors import InputError
from runner.inference.inputs.taken import Array, Batch, Taken, as_float32
from runner.text import printable

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp")
_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP")
_MODES = ("1", "L", "LA", "P", "RGB", "RGBA")
"""Of Pillow: bits, grey, grey with alpha, palette, colours, colours with alpha; 8 bits each."""


def decode(source: Path | bytes, name: str, taken: Taken) -> Array:
    """The pixels of an image file, shape ``taken.shape``, uint8.

    A grey image serves a model of colours, and an image of colours that are all grey a model of greys; alpha is
    dropped where it is opaque. Nothing is resized.

    Raises:
        InputError: it is not an image, or has another size or other colours than the model takes.
    """
    try:
        with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source, formats=_FORMATS) as image:
            _require_fit(image, name, taken)
            return _channels(_pixels(image), name, taken)
    except UnidentifiedImageError:
        raise InputError(f"{name} is not an image (PNG, JPEG, BMP, GIF or WebP)") from None
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise InputError(f"{name} cannot be decoded: {printable(str(error))}") from error


def _require_fit(image: Any, name: str, taken: Taken) -> None:
    """By the header alone, before pixels are decoded."""
    height, width = taken.shape[:2]
    if image.size != (width, height):
        found = f"{image.size[0]} × {image.size[1]}"
        raise InputError(f"{name} has {found} pixels; the model takes {width} × {height}", "resize it as in training")
    if getattr(image, "n_frames", 1) > 1:
        raise InputError(f"{name} has {image.n_frames} pictures; the model takes one")
    if image.mode not in _MODES:
        raise InputError(
            f"{name} has pixels of the kind {image.mode!r}; the model takes 8 bits a channel, grey or RGB",
            "convert it as in training, or give the values as .npy",
        )


def _pixels(image: Any) -> Array:
    """Shape (height, width, 1, 2, 3 or 4)."""
    if image.mode == "1":
        image = image.convert("L")
    if image.mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    pixels = np.asarray(image)
    return pixels if pixels.ndim == 3 else pixels[..., None]


def _channels(pixels: Array, name: str, taken: Taken) -> Array:
    channels, wanted = pixels.shape[2], taken.shape[2]
    if channels == wanted:
        return pixels
    if channels in (2, 4):
        if not (pixels[..., -1] == 255).all():
            raise InputError(f"{name} is transparent in places; the model takes {taken}", "give it a background")
        pixels = pixels[..., :-1]
    if wanted == 4:
        raise InputError(f"{name} has no alpha channel; the model takes {taken}")
    if wanted == 3:
        return np.broadcast_to(pixels, (*pixels.shape[:2], 3))
    if (pixels != pixels[..., :1]).any():
        raise InputError(f"{name} has colours; the model takes {taken}", "convert it to grey as in training")
    return pixels[..., :1]


def image_batches(files: Sequence[tuple[str, Path]], taken: Taken, size: int) -> Iterator[Batch]:
    """Image files, ``size`` at a time.

    Args:
        files: name and path of each.
        taken: what the model takes.
        size: most images of a batch.
    """
    for start in range(0, len(files), size):
        part = files[start : start + size]
        yield Batch(
            [name for name, _ in part], as_float32(np.stack([decode(path, name, taken) for name, path in part]))
        )
