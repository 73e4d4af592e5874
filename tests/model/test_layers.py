"""Layers of the language are Keras' layers, and an error is told at its layer."""

from typing import Any

import keras
import pytest

from runner.errors import BuildError
from runner.model.build import build_model, layer_shapes
from runner.model.layers import build_layer
from runner.plan.layers import expand
from schemas.layers import written_classes
from schemas.model import Sequential

CLASSES: dict[str, Any] = dict(written_classes())
for _other in ("custom", "shared", "position_embedding", "position_encoding"):  # which are no layers of Keras
    del CLASSES[_other]
REQUIRED: dict[str, dict[str, Any]] = {
    "dense": {"units": 3},
    "conv2d": {"filters": 3, "kernel_size": 3},
    "separable_conv2d": {"filters": 3, "kernel_size": 3},
    "average_pooling2d": {"pool_size": 2},
    "reshape": {"target_shape": [4, 4]},
    "activation": {"activation": "relu"},
    "dropout": {"rate": 0.5},
    "spatial_dropout2d": {"rate": 0.5},
    "drop_path": {"rate": 0.5},
    "gaussian_noise": {"stddev": 0.1},
    "embedding": {"input_dim": 9, "output_dim": 3},
    "average_pooling1d": {"pool_size": 2},
    "conv1d": {"filters": 3, "kernel_size": 3},
    "lstm": {"units": 3},
    "gru": {"units": 3},
    "bidirectional": {"layer": {"kind": "lstm", "units": 3}},
}
RENAMED = {"kernel_regularizer", "dropout", "kind", "name"}


def model(*layers: dict[str, Any], **keys: Any) -> Sequential:
    return Sequential.model_validate({"kind": "sequential", "layers": list(layers), **keys})


def unnamed(config: Any) -> Any:
    """A configuration without the names that Keras counts up."""
    if isinstance(config, dict):
        return {key: unnamed(value) for key, value in config.items() if key != "name"}
    return config


@pytest.mark.parametrize("kind", CLASSES)
def test_defaults_are_those_of_keras(kind: str) -> None:
    required = REQUIRED.get(kind, {})
    built = build_layer(CLASSES[kind].model_validate({"kind": kind, **required}))
    plain_required = {k: tuple(v) if isinstance(v, list) else v for k, v in required.items()}
    if kind == "bidirectional":
        plain_required = {"layer": keras.layers.LSTM(3)}
    plain = type(built)(**plain_required)
    ours, theirs = unnamed(built.get_config()), unnamed(plain.get_config())
    assert ours == theirs


def test_a_kernel_larger_than_its_input_is_told_at_its_layer() -> None:
    layers = expand(model({"kind": "conv2d", "filters": 4, "kernel_size": 3},
                          {"kind": "conv2d", "filters": 4, "kernel_size": 7}), 10)  # fmt: skip
    with pytest.raises(
        BuildError,
        match="kernel_size must not be larger than the layer's input; received 7 x 7, and the input is 6 x 6",
    ) as caught:
        layer_shapes(layers, (8, 8, 1))
    assert caught.value.path == ("model", "layers", 1)


def test_an_output_of_more_than_one_axis_asks_for_flatten() -> None:
    with pytest.raises(BuildError, match="flatten"):
        layer_shapes(expand(model({"kind": "conv2d", "filters": 4, "kernel_size": 3}), 10), (8, 8, 1))


def test_shapes_of_a_model_beyond_memory_cost_nothing() -> None:
    layers = expand(model({"kind": "flatten"}, {"kind": "dense", "units": 10**9}), 10)
    rows = layer_shapes(layers, (28, 28, 1))
    assert [row.parameters for row in rows] == [0, 785 * 10**9, (10**9 + 1) * 10]


def test_shapes_equal_those_of_the_built_model() -> None:
    chain = model({"kind": "conv2d", "filters": 4, "kernel_size": [3, 2], "strides": 2, "dropout": 0.2},
                  {"kind": "separable_conv2d", "filters": 5, "kernel_size": 2, "kernel_regularizer": {"l2": 0.1}},
                  {"kind": "batch_normalization"}, {"kind": "flatten"}, {"kind": "dense", "units": 7},
                  input_dropout=0.1)  # fmt: skip
    layers = expand(chain, 10)
    rows, built = layer_shapes(layers, (12, 12, 1)), build_model(layers, (12, 12, 1), "m")
    assert [row.output_shape for row in rows] == [tuple(layer.output.shape[1:]) for layer in built.layers[1:]]
    assert [row.parameters for row in rows] == [layer.count_params() for layer in built.layers[1:]]
    assert isinstance(built.layers[1], keras.layers.Dropout)


def test_dropout_by_size_is_over_all_kinds_of_layers_and_suits_each() -> None:
    selu = {"activation": "selu", "kernel_initializer": "lecun_normal"}
    auto = model({"kind": "conv2d", "filters": 4, "kernel_size": 3},
                 {"kind": "separable_conv2d", "filters": 8, "kernel_size": 2, **selu},
                 {"kind": "conv2d_transpose", "filters": 16, "kernel_size": 2},
                 {"kind": "depthwise_conv2d", "kernel_size": 2},
                 {"kind": "reshape", "target_shape": [9, 144]},
                 {"kind": "conv1d", "filters": 16, "kernel_size": 3},
                 {"kind": "lstm", "units": 8, "return_sequences": True, "dropout": 0.2},
                 {"kind": "bidirectional", "layer": {"kind": "gru", "units": 16, "return_sequences": True}},
                 {"kind": "simple_rnn", "units": 64},
                 {"kind": "dense", "units": 8, **selu},
                 {"kind": "dense", "units": 8, "dropout": 0.3},
                 dropout="auto")  # fmt: skip
    rows = layer_shapes(expand(auto, 10), (12, 12, 1))
    found = [(row.kind, round(row.dropout, 3)) for row in rows if row.dropout is not None]
    assert found == [
        ("spatial_dropout2d", 0.1), ("alpha_dropout", 0.2), ("spatial_dropout2d", 0.3), ("spatial_dropout1d", 0.3),
        ("dropout", 0.4), ("dropout", 0.5), ("alpha_dropout", 0.2), ("dropout", 0.3),
    ]  # fmt: skip
    assert {row.origin for row in rows if row.kind.startswith(("spatial", "alpha"))} == {"dropout: auto"}


@pytest.mark.parametrize("kind", ["resizing", "center_crop"])
def test_a_layer_that_is_in_training_by_default_leaves_those_behind_it_at_rest(kind: str) -> None:
    """Keras hands the default of such a layer on: dropout would act in ``model(x)``, and in an exported model."""
    behind = [{"kind": "batch_normalization"}, {"kind": "flatten"}, {"kind": "dropout", "rate": 0.5}]
    planned = expand(model({"kind": kind, "height": 3, "width": 3}, *behind), 10)
    built = build_model(planned, (4, 4, 1), "m")
    x = keras.random.normal((5, 4, 4, 1), seed=1)
    at_rest = keras.ops.convert_to_numpy(built(x, training=False))
    assert (keras.ops.convert_to_numpy(built(x)) == at_rest).all()
    assert (keras.ops.convert_to_numpy(built(x, training=True)) != at_rest).any()
