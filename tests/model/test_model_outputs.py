"""Models of several outputs are those that a person writes in Keras with a loss and a weight each."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import sklearn.metrics

from runner.data.access import DataAccess
from runner.data.examples import Dataset, Examples, example_order, labels
from runner.data.load import load_data
from runner.engine.distributed.replicas import Replicas
from runner.engine.loop.signals import StopRequest
from runner.engine.loop.target_range import require_targets_in_range
from runner.engine.loop.trainer import Trainer
from runner.engine.step.learner import make_learner
from runner.errors import DataError, InputError, ModelUnusable
from runner.events import EpochEnded
from runner.inference.output_rows import OutputWording, columns_of
from runner.inference.predictions import Outputs
from runner.model.output_losses import class_weights_of_outputs, loss_of_outputs, metrics_of_outputs
from runner.plan.outputs import PlannedOutput
from runner.plan.plan import Plan
from runner.workflows.prepare import prepare
from schemas.recipe import Recipe
from tests.engine.replay import largest_difference

PRICE = {"task": "regression", "loss": {"kind": "huber", "delta": 0.5}, "input": "one",
         "metrics": ["mean_absolute_error", "r2"]}  # fmt: skip
SORT = {"task": "classification", "target": "kind", "loss_weight": 0.3, "metrics": ["accuracy", "f1_macro"]}
LAYERS = [
    {"kind": "dense", "units": 7, "activation": "tanh", "name": "one", "kernel_regularizer": {"l2": 0.001}},
    {"kind": "dense", "units": 5, "activation": "tanh"},
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    draw = np.random.default_rng(1)
    lines = ["a,b,price,kind,w"]
    for a, b in draw.normal(size=(120, 2)):
        lines.append(
            f"{a:.3f},{b:.3f},{2 * a - b:.3f},{'low' if a < -0.4 else 'mid' if a < 0.5 else 'high'},{b * b:.3f}"
        )
    (tmp_path / "t.csv").write_text("\n".join(lines) + "\n")
    return tmp_path


COLUMNS: dict[str, Any] = {"a": {"scale": "none"}, "b": {"scale": "none"}}


def tree(outputs: dict[str, Any], data: dict[str, Any] | None = None, **training: Any) -> dict[str, Any]:
    columns = COLUMNS | {"w": {"type": "ignore"}}
    table = {"source": "csv", "files": "t.csv", "target": ["kind", "price"], "columns": columns, "batch_size": 16}
    return {"recipe": 1, "name": "several", "task": "multi_output", "seed": 4, "data": data or table,
            "model": {"kind": "functional", "layers": LAYERS, "outputs": outputs},
            "optimizer": {"kind": "sgd", "learning_rate": 0.1, "momentum": 0.5},
            "training": {"epochs": 3, **training}}  # fmt: skip


def prepared(recipe: dict[str, Any], folder: Path) -> tuple[Plan, Dataset]:
    access = DataAccess().within(folder)
    plan = prepare(Recipe.model_validate(recipe), access, print)
    return plan, load_data(plan, access)


def trained(plan: Plan, dataset: Dataset, towers: int = 1) -> tuple[Any, dict[str, Any], list[dict[str, float]]]:
    """The model, its weights before, by layer, and the figures of every epoch."""
    learner, events = make_learner(plan, dataset, Replicas(towers=towers)), list[Any]()
    before = weights_of(learner.model)
    Trainer(plan, learner, dataset, events.append, StopRequest()).run()
    return learner.model, before, [dict(event.metrics) for event in events if isinstance(event, EpochEnded)]


def weights_of(model: Any) -> dict[str, Any]:
    return {layer.name: layer.get_weights() for layer in model.layers if layer.weights}


WEIGHED = {"class_weight": {"0": 3.0, "2": 0.25}, "label_smoothing": 0.2}


def by_hand(before: dict[str, Any], clip: float | None, smoothing: float) -> Any:
    keras.utils.clear_session()
    inputs = keras.Input((2,))
    one = keras.layers.Dense(7, "tanh", kernel_regularizer=keras.regularizers.L2(0.001), name="one")(inputs)
    two = keras.layers.Dense(5, "tanh", name="dense_1")(one)
    price, sort = keras.layers.Dense(1, name="price")(one), keras.layers.Dense(3, "softmax", name="sort")(two)
    model = keras.Model(inputs, {"price": price, "sort": sort})
    for name, values in before.items():
        model.get_layer(name).set_weights(values)
    model.compile(
        keras.optimizers.SGD(0.1, 0.5, global_clipnorm=clip),
        {"price": keras.losses.Huber(0.5), "sort": keras.losses.CategoricalCrossentropy(label_smoothing=smoothing)},
        loss_weights={"price": 1.0, "sort": 0.3},
        metrics={"price": ["mean_absolute_error"], "sort": ["accuracy"]},
    )
    return model


def apart(split: Any) -> dict[str, Any]:
    """Targets as a person would write them: 1 for the class."""
    return {"sort": np.eye(3)[split.y[:, 0].astype(np.int32)], "price": split.y[:, 1]}


def weighed(split: Any, options: dict[str, Any]) -> dict[str, Any]:
    """The weight of each example in the loss of each output."""
    own = np.ones(len(split)) if split.weight is None else split.weight
    of_class = np.array([options.get("class_weight", {}).get(str(c), 1.0) for c in range(3)])
    return {"sort": own * of_class[split.y[:, 0].astype(np.int32)], "price": own}


@pytest.mark.parametrize(("clip", "weight", "options"), [(None, None, {}), (0.3, "w", WEIGHED)])
def test_they_are_trained_and_judged_as_keras_does(
    folder: Path, clip: float | None, weight: str | None, options: dict[str, Any]
) -> None:
    """From the same initial weights; also in micro-batches, and in parts of a batch."""
    clipped = {} if clip is None else {"clip": {"global_norm": clip}}
    recipe = tree({"price": PRICE, "sort": SORT | options}, **clipped)
    recipe["data"] |= {} if weight is None else {"weight": weight, "columns": COLUMNS}
    plan, dataset = prepared(recipe, folder)
    train, validation = dataset.train, dataset.validation
    assert isinstance(train, Examples)
    assert isinstance(validation, Examples)
    model, before, told = trained(plan, dataset)
    found = [weights_of(model), weights_of(trained(plan, dataset, towers=3)[0])]
    micro, _ = prepared({**recipe, "training": {**recipe["training"], "accumulate": 4}}, folder)
    found.append(weights_of(trained(micro, dataset)[0]))
    outputs = np.asarray(model(validation.x))
    twin, theirs = by_hand(before, clip, options.get("label_smoothing", 0.0)), []
    for epoch in range(3):
        part = train.at(example_order(4, epoch, len(train)))
        held = (validation.x, apart(validation), weighed(validation, {}))
        history = twin.fit(part.x, apart(part), 16, sample_weight=weighed(part, options), shuffle=False, verbose=0,
                           validation_data=held).history  # fmt: skip
        theirs.append({name: values[0] for name, values in history.items()})
    wanted = weights_of(twin)
    assert largest_difference(wanted["sort"], before["sort"]) > 1e-2
    for weights in found:
        for name, values in wanted.items():
            assert largest_difference(weights[name], values) < 1e-5, name
    for mine, figures in zip(told, theirs, strict=True):
        for name, value in figures.items():
            if weight is None or not name.endswith(("price_loss", "sort_loss")):  # which Keras weighs, as no metric
                assert mine[name] == pytest.approx(value, rel=1e-5), name
    y = apart(validation)
    assert told[-1]["val_price_r2"] == pytest.approx(sklearn.metrics.r2_score(y["price"], outputs[:, 0]), rel=1e-5)
    f1 = sklearn.metrics.f1_score(y["sort"].argmax(1), outputs[:, 1:].argmax(1), average="macro")
    assert told[-1]["val_sort_f1_macro"] == pytest.approx(f1)
    assert plan.output_names == ("price", "sort: high", "sort: low", "sort: mid")
    given = twin.predict(validation.x, verbose=0)
    np.testing.assert_allclose(outputs, np.concatenate([given["price"], given["sort"]], axis=1), atol=1e-5)


def test_what_the_data_is_not_is_told_at_the_output(folder: Path) -> None:
    numbers = {"source": "builtin", "name": "linnerud"}
    named = {name: {"task": "regression"} for name in ("pulse", "waist", "weight")}
    plan, _ = prepared(tree(named, numbers), folder)
    assert [(output.name, output.places[0], output.first) for output in plan.outputs] == [
        ("pulse", 2, 0), ("waist", 1, 1), ("weight", 0, 2),
    ]  # fmt: skip
    with pytest.raises(DataError, match="target 'waist' is of numbers") as caught:
        prepared(tree(named | {"waist": {"task": "classification"}}, numbers), folder)
    assert caught.value.path == ("model", "outputs", "waist", "task")
    labels = {"task": "multi_label", "target": ["pulse", "waist"]}
    with pytest.raises(DataError, match="target 'pulse' is no label") as caught:
        prepared(tree({"weight": named["weight"], "both": labels}, numbers), folder)
    assert caught.value.path == ("model", "outputs", "both", "task")
    for unknown, told in (({"3": 2.0}, "has a class 3"), ({"0": 0, "1": 0, "2": 0}, "have class_weight 0")):
        with pytest.raises(DataError, match=told) as caught:
            prepared(tree({"price": PRICE, "sort": SORT | {"class_weight": unknown}}), folder)
        assert caught.value.path == ("model", "outputs", "sort", "class_weight")
    counted = {"price": {"task": "regression", "loss": "poisson", "activation": "softplus"}, "sort": SORT}
    plan, dataset = prepared(tree(counted), folder)
    with pytest.raises(DataError, match="for 'price'") as caught:
        require_targets_in_range(plan, dataset.train)
    assert caught.value.path == ("model", "outputs", "price", "loss")


def test_a_row_has_a_number_or_a_class_with_its_probability_for_each_output(folder: Path) -> None:
    model = Recipe.model_validate(tree({"price": PRICE, "sort": SORT})).model
    columns = columns_of(model, ["price", "sort: high", "sort: low", "sort: mid"])
    wording = OutputWording.of(columns, None, 0, spread=False)
    assert wording.columns == ("id", "price", "sort", "sort_probability")
    values = np.array([[1.5, 0.25, 0.5, 0.25], [np.nan] * 4], np.float32)
    assert list(wording.rows(["x", "y"], Outputs(values))) == [("x", 1.5, "low", 0.5), ("y", None, None, None)]
    with pytest.raises(InputError, match="must be at most the largest number of classes of an output, 3; received 4"):
        OutputWording.of(columns, None, 4, spread=False)
    with pytest.raises(InputError, match="--top-k is for classes, and no output"):
        OutputWording.of(columns[:1], None, 1, spread=False)
    with pytest.raises(InputError, match="no output of this run decides between two classes") as refused:
        OutputWording.of(columns, 0.4, 0, spread=False)
    assert refused.value.help == ("--threshold sort=0.4 decides for no class of sort below it",)
    for names in (["price"], ["sort: high", "price"], ["price", "sort: high", "more"]):
        with pytest.raises(ModelUnusable):
            columns_of(model, names)


def test_balanced_classes_weigh_the_same_as_a_whole(folder: Path) -> None:
    plan, dataset = prepared(tree({"price": PRICE, "sort": SORT | {"class_weight": "balanced"}}), folder)
    found = class_weights_of_outputs(plan.outputs, lambda: dataset.train)
    assert list(found) == ["sort"]
    counts = np.bincount(labels(dataset.train)[:, 0].astype(int))
    np.testing.assert_allclose(found["sort"], len(dataset.train) / (3 * counts), rtol=1e-6)
    assert len(set(counts)) > 1


def test_losses_of_two_classes_and_of_labels_are_those_of_their_formulas() -> None:
    """Weighted by the class, smoothed, the mean over labels; accuracies at the threshold of each."""
    outputs = (
        PlannedOutput("ill", "binary", (2,), ("no", "yes"), 0, "binary_crossentropy", 0.5, ("accuracy",)),
        PlannedOutput("sky", "multi_label", (3, 0), ("a", "b"), 1, "binary_crossentropy", 2.0, ("accuracy",), 0.2),
    )
    y = np.array([[1, 7, 0, 1], [0, 7, 1, 1], [0, 7, 1, 0]], np.float32)
    p = np.array([[0.2, 0.6, 0.3], [0.4, 0.9, 0.1], [0.7, 0.3, 0.6]], np.float32)
    sick, sky = y[:, 2], y[:, [3, 0]] * 0.8 + 0.1
    ill = -np.log(np.where(sick == 1, p[:, 0], 1 - p[:, 0]))
    tags = -(sky * np.log(p[:, 1:]) + (1 - sky) * np.log(1 - p[:, 1:])).mean(axis=1)
    weights = np.array([1.0, 3.0], np.float32)
    trained = np.asarray(loss_of_outputs(outputs, {"ill": weights})(y, p))
    np.testing.assert_allclose(trained, 0.5 * np.where(sick == 1, 3, 1) * ill + 2 * tags, rtol=1e-5)
    thresholds = {"ill": 0.5, "sky": (0.5, 0.2)}
    own, right, own_of_sky, shares = (np.asarray(one(y, p)) for one in metrics_of_outputs(outputs, thresholds))
    np.testing.assert_allclose(own, ill, rtol=1e-5)
    np.testing.assert_allclose(own_of_sky, tags, rtol=1e-5)
    assert right.tolist() == [1, 0, 1]
    assert shares.tolist() == [1, 1, 0.5]
