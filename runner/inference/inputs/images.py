"""Image files, decoded without loss: a file that the model would see otherwise than it is refused."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, UnidentifiedImageError

from runner.data.images.facts import facts_of, quiet
from runner.data.statistics.image_treatment import DECODED_FIT
from runner.errors import DataError, InputError
from runner.inference.inputs.taken import Array, Batch, Taken, TakenImages, as_float32
from runner.text import printable

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp")
_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP")
_MODES = ("1", "L", "LA", "P", "RGB", "RGBA")
"""Of Pillow: bits, grey, grey with alpha, palette, colours, colours with alpha; 8 bits each."""


def decode(source: Path | bytes, name: str, taken: Taken) -> Array:
    """The pixels of an image file, shape ``taken.shape``, uint8.

    A grey image serves a model of colours, and an image of colours that are all grey a model of greys; alpha is
    dropped where it is opaque. Nothing is resized, but for a run that was trained on image files.

    Raises:
        InputError: it is not an image, or has another size or other colours than the model takes.
    """
    if isinstance(taken, TakenImages):
        return _as_in_training(source if isinstance(source, bytes) else source.read_bytes(), name, taken)
    try:
        with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source, formats=_FORMATS) as image:
            _require_fit(image, name, taken)
            return _channels(_pixels(image), name, taken)
    except UnidentifiedImageError:
        raise InputError(f"{name} is not an image (PNG, JPEG, BMP, GIF or WebP)") from None
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise InputError(f"{name} cannot be decoded: {printable(str(error))}") from error


def _as_in_training(content: bytes, name: str, taken: TakenImages) -> Array:
    """Upright, in the model's colours and of its size, by the code that does it for training."""
    import tensorflow as tf

    from runner.data.pixels.decode import decoded, sized

    try:
        with quiet():
            facts = facts_of(Path(name), content)
        if taken.fit is None:
            _require_size(facts.height, facts.width, name, taken)
        pixels = decoded(content, taken.shape[2], facts.orientation)
    except DataError as error:
        raise InputError(f"{name}: {error}", *error.help) from error
    except tf.errors.OpError as error:
        raise InputError(f"{name} cannot be decoded") from error
    return np.asarray(sized(pixels, (taken.shape[0], taken.shape[1]), DECODED_FIT[taken.fit or "crop"]))


def _require_size(height: int, width: int, name: str, taken: Taken) -> None:
    if (height, width) != taken.shape[:2]:
        wanted = f"the model takes {taken.shape[1]} × {taken.shape[0]}"
        raise InputError(f"{name} has {width} × {height} pixels; {wanted}", "resize it as in training")


def _require_fit(image: Any, name: str, taken: Taken) -> None:
    """By the header alone, before pixels are decoded."""
    _require_size(image.size[1], image.size[0], name, taken)
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
