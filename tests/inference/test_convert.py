"""Models as other runtimes run them: activations, convolutions in groups, recurrent layers, and what none has."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from runner.errors import ExportError
from runner.inference.export.convert import convert
from runner.inference.export.formats import FORMATS, Format
from runner.inference.standalone import open_model

layers = keras.layers


def ended(shape: tuple[int, ...], *inner: Any) -> Any:
    return keras.Sequential([keras.Input(shape), *inner, layers.Flatten(), layers.Dense(3)])


def recurrent() -> Any:
    dropping = layers.GRU(3, dropout=0.2, recurrent_dropout=0.3, return_sequences=True)
    return ended((6, 4), layers.Masking(), dropping, layers.Bidirectional(layers.LSTM(3)))


MODELS: dict[str, Callable[[], Any]] = {
    "gelu": lambda: ended((5,), layers.Dense(4, activation="gelu")),
    "celu": lambda: ended((5,), layers.Dense(4, activation="celu")),
    "groups": lambda: ended((5, 5, 4), layers.Conv2D(4, 3, groups=2)),
    "recurrent": recurrent,
}


@pytest.mark.parametrize("form", ["savedmodel", "onnx", "litert", "openvino"])
@pytest.mark.parametrize("name", MODELS)
def test_the_outputs_are_those_of_keras(name: str, form: Format, tmp_path: Path) -> None:
    model = MODELS[name]()
    x = np.random.default_rng(1).normal(size=(3, *model.input_shape[1:])).astype(np.float32)
    if name == "recurrent":
        x[1, 3:] = 0  # steps that are masked
    wanted = np.asarray(model(x, training=False))
    convert(model, None, form, tmp_path, None)
    run = open_model(tmp_path, {"format": form, "model": FORMATS[form].model})
    assert run(x) == pytest.approx(wanted, abs=2e-6)
    assert run(x[:1]) == pytest.approx(wanted[:1], abs=2e-6)
    assert np.array_equal(model(x, training=False), wanted)  # the model is as it was


@pytest.mark.parametrize(
    ("form", "made", "operation", "says"),
    [
        ("onnx", lambda: ended((8, 8, 2), layers.Resizing(3, 3, antialias=True)), "ScaleAndTranslate", "ONNX"),
        ("litert", lambda: ended((4, 4, 4, 2), layers.MaxPooling3D(2)), "MaxPool3D", "LiteRT"),
    ],
)
def test_an_operation_that_only_tensorflow_has_is_named(
    form: Format, made: Callable[[], Any], operation: str, says: str, tmp_path: Path
) -> None:
    with pytest.raises(ExportError, match=f"TensorFlow's operation {operation}, which {says} does not have") as caught:
        convert(made(), None, form, tmp_path, None)
    assert "--to savedmodel has it" in caught.value.help[0]
