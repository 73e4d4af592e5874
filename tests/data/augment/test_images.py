"""What becomes of images, against NumPy and Keras."""

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray
from scipy import stats

from runner.data.augment import image_ops
from runner.data.augment.augmentation import hard
from runner.data.augment.draws import Places, uniforms
from runner.data.augment.geometry import DRAWS, Frame, matrices, rotated
from schemas.image_changes import Zoom
from tests.data.augment.test_draws import made

Pixels = NDArray[Any]
N = 16
PLACES = Places(4, 2, 8, 8 + N)


def photos(*sides: int, of: Any = np.uint8) -> Pixels:
    values = np.random.default_rng(3).integers(0, 256, (N, *sides))
    return (values / 255 if of is np.float32 else values).astype(of)


def changed(images: Pixels, *transforms: dict[str, Any]) -> tuple[Pixels, Pixels]:
    """Changed images, and the numbers drawn for them."""
    augmentation = made(*transforms, frame=Frame(images.shape[1], images.shape[2]))
    drawn = augmentation.drawn(PLACES)
    return augmentation.images(tf.constant(images), tf.constant(drawn)).numpy(), drawn


@pytest.mark.parametrize("sides", [(7, 10), (7, 10, 1), (8, 5, 3), (4, 4, 6)])
@pytest.mark.parametrize("of", [np.uint8, np.float32])
def test_flips_are_exact_for_any_number_of_channels(sides: tuple[int, ...], of: Any) -> None:
    images = photos(*sides, of=of)
    found, _ = changed(images, {"kind": "flip", "mode": "horizontal_and_vertical"})
    u = uniforms(PLACES, 0, DRAWS)
    ways = [(bool(u[k, 0] < 0.5), bool(u[k, 1] < 0.5)) for k in range(N)]
    assert len(set(ways)) == 4
    for image, made_of, (sideways, upside_down) in zip(images, found, ways, strict=True):
        wanted = image[:: -1 if upside_down else 1, :: -1 if sideways else 1]
        np.testing.assert_array_equal(made_of, wanted.astype(np.float32))


def test_a_horizontal_flip_leaves_the_rows_in_place() -> None:
    images = photos(5, 6, 3)
    found, _ = changed(images, {"kind": "flip", "probability": 1.0})
    np.testing.assert_array_equal(found, images[:, :, ::-1].astype(np.float32))


def test_a_padded_crop_is_exact() -> None:
    images = photos(9, 7, 3)
    found, drawn = changed(images, {"kind": "crop", "padding": 3})
    padded = np.pad(images, [(0, 0), (3, 3), (3, 3), (0, 0)])
    starts = {(int(top), int(left)) for left, top in drawn[:, [2, 5]]}
    assert len(starts) > 10
    for k in range(N):
        left, top = (drawn[k, [2, 5]] + 3).astype(int)
        assert 0 <= min(left, top) <= max(left, top) <= 6
        np.testing.assert_array_equal(found[k], padded[k, top : top + 9, left : left + 7].astype(np.float32))


def test_a_smaller_part_is_scaled_to_the_image() -> None:
    """Bilinear scaling by half-pixel centres, as ``tf.image.resize`` does, inside of the edges."""
    images = photos(12, 12, 2)
    found, drawn = changed(images, {"kind": "crop", "size": [6, 6], "fill": "nearest"})
    for k in range(N):
        left, top = (drawn[k, [2, 5]] - (6 / 12) / 2 + 0.5).round().astype(int)
        wanted = tf.image.resize(images[k, top : top + 6, left : left + 6], [12, 12]).numpy()
        np.testing.assert_allclose(found[k, 1:-1, 1:-1], wanted[1:-1, 1:-1], atol=1e-3)


@pytest.mark.parametrize("fill", ["reflect", "nearest", "wrap", "constant"])
def test_rotations_are_those_of_keras(fill: Any) -> None:
    images = tf.constant(photos(11, 14, 3, of=np.float32))
    layer = keras.layers.RandomRotation(0.25, fill_mode=fill, data_format="channels_last", seed=5)
    theirs = layer.get_random_transformation(images, training=True)
    wanted = layer.transform_images(images, theirs, training=True)
    ours = rotated(np.radians(theirs["angle"].numpy()), Frame(11, 14))[:, :2].reshape(N, 6)
    found = image_ops.resampled(images, tf.constant(ours, tf.float32), fill, exact=False)
    np.testing.assert_allclose(found, wanted, atol=1e-4)


def test_angles_are_uniform_within_the_bound() -> None:
    drawn = made({"kind": "rotate", "degrees": 30.0}).drawn(Places(1, 0, 0, 4000))
    angles = np.degrees(np.arctan2(drawn[:, 3], drawn[:, 0]))
    assert stats.kstest(angles, stats.uniform(-30, 60).cdf).pvalue > 1e-3


@pytest.mark.parametrize("fill", ["reflect", "constant"])
def test_zooms_are_those_of_keras(fill: str) -> None:
    images = photos(11, 14, 3, of=np.float32)
    found, _ = changed(images, {"kind": "zoom", "factor": 0.4, "fill": fill})
    layer = keras.layers.RandomZoom((-0.4, 0.4), fill_mode=fill, data_format="channels_last")
    scale = tf.constant((1 / (0.6 + 0.8 * uniforms(PLACES, 0, DRAWS)[:, 1]))[:, None], tf.float32)
    given = {"height_zoom": scale, "width_zoom": scale, "input_shape": images.shape}
    np.testing.assert_allclose(found, layer.transform_images(tf.constant(images), given, training=True), atol=1e-4)


