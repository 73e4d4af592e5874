"""Applications are the installed Keras', with its shapes, parameters and preprocessing, and open in plain Keras."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import keras
import numpy as np
import pytest
from pydantic import TypeAdapter

from runner.errors import BuildError
from runner.model.build import build_model, layer_shapes, without_weights
from runner.model.preprocessing import Preprocessing
from runner.plan.layers import PlannedLayer, expand
from schemas.layers.applications.application import Application, Name
from schemas.layers.applications.names import KERAS
from schemas.layers.applications.table import Mode, applications
from schemas.layers.base import LayerName
from schemas.model import Model
from tests.model.keras_applications import TABLE, functions, quick_facts, table

MODEL: TypeAdapter[Model] = TypeAdapter(Model)
NAME: TypeAdapter[str] = TypeAdapter(LayerName)
FAMILIES = (
    "convnext_tiny", "densenet121", "efficientnet_b0", "efficientnet_v2_b0", "inception_resnet_v2", "inception_v3",
    "mobilenet_v2", "mobilenet_v3_large", "nasnet_mobile", "resnet50", "resnet50_v2", "vgg16", "xception",
)  # fmt: skip
"""One of each; ``mobilenet`` is in tests that are not slow."""


def planned(application: str, *, then: Sequence[dict[str, Any]] = (), **keys: Any) -> tuple[PlannedLayer, ...]:
    """An application, layers that follow it, and the output."""
    layer = {"kind": "application", "name": "base", "application": application, "pooling": "avg", **keys}
    return expand(MODEL.validate_python({"kind": "sequential", "layers": [layer, *then]}), 3)


def pixels(*shape: int) -> Any:
    return np.random.default_rng(3).integers(0, 256, shape).astype(np.uint8)


def test_every_application_of_keras_has_a_name() -> None:
    assert sorted(KERAS.values()) == sorted(functions())
    assert get_args(Name) == tuple(KERAS)


def test_arguments_and_preprocessing_are_those_of_the_installed_keras() -> None:
    """After another Keras: ``make catalogue``."""
    written = json.loads(TABLE.read_text("utf-8"))["applications"]
    for name in KERAS:
        said = quick_facts(name)
        assert {key: written[name][key] for key in said} == said


@pytest.mark.slow
def test_the_table_is_that_of_the_installed_keras() -> None:
    """After another Keras: ``make catalogue``."""
    assert TABLE.read_text("utf-8") == table()


@pytest.mark.slow
@pytest.mark.parametrize("name", KERAS)
def test_shapes_parameters_and_names_are_those_of_keras(name: str) -> None:
    sides = applications()[name].least + 3, 97
    application, *rest = planned(name, pooling=None, then=({"kind": "global_average_pooling2d"},))
    assert isinstance(application.layer, Application)
    row = layer_shapes((application, *rest), (*sides, 3))[0]
    assert row.output_shape == application.layer.output_of_one((*sides, 3))
    assert row.parameters == applications()[name].parameters
    assert all(NAME.validate_python(inner) == inner for inner in row.inner)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mobilenet", *FAMILIES])
def test_sides_of_a_family_are_those_of_keras(name: str) -> None:
    """What changes the sides is the same in all of a family."""
    least, (application, _) = applications()[name].least, planned(name, pooling=None)
    assert isinstance(application.layer, Application)
    for height, width in ((least, least + 1), (least + 3, 97), (100, 128)):
        assert application.layer.output_of_one((height, width, 3)) == given(application.layer, (height, width, 3))


def test_a_map_of_features_is_no_output() -> None:
    with pytest.raises(BuildError, match="more than one axis"):
        layer_shapes(planned("mobilenet", alpha=0.25, pooling=None), (32, 33, 3))


def given(layer: Application, shape: tuple[int, ...]) -> Any:
    """Shape of the output, as Keras' own function has it."""
    with without_weights():
        arguments = {**layer.keras_arguments(), "weights": None, "input_shape": shape}
        return functions()[KERAS[layer.application]](**arguments).output_shape[1:]


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        *(("mobilenet", {"alpha": alpha}) for alpha in (0.25, 0.3)),
        ("mobilenet", {"alpha": 0.25, "depth_multiplier": 2}),
        *(("mobilenet_v2", {"alpha": alpha}) for alpha in (0.35, 1.4)),
        ("mobilenet_v3_small", {"alpha": 0.75, "minimalistic": True}),
        ("mobilenet_v3_large", {"alpha": 1.25}),
    ],
)
def test_arguments_change_the_channels_as_in_keras(name: str, keys: dict[str, Any]) -> None:
    layer = planned(name, pooling=None, **keys)[0].layer
    assert isinstance(layer, Application)
    assert layer.output_of_one((33, 64, 3)) == given(layer, (33, 64, 3))


