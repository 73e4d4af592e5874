"""Plateau: a rule, and a scale on any base."""

from typing import Any

import numpy as np
import pytest

from tests.plan.schedule_helpers import compiled, momenta, rates, refused

COSINE: dict[str, Any] = {"kind": "cosine", "initial_lr": 0.5}


def test_the_rule_carries_the_recipes_numbers() -> None:
    rule = compiled(
        kind="plateau", learning_rate=0.1, factor=0.2, patience=3, min_delta=0.0, cooldown=2, min_lr=0.01
    ).plateau
    assert rule is not None
    assert (rule.monitor, rule.mode, rule.factor, rule.patience) == ("val_loss", "min", 0.2, 3)
    assert (rule.min_delta, rule.cooldown, rule.min_lr) == (0.0, 2, 0.01)


@pytest.mark.parametrize(
    ("monitor", "mode", "expected"),
    [
        ("val_loss", "auto", "min"),
        ("val_mean_absolute_error", "auto", "min"),
        ("val_accuracy", "auto", "max"),
        ("val_accuracy", "min", "min"),
        ("loss", "max", "max"),
    ],
)
def test_no_mode_is_left_to_infer(monitor: str, mode: str, expected: str) -> None:
    rule = compiled(kind="plateau", learning_rate=0.1, monitor=monitor, mode=mode).plateau
    assert rule is not None
    assert rule.mode == expected


def test_other_kinds_have_no_rule_and_no_scale() -> None:
    schedule = compiled(**COSINE)
    assert schedule.plateau is None
    with pytest.raises(ValueError, match=r"scale must be 1 .* without a plateau; received 0\.5"):
        schedule.evaluate([0], scale=0.5)


def test_the_scale_multiplies_the_base_down_to_the_floor_and_not_below() -> None:
    schedule = compiled(kind="plateau", base={"kind": "linear", "initial_lr": 0.5}, min_lr=0.125)
    scaled = schedule.evaluate([0, 33, 66, 99], scale=0.5)["learning_rate"]
    base = schedule.evaluate([0, 33, 66, 99])["learning_rate"]
    assert scaled.tolist() == [0.25, *np.maximum(base[1:] / 2, np.minimum(base[1:], np.float32(0.125))).tolist()]
    assert scaled[-1] == 0.0


@pytest.mark.parametrize(
    ("duration", "first"), [("6 epochs", 6), ("55 steps", 6), ("59.4 steps", 6), ("61 steps", 7), ("10%", 1)]
)
@pytest.mark.parametrize("overlap", [False, True])
@pytest.mark.parametrize("inside", [False, True])
def test_epochs_with_steps_of_the_warmup_are_not_seen(duration: str, first: int, overlap: bool, inside: bool) -> None:
    warmup = {"warmup": {"duration": duration, "overlap": overlap}}
    outer, inner = ({}, warmup) if inside else (warmup, {})
    rule = compiled(kind="plateau", base={**COSINE, **inner}, **outer).plateau
    assert rule is not None
    assert [rule.sees(epoch * 10) for epoch in range(10)] == [epoch >= first for epoch in range(10)]


def test_without_a_warmup_every_epoch_is_seen() -> None:
    rule = compiled(kind="plateau", base=COSINE).plateau
    assert rule is not None
    assert rule.sees(0)


def test_a_warmup_and_a_momentum_may_stand_on_the_plateau_or_on_its_base() -> None:
    more: dict[str, Any] = {"warmup": {"duration": "10%"}, "momentum": 0.5}
    outer = compiled(kind="plateau", base=COSINE, **more)
    inner = compiled(kind="plateau", base={**COSINE, **more})
    assert rates(outer, *range(100)) == rates(inner, *range(100)) == rates(compiled(**COSINE, **more), *range(100))
    assert momenta(outer, 0) == momenta(inner, 0) == [0.5]


@pytest.mark.parametrize(("key", "value"), [("warmup", {"duration": "10%"}), ("momentum", 0.5)])
def test_what_both_write_is_refused(key: str, value: Any) -> None:
    error = refused(kind="plateau", base={**COSINE, key: value}, **{key: value})
    assert error.message == f"{key} is written twice, on the plateau and on its base"
    assert error.path == ("base", key)


def test_a_momentum_on_the_plateau_stands_above_the_cycle_that_1cycle_makes_by_default() -> None:
    cycle = {"kind": "1cycle", "max_lr": 0.1}
    assert momenta(compiled(kind="plateau", base=cycle, momentum=0.5), 0, 45) == [0.5, 0.5]
    assert momenta(compiled(kind="plateau", base=cycle), 0, 45) == [0.95, 0.85]
