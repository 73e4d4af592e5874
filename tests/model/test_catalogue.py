"""The catalogue is the installed Keras', and what a recipe may name of it has Keras' shapes and defaults."""

import math
import re
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter

from runner.model.build import build_model, layer_shapes, without_weights
from runner.model.layers import build_layer
from runner.plan.layers import expand
from schemas.layers import written_classes
from schemas.layers.catalogue.admitted import ADMITTED
from schemas.layers.catalogue.arguments import ARGUMENTS, OMITTED
from schemas.layers.catalogue.classes import keys_of, layer_class
from schemas.layers.catalogue.refused import REFUSED, reason
from schemas.layers.catalogue.table import layers
from schemas.layers.shape import Misfit
from schemas.model import Model
from schemas.rules.layers import is_strided_and_dilated
from tests.model.catalogue_examples import BUILT, LAYER, Shapes, arguments, shapes
from tests.model.keras_catalogue import TABLE, classes, table

OURS = {"CustomLayer", "DropPath", "PositionEmbedding", "PositionEncoding", "Shared"}
WRITTEN = {cls.keras_class or cls.__name__ for cls in written_classes().values()} - OURS
"""Keras' names of the layers that are written out."""
UNLIKE = {"PReLU": "prelu", "ReLU": "relu", "LeakyReLU": "leaky_relu", "ELU": "elu"}
"""Names whose snake case nobody would recognise."""


def test_the_table_is_that_of_the_installed_keras() -> None:
    """After another Keras: ``make catalogue``."""
    assert TABLE.read_text("utf-8") == table()


def test_every_layer_of_keras_is_written_out_admitted_or_refused_with_a_reason() -> None:
    admitted = [entry.keras for entry in ADMITTED.values()]
    refused = {name for name in classes() if reason(name)}
    assert sorted([*admitted, *WRITTEN, *refused]) == sorted(classes())
    assert set(REFUSED) <= set(classes())


@pytest.mark.parametrize("kind", ADMITTED)
def test_a_kind_is_keras_name_in_snake_case(kind: str) -> None:
    name = ADMITTED[kind].keras
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[0-9]D)(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    assert kind == UNLIKE.get(name, snake)


def test_what_is_omitted_is_an_argument_of_some_layer() -> None:
    every = {name for facts in layers().values() for name in (*facts["required"], *facts["optional"])}
    assert set(OMITTED) <= every
    keys = {name for entry in ADMITTED.values() for name in keys_of(layers()[entry.keras])}
    assert set(ARGUMENTS) <= keys


def config(layer: Any) -> Any:
    """A configuration without the name and the seed."""
    return {key: value for key, value in layer.get_config().items() if key != "name"}


@pytest.mark.parametrize("kind", ADMITTED)
def test_defaults_are_those_of_keras(kind: str) -> None:
    cls = layer_class(kind)
    assert cls is not None
    needed = {name for name, field in cls.model_fields.items() if field.is_required()}
    written = {key: value for key, value in BUILT[kind][0].items() if key in {n.rstrip("_") for n in needed}}
    layer = LAYER.validate_python(written)
    built = build_layer(layer)
    required = set(layers()[ADMITTED[kind].keras]["required"])
    plain = {key: value for key, value in layer.keras_arguments().items() if key in required}
    if kind == "time_distributed":
        plain = {"layer": build_layer(plain["layer"])}
        assert config(built)["layer"]["config"]["filters"] == config(type(built)(**plain))["layer"]["config"]["filters"]
        return
    assert config(built) == config(type(built)(**plain))


STRICTER: dict[str, tuple[str, ...]] = {
    **{f"adaptive_{how}_pooling{rank}d": ("R310", "R156") for how in ("average", "max") for rank in (1, 2, 3)},
    "resizing": ("R156",),
    "center_crop": ("R156",),
    "unit_normalization": ("R321",),
    "rms_normalization": ("R321",),
    "softmax": ("R321",),
    "masking": ("R310",),
    "attention": ("R323", "R310"),
    "additive_attention": ("R323",),
    "dot": ("R321",),
    "einsum_dense": ("R324",),
    "time_distributed": ("R310", "R156"),
}
"""What Keras takes when a layer is built, and what then fails with examples, mixes those of a batch, or makes no sense:
another number of axes, the batch as an axis, features that do not fit."""


def ours(layer: Any, given: Shapes) -> Any:
    if is_strided_and_dilated(layer):
        return Misfit("R153", None, "", "")
    try:
        return layer.output_shape(given)
    except Misfit as misfit:
        return misfit


def theirs(layer: Any, given: Shapes) -> Any:
    """Keras' shape, by building the layer and by its own computation; or its error."""
    try:
        with without_weights():
            inputs, named = layer.call_arguments([keras.Input(shape) for shape in given])
            built = build_layer(layer)
            output = tuple(built(*inputs, **named).shape[1:])
    except Exception as error:
        return error
    return ValueError("empty") if any(side is not None and side < 1 for side in output) else output


@pytest.mark.parametrize("kind", ADMITTED)
@settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.data())
def test_shapes_are_those_of_keras_and_what_keras_refuses_is_refused(kind: str, data: st.DataObject) -> None:
    written, given_shapes = data.draw(arguments(kind)), data.draw(shapes(kind))
    layer = LAYER.validate_python(written)
    assert isinstance(layer, BaseModel)
    mine, keras_own = ours(layer, given_shapes), theirs(layer, given_shapes)
    if isinstance(mine, Misfit):
        stricter = mine.code in (*STRICTER.get(kind, ()), "R153")
        assert stricter or isinstance(keras_own, Exception), (written, given_shapes, mine.message, keras_own)
    else:
        assert mine == keras_own, (written, given_shapes, mine, keras_own)


