"""Stairs: Keras' ⌊t/s⌋ in every decay that has t/s, and changes at intervals of their own."""

import math

import pytest

from tests.plan.schedule_helpers import compiled, rates

DECAYS = ("power", "exponential", "inverse_sqrt")


def changes(schedule: object, steps: int) -> list[int]:
    return [t for t in range(1, steps) if rates(schedule, t) != rates(schedule, t - 1)]  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", DECAYS)
@pytest.mark.parametrize(
    ("every", "stair"),
    [("25 steps", 25), ("2.5 epochs", 25), ("0.7 epochs", 7), ("7%", 7), ("33.3 steps", 33.3), ("12 steps", 12)],
)
def test_a_stair_lasts_decay_every_in_every_decay(kind: str, every: str, stair: float) -> None:
    schedule = compiled(kind=kind, initial_lr=1.0, decay_every=every, staircase=True)
    smooth = compiled(kind=kind, initial_lr=1.0, decay_every=every)
    starts = [math.ceil(k * stair) for k in range(1, 100) if math.ceil(k * stair) < 100]
    assert changes(schedule, 100) == starts
    if stair == int(stair):
        assert rates(schedule, *starts) == pytest.approx(rates(smooth, *starts), rel=1e-12)


def test_mobilenet_v2_of_the_model_garden() -> None:
    """0.064 · 0.96^⌊t/3125⌋, 2.5 epochs of 1,250 steps."""
    schedule = compiled(
        steps=6400, per_epoch=1250, kind="exponential", initial_lr=0.064, decay_rate=0.96,
        decay_every="2.5 epochs", staircase=True,
    )  # fmt: skip
    assert rates(schedule, 0, 1250, 3124) == [0.064] * 3
    assert rates(schedule, 3125, 6249) == pytest.approx([0.064 * 0.96] * 2, rel=1e-12)
    assert rates(schedule, 6250) == pytest.approx([0.064 * 0.96**2], rel=1e-12)


@pytest.mark.parametrize("kind", DECAYS)
def test_every_holds_the_smooth_curve_between_two_changes(kind: str) -> None:
    schedule = compiled(kind=kind, initial_lr=1.0, decay_every="20 steps", every="1 epoch")
    smooth = compiled(kind=kind, initial_lr=1.0, decay_every="20 steps")
    assert rates(schedule, *range(100)) == rates(smooth, *(t // 10 * 10 for t in range(100)))


@pytest.mark.parametrize("kind", DECAYS)
@pytest.mark.parametrize(("keys", "place"), [
    ({"decay_every": "100 steps", "staircase": True}, "decay_every"),
    ({"decay_every": "11 epochs", "staircase": True}, "decay_every"),
    ({"decay_every": "5 steps", "every": "10 epochs"}, "every"),
    ({"decay_every": "5 steps", "every": "50 steps", "warmup": {"duration": "60 steps"}}, "every"),
])  # fmt: skip
def test_stairs_that_never_change_are_told(kind: str, keys: dict[str, object], place: str) -> None:
    found = compiled(kind=kind, initial_lr=1.0, **keys).warnings
    assert [(warning.path, "never changes" in warning.message) for warning in found] == [((place,), True)]


@pytest.mark.parametrize("kind", DECAYS)
@pytest.mark.parametrize("keys", [
    {"decay_every": "99 steps", "staircase": True},
    {"decay_every": "200 steps"},
    {"decay_every": "5 steps", "every": "99 steps"},
    {"decay_every": "5 steps", "every": "50 steps", "warmup": {"duration": "30 steps"}},
])  # fmt: skip
def test_stairs_that_change_once_are_not_told(kind: str, keys: dict[str, object]) -> None:
    assert compiled(kind=kind, initial_lr=1.0, **keys).warnings == ()
