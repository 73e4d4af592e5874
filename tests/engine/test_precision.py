"""Half precision: float32 where it counts, a loss scale that finds itself, and nothing left behind in the process."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from runner.engine.step.compiled import compile_steps
from runner.engine.step.loss_scale import LossScale, all_finite
from runner.errors import BuildError
from runner.events import Warned
from runner.model.saving import save_model
from tests.engine.problem import Problem
from tests.engine.replay import losses_of

Make = Callable[..., Problem]
MODEL = {"kind": "sequential", "layers": [{"kind": "dense", "units": 6, "activation": "tanh", "dropout": 0.2}]}
FLOAT16 = {"precision": "mixed_float16"}


@pytest.mark.parametrize(("precision", "digits"), [("mixed_float16", 1e-2), ("mixed_bfloat16", 5e-2)])
@pytest.mark.parametrize("accumulate", [1, 3])
def test_half_precision_trains_as_float32_does_but_for_its_digits(
    problem: Make, precision: str, digits: float, accumulate: int
) -> None:
    single, half = (
        problem(model=MODEL, hardware={"precision": name}, training={"epochs": 5, "accumulate": accumulate})
        for name in ("float32", precision)
    )
    single.train()
    half.train()
    losses = np.array(losses_of(half))
    np.testing.assert_allclose(losses, losses_of(single), atol=digits)
    assert (losses != losses_of(single)).any()
    # computed in float32: of two hundred numbers of half precision not all would have more than its 11 or 8 digits
    assert (losses.astype(tf.as_dtype(precision.removeprefix("mixed_")).as_numpy_dtype) != losses).any()


@pytest.mark.parametrize("precision", ["mixed_float16", "mixed_bfloat16"])
def test_hidden_layers_compute_in_half_precision_and_weights_and_output_are_float32(
    problem: Make, precision: str
) -> None:
    model = problem(model=MODEL, hardware={"precision": precision}).learner.model
    *hidden, output = (layer for layer in model.layers if layer.weights)
    assert {layer.compute_dtype for layer in hidden} == {precision.removeprefix("mixed_")}
    assert (output.compute_dtype, model.output.dtype) == ("float32", "float32")
    assert {variable.dtype for variable in model.trainable_variables} == {"float32"}


def test_the_next_model_of_the_process_is_in_float32_again(problem: Make) -> None:
    problem(hardware=FLOAT16)
    assert keras.config.dtype_policy().name == "float32"
    assert {layer.compute_dtype for layer in problem().learner.model.layers} == {"float32"}


def test_a_layer_that_cannot_be_built_leaves_the_process_in_float32(problem: Make) -> None:
    layers = [{"kind": "max_pooling2d"}, {"kind": "flatten"}]
    with pytest.raises(BuildError, match="max_pooling2d"):
        problem(hardware=FLOAT16, model={"kind": "sequential", "layers": layers})
    assert keras.config.dtype_policy().name == "float32"


PLANNED = {"learning_rate": np.float32(0.1), "momentum": np.float32(0.9)}


def one_step(learner: Any, case: Problem) -> Any:
    steps = compile_steps(learner, case.dataset.train, case.plan.batch_size)
    return steps(np.arange(8, dtype=np.int32), {name: np.full(1, value) for name, value in PLANNED.items()})


def test_a_skipped_update_leaves_weights_slots_and_iterations_alone_and_halves_the_scale(problem: Make) -> None:
    case = problem(hardware=FLOAT16, training={"epochs": 5, "ema": {"decay": 0.9}}, optimizer={"kind": "adam"})
    learner = case.learner
    assert learner.loss_scale is not None
    learner.loss_scale.scale.assign(2.0**24)  # times any gradient of the hidden layer it is beyond 65,504
    state = [*learner.model.trainable_variables, *learner.optimizer.optimizer.variables[2:], *learner.average.variables]
    before = [np.array(variable) for variable in state]
    values = one_step(learner, case)
    assert values.skipped.tolist() == [True]
    assert np.isfinite(values.loss).all()
    assert all(np.array_equal(a, b) for a, b in zip(state, before, strict=True))
    assert (learner.optimizer.optimizer.iterations, learner.loss_scale.scale) == (0, 2.0**23)
    # what the table shows is what the loop gave, though it did not act
    assert {name: used[0] for name, used in values.hyperparameters.items()} == PLANNED


def test_skipped_updates_are_counted_and_said_once_while_the_schedule_goes_on(problem: Make) -> None:
    case = problem(hardware=FLOAT16, schedule={"kind": "1cycle", "max_lr": 0.1})
    case.learner.loss_scale.scale.assign(2.0**24)
    outcome = case.train()
    skipped = sum(event.skipped for event in case.steps())
    assert skipped > 0
    assert outcome.steps == case.plan.steps
    assert int(case.learner.optimizer.optimizer.iterations) == case.plan.steps - skipped
    (warning,) = (event for event in case.events if isinstance(event, Warned))
    assert warning.message.startswith(f"mixed_float16: {skipped} updates of epoch 1 skipped")


def test_without_float16_nothing_is_skipped(problem: Make) -> None:
    case = problem()
    case.train()
    assert case.learner.loss_scale is None
    assert {event.skipped for event in case.steps()} == {0}


def test_the_scale_doubles_after_enough_finite_updates_and_stays_within_its_bounds() -> None:
    scale = LossScale(initial=2.0**23, growth=3)
    seen = []
    for finite in [True] * 7 + [False, True, True, False] + [False] * 30:
        scale.adjust(tf.constant(finite))
        seen.append(float(scale.scale))
    assert [np.log2(value) for value in seen[:11]] == [23, 23, 24, 24, 24, 24, 24, 23, 23, 23, 22]
    assert seen[-1] == 1.0


@pytest.mark.parametrize(("number", "made"), [(1.0, True), (np.inf, False), (np.nan, False)])
def test_an_update_is_made_if_every_gradient_is_finite(number: float, made: bool) -> None:
    gradients = [tf.constant([1.0, 2.0]), tf.constant([[3.0], [number]])]
    assert bool(LossScale().admits(all_finite(gradients))) is made
    assert bool(LossScale(initial=1.0).admits(all_finite(gradients))), "nothing is left to halve"


def test_what_is_saved_opens_in_keras_and_trains_on(problem: Make, tmp_path: Path) -> None:
    case = problem(hardware=FLOAT16, model=MODEL, optimizer={"kind": "adam"})
    case.train()
    learner, x = case.learner, case.dataset.validation.x
    save_model(learner.model, learner.optimizer.optimizer, case.plan, tmp_path / "m.keras")
    opened = keras.models.load_model(tmp_path / "m.keras")
    np.testing.assert_array_equal(opened(x), learner.model(x))
    assert isinstance(opened.optimizer, keras.optimizers.LossScaleOptimizer)
    assert int(opened.optimizer.iterations) == case.plan.steps
    opened.fit(case.dataset.train.x, case.dataset.train.y, batch_size=75, epochs=1, verbose=0)
    assert int(opened.optimizer.iterations) == case.plan.steps + 1
