"""The formats of an export, and what each of them needs."""

import importlib.util
from dataclasses import dataclass
from typing import Literal

from runner.errors import ExportError

Format = Literal["keras", "savedmodel", "onnx", "litert", "openvino"]


@dataclass(frozen=True)
class FormatFacts:
    """One format."""

    model: str
    """Name of the model in the folder."""
    packages: tuple[str, ...] = ()
    """Modules that it takes to write and to run it, beyond TensorFlow and Keras."""
    extra: str = "export"
    """Extra of this package that installs them."""
    numbers: bool = False
    """Whether it has no strings: of a model of tables or texts the part behind them is exported."""


FORMATS: dict[Format, FormatFacts] = {
    "keras": FormatFacts("model.keras"),
    "savedmodel": FormatFacts("saved_model"),
    "onnx": FormatFacts("model.onnx", ("onnx", "tf2onnx", "onnxruntime"), numbers=True),
    "litert": FormatFacts("model.tflite", ("ai_edge_litert",), numbers=True),
    "openvino": FormatFacts("openvino_model", ("openvino",), extra="openvino", numbers=True),
}


def require_packages(form: Format) -> None:
    """Refuse a format whose packages are not installed; none of them is imported.

    Raises:
        ExportError: naming what is missing and how it is installed.
    """
    missing = [name for name in FORMATS[form].packages if importlib.util.find_spec(name) is None]
    if missing:
        way = f"`pip install 'recipe-runner[{FORMATS[form].extra}]'`"
        raise ExportError(f"--to {form}: needs {', '.join(missing)}", way)
