"""Several numbers and labels an example, and embedded columns, are trained as Keras trains them, however fed."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import sklearn.metrics

from runner.data.access import DataAccess
from runner.data.examples import Dataset, Examples, example_order
from runner.data.load import load_data
from runner.data.placement import Placement, Window
from runner.data.sources.builtin import streamed
from runner.engine.distributed.replicas import Replicas
from runner.engine.loop.signals import StopRequest
from runner.engine.loop.trainer import Trainer
from runner.engine.step.learner import make_learner
from runner.events import EpochEnded
from runner.model.losses import driven_smoothing, make_loss, make_metric
from runner.plan.plan import Plan
from runner.workflows.prepare import prepare
from schemas.recipe import Recipe
from tests.engine.replay import largest_difference

BASE: dict[str, Any] = {
    "recipe": 1,
    "name": "several",
    "seed": 4,
    "model": {"kind": "sequential", "layers": [{"kind": "dense", "units": 5, "activation": "tanh"}]},
    "optimizer": {"kind": "sgd", "learning_rate": 0.1, "momentum": 0.5},
}
NUMBERS = {"task": "regression", "data": {"target": ["far", "near"]}}
LABELS = {"task": "multi_label", "data": {"target": ["wet", "cold", "dark"]}}
THEIRS = {"regression": ("mean_squared_error", "mean_absolute_error"),
          "multi_label": ("binary_crossentropy", "binary_accuracy")}  # fmt: skip


class Several:
    """A plan for a table of 90 rows, and its examples."""

    def __init__(self, folder: Path, recipe: dict[str, Any], **training: Any) -> None:
        draw = np.random.default_rng(2)
        lines = ["a,b,far,near,wet,cold,dark,w,town"]
        for n, (a, b) in enumerate(draw.normal(size=(90, 2))):
            wet, cold, dark = "yes" if a > 0 else "no", int(b > 0.3), a + b > 1
            lines.append(f"{a:.3f},{b:.3f},{2 * a - b:.3f},{b:.3f},{wet},{cold},{dark},{abs(a):.3f},{'ROLP'[n % 4]}")
        (folder / "t.csv").write_text("\n".join(lines) + "\n")
        columns = {name: {"type": "ignore"} for name in ("far", "near", "wet", "cold", "dark", "w")}
        data = {"source": "csv", "files": "t.csv", "batch_size": 8, **recipe["data"]}
        used = {*data["target"], data.get("weight")}
        data["columns"] = {name: column for name, column in columns.items() if name not in used}
        data["columns"]["town"] = {"embed": 2}  # whose gradients are sparse
        tree = {**BASE, **recipe, "data": data, "training": {"epochs": 3, **training}}
        access = DataAccess().within(folder)
        self.plan: Plan = prepare(Recipe.model_validate(tree), access, print)
        self.dataset: Dataset = load_data(self.plan, access)
        self.events: list[Any] = []

    def train(self, replicas: Replicas | None = None) -> Any:
        keras.utils.clear_session()
        self.learner = make_learner(self.plan, self.dataset, replicas or Replicas())
        self.before = self.learner.model.get_weights()
        Trainer(self.plan, self.learner, self.dataset, self.events.append, StopRequest()).run()
        return self.learner.model.get_weights()

    @property
    def metrics(self) -> list[dict[str, float]]:
        return [dict(event.metrics) for event in self.events if isinstance(event, EpochEnded)]

    def keras_twin(self) -> tuple[Any, list[dict[str, float]]]:
        loss, metric = THEIRS[self.plan.recipe.task]
        model = keras.models.clone_model(self.learner.model)
        model.set_weights(self.before)
        model.compile(keras.optimizers.SGD(0.1, 0.5), loss, metrics=[metric])
        train, validation, told = self.dataset.train, self.dataset.validation, []
        assert isinstance(train, Examples)
        assert isinstance(validation, Examples)
        for epoch in range(3):
            part = train.at(example_order(4, epoch, len(train)))
            fitted = model.fit(part.x, part.y, 8, sample_weight=part.weight, shuffle=False, verbose=0,
                               validation_data=(validation.x, validation.y))  # fmt: skip
            told.append({name.replace(metric, "metric"): values[0] for name, values in fitted.history.items()})
        return model.get_weights(), told


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))


@pytest.mark.parametrize("recipe", [NUMBERS, LABELS], ids=["numbers", "labels"])
def test_they_are_trained_and_judged_as_keras_does(tmp_path: Path, recipe: dict[str, Any]) -> None:
    case = Several(tmp_path, recipe)
    weights = case.train()
    theirs, told = case.keras_twin()
    assert largest_difference(weights, theirs) < 1e-5
    (metric,) = case.plan.metrics
    assert metric == ("accuracy" if recipe is LABELS else "mean_absolute_error")
    for mine, figures in zip(case.metrics, told, strict=True):
        for name in ("loss", "val_loss", "metric", "val_metric"):
            assert mine[name.replace("metric", metric)] == pytest.approx(figures[name], rel=1e-5), name


@pytest.mark.parametrize("recipe", [NUMBERS, LABELS], ids=["numbers", "labels"])
def test_parts_micro_batches_and_streams_come_to_the_same(tmp_path: Path, recipe: dict[str, Any]) -> None:
    weighted = {**recipe, "data": {**recipe["data"], "weight": "w"}}
    whole = Several(tmp_path, weighted)
    wanted = whole.train()
    apart, micro = Several(tmp_path, weighted), Several(tmp_path, weighted, accumulate=3)
    assert largest_difference(apart.train(Replicas(towers=3)), wanted) < 1e-5
    assert largest_difference(micro.train(), wanted) < 1e-5
    theirs, _ = whole.keras_twin()
    assert largest_difference(wanted, theirs) < 1e-5
    flows = []
    for accumulate in (1, 2):
        case = Several(tmp_path, weighted, accumulate=accumulate)
        where, data = Placement(Window(10, 3), False, 0), case.dataset
        assert data.validation is not None
        case.dataset = Dataset(streamed(data.train, where), streamed(data.validation, where), None)
        flows.append(case.train())
    assert largest_difference(*flows) < 1e-5


@pytest.mark.parametrize("recipe", [NUMBERS, LABELS], ids=["numbers", "labels"])
def test_metrics_of_whole_splits_are_those_of_sklearn(tmp_path: Path, recipe: dict[str, Any]) -> None:
    names = ["r2"] if recipe is NUMBERS else ["f1_micro", "f1_macro"]
    case = Several(tmp_path, recipe, metrics=names)
    case.train()
    validation = case.dataset.validation
    assert isinstance(validation, Examples)
    outputs = np.asarray(case.learner.model(validation.x))
    for name in names:
        wanted = (
            sklearn.metrics.r2_score(validation.y, outputs)
            if name == "r2"
            else sklearn.metrics.f1_score(validation.y, outputs > 0.5, average=name[3:], zero_division=0)
        )
        assert case.metrics[-1][f"val_{name}"] == pytest.approx(wanted, rel=1e-5)


def test_the_plan_infers_a_unit_for_each(tmp_path: Path) -> None:
    outputs = [Several(tmp_path, recipe).plan.layers[-1].layer for recipe in (NUMBERS, LABELS)]
    assert [(output.units, output.activation) for output in outputs] == [(2, "linear"), (3, "sigmoid")]


@pytest.mark.parametrize("logits", [False, True])
def test_labels_are_smoothed_towards_one_half_each(logits: bool) -> None:
    """Whether the share is a number or a variable that a curve drives; Keras' own function is the reference."""
    y = np.array([[0, 1, 1, 0, 0], [1, 0, 0, 0, 1]], np.uint8)
    p = np.random.default_rng(0).normal(size=(2, 5)).astype(np.float32)
    p = p if logits else 1 / (1 + np.exp(-p))
    wanted = keras.losses.binary_crossentropy(y.astype(np.float32), p, from_logits=logits, label_smoothing=0.2)
    driven = driven_smoothing("binary_crossentropy", keras.ops.convert_to_tensor(0.2), logits=logits)
    tensor = keras.ops.convert_to_tensor(p)
    for loss in (make_loss("binary_crossentropy", 0.2, logits=logits), driven):
        np.testing.assert_allclose(loss(keras.ops.convert_to_tensor(y), tensor), wanted, rtol=1e-6)
    right = ((p > (0 if logits else 0.5)) == y).mean(1)
    above = 0.0 if logits else 0.5
    np.testing.assert_allclose(make_metric("accuracy", above=above)(keras.ops.convert_to_tensor(y), tensor), right)
