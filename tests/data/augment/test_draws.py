"""The numbers of an example: its own, whatever else is asked for; and the shapes that are made of them."""

from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter
from scipy import stats

from runner.data.augment.augmentation import Augmentation
from runner.data.augment.draws import Places, uniforms
from runner.data.augment.geometry import Frame
from runner.data.augment.mixing import beta_quantile
from runner.data.augment.timing import Clock
from schemas.augment import Augmentations

FRAME = Frame(12, 9)
EVERYTHING: list[dict[str, Any]] = [
    {"kind": "flip", "mode": "horizontal_and_vertical"},
    {"kind": "rotate", "degrees": 30},
    {"kind": "crop", "padding": 2},
    {"kind": "contrast", "factor": 0.5, "probability": 0.5},
    {"kind": "brightness", "factor": 0.5},
    {"kind": "erase"},
    {"kind": "mixup", "alpha": 0.4},
    {"kind": "cutmix"},
]


def made(*transforms: dict[str, Any], ends: list[int | None] | None = None, frame: Frame = FRAME) -> Augmentation:
    """Transforms for a run of batches of 8 and 10 steps an epoch."""
    listed = TypeAdapter(Augmentations).validate_python(transforms)
    return Augmentation(listed, ends or [None] * len(listed), frame, Clock(8, 10))


def test_numbers_are_uniform_and_differ_between_seeds_epochs_places_and_streams() -> None:
    kinds = [
        uniforms(Places(*where, 0, 5000), stream, 3) for *where, stream in ([1, 0, 0], [2, 0, 0], [1, 1, 0], [1, 0, 1])
    ]
    assert len(np.unique(np.concatenate(kinds))) == 4 * 5000 * 3
    for values in kinds:
        for column in values.T:
            assert stats.kstest(column, "uniform").pvalue > 1e-3


def test_an_example_has_the_same_numbers_however_many_are_asked_for_at_once() -> None:
    augmentation = made(*EVERYTHING)
    whole = augmentation.drawn(Places(5, 3, 0, 77))
    assert whole.shape == (77, augmentation.width)
    for size in (1, 7, 30):
        parts = [augmentation.drawn(Places(5, 3, start, min(start + size, 77))) for start in range(0, 77, size)]
        np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_what_has_ended_changes_nothing_from_its_step_on() -> None:
    """Batches of 8: step 13 of an epoch of 10 is the fourth batch of the second one."""
    ended = made(*EVERYTHING, ends=[13] * len(EVERYTHING)).drawn(Places(5, 1, 0, 77))
    whole = made(*EVERYTHING).drawn(Places(5, 1, 0, 77))
    np.testing.assert_array_equal(ended[:24], whole[:24])
    still = ended[24:]
    assert (still == still[0]).all()
    frame = [1, 0, 0, 0, 1, 0]
    expected = [
        *frame,
        *frame,
        1,
        1,
        0,
        0,
        0,
        0,
        1,
        0,
        0,
        0,
        0,
        1,
    ]  # flip and rotation are one operation, the crop another
    np.testing.assert_array_equal(still[0], expected)


def test_where_one_of_two_ways_to_mix_has_ended_the_other_takes_all() -> None:
    both = made({"kind": "mixup", "alpha": 1.0}, {"kind": "cutmix"}).drawn(Places(0, 0, 0, 4000))
    mixup = (both[:, 0] < 1).mean()
    assert abs(mixup - 0.5) < 0.03
    left = made({"kind": "mixup", "alpha": 1.0}, {"kind": "cutmix"}, ends=[None, 0]).drawn(Places(0, 0, 0, 4000))
    assert (left[:, 0] < 1).all()


@pytest.mark.parametrize("alpha", [0.2, 1.0, 3.0])
def test_shares_are_from_the_beta_distribution(alpha: float) -> None:
    share = beta_quantile(alpha, uniforms(Places(1, 0, 0, 4000), 0, 1)[:, 0])
    assert stats.kstest(share, stats.beta(alpha, alpha).cdf).pvalue > 1e-3
    drawn = made({"kind": "mixup", "alpha": alpha}).drawn(Places(1, 0, 0, 4000))
    assert stats.kstest(drawn[:, 5], stats.beta(alpha, alpha).cdf).pvalue > 1e-3
    np.testing.assert_array_equal(drawn[:, 0], drawn[:, 5])


def test_a_cut_rectangle_covers_what_the_label_says() -> None:
    drawn = made({"kind": "cutmix"}, frame=Frame(32, 32)).drawn(Places(1, 0, 0, 4000))
    _, top, bottom, left, right, own = drawn.T
    np.testing.assert_allclose((bottom - top) * (right - left) / 1024, 1 - own, atol=1e-6)
    assert top.min() == 0
    assert bottom.max() == 32
    assert 0.6 < own.mean() < 0.75  # less than half is covered, because the rectangle is cut at the edges


def test_erased_rectangles_have_the_area_and_the_ratio_that_is_asked_for() -> None:
    drawn = made({"kind": "erase", "probability": 1.0}, frame=Frame(200, 200)).drawn(Places(1, 0, 0, 4000))
    top, bottom, left, right = drawn.T
    height, width = bottom - top, right - left
    inside = (height < 200) & (width < 200)
    share = height * width / 200**2
    assert 0.019 < share[inside].min() < 0.03
    assert 0.3 < share[inside].max() < 0.335
    assert 0.28 < (height / width)[inside].min() < 0.4
    assert 2.5 < (height / width)[inside].max() < 3.6
    assert (top >= 0).all()
    assert (right <= 200).all()
    assert left.min() == 0


def test_a_share_of_the_images_is_changed() -> None:
    drawn = made({"kind": "brightness", "factor": 0.3, "probability": 0.2}).drawn(Places(1, 0, 0, 10_000))
    changed = drawn[:, 0] != 1
    assert abs(changed.mean() - 0.2) < 0.015
    assert 0.7 <= drawn.min() < 0.71
    assert 1.29 < drawn.max() <= 1.3
