"""Writes a Keras model in a format."""

import logging
import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.errors import ExportError
from runner.inference.export.formats import FORMATS, Format
from runner.quiet import quiet_import
from runner.text import printable

Array = NDArray[Any]


def convert(model: Any, source: Path, form: Format, folder: Path, representative: Array | None) -> None:
    """Write the model into a folder.

    Args:
        model: the trained one.
        source: its own file.
        form: of the export.
        folder: where to write.
        representative: inputs by which an 8-bit model's ranges are chosen; None: the model stays in float32.

    Raises:
        ExportError: the model cannot be written in the format.
    """
    path = folder / FORMATS[form].model
    if form == "keras":
        shutil.copyfile(source, path)
        return
    _require_float32(model, form)
    try:
        with _quiet():
            _WRITERS[form](model, path, representative)
    except MemoryError:
        raise
    except Exception as error:  # converters raise whatever they like
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ExportError(f"--to {form}: the model cannot be converted: {printable(first)}") from error
    if form == "litert":
        _require_own_operations(path)


def _require_float32(model: Any, form: Format) -> None:
    """Converters of layers that compute in another precision fail, or give other results."""
    others = sorted({layer.compute_dtype for layer in model.layers} - {"float32"})
    if others and form in ("onnx", "litert"):
        raise ExportError(
            f"--to {form}: must compute in float32; the model computes in {', '.join(others)}",
            "--to savedmodel or keras takes it as it is",
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what the converters have to say of their own progress and of NumPy's past."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with quiet_import(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)


def _saved_model(model: Any, path: Path, representative: Array | None) -> None:
    model.export(str(path), format="tf_saved_model", verbose=False)


def _onnx(model: Any, path: Path, representative: Array | None) -> None:
    model(np.zeros((1, *model.input_shape[1:]), np.float32))  # Keras exports to ONNX what has been called before
    model.export(str(path), format="onnx", verbose=False)


def _litert(model: Any, path: Path, representative: Array | None) -> None:
    if representative is None:
        model.export(str(path), format="litert", verbose=False)
        return

    def samples() -> Iterator[list[Array]]:
        for row in representative:
            yield [row[None].astype(np.float32)]

    model.export(
        str(path),
        format="litert",
        verbose=False,
        optimizations=[tf.lite.Optimize.DEFAULT],
        representative_dataset=samples,
    )


_WRITERS: dict[Format, Callable[[Any, Path, Array | None], None]] = {
    "savedmodel": _saved_model,
    "onnx": _onnx,
    "litert": _litert,
}


def _require_own_operations(path: Path) -> None:
    """Refuse operations that only TensorFlow has; a plain LiteRT runtime stops at them.

    Raises:
        ExportError: naming one of them.
    """
    content = path.read_bytes()
    start = content.find(b"Flex")
    if start >= 0:
        name = content[start : start + 40].split(b"\x00")[0].decode("ascii", "replace")
        raise ExportError(
            f"--to litert: the model needs TensorFlow's operation {printable(name.removeprefix('Flex'))}, "
            "which LiteRT does not have",
            "--to onnx or savedmodel has it",
        )
