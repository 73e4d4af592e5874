"""The embedding of positions is added to every example, hands the mask on, and is made of Keras' own parts."""

import json
import math
import zipfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from pydantic import TypeAdapter

from runner.errors import BuildError
from runner.model.build import build_model, layer_shapes
from runner.model.model_file import open_model
from runner.plan.layers import expand
from schemas.model import Model

WORDS = {"kind": "embedding", "input_dim": 30, "output_dim": 6, "mask_zero": True, "name": "words"}
POSITIONS = {"kind": "position_embedding", "name": "positions"}
ENCODER: list[dict[str, Any]] = [
    WORDS,
    POSITIONS,
    {"kind": "multi_head_attention", "num_heads": 2, "key_dim": 3, "name": "attended"},
    {"kind": "add", "inputs": ["positions", "attended"], "name": "sum"},
    {"kind": "layer_normalization", "name": "normal"},
    {"kind": "dense", "units": 6, "activation": "relu", "name": "fed"},
    {"kind": "add", "inputs": ["normal", "fed"]},
    {"kind": "global_average_pooling1d"},
]


def planned(*layers: dict[str, Any]) -> Any:
    model = TypeAdapter[Any](Model).validate_python({"kind": "functional", "layers": list(layers)})
    return expand(model, 3)


def output_of(model: Any, name: str) -> Any:
    return keras.Model(model.input, model.get_layer(name).output)


def test_each_position_has_a_vector_that_is_added() -> None:
    layers = planned({"kind": "reshape", "target_shape": [4, 2], "name": "steps"}, POSITIONS, {"kind": "flatten"})
    model = build_model(layers, (8,), "m")
    table = model.get_layer("positions").get_weights()[0]
    assert table.shape == (4, 2)
    assert np.unique(table).size == 8
    rows = np.random.default_rng(1).normal(size=(3, 8)).astype(np.float32)
    given = output_of(model, "flatten_1").predict_on_batch(rows)
    np.testing.assert_allclose(given, (rows.reshape(3, 4, 2) + table).reshape(3, 8), rtol=1e-6)


