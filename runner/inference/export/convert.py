"""Writes a Keras model in a format."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.errors import ExportError
from runner.inference.export import onnx_model, openvino_model
from runner.inference.export.formats import FORMATS, Format
from runner.inference.export.onnx_model import write_onnx
from runner.inference.export.openvino_model import write_openvino
from runner.inference.export.plain_trace import as_others_can, quietly
from runner.text import printable

Array = NDArray[Any]
_FLEX = re.compile(rb"Flex([A-Z][A-Za-z0-9]{2,60})\x00")
"""How a LiteRT file names an operation of TensorFlow."""
_LACKING = re.compile(r"No conversion rule found for operations: (\w+)")
"""How OpenVINO's converter names one that it does not know."""


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
        with quietly(), as_others_can(model, form):
            _WRITERS[form](model, path, representative)
    except MemoryError:
        raise
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), error.filename or str(path)) from error
    except Exception as error:  # converters raise whatever they like
        if (lacking := _LACKING.search(str(error))) is not None:
            raise _lacks(form, lacking[1]) from error
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ExportError(f"--to {form}: the model cannot be converted: {printable(first)}") from error
    if form in ("litert", "onnx"):
        _require_own_operations(form, path)
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


def _saved_model(model: Any, path: Path, representative: Array | None) -> None:
    model.export(str(path), format="tf_saved_model", verbose=False)


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
    "onnx": lambda model, path, _: write_onnx(model, path),
    "litert": _litert,
    "openvino": lambda model, path, _: write_openvino(model, path),
}


def _require_one_input(form: Format, path: Path) -> None:
    """Refuse a graph that takes more than the examples: tensors that a custom layer holds beside its weights.

    Raises:
        ExportError: naming one of them.
    """
    others = (onnx_model if form == "onnx" else openvino_model).input_names(path)[1:]
    if others:
        raise ExportError(
            f"--to {form}: {printable(others[0])} is a tensor of a layer and would become an input of the model",
            "let the layer hold it as a NumPy array or as a weight, or use --to savedmodel",
        )


def _require_own_operations(form: Format, path: Path) -> None:
    """Refuse operations that only TensorFlow has; a runtime of the format stops at them.

    Raises:
        ExportError: naming one of them.
    """
    found = onnx_model.unknown_operation(path) if form == "onnx" else _flex_operation(path)
    if found is not None:
        raise _lacks(form, found)


def _lacks(form: Format, operation: str) -> ExportError:
    name = {"onnx": "ONNX", "litert": "LiteRT", "openvino": "OpenVINO"}.pop(form, form)
    others = ", ".join(other for other in ("onnx", "litert", "openvino") if other != form)
    return ExportError(
        f"--to {form}: the model needs TensorFlow's operation {printable(operation)}, which {name} does not have",
        f"--to savedmodel has it; {others} may have it too",
    )


def _flex_operation(path: Path) -> str | None:
    found = _FLEX.search(path.read_bytes())
    return None if found is None else found[1].decode("ascii")
