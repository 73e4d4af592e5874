"""Writes a Keras model in a format."""

import logging
import re
import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.errors import ExportError
from runner.inference.export.formats import FORMATS, Format
from runner.inference.export.openvino_model import input_names, write_openvino
from runner.quiet import quiet
from runner.text import printable

Array = NDArray[Any]
_FLEX = re.compile(rb"Flex([A-Z][A-Za-z0-9]{2,60})\x00")
"""How a LiteRT file names an operation of TensorFlow."""


def convert(model: Any, source: Path | None, form: Format, folder: Path, representative: Array | None) -> None:
    """Write the model into a folder.

    Args:
        model: the trained one.
        source: its own file; None: there is none with these outputs, as training was on logits.
        form: of the export.
        folder: where to write.
        representative: inputs by which an 8-bit model's ranges are chosen; None: the model stays in float32.

    Raises:
        ExportError: the model cannot be written in the format.
        OSError: its file cannot be written.
    """
    path = folder / FORMATS[form].model
    if form == "keras":
        if source is None:
            model.save(path)
        else:
            shutil.copyfile(source, path)
        return
    _require_float32(model, form)
    try:
        with _quiet(), _statistics_as_arrays(model):
            _WRITERS[form](model, path, representative)
    except MemoryError:
        raise
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), error.filename or str(path)) from error
    except Exception as error:  # converters raise whatever they like
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ExportError(f"--to {form}: the model cannot be converted: {printable(first)}") from error
    if form == "litert":
        _require_own_operations(path)
    if form in ("onnx", "openvino"):
        _require_one_input(form, path)


def _require_float32(model: Any, form: Format) -> None:
    """Converters of layers that compute in another precision fail, or give other results."""
    others = sorted({layer.compute_dtype for layer in model.layers} - {"float32"})
    if others and form in ("onnx", "litert", "openvino"):
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
        with quiet(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)


@contextmanager
def _statistics_as_arrays(model: Any) -> Iterator[None]:
    """While the block runs the mean and variance of a Normalization are arrays, which are traced as constants.

    They are tensors otherwise, which tf2onnx makes inputs of the model.
    """
    layers = [layer for layer in model.layers if isinstance(layer, keras.layers.Normalization)]
    before = [(layer.mean, layer.variance) for layer in layers]
    for layer, (mean, variance) in zip(layers, before, strict=True):
        layer.mean, layer.variance = np.asarray(mean), np.asarray(variance)
    try:
        yield
    finally:
        for layer, (mean, variance) in zip(layers, before, strict=True):
            layer.mean, layer.variance = mean, variance


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
    "openvino": lambda model, path, _: write_openvino(model, path),
}


def _onnx_inputs(path: Path) -> list[str]:
    import onnx

    return [given.name for given in onnx.load(path).graph.input]


def _require_one_input(form: Format, path: Path) -> None:
    """Refuse a graph that takes more than the examples: tensors that a custom layer holds beside its weights.

    Raises:
        ExportError: naming one of them.
    """
    others = (_onnx_inputs if form == "onnx" else input_names)(path)[1:]
    if others:
        raise ExportError(
            f"--to {form}: {printable(others[0])} is a tensor of a layer and would become an input of the model",
            "let the layer hold it as a NumPy array or as a weight, or use --to savedmodel",
        )


def _require_own_operations(path: Path) -> None:
    """Refuse operations that only TensorFlow has; a plain LiteRT runtime stops at them.

    Raises:
        ExportError: naming one of them.
    """
    found = _FLEX.search(path.read_bytes())
    if found is not None:
        raise ExportError(
            f"--to litert: the model needs TensorFlow's operation {found[1].decode('ascii')}, "
            "which LiteRT does not have",
            "--to onnx or savedmodel has it",
        )