def test_sines_are_those_of_the_paper(tmp_path: Path) -> None:
    encoding = {"kind": "position_encoding", "max_wavelength": 100, "name": "waves"}
    layers = planned({"kind": "reshape", "target_shape": [7, 5], "name": "steps"}, encoding, {"kind": "flatten"})
    assert next(row for row in layer_shapes(layers, (35,)) if row.name == "waves").parameters == 0
    model = build_model(layers, (35,), "m")
    rows = np.random.default_rng(1).normal(size=(3, 35)).astype(np.float32)
    waves = [[(math.cos if k % 2 else math.sin)(t / 100 ** (2 * (k // 2) / 5)) for k in range(5)] for t in range(7)]
    given = output_of(model, "flatten_1").predict_on_batch(rows)
    np.testing.assert_allclose(given, rows + np.ravel(waves), atol=1e-5)
    model.save(tmp_path / "model.keras")
    opened = open_model(tmp_path / "model.keras", {})
    np.testing.assert_array_equal(opened.predict_on_batch(rows), model.predict_on_batch(rows))


@pytest.mark.parametrize("kind", ["position_embedding", "position_encoding"])
def test_vectors_are_added_in_the_precision_of_the_model(kind: str) -> None:
    layers = planned(WORDS, {"kind": kind, "name": "added"}, {"kind": "global_average_pooling1d"})
    model = build_model(layers, (5,), "m", precision="mixed_float16")
    assert model.get_layer("added.masked").output.dtype == "float16"
    rows = np.array([[3, 0, 0, 0, 0], [3, 7, 0, 0, 0]], np.float32)
    assert np.isfinite(model.predict_on_batch(rows)).all()


def test_arguments_are_those_of_the_embedding_and_so_are_their_defaults() -> None:
    def built(**keys: Any) -> Any:
        steps = {"kind": "reshape", "target_shape": [4, 2]}
        return build_model(planned(steps, POSITIONS | keys, {"kind": "flatten"}), (8,), "m").get_layer("positions")

    assert built().get_config() == keras.layers.Embedding(4, 2, name="positions").get_config()
    own = built(embeddings_initializer="zeros", embeddings_regularizer={"l2": 0.5}, embeddings_constraint="unit_norm")
    assert type(own.embeddings_initializer).__name__ == "Zeros"
    assert own.embeddings_regularizer.l2 == 0.5
    assert type(own.embeddings_constraint).__name__ == "UnitNorm"


def test_padding_counts_nowhere_in_a_masked_encoder() -> None:
    keras.utils.set_random_seed(2)
    model = build_model(planned(*ENCODER), (5,), "m")
    rows = np.array([[3, 7, 2, 0, 0], [5, 0, 0, 0, 0]], np.float32)
    before = model.predict_on_batch(rows)
    words, positions = model.get_layer("words"), model.get_layer("positions")
    table = words.get_weights()[0]
    table[0] += 4
    words.set_weights([table])
    table = positions.get_weights()[0]
    table[3:] -= 2
    positions.set_weights([table])
    np.testing.assert_allclose(model.predict_on_batch(rows), before, rtol=1e-5)
    table[:1] -= 2
    positions.set_weights([table])
    assert np.abs(model.predict_on_batch(rows) - before).max() > 1e-3


def test_a_saved_model_names_nothing_but_keras(tmp_path: Path) -> None:
    model = build_model(planned(*ENCODER), (5,), "m")
    file = tmp_path / "model.keras"
    model.save(file)
    config = json.loads(zipfile.ZipFile(file).read("config.json"))
    kinds = {(part["module"], part["class_name"]) for part in config["config"]["layers"]}
    assert all(module.startswith("keras.") for module, _ in kinds)
    assert {("keras.layers", "Embedding"), ("keras.layers", "Masking")} <= kinds
    rows = np.array([[3, 7, 2, 0, 0], [5, 4, 1, 2, 9]], np.float32)
    np.testing.assert_array_equal(open_model(file, {}).predict_on_batch(rows), model.predict_on_batch(rows))


def test_a_plan_counts_its_weights_and_no_product() -> None:
    rows = layer_shapes(planned(*ENCODER), (5,))
    row = next(row for row in rows if row.name == "positions")
    assert (row.parameters, row.multiply_adds, row.output_shape, row.weights) == (30, 0, (5, 6), ((5, 6),))


def test_the_same_positions_can_be_added_in_two_places() -> None:
    again = {"kind": "shared", "layer": "positions", "name": "again"}
    model = build_model(planned(WORDS, POSITIONS, again, {"kind": "global_average_pooling1d"}), (5,), "m")
    table = model.get_layer("positions").get_weights()[0]
    words = model.get_layer("words").get_weights()[0]
    row = np.array([[3, 7, 2, 9, 4]])
    given = output_of(model, "global_average_pooling1d_1").predict_on_batch(row)
    np.testing.assert_allclose(given[0], (words[row[0]] + 2 * table).mean(0), rtol=1e-5)


def test_more_steps_than_positions_are_refused() -> None:
    again = {"kind": "shared", "layer": "positions", "inputs": ["twice"]}
    twice = {"kind": "concatenate", "inputs": ["words", "positions"], "axis": 1, "name": "twice"}
    layers = planned(WORDS, POSITIONS, twice, again, {"kind": "global_average_pooling1d"})
    with pytest.raises(BuildError, match="vectors for 5 positions; received 10 steps") as told:
        layer_shapes(layers, (5,))
    assert told.value.path == ("model", "layers", 3)


def test_positions_need_a_known_number_of_steps() -> None:
    with pytest.raises(BuildError, match="known number of steps"):
        layer_shapes(planned(WORDS, POSITIONS, {"kind": "global_average_pooling1d"}), (None,))
