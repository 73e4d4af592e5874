"""Models of several inputs and layers in several places are those that a person writes in Keras."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from runner.data.access import DataAccess
from runner.data.examples import Dataset, Examples, example_order
from runner.data.load import load_data
from runner.data.tabular.learnt import stored_names
from runner.data.tabular.prepared import PreparedTable
from runner.engine.distributed.replicas import Replicas
from runner.engine.loop.signals import StopRequest
from runner.engine.loop.trainer import Trainer
from runner.engine.step.learner import make_learner
from runner.errors import DataError
from runner.model.planned_shapes import planned_shapes
from runner.model.table_front import front_of
from runner.plan.plan import Plan
from runner.workflows.prepare import prepare
from schemas.recipe import Recipe
from tests.engine.replay import largest_difference

WIDE, DEEP = ["weight", "horsepower"], ["cylinders", "japan", "model_year"]
WIDE_AND_DEEP = {
    "kind": "functional",
    "inputs": {"wide": {"columns": WIDE}, "deep": {"columns": DEEP}},
    "layers": [
        {"kind": "dense", "units": 6, "activation": "relu", "name": "one", "inputs": ["deep"]},
        {"kind": "dense", "units": 5, "activation": "relu", "name": "two"},
        {"kind": "concatenate", "inputs": ["wide", "two"]},
    ],
}
SIAMESE = {
    "kind": "functional",
    "inputs": {"left": {"columns": ["cylinders", "weight"]}, "right": {"columns": ["usa", "europe"]}},
    "layers": [
        {"kind": "dense", "units": 6, "activation": "tanh", "name": "tower", "inputs": ["left"],
         "kernel_regularizer": {"l2": 0.01}},
        {"kind": "shared", "layer": "tower", "inputs": ["right"], "name": "other"},
        {"kind": "subtract", "inputs": ["tower", "other"], "name": "difference"},
        {"kind": "dense", "units": 6, "activation": "relu"},
    ],
}  # fmt: skip
FEATURES = ("cylinders", "displacement", "horsepower", "weight", "acceleration", "model_year", "usa", "europe", "japan")


def recipe(model: dict[str, Any], **keys: Any) -> dict[str, Any]:
    data = {"source": "builtin", "name": "autompg", "batch_size": 64}
    sgd = {"kind": "sgd", "learning_rate": 1e-4, "momentum": 0.5}
    return {"recipe": 1, "name": "parts", "task": "regression", "seed": 5, "data": data, "model": model,
            "optimizer": sgd, "training": {"epochs": 2}, **keys}  # fmt: skip


def prepared(tree: dict[str, Any], folder: Path) -> tuple[Plan, Dataset]:
    access = DataAccess().within(folder)
    plan = prepare(Recipe.model_validate(tree), access, print)
    return plan, load_data(plan, access)


def wide_and_deep() -> Any:
    wide, deep = keras.Input((2,)), keras.Input((3,))
    hidden = keras.layers.Dense(5, "relu")(keras.layers.Dense(6, "relu")(deep))
    return keras.Model([wide, deep], keras.layers.Dense(1)(keras.layers.Concatenate()([wide, hidden])))


def siamese() -> Any:
    left, right = keras.Input((2,)), keras.Input((2,))
    tower = keras.layers.Dense(6, "tanh", kernel_regularizer=keras.regularizers.L2(0.01))
    difference = keras.layers.Subtract()([tower(left), tower(right)])
    return keras.Model([left, right], keras.layers.Dense(1)(keras.layers.Dense(6, "relu")(difference)))


def parts(model: dict[str, Any], x: Any) -> list[Any]:
    """What a person would give the Keras model of two inputs."""
    named = [[FEATURES.index(column) for column in one["columns"]] for one in model["inputs"].values()]
    return [x[:, places] for places in named]


@pytest.mark.parametrize(("model", "by_hand"), [(WIDE_AND_DEEP, wide_and_deep), (SIAMESE, siamese)])
def test_they_are_trained_as_keras_trains_them(
    tmp_path: Path, model: dict[str, Any], by_hand: Callable[[], Any]
) -> None:
    """From the same initial weights, and the same in micro-batches and in parts of a batch."""
    plan, dataset = prepared(recipe(model), tmp_path)
    train = dataset.train
    assert isinstance(train, Examples)
    dataset = replace(dataset, train=Examples(train.x / train.x.std(0), train.y))  # numbers of usual size
    found = []
    for towers, accumulate in ((1, 1), (2, 1), (1, 4)):
        training = plan.recipe.training.model_copy(update={"accumulate": accumulate})
        varied = replace(plan, recipe=plan.recipe.model_copy(update={"training": training}))
        learner = make_learner(varied, dataset, Replicas(towers=towers))
        before = learner.model.get_weights()
        Trainer(varied, learner, dataset, lambda event: None, StopRequest()).run()
        found.append(learner.model.get_weights())
    twin = by_hand()
    twin.set_weights(before)
    twin.compile(keras.optimizers.SGD(1e-4, 0.5), "mean_squared_error")
    for epoch in range(2):
        part = dataset.train.at(example_order(5, epoch, len(train)))
        twin.fit(parts(model, part.x), part.y, 64, shuffle=False, verbose=0)
    assert largest_difference(found[0], before) > 1e-2
    for weights in found:
        assert largest_difference(weights, twin.get_weights()) < 1e-5
    path = tmp_path / "m.keras"
    learner.model.save(path)
    opened = keras.models.load_model(path)  # without anything of ours
    some = dataset.train.x[:9]
    np.testing.assert_allclose(opened(some), twin(parts(model, some)), rtol=1e-4)


def test_a_shared_layer_is_planned_with_no_weights_of_its_own(tmp_path: Path) -> None:
    plan, _ = prepared(recipe(SIAMESE), tmp_path)
    shapes = {layer.name: layer for layer in planned_shapes(plan)}
    assert {name: shapes[name].parameters for name in ("left", "tower", "other")} == {
        "left": 0, "tower": 18, "other": 0,
    }  # fmt: skip
    assert (shapes["other"].weights_of, shapes["other"].multiply_adds) == ("tower", 12)
    assert sum(layer.parameters for layer in shapes.values()) == siamese().count_params()


def test_a_layer_whose_first_use_nobody_takes_has_its_weights_in_the_second(tmp_path: Path) -> None:
    layers = [*SIAMESE["layers"][:2], {"kind": "dense", "units": 3, "inputs": ["other"]}]  # type: ignore[index]
    plan, dataset = prepared(recipe({**SIAMESE, "layers": layers}), tmp_path)
    model = make_learner(plan, dataset).model
    assert [layer.name for layer in model.layers if layer.weights] == ["tower", "dense_1", "output"]


def test_columns_of_a_table_bring_all_that_they_become(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers with their signs, words one-hot and embedded, dates in parts and on circles, words of a text."""
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    draw = np.random.default_rng(0)
    lines = ["town,size,made,note,kind,age,price"]
    for n in range(60):
        size = "" if n % 9 == 0 else f"{draw.normal():.2f}"
        lines.append(f"{'ABC'[n % 3]},{size},20{10 + n % 5}-0{1 + n % 9}-11,{'good' if n % 2 else 'bad'} car,"
                     f"{'xyz'[n % 3]},{n},{draw.normal():.2f}")  # fmt: skip
    (tmp_path / "t.csv").write_text("\n".join(lines) + "\n")
    columns = {"size": {"indicator": True}, "made": {"parts": ["year", "month"], "cyclic": ["month"]},
               "note": {"output": "multi_hot"}, "kind": {"embed": 2}}  # fmt: skip
    names = ["town", "size", "made", "note", "kind", "age"]
    data = {"source": "csv", "files": "t.csv", "target": "price", "columns": columns}
    tree = recipe({**WIDE_AND_DEEP, "inputs": {"wide": {"columns": ["age"]}, "deep": {"columns": names}}}, data=data)
    plan, dataset = prepared(tree, tmp_path)
    places, details, front = dict(plan.data.features), plan.data.details, front_of(plan)
    assert isinstance(details, PreparedTable)
    assert front is not None
    assert isinstance(dataset.train, Examples)
    assert sorted(place for found in places.values() for place in found) == list(range(details.width))
    raw, start = dataset.train.x, 0
    model = keras.Model(inputs := keras.Input(raw.shape[1:]), front(inputs))
    made = np.asarray(model(raw))
    for name, learnt in details.fitted.items():
        width = len(stored_names(name, learnt))
        changed = raw.copy()
        changed[:, start : start + width] = raw[::-1, start : start + width]
        moved = np.flatnonzero((np.asarray(model(changed)) != made).any(axis=0))
        assert set(moved) <= set(places[name]), name
        assert len(moved) >= len(places[name]) - 2, name  # a sign or a word may be where it was
        start += width


def test_an_unknown_column_of_a_file_is_told_at_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    rows = "\n".join(f"{n},{n % 7},{n % 3},1" for n in range(40))
    (tmp_path / "t.csv").write_text(f"a,b,y,same\n{rows}\n")
    data = {"source": "csv", "files": "t.csv", "target": "y"}
    for column, says in (("c", "no column 'c'"), ("same", "no input: constant")):
        model = {**WIDE_AND_DEEP, "inputs": {"wide": {"columns": ["a"]}, "deep": {"columns": ["b", column]}}}
        with pytest.raises(DataError, match=says) as caught:
            prepared(recipe(model, data=data), tmp_path)
        assert caught.value.path == ("model", "inputs", "deep", "columns", 1)
