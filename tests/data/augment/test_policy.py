"""RandAugment: its operations against Pillow's, and what an image draws."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image, ImageEnhance, ImageOps

from runner.data.augment import color_ops
from runner.data.augment.draws import Places
from runner.data.augment.geometry import Frame
from runner.data.augment.policy import COLORS, MOVES, OPERATIONS
from tests.data.augment.test_draws import made

Pillow = Callable[[Any], Any]
N = 6


def photos(sides: tuple[int, ...] = (9, 12, 3)) -> np.ndarray:
    """Soft pictures that do not use all numbers."""
    made = np.random.default_rng(1)
    whole = made.integers(30, 200, (N, *sides))
    return ((whole + np.roll(whole, 1, 1) + np.roll(whole, 1, 2)) // 3).astype(np.uint8)


PILLOW: dict[str, tuple[float, Pillow, float]] = {
    "brightness": (1.7, lambda image: ImageEnhance.Brightness(image).enhance(1.7), 1),
    "color": (0.3, lambda image: ImageEnhance.Color(image).enhance(0.3), 1.5),
    "contrast": (1.6, lambda image: ImageEnhance.Contrast(image).enhance(1.6), 1.5),
    "sharpness": (1.8, lambda image: ImageEnhance.Sharpness(image).enhance(1.8), 1.5),
    "posterize": (3, lambda image: ImageOps.posterize(image, 3), 0),
    "solarize": (128, lambda image: ImageOps.solarize(image, 128), 0),
    "autocontrast": (0, lambda image: ImageOps.autocontrast(image), 1),
    "equalize": (0, lambda image: ImageOps.equalize(image), 0),
}


@pytest.mark.parametrize("name", COLORS)
@pytest.mark.parametrize("sides", [(9, 12, 3), (30, 40, 3), (30, 40, 1)], ids=str)
def test_operations_on_colours_are_pillows_but_for_its_rounding(name: str, sides: tuple[int, ...]) -> None:
    parameter, pillow, tolerance = PILLOW[name]
    images = photos(sides)
    given = tf.fill([N, 1, 1, 1], float(parameter))
    found = COLORS[name](tf.constant(images, tf.float32), given).numpy()
    for image, mine in zip(images, found, strict=True):
        theirs = np.asarray(pillow(Image.fromarray(image if sides[2] == 3 else image[..., 0])))
        np.testing.assert_allclose(mine, theirs.reshape(image.shape), atol=tolerance)
    same = (name == "color" and sides[2] == 1) or (name == "equalize" and sides == (9, 12, 3))  # under 255 pixels
    assert same == np.array_equal(found, images)


def test_a_channel_of_one_number_stays() -> None:
    images = tf.fill([2, 5, 5, 3], 77.0)
    for operation in (color_ops.autocontrast, color_ops.equalize):
        np.testing.assert_array_equal(operation(images, tf.zeros([2, 1, 1, 1])), images)


def test_each_operation_is_as_likely_and_acts_on_its_own_images_alone() -> None:
    augmentation = made({"kind": "rand_augment", "operations": 1, "magnitude": 20}, frame=Frame(9, 12))
    drawn = augmentation.drawn(Places(1, 0, 0, 7000))
    counts = np.bincount(drawn[:, 0].astype(int), minlength=len(OPERATIONS))
    assert (np.abs(counts - 500) < 5 * np.sqrt(500)).all()
    images = np.tile(photos(), (20, 1, 1, 1))
    numbers = drawn[: len(images)]
    found = augmentation.images(tf.constant(images), tf.constant(numbers)).numpy()
    moves = (numbers[:, 0] >= 1) & (numbers[:, 0] <= len(MOVES))
    assert (np.abs(numbers[:, 1:7] - [1, 0, 0, 0, 1, 0]).any(axis=1) == moves).all()
    for k, (place, *_, parameter) in enumerate(numbers):
        name = OPERATIONS[int(place)]
        one = tf.constant(images[k : k + 1], tf.float32)
        if name in COLORS:
            wanted = COLORS[name](one, tf.fill([1, 1, 1, 1], parameter))[0].numpy()
            np.testing.assert_allclose(found[k], wanted, atol=1e-3, err_msg=name)
        elif name == "identity":
            np.testing.assert_array_equal(found[k], images[k].astype(np.float32))
        else:
            assert (found[k] != images[k]).any(), name


def test_rounds_draw_apart_and_a_share_of_the_images_stays() -> None:
    policy = {"kind": "rand_augment", "operations": 3, "probability": 0.25}
    drawn = made(policy).drawn(Places(1, 0, 0, 4000)).reshape(4000, 3, 8)
    stays = (drawn[:, :, 0] == 0).all(axis=1)
    assert abs(stays.mean() - 0.75) < 0.03
    acting = drawn[~stays]
    assert abs((acting[:, 0, 0] == acting[:, 1, 0]).mean() - 1 / 14) < 0.03
