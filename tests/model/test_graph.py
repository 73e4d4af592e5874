"""Functional models are Keras' functional models, with the shapes that the rules say."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from runner.errors import BuildError
from runner.model.build import build_model, layer_shapes
from runner.model.layers import build_layer
from runner.plan.layers import expand
from schemas.layers import Layer
from schemas.layers.shape import Misfit
from schemas.model import Model

MERGES = ("add", "subtract", "multiply", "average", "maximum", "minimum")
LAYER, MODEL = TypeAdapter[Any](Layer), TypeAdapter[Any](Model)


def functional(*layers: dict[str, Any], **keys: Any) -> Any:
    return MODEL.validate_python({"kind": "functional", "layers": list(layers), **keys})


RESIDUAL = functional(
    {"kind": "conv2d", "filters": 4, "kernel_size": 3, "padding": "same", "name": "stem"},
    {"kind": "conv2d", "filters": 4, "kernel_size": 3, "padding": "same", "name": "branch", "dropout": 0.1},
    {"kind": "add", "inputs": ["stem", "branch"]},
    {"kind": "flatten", "name": "flat"},
    {"kind": "dense", "units": 5, "name": "hidden"},
    {"kind": "concatenate", "inputs": ["flat", "hidden"]},
)


@pytest.mark.parametrize("kind", MERGES)
def test_a_merge_is_that_of_keras(kind: str) -> None:
    a, b = np.random.default_rng(0).normal(size=(2, 3, 4)).astype(np.float32)
    wanted = {
        "add": a + b, "subtract": a - b, "multiply": a * b, "average": (a + b) / 2, "maximum": np.maximum(a, b),
        "minimum": np.minimum(a, b),
    }[kind]  # fmt: skip
    layer = build_layer(LAYER.validate_python({"kind": kind, "inputs": ["a", "b"]}))
    np.testing.assert_allclose(layer([a, b]), wanted, rtol=1e-6)


def test_concatenate_counts_axes_as_keras_does() -> None:
    a, b = np.zeros((2, 3, 4)), np.ones((2, 5, 4))
    layer = build_layer(LAYER.validate_python({"kind": "concatenate", "inputs": ["a", "b"], "axis": 1}))
    assert layer([a, b]).shape == (2, 8, 4)


SIDES = st.lists(st.sampled_from([1, 2, 3]), min_size=1, max_size=3).map(tuple)


@settings(deadline=None, max_examples=150)
@given(st.lists(SIDES, min_size=2, max_size=3))
def test_shapes_of_values_joined_are_those_of_keras(shapes: list[tuple[int, ...]]) -> None:
    layer = LAYER.validate_python({"kind": "add", "inputs": ["a"]})
    same(layer, shapes)


@settings(deadline=None, max_examples=150)
@given(st.lists(SIDES, min_size=2, max_size=3), st.integers(-4, 4))
def test_shapes_of_a_concatenation_are_those_of_keras(shapes: list[tuple[int, ...]], axis: int) -> None:
    if axis == 0 or axis == -len(shapes[0]) - 1:
        return  # Keras would join batches
    same(LAYER.validate_python({"kind": "concatenate", "inputs": ["a"], "axis": axis}), shapes)


def same(layer: Any, shapes: list[tuple[int, ...]]) -> None:
    """Both refuse the inputs, or both give one shape."""
    try:
        wanted = tuple(build_layer(layer)([keras.Input(shape) for shape in shapes]).shape[1:])
    except Exception:
        with pytest.raises(Misfit):
            layer.output_shape(shapes)
    else:
        assert layer.output_shape(shapes) == wanted


def test_a_graph_computes_what_it_says() -> None:
    model = build_model(expand(RESIDUAL, 10), (6, 6, 1), "m")
    x = np.random.default_rng(1).normal(size=(2, 6, 6, 1)).astype(np.float32)
    stem = model.get_layer("stem")(x)
    added = stem + model.get_layer("branch")(stem)
    flat = keras.ops.reshape(added, (2, -1))
    joined = keras.ops.concatenate([flat, model.get_layer("hidden")(flat)], axis=-1)
    np.testing.assert_allclose(model(x), model.get_layer("output")(joined), rtol=1e-5, atol=1e-6)


def test_shapes_and_parameters_equal_those_of_the_built_model() -> None:
    planned = expand(RESIDUAL, 10)
    rows, built = layer_shapes(planned, (6, 6, 1)), build_model(planned, (6, 6, 1), "m")
    assert {row.name: (row.output_shape, row.parameters) for row in rows} == {
        layer.name: (tuple(layer.output.shape[1:]), layer.count_params()) for layer in built.layers[1:]
    }
    assert sum(row.parameters for row in rows) == built.count_params()
    assert [row.inputs for row in rows if row.kind == "add"] == [("stem", "dropout_1")]


def test_what_nobody_takes_has_no_weights() -> None:
    model = functional({"kind": "flatten", "name": "x"}, {"kind": "dense", "units": 99},
                       {"kind": "dense", "units": 2, "inputs": ["x"]})  # fmt: skip
    planned = expand(model, 10)
    assert sum(row.parameters for row in layer_shapes(planned, (4,))) == build_model(planned, (4,), "m").count_params()


def test_outputs_that_do_not_go_together_are_told_at_their_layer() -> None:
    planned = expand(functional({"kind": "flatten", "name": "x"}, {"kind": "dense", "units": 9, "name": "a"},
                                {"kind": "add", "inputs": ["a", "x"]}), 10)  # fmt: skip
    with pytest.raises(BuildError, match=r"add: .*shape") as caught:
        layer_shapes(planned, (8, 8, 1))
    assert (caught.value.path, caught.value.code) == (("model", "layers", 2), "R203")


def test_a_shape_that_keras_refuses_is_told_in_words_of_the_recipe() -> None:
    planned = expand(functional({"kind": "lstm", "units": 2}), 10)
    with pytest.raises(BuildError, match=r"^lstm needs steps and features; its input has 1 axis; put an `embedding`"):
        layer_shapes(planned, (14,))


def test_a_saved_graph_opens_and_predicts_the_same(tmp_path: Path) -> None:
    model = build_model(expand(RESIDUAL, 10), (6, 6, 1), "m")
    x = np.random.default_rng(1).normal(size=(2, 6, 6, 1)).astype(np.float32)
    model.save(tmp_path / "m.keras")
    np.testing.assert_array_equal(keras.models.load_model(tmp_path / "m.keras")(x), model(x))
