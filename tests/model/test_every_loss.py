"""Every loss by name against Keras' own class on the same targets."""

import inspect
from types import SimpleNamespace
from typing import Any, get_args

import keras
import numpy as np
import pytest
import tensorflow as tf
from pydantic import ValidationError

from runner.model.losses import driven_smoothing, make_loss
from runner.model.saving import _keras_loss
from schemas.loss_kinds import KerasLoss
from schemas.losses import LOSSES, Loss, LossName, loss_facts, loss_kind, losses_for
from schemas.training import Training

GIVEN: dict[str, list[dict[str, Any]]] = {
    "huber": [{"delta": 0.3}],
    "categorical_focal_crossentropy": [{"alpha": 0.6, "gamma": 1.5}],
    "binary_focal_crossentropy": [{"apply_class_balancing": True, "alpha": 0.7, "gamma": 1.0}],
    "categorical_generalized_cross_entropy": [{"q": 0.2}],
}
"""Arguments other than Keras' defaults."""
NAMES = list(get_args(LossName))
CASES = [(name, arguments) for name in NAMES for arguments in [{}, *GIVEN.get(name, [])]]
SMOOTH = [case for case in CASES if (cls := loss_facts(case[0])) is not None and cls.smooths]
RNG = np.random.default_rng(7)
CLASSES = RNG.integers(0, 4, 64).astype(np.int32)
SIDES = RNG.integers(0, 2, 64).astype(np.int32)
NUMBERS = RNG.uniform(0.5, 3, 64).astype(np.float32)
LOGITS = RNG.normal(size=(64, 4)).astype(np.float32)


def _written(name: str, arguments: dict[str, Any]) -> Loss:
    loss = Training.model_validate({"epochs": 1, "loss": {"kind": name, **arguments} if arguments else name}).loss
    assert loss is not None
    return loss


def _case(name: str, *, logits: bool) -> tuple[Any, Any, Any]:
    """Our targets, Keras' targets, and predictions."""
    cls = loss_facts(name)
    assert cls is not None
    if cls.task == "regression":
        return NUMBERS, NUMBERS[:, None], np.abs(LOGITS[:, :1]) + 0.1
    raw = LOGITS[:, :1] if cls.single else LOGITS
    if not (logits or cls.scores):
        raw = np.asarray(tf.sigmoid(raw) if cls.single else tf.nn.softmax(raw))
    if cls.single:
        return SIDES, SIDES[:, None].astype(np.float32), raw
    takes_numbers = name in ("sparse_categorical_crossentropy", "categorical_generalized_cross_entropy")
    return CLASSES, CLASSES if takes_numbers else np.eye(4, dtype=np.float32)[CLASSES], raw


def _class(name: str) -> Any:
    return getattr(keras.losses, "".join(word.capitalize() for word in name.split("_")))


@pytest.mark.parametrize(("name", "arguments"), CASES)
def test_a_loss_is_that_of_keras(name: str, arguments: dict[str, Any]) -> None:
    ours, theirs, p = _case(name, logits=False)
    loss = make_loss(_written(name, arguments))(tf.constant(ours), tf.constant(p))
    assert loss.shape == (64,)
    np.testing.assert_allclose(loss, _class(name)(**arguments, reduction=None)(theirs, tf.constant(p)), rtol=1e-6)
    mean = float(_class(name)(**arguments)(theirs, tf.constant(p)))
    assert float(tf.reduce_mean(loss)) == pytest.approx(mean, rel=1e-6)


@pytest.mark.parametrize(("name", "arguments"), SMOOTH)
def test_logits_and_smoothed_labels_are_those_of_keras(name: str, arguments: dict[str, Any]) -> None:
    ours, theirs, p = _case(name, logits=True)
    written = _written(name, arguments)
    plain = make_loss(written, logits=True)(tf.constant(ours), tf.constant(p))
    wanted = _class(name)(**arguments, from_logits=True, reduction=None)(theirs, tf.constant(p))
    np.testing.assert_allclose(plain, wanted, rtol=1e-5)
    if name == "sparse_categorical_crossentropy":  # which Keras does not smooth
        name, theirs = "categorical_crossentropy", np.eye(4)[CLASSES]
    smoothed = _class(name)(**arguments, from_logits=True, label_smoothing=0.2, reduction=None)(theirs, tf.constant(p))
    fixed = make_loss(written, 0.2, logits=True)(tf.constant(ours), tf.constant(p))
    driven = driven_smoothing(written, tf.Variable(0.2), logits=True)(tf.constant(ours), tf.constant(p))
    np.testing.assert_allclose(fixed, smoothed, rtol=1e-5)
    np.testing.assert_allclose(driven, smoothed, rtol=1e-5)


def test_a_generalised_cross_entropy_of_logits_is_that_of_their_softmax() -> None:
    loss = make_loss("categorical_generalized_cross_entropy", logits=True)(tf.constant(CLASSES), tf.constant(LOGITS))
    wanted = keras.losses.CategoricalGeneralizedCrossEntropy(reduction=None)(CLASSES, tf.nn.softmax(LOGITS))
    np.testing.assert_allclose(loss, wanted, rtol=1e-6)


def test_every_loss_has_a_class_a_name_and_keras_arguments() -> None:
    kinds = [get_args(cls.model_fields["kind"].annotation)[0] for cls in get_args(KerasLoss)]
    assert list(LOSSES) == NAMES
    assert sorted(kinds) == sorted(NAMES) == sorted([*losses_for("classification"), *losses_for("regression")])
    for cls, kind in zip(get_args(KerasLoss), kinds, strict=True):
        parameters = inspect.signature(_class(kind).__init__).parameters
        assert all(parameters[key].default == field.default for key, field in cls.model_fields.items() if key != "kind")


@pytest.mark.parametrize("bad", [{"kind": "huber", "delta": 0}, {"kind": "huber", "q": 1}, {"kind": "hubert"}, {}])
def test_arguments_are_checked(bad: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Training.model_validate({"epochs": 1, "loss": bad})
    assert loss_kind(_written("huber", {"delta": 2.0})) == "huber"


def _saved(name: str, arguments: dict[str, Any], *, logits: bool) -> Any:
    plan: Any = SimpleNamespace(loss=_written(name, arguments), logits=logits)
    loss = _keras_loss(plan)
    if loss is None or isinstance(loss, str):
        return None if loss is None else keras.losses.get(loss)
    return keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(loss))


@pytest.mark.parametrize(("name", "arguments"), CASES)
@pytest.mark.parametrize("logits", [False, True], ids=["probabilities", "logits"])
def test_a_file_has_the_loss_that_was_trained_or_none(name: str, arguments: dict[str, Any], logits: bool) -> None:
    cls = loss_facts(name)
    assert cls is not None
    if cls.scores != logits and (cls.scores or cls.task == "regression"):
        return  # the rules leave no such recipe
    ours, theirs, p = _case(name, logits=logits)
    found = _saved(name, arguments, logits=logits)
    if found is None:
        assert arguments == {"delta": 0.3} or (logits and name == "categorical_generalized_cross_entropy")
        return
    wanted = float(tf.reduce_mean(make_loss(_written(name, arguments), logits=logits)(ours, tf.constant(p))))
    assert float(tf.reduce_mean(found(theirs, tf.constant(p)))) == pytest.approx(wanted, rel=1e-5)
