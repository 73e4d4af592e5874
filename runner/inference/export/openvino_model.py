"""Writes a Keras model as OpenVINO's intermediate representation: ``model.xml`` and ``model.bin`` in a folder."""

import sys
from pathlib import Path
from typing import Any

_GRAPH = "model.xml"


def write_openvino(model: Any, folder: Path) -> None:
    """Convert a model and write it in float32.

    Args:
        model: a built Keras model that takes numbers.
        folder: to be made.
    """
    _without_telemetry()
    folder.mkdir()
    model.export(str(folder / _GRAPH), format="openvino", verbose=False)


def input_names(folder: Path) -> list[str]:
    """Names of the inputs of a model that :func:`write_openvino` has written."""
    import openvino

    return [given.get_any_name() for given in openvino.Core().read_model(folder / _GRAPH).inputs]


def _without_telemetry() -> None:
    """Let OpenVINO's converter take its own stub in place of the package that sends statistics to its makers.

    It does so where that package cannot be imported; once openvino is imported, its user has decided.
    """
    if "openvino" not in sys.modules:
        sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