def test_a_translation_by_whole_pixels_moves_them() -> None:
    images = photos(6, 8, 1)
    affine = tf.constant([[1.0, 0, -2, 0, 1, 1]] * N)
    found = image_ops.resampled(tf.constant(images, tf.float32), affine, "constant", exact=False).numpy()
    wanted = np.zeros(images.shape, np.float32)
    wanted[:, :5, 2:] = images[:, 1:, :6]
    np.testing.assert_array_equal(found, wanted)


def test_translations_stay_within_their_share() -> None:
    _, drawn = changed(photos(20, 30), {"kind": "translate", "height": 0.1, "width": 0.2})
    assert np.abs(drawn[:, 5]).max() <= 2
    assert 3 < np.abs(drawn[:, 2]).max() <= 6
    assert (drawn[:, [0, 4]] == 1).all()


def test_neighbouring_moves_are_one_resampling_in_their_order() -> None:
    """A flip, then a move to the right: the other way round it would be a move to the left."""
    flip, move = {"kind": "flip", "probability": 1.0}, {"kind": "translate", "width": 0.5}
    _, drawn = changed(photos(6, 8), flip, move)
    _, alone = changed(photos(6, 8), {"kind": "flip", "probability": 1e-9}, move)
    assert drawn.shape == (N, 6)
    np.testing.assert_allclose(drawn[:, 0], -1)
    np.testing.assert_allclose(drawn[:, 2], 7 - alone[:, 2], rtol=1e-6)


def test_a_zoom_above_one_enlarges() -> None:
    zoom = Zoom(kind="zoom", factor=0.5)
    inverse = matrices(zoom, np.array([[0.0, 0.999, 0, 0]]), Frame(5, 5))[0]
    np.testing.assert_allclose(inverse @ [2, 2, 1], [2, 2, 1])  # the middle stays
    assert (inverse @ [4, 4, 1])[0] < 3.5


def test_contrast_is_that_of_keras_and_brightness_a_factor() -> None:
    images = photos(5, 6, 3)
    found, drawn = changed(images, {"kind": "contrast", "factor": 0.9}, {"kind": "brightness", "factor": 0.5})
    mean = images.mean((1, 2), keepdims=True)
    contrast, brightness = (drawn[:, k].reshape(N, 1, 1, 1) for k in (0, 1))
    wanted = np.clip(np.clip(mean + contrast * (images - mean), 0, 255) * brightness, 0, 255)
    np.testing.assert_allclose(found, wanted, atol=1e-3)
    assert len(np.unique(drawn)) == 2 * N
    layer = keras.layers.RandomContrast(0.9, value_range=(0, 255))
    theirs = layer.transform_images(tf.constant(images, tf.float32), {"contrast_factor": tf.constant(contrast)})
    ours = image_ops.contrasted(tf.constant(images, tf.float32), tf.constant(drawn[:, :1]), stored_as_bytes=True)
    np.testing.assert_allclose(ours, theirs, atol=1e-3)


def test_numbers_that_are_no_bytes_are_not_cut_off() -> None:
    found, _ = changed(10 * photos(4, 4, of=np.float32) - 5, {"kind": "brightness", "factor": 0.9})
    assert found.min() < -5
    assert found.max() > 5


@pytest.mark.parametrize("value", [7.0, "mean"])
def test_erased_pixels_have_the_value_and_all_others_stay(value: Any) -> None:
    images = photos(10, 10, 3)
    found, drawn = changed(images, {"kind": "erase", "probability": 0.7, "value": value})
    assert 0 < (drawn[:, 1] == 0).sum() < N
    for image, made_of, (top, bottom, left, right) in zip(images, found, drawn.astype(int), strict=True):
        wanted = image.astype(np.float32)
        cover = image.mean((0, 1)) if value == "mean" else value
        wanted[top:bottom, left:right] = cover
        np.testing.assert_allclose(made_of, wanted, rtol=1e-5)


@pytest.mark.parametrize("sides", [(8, 8), (8, 8, 3)])
def test_two_examples_are_mixed_by_their_share_and_their_rectangle(sides: tuple[int, ...]) -> None:
    images, others = photos(*sides), photos(*sides)[::-1]
    augmentation = made({"kind": "mixup", "alpha": 1.0}, {"kind": "cutmix"}, frame=Frame(8, 8))
    drawn = augmentation.drawn(PLACES)
    one, two = np.arange(N), np.arange(N) + 100
    given = (tf.constant(each) for each in (images.astype(np.float32), others.astype(np.float32), one, two))
    found, targets = augmentation.mixed(*given, drawn=tf.constant(drawn))
    for k, (share, top, bottom, left, right, own) in enumerate(drawn):
        wanted = share * images[k] + (1 - share) * others[k]
        box = (slice(int(top), int(bottom)), slice(int(left), int(right)))
        wanted[box] = others[k][box]
        np.testing.assert_allclose(found[k], wanted, rtol=1e-5, atol=1e-3)
        assert hard(targets)[k] == (one if own >= 0.5 else two)[k]
    np.testing.assert_array_equal(targets.share, drawn[:, 5])