@pytest.mark.parametrize("mode", ["caffe", "tf", "torch", "inside"])
def test_preprocessing_is_keras_own(mode: Mode) -> None:
    images = pixels(2, 4, 5, 3)
    inputs = keras.Input((4, 5, 3))
    made = keras.Model(inputs, Preprocessing(mode, "base")(inputs))(images.astype(np.float32))
    utils = keras.src.applications.imagenet_utils
    wanted = images if mode == "inside" else utils.preprocess_input(images.astype(np.float64), mode=mode)
    np.testing.assert_allclose(made, wanted, rtol=0, atol=2e-5)


def opened(name: str, side: int, path: Path, **keys: Any) -> None:
    """The saved model gives in plain Keras what it gave before."""
    model = build_model(planned(name, **keys), (side, side, 3), "saved")
    images = pixels(2, side, side, 3)
    model.save(path / "model.keras")
    again = keras.saving.load_model(path / "model.keras", compile=False, safe_mode=True)
    np.testing.assert_array_equal(model(images), again(images))


def test_a_saved_mobilenet_opens_in_plain_keras(tmp_path: Path) -> None:
    opened("mobilenet", 32, tmp_path, alpha=0.25)


def test_an_application_can_be_applied_twice(tmp_path: Path) -> None:
    """Two images through the same layers: what is joined has the same values twice."""
    layer = {"kind": "application", "application": "mobilenet", "alpha": 0.25, "pooling": "avg", "name": "base"}
    again = {"kind": "shared", "layer": "base", "inputs": ["same"], "name": "again"}
    same = {"kind": "activation", "activation": "linear", "name": "same"}
    joined = {"kind": "subtract", "inputs": ["base", "again"], "name": "joined"}
    written = {"kind": "functional", "layers": [same, {**layer, "inputs": ["same"]}, again, joined]}
    model = build_model(expand(MODEL.validate_python(written), 3), (32, 32, 3), "twice")
    images = pixels(2, 32, 32, 3)
    inner = keras.Model(model.input, model.get_layer("joined").output)
    np.testing.assert_array_equal(inner(images), np.zeros((2, 256), np.float32))
    model.save(tmp_path / "model.keras")
    opened_again = keras.saving.load_model(tmp_path / "model.keras", compile=False, safe_mode=True)
    np.testing.assert_array_equal(model(images), opened_again(images))


@pytest.mark.slow
@pytest.mark.parametrize("name", FAMILIES)
def test_a_saved_application_opens_in_plain_keras(name: str, tmp_path: Path) -> None:
    opened(name, applications()[name].least, tmp_path)


def test_layers_are_named_after_the_application_whatever_was_built_before() -> None:
    keras.layers.ReLU()  # Keras counts the names that it gives
    twice = [layer_shapes(planned("mobilenet_v3_small"), (32, 32, 3))[0].inner for _ in range(2)]
    assert twice[0] == twice[1]
    assert "base.re_lu" in twice[0]


def test_the_same_seed_gives_the_same_weights() -> None:
    made = []
    for _ in range(2):
        keras.utils.set_random_seed(5)
        made.append(build_model(planned("mobilenet", alpha=0.25), (32, 32, 3), "seeded").get_weights())
    assert all(np.array_equal(*pair) for pair in zip(*made, strict=True))


def test_multiply_adds_are_the_sum_over_its_layers() -> None:
    """569 million for MobileNet at 224 x 224, with its last layer of 1,024 x 1,000 (Howard et al. 2017, table 8)."""
    (row, _) = layer_shapes(planned("mobilenet"), (224, 224, 3))
    assert row.multiply_adds is not None
    assert round((row.multiply_adds + 1_024_000) / 1e6) in (568, 569)
    assert row.inner_values > 224 * 224 * 3
