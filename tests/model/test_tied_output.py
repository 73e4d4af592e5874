"""An output tied to the embedding: one table, used twice, with the gradient of both uses."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from runner.data.access import DataAccess
from runner.data.placement import placement
from runner.data.sources import source_of
from runner.engine.step.learner import Learner, make_learner
from runner.engine.step.update import make_part
from runner.errors import BuildError
from runner.model.build import layer_shapes
from runner.model.saving import save_model
from runner.plan.make_plan import make_plan
from runner.plan.plan import Plan
from schemas.recipe import Recipe
from tests.engine.every_source import sayings
from tests.schemas.rules_helpers import recipe

EMBED = {"kind": "embedding", "output_dim": 6, "embeddings_regularizer": {"l2": 0.01}}
GRU = {"kind": "gru", "units": 6, "return_sequences": True}


def opened(folder: Path, *layers: dict[str, Any], **changes: Any) -> tuple[Plan, Any]:
    sayings(folder)
    data = {"source": "text", "file": "sayings.txt", "length": 5, "batch_size": 8}
    model = {"kind": "sequential", "layers": list(layers), "output": {"tied": True}}
    asked = Recipe.model_validate(recipe({"task": "language_model", "data": data, "model": model, **changes}))
    source = source_of(asked.data, DataAccess().within(folder), asked)
    plan = make_plan(asked, source.facts(lambda message: None))
    return plan, source.load(plan.data, placement(plan.data, 1 << 30), asked.seed)


def plain(learner: Learner, x: np.ndarray, y: np.ndarray) -> tuple[float, list[np.ndarray]]:
    """Loss and gradients of a plain Keras GRU between a table and its transpose, with the weights of the learner."""
    table = tf.Variable(learner.model.layers[1].embeddings.numpy())
    gru = keras.layers.GRU(6, return_sequences=True)
    gru.build((None, 5, 6))
    gru.set_weights(learner.model.layers[2].get_weights())
    with tf.GradientTape() as tape:
        features = gru(tf.matmul(tf.one_hot(x.astype(np.int32), table.shape[0]), table))
        logits = tf.matmul(features, table, transpose_b=True)
        losses = keras.losses.sparse_categorical_crossentropy(y, logits, from_logits=True)
        loss = tf.reduce_mean(losses) + 0.01 * tf.reduce_sum(table**2)
    variables = [table, *(variable.value for variable in gru.trainable_variables)]
    return float(loss), [np.asarray(one) for one in tape.gradient(loss, variables)]


@pytest.mark.parametrize("accumulate", [1, 2])
def test_the_gradient_is_that_of_both_uses_of_the_table(tmp_path: Path, accumulate: int) -> None:
    plan, dataset = opened(tmp_path, EMBED, GRU, training={"epochs": 1, "accumulate": accumulate})
    learner = make_learner(plan, dataset)
    x, y = dataset.train.x[:8], dataset.train.y[:8]
    part = tf.function(make_part(learner, 8))(tf.constant(x), tf.constant(y), tf.range(8))
    loss, wanted = plain(learner, x, y)
    assert float(part.loss) == pytest.approx(loss, rel=1e-5)
    assert len(part.gradients) == len(wanted) == 4
    for found, own in zip(part.gradients, wanted, strict=True):
        np.testing.assert_allclose(tf.convert_to_tensor(found), own, rtol=1e-4, atol=1e-6)


def test_a_plan_counts_the_table_once_and_its_products(tmp_path: Path) -> None:
    plan, _ = opened(tmp_path, EMBED, GRU)
    table, gru, output = layer_shapes(plan.layers, plan.data.layer_input)
    assert plan.data.classes is not None
    assert (table.parameters, output.parameters) == (plan.data.classes * 6, 0)
    assert gru.parameters == 3 * 6 * (6 + 6 + 2)
    assert (output.output_shape, output.weights_of) == ((5, plan.data.classes), "embedding_1")
    assert (table.multiply_adds, output.multiply_adds) == (0, 5 * 6 * plan.data.classes)


def test_logits_are_float32_in_half_precision(tmp_path: Path) -> None:
    plan, dataset = opened(tmp_path, EMBED, GRU, hardware={"precision": "mixed_bfloat16"})
    model = make_learner(plan, dataset).model
    logits = model(dataset.train.x[:2], training=False)
    assert logits.dtype == tf.float32
    digits = tf.cast(tf.cast(logits, tf.bfloat16), tf.float32)
    assert bool(tf.reduce_any(digits != logits))


def test_features_of_another_size_than_the_vectors_are_refused(tmp_path: Path) -> None:
    plan, dataset = opened(tmp_path, EMBED, GRU | {"units": 5})  # which the rules tell before
    with pytest.raises(BuildError, match=r"vectors of 6; the layers before it give 5 features; write `output_dim: 5`"):
        make_learner(plan, dataset)


def test_the_saved_model_is_of_keras_own_layers_and_predicts_the_same(tmp_path: Path) -> None:
    plan, dataset = opened(tmp_path, EMBED, GRU)
    learner = make_learner(plan, dataset)
    save_model(learner.model, learner.optimizer.optimizer, plan, tmp_path / "m.keras")
    saved = keras.models.load_model(tmp_path / "m.keras")
    assert {type(layer).__module__.partition(".")[0] for layer in saved._flatten_layers()} == {"keras"}
    core = next(layer for layer in saved.layers if isinstance(layer, keras.Model))
    assert len(core.trainable_variables) == 4
    wanted, found = (model(dataset.test.x, training=False) for model in (learner.model, core))
    np.testing.assert_allclose(found, wanted, rtol=1e-6)
    given = saved.predict(tf.constant(["the cat sat", "a hen"]), verbose=0)
    assert given.shape == (2, plan.data.classes)
