"""A model that gives logits learns what one with softmax or sigmoid learns, and its file judges it rightly."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from runner.data.examples import Dataset, Examples
from runner.engine.step.evaluation import compile_evaluation
from runner.model.losses import make_loss, make_metric
from runner.model.saving import save_model
from tests.engine.problem import BASE, Problem

Make = Callable[..., Problem]
HEADS: dict[str, Any] = {"softmax": {}, "sigmoid": {"units": 1}}
CLASSES = {"softmax": 3, "sigmoid": 2}


def model_with(**output: Any) -> dict[str, Any]:
    return {**BASE["model"], "output": output}


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("head", HEADS)
def test_the_loss_of_logits_is_that_of_their_probabilities(head: str, smoothing: float) -> None:
    logits = np.array([[0.3, -1.2, 2.0], [4.0, 0.1, -3.0]], np.float32)[:, : 3 if head == "softmax" else 1]
    y = tf.constant([1, 0])
    kind = "sparse_categorical_crossentropy" if head == "softmax" else "binary_crossentropy"
    p = tf.constant((keras.ops.softmax if head == "softmax" else keras.ops.sigmoid)(logits).numpy())
    ours = make_loss(kind, smoothing, logits=True)(y, tf.constant(logits))
    np.testing.assert_allclose(ours, make_loss(kind, smoothing)(y, p), rtol=1e-5)


def test_one_logit_is_right_on_its_side_of_zero() -> None:
    outputs, y = tf.constant([[0.2], [0.2], [-0.2]]), tf.constant([1, 0, 0])
    assert make_metric("accuracy", above=0.0)(y, outputs).numpy().tolist() == [1, 0, 1]
    assert make_metric("accuracy")(y, outputs).numpy().tolist() == [0, 1, 1]


@pytest.mark.parametrize("head", HEADS)
def test_training_on_logits_is_training_on_probabilities(problem: Make, head: str) -> None:
    generator = np.random.default_rng(4)
    x = generator.normal(size=(75, 4)).astype(np.float32)
    split = Examples(x, (x[:, 0] > 0).astype(np.int32))
    metrics = []
    for logits in (False, True):
        case = problem(model=model_with(**HEADS[head], logits=logits), classes=CLASSES[head])
        case.dataset = Dataset(split, split, None)
        metrics.append(case.train().metrics)
    assert metrics[0] == pytest.approx(metrics[1], rel=1e-4)


@pytest.mark.parametrize("head", HEADS)
def test_the_file_in_plain_keras_has_the_loss_and_accuracy_of_the_run(problem: Make, tmp_path: Path, head: str) -> None:
    training = {"epochs": 2, "metrics": ["accuracy"]}
    case = problem(model=model_with(**HEADS[head], logits=True), training=training, classes=CLASSES[head])
    generator = np.random.default_rng(4)
    x = generator.normal(size=(75, 4)).astype(np.float32)
    split = Examples(x, (x[:, 0] > 0.4).astype(np.int32))
    wanted = compile_evaluation(case.learner, split, case.plan.metrics)()
    save_model(case.learner.model, case.learner.optimizer.optimizer, case.plan, tmp_path / "model.keras")
    plain = keras.models.load_model(tmp_path / "model.keras")
    assert plain.layers[-1].activation is keras.activations.linear
    found = plain.evaluate(split.x, split.y, verbose=0, return_dict=True)
    assert found == pytest.approx(wanted, rel=1e-5)
    assert 0.1 < found["accuracy"] < 1