@pytest.mark.parametrize("kind", ADMITTED)
def test_masks_are_handled_as_keras_says(kind: str) -> None:
    written, given_shapes = BUILT[kind]
    layer = LAYER.validate_python(written)
    built = build_layer(layer)
    assert layer.takes_mask == built.supports_masking
    if layer.takes_mask:
        with without_weights():
            inputs, named = layer.call_arguments([keras.layers.Masking()(keras.Input(shape)) for shape in given_shapes])
            given, output = getattr(inputs[0], "_keras_mask", None), built(*inputs, **named)
        if not isinstance(inputs[0], list):
            assert given is not None
        assert layer.gives_mask(True) == (getattr(output, "_keras_mask", None) is not None)


MERGES = ("add", "average", "maximum", "minimum", "multiply", "subtract", "concatenate")


@pytest.mark.parametrize("given", [(True, True), (True, False), (False, True), (False, False)])
@pytest.mark.parametrize("kind", [*MERGES, "attention", "additive_attention", "multi_head_attention"])
def test_the_mask_of_two_inputs_is_the_one_that_keras_has(kind: str, given: tuple[bool, bool]) -> None:
    keys = {"num_heads": 1, "key_dim": 3} if kind == "multi_head_attention" else {}
    layer = LAYER.validate_python({"kind": kind, **keys})
    with without_weights():
        tensors = [
            keras.layers.Masking()(tensor) if mask else tensor for mask in given for tensor in [keras.Input((4, 3))]
        ]
        inputs, named = layer.call_arguments(tensors)
        output = build_layer(layer)(*inputs, **named)
    assert layer.gives_mask_of(given) == (getattr(output, "_keras_mask", None) is not None)
    assert layer.loses_mask_of(given) == (kind in MERGES[:-1] and any(given) and not all(given))


def planned(kind: str) -> Any:
    """One layer of the catalogue between two dense ones, with a graph where it takes two inputs."""
    written, given_shapes = BUILT[kind]
    wires = {"inputs": ["start", "other"]} if kind == "dot" or kind.endswith("attention") else {}
    chain = [
        {"kind": "reshape", "target_shape": list(given_shapes[0]), "name": "shape"},
        {"kind": "dense", "units": given_shapes[0][-1], "name": "start"},
        {"kind": "dense", "units": given_shapes[0][-1], "name": "other", "inputs": ["shape"]},
        {**written, **(wires or {"inputs": ["start"]}), "name": "tested"},
        {"kind": "global_average_pooling1d" if kind == "masking" else "flatten"},
    ]
    model = TypeAdapter[Any](Model).validate_python({"kind": "functional", "layers": chain})
    return expand(model, 3), (math.prod(given_shapes[0]),)


@pytest.mark.parametrize("kind", ADMITTED)
def test_every_layer_builds_trains_a_step_is_saved_and_opened(kind: str, tmp_path: Path) -> None:
    keras.utils.set_random_seed(1)
    layers_, shape = planned(kind)
    model = build_model(layers_, shape, "m")
    rows = {row.name: row for row in layer_shapes(layers_, shape)}
    tested = model.get_layer("tested")
    assert rows["tested"].parameters == tested.count_params()
    assert rows["tested"].output_shape == tuple(tested.output.shape[1:])
    x, y = np.random.default_rng(0).normal(size=(6, *shape)).astype(np.float32), np.array([0, 1, 2, 0, 1, 2])
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, model(x, training=True)))
        loss += sum(model.losses)
    gradients = tape.gradient(loss, model.trainable_variables)
    assert all(gradient is not None and np.isfinite(gradient).all() for gradient in gradients)
    keras.optimizers.SGD(0.1).apply(gradients, model.trainable_variables)
    model.save(tmp_path / "m.keras")
    opened = keras.models.load_model(tmp_path / "m.keras")
    np.testing.assert_allclose(opened(x, training=False), model(x, training=False), rtol=1e-6)
    assert len(opened.variables) == len(model.variables)
