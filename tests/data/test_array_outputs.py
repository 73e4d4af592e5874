"""Several arrays of targets, one for each output: as classes and numbers, in parts, in memory and by position."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runner.data.access import DataAccess
from runner.data.examples import BLOCK, Dataset, joined
from runner.data.load import load_data
from runner.errors import DataError
from runner.plan.plan import Plan
from runner.workflows.prepare import prepare
from schemas.recipe import Recipe

OUTPUTS = {"price": {"task": "regression", "target": "a"}, "kind": {"task": "classification", "target": "b"}}
DRAW = np.random.default_rng(3)
ARRAYS = {
    "x": DRAW.normal(size=(40, 3)).astype(np.float32),
    "a": DRAW.normal(size=40).astype(np.float32),
    "b": np.tile(["high", "low"], 20),
    "v": DRAW.normal(size=(6, 3)).astype(np.float32),
    "va": np.arange(6.0),
    "vb": np.array(["low"] * 5 + ["high"]),
}


def planned(folder: Path, outputs: dict[str, Any] = OUTPUTS, **data: Any) -> tuple[Plan, Dataset]:
    recipe = Recipe.model_validate({
        "recipe": 1, "name": "two", "task": "multi_output", "data": {"source": "npz", "batch_size": 8, **data},
        "model": {"kind": "functional", "layers": [{"kind": "dense", "units": 4}], "outputs": outputs},
        "optimizer": {"kind": "sgd"}, "training": {"epochs": 1},
    })  # fmt: skip
    access = DataAccess().within(folder)
    plan = prepare(recipe, access, print)
    return plan, load_data(plan, access)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    np.savez(tmp_path / "t.npz", **ARRAYS)  # type: ignore[arg-type]
    np.save(tmp_path / "x.npy", DRAW.normal(size=(40, 8000)).astype(np.float32))  # 1.2 MiB
    np.save(tmp_path / "a.npy", ARRAYS["a"])
    np.save(tmp_path / "b.npy", (ARRAYS["b"] == "low").astype(np.int64))
    return tmp_path


def test_each_output_has_the_target_of_its_array(folder: Path) -> None:
    """Words are classes in the order of the alphabet; the parts have names of their own for the same targets."""
    test = {"inputs": "v", "target": ["va", "vb"]}
    train = {"inputs": "x", "target": ["a", "b"]}
    plan, dataset = planned(folder, file="t.npz", train=train, test=test)
    assert (plan.data.targets, plan.data.target_classes) == (("a", "b"), ((), ("high", "low")))
    assert plan.output_names == ("price", "kind: high", "kind: low")
    assert dataset.test is not None
    held = joined(list(dataset.test.blocks(BLOCK)))
    np.testing.assert_array_equal(held.y, np.stack([ARRAYS["va"], ARRAYS["vb"] == "low"], axis=1))
    assert held.y.dtype == np.float32
    (part,) = dataset.train.blocks(BLOCK)
    for x, y in zip(part.x, part.y, strict=True):
        place = int((ARRAYS["x"] == x).all(axis=1).argmax())
        assert tuple(y) == (ARRAYS["a"][place], ARRAYS["b"][place] == "low")


def test_arrays_that_are_read_by_position_give_the_same(folder: Path) -> None:
    outputs = {name: one | {"target": f"{one['target']}.npy"} for name, one in OUTPUTS.items()}
    found = []
    for limit in ("1 GiB", "1 MiB"):
        files = {"inputs": "x.npy", "target": ["a.npy", "b.npy"], "resident_limit": limit}
        plan, dataset = planned(folder, outputs, **files)
        found.append(joined(list(dataset.train.blocks(BLOCK))))
    assert plan.placement.window is not None
    np.testing.assert_array_equal(found[0].y, found[1].y)
    assert set(np.unique(found[1].y[:, 1])) == {0, 1}


def test_what_is_wrong_with_an_array_is_said_of_that_array(folder: Path) -> None:
    numbers = {name: {"task": "regression", "target": one["target"]} for name, one in OUTPUTS.items()}
    with pytest.raises(DataError, match="array 'b', example 0: the target 'high' is not a number"):
        planned(folder, numbers, file="t.npz", inputs="x", target=["a", "b"])
    wide = {**OUTPUTS, "price": {"task": "regression", "target": "x"}}
    with pytest.raises(DataError, match="array 'x' must have one target for each example"):
        planned(folder, wide, file="t.npz", inputs="x", target=["x", "b"])
    np.savez(folder / "new.npz", **ARRAYS | {"vb": np.array(["other"] * 6)})  # type: ignore[arg-type]
    test = {"inputs": "v", "target": ["va", "vb"]}
    with pytest.raises(DataError, match="array 'vb', example 0: its class 'other' is in test"):
        planned(folder, file="new.npz", train={"inputs": "x", "target": ["a", "b"]}, test=test)


LABELS = {
    "price": {"task": "regression", "target": "a"},
    "tags": {"task": "multi_label", "target": "t"},
    "high": {"task": "binary", "target": "b"},
    "sky": {"task": "multi_label", "target": ["wet", "cold"]},
}


def test_labels_are_the_columns_of_an_array_or_a_list_of_arrays(folder: Path) -> None:
    """Those of an array go by their numbers, those of a list by its names; each output finds its own targets."""
    tags = DRAW.integers(0, 2, size=(40, 3))
    own = {"t": tags, "wet": tags[:, 0] > 0, "cold": 1 - tags[:, 1].astype(float)}
    np.savez(folder / "labels.npz", **ARRAYS | own)  # type: ignore[arg-type]
    plan, dataset = planned(folder, LABELS, file="labels.npz", inputs="x", target=["wet", "a", "t", "b", "cold"])
    assert plan.data.targets == ("wet", "a", "t[0]", "t[1]", "t[2]", "b", "cold")
    _, found, kind, sky = plan.outputs
    assert plan.output_names == (
        "price", "tags: 0", "tags: 1", "tags: 2", "high: high", "high: low", "sky: wet", "sky: cold",
    )  # fmt: skip
    assert [(one.first, one.stop) for one in plan.outputs] == [(0, 1), (1, 4), (4, 5), (5, 7)]
    (part,) = dataset.train.blocks(BLOCK)
    for x, y in zip(part.x, part.y, strict=True):
        place = int((ARRAYS["x"] == x).all(axis=1).argmax())
        assert found.target(y[None]).tolist() == [tags[place].tolist()]
        assert sky.target(y[None]).tolist() == [[tags[place, 0], 1 - tags[place, 1]]]
        assert kind.target(y[None]).tolist() == [int(ARRAYS["b"][place] == "low")]


def test_what_is_no_label_is_said_of_its_array(folder: Path) -> None:
    two = {name: LABELS[name] for name in ("price", "tags")}
    for values, said in (
        (DRAW.integers(0, 2, size=(40, 3)) * 2, "array 't', example .*: the label 2 is neither 0 nor 1"),
        (np.ones(40), "multi_label needs two labels or more; 't' is one"),
        (np.ones((40, 2, 2)), "array 't' must have two labels or more for each example"),
    ):
        np.savez(folder / "labels.npz", **ARRAYS | {"t": values})  # type: ignore[arg-type]
        with pytest.raises(DataError, match=said):
            planned(folder, two, file="labels.npz", inputs="x", target=["a", "t"])
    three = {"price": two["price"], "kind": {"task": "binary", "target": "c"}}
    np.savez(folder / "labels.npz", **ARRAYS | {"c": np.arange(40) % 3})  # type: ignore[arg-type]
    with pytest.raises(DataError, match="the task is binary, and target 'c' has 3 classes") as caught:
        planned(folder, three, file="labels.npz", inputs="x", target=["a", "c"])
    assert caught.value.path == ("model", "outputs", "kind", "task")
