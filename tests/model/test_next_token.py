"""A language model looks at no later token; loss, perplexity and the saved model are those of NumPy."""

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from runner.errors import BuildError
from runner.measures.perplexity import finished
from runner.model.build import build_model
from runner.model.losses import make_loss
from runner.model.next_token import make_token_metric, mean_over_steps
from runner.plan.layers import expand
from schemas.recipe import Recipe
from schemas.rules.language_model import no_step_sees_a_later_one
from tests.schemas.rules_helpers import recipe

STEPS, TOKENS = 6, 11
EMBED = {"kind": "embedding", "output_dim": 4}
CONV = {"kind": "conv1d", "filters": 4, "kernel_size": 3}
HEADS = {"kind": "multi_head_attention", "num_heads": 2, "key_dim": 3}
SEEN_ALONE: list[dict[str, Any]] = [
    {"kind": "gru", "units": 4, "return_sequences": True},
    {"kind": "simple_rnn", "units": 4, "return_sequences": True},
    CONV | {"padding": "causal", "dilation_rate": 2},
    HEADS | {"use_causal_mask": True},
    {"kind": "attention", "use_causal_mask": True},
    {"kind": "group_query_attention", "num_query_heads": 2, "num_key_value_heads": 1, "head_dim": 3,
     "use_causal_mask": True},
    {"kind": "position_embedding"}, {"kind": "position_encoding"}, {"kind": "layer_normalization"},
    {"kind": "rms_normalization"}, {"kind": "softmax"}, 
    {"kind": "time_distributed", "layer": {"kind": "dense", "units": 3}},
]  # fmt: skip
SEES_AHEAD: list[dict[str, Any]] = [
    {"kind": "bidirectional", "layer": {"kind": "gru", "units": 4, "return_sequences": True}},
    {"kind": "lstm", "units": 4, "return_sequences": True, "go_backwards": True},
    CONV | {"padding": "same"},
    HEADS,
    {"kind": "additive_attention"},
    {"kind": "softmax", "axis": 1},
    {"kind": "group_normalization", "groups": 1},
]


def model_of(*layers: dict[str, Any]) -> Any:
    tree = recipe({"task": "language_model", "data": {"source": "text", "file": "t.txt", "length": STEPS},
                   "model": {"kind": "sequential", "layers": [EMBED, *layers]}})  # fmt: skip
    asked = Recipe.model_validate(tree)
    return asked, build_model(expand(asked.model, TOKENS, TOKENS, steps=True), (STEPS,), "m")


def looks_ahead(model: Any) -> bool:
    """Whether an output changes with a later token."""
    x = np.array([[2, 3, 4, 5, 6, 7]], np.float32)
    other = np.where(np.arange(STEPS) > 2, 9, x)
    before, after = (np.asarray(model(given, training=False))[0, :3] for given in (x, other))
    return bool(np.abs(before - after).max() > 1e-6)


@pytest.mark.parametrize("layer", SEEN_ALONE, ids=lambda layer: layer["kind"])
def test_a_layer_that_is_let_in_looks_at_no_later_token(layer: dict[str, Any]) -> None:
    asked, model = model_of(layer)
    assert list(no_step_sees_a_later_one(asked)) == []
    assert not looks_ahead(model)


@pytest.mark.parametrize("layer", SEES_AHEAD, ids=lambda layer: layer["kind"])
def test_a_layer_that_looks_ahead_is_told(layer: dict[str, Any]) -> None:
    asked, model = model_of(layer)
    assert [finding.code for finding in no_step_sees_a_later_one(asked)] == ["R748"]
    assert looks_ahead(model)


def test_a_model_without_an_output_for_each_step_is_refused() -> None:
    with pytest.raises(BuildError, match=r"features of each of 6 steps"):
        model_of({"kind": "gru", "units": 4})


def logits_and_tokens() -> tuple[Any, Any, np.ndarray]:
    draw = np.random.default_rng(0)
    logits, y = draw.normal(0, 6, (5, STEPS, TOKENS)), draw.integers(0, TOKENS, (5, STEPS))
    shares = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    return tf.constant(logits, tf.float32), tf.constant(y, tf.int32), shares


def test_loss_and_metrics_are_those_of_numpy() -> None:
    logits, y, shares = logits_and_tokens()
    own = np.take_along_axis(shares, np.asarray(y)[..., None], -1)[..., 0]
    crossentropy = -np.log(own).mean(axis=1)
    loss = mean_over_steps(make_loss("sparse_categorical_crossentropy", logits=True))
    np.testing.assert_allclose(loss(y, logits), crossentropy, rtol=1e-5)
    mean = float(np.mean(make_token_metric("perplexity")(y, logits)))
    assert finished("perplexity", mean) == pytest.approx(np.exp(-np.log(own).mean()), rel=1e-6)
    right = shares.argmax(-1) == np.asarray(y)
    np.testing.assert_allclose(make_token_metric("accuracy")(y, logits), right.mean(axis=1), rtol=1e-6)
    best = np.argsort(-shares, axis=-1)[..., :2] == np.asarray(y)[..., None]
    np.testing.assert_allclose(make_token_metric("top_2_accuracy")(y, logits), best.any(-1).mean(axis=1), rtol=1e-6)


def test_smoothing_acts_on_the_loss_and_not_on_perplexity() -> None:
    logits, y, shares = logits_and_tokens()
    target = 0.9 * np.eye(TOKENS)[np.asarray(y)] + 0.1 / TOKENS
    loss = mean_over_steps(make_loss("sparse_categorical_crossentropy", 0.1, logits=True))
    np.testing.assert_allclose(loss(y, logits), -(target * np.log(shares)).sum(-1).mean(axis=1), rtol=1e-5)


def test_the_exponent_of_a_hopeless_model_is_infinite() -> None:
    assert finished("perplexity", 1000.0) == np.inf
    assert finished("accuracy", 0.5) == 0.5
