"""Statistics and treatments of columns: exact on hard numbers, however blocks are cut, and equal to Keras' layers."""

from fractions import Fraction

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.datasets import load_diabetes

from runner.data.statistics.categories import WordCounts
from runner.data.statistics.number_treatment import Fill, NumberTreatment, fit_number
from runner.data.statistics.numeric import Moments, NumberStatistics
from runner.data.statistics.word_treatment import WordTreatment, fit_words
from runner.errors import DataError

NAN = np.nan
SPEED = settings(max_examples=40, deadline=None)


def seen(values: list[float] | NDArray[np.float64], ranked: bool = True) -> NumberStatistics:
    found = NumberStatistics(ranked)
    for block in np.array_split(np.asarray(values, float), 3):
        found.add(block)
    return found


def exact(values: list[float]) -> tuple[float, float]:
    parts = [Fraction(value) for value in values]
    mean = sum(parts, Fraction()) / len(parts)
    return float(mean), float(sum(((p - mean) ** 2 for p in parts), Fraction()) / len(parts))


@SPEED
@given(
    st.lists(st.floats(-1e3, 1e3, width=32), min_size=1, max_size=60),
    st.sampled_from([0.0, 1.0, 1e9, -1e12]),
    st.integers(1, 7),
)
def test_moments_are_exact_on_large_offsets_however_blocks_are_cut(
    small: list[float], offset: float, blocks: int
) -> None:
    values = [value + offset for value in small]
    moments = Moments()
    for block in np.array_split(np.array(values), blocks):
        moments.add(block)
    mean, variance = exact(values)
    assert moments.mean == pytest.approx(mean, rel=1e-14, abs=1e-12)
    assert moments.variance == pytest.approx(variance, rel=1e-9, abs=1e-18 + 1e-24 * offset**2)
    assert (moments.low, moments.high, moments.count) == (min(values), max(values), len(values))


def test_a_small_spread_around_a_billion_is_seen() -> None:
    values = 1e9 + np.random.default_rng(0).normal(0, 1e-3, 30_000)
    moments = Moments()
    for block in np.array_split(values, 40):
        moments.add(block)
    assert moments.variance == pytest.approx(exact(values.tolist())[1], rel=1e-8)


def test_missing_values_are_counted_and_take_no_part() -> None:
    found = seen([1, NAN, 3, NAN, 5])
    assert (found.moments.missing, found.moments.mean, found.median) == (2, 3.0, 3.0)


def test_quantiles_are_numpys_and_the_mode_is_the_least_of_equals() -> None:
    column = load_diabetes().data[:, 2]
    found = seen(column)
    assert found.quantiles(0.01, 0.5, 0.99) == tuple(np.quantile(column, [0.01, 0.5, 0.99]))
    assert seen([3, 1, 3, 1, 2]).mode == 1
    with pytest.raises(ValueError, match="ranked"):
        seen([1.0], ranked=False).quantiles(0.5)


@pytest.mark.parametrize(("missing", "fill"), [("mean", 4), ("median", 2), ("mode", 1), ("constant", -7)])
def test_missing_values_are_filled(missing: Fill, fill: float) -> None:
    treatment = NumberTreatment(missing=missing, constant=-7, scale="none", indicator=True)
    fitted = fit_number("x", seen([1, NAN, 1, 2, 3, 13]), treatment)
    assert fitted.apply(np.array([NAN, 5.0])).tolist() == [[fill, 1], [5, 0]]


def test_a_value_that_is_missing_where_rows_without_one_are_dropped_is_named() -> None:
    values = np.array([1, NAN, 3])
    treatment = NumberTreatment(missing="drop")
    with pytest.raises(DataError, match="column 'x': row 2 of these has no value"):
        fit_number("x", seen(values), treatment).apply(values)


def test_standard_is_keras_normalization() -> None:
    train, other = np.split(load_diabetes(scaled=False).data, [300])
    for column in range(train.shape[1]):
        fitted = fit_number("x", seen(train[:, column]), NumberTreatment())
        layer = keras.layers.Normalization(mean=[fitted.offset], variance=[fitted.factor**-2])
        expected = np.asarray(layer(other[:, [column]].astype(np.float32)))
        np.testing.assert_allclose(fitted.apply(other[:, column]), expected, atol=2e-5)
        scaled = fitted.apply(train[:, column])
        assert abs(float(scaled.mean(dtype=float))) < 1e-6
        assert float(scaled.std(dtype=float)) == pytest.approx(1, abs=1e-6)


def test_minmax_log1p_and_clip() -> None:
    values = np.array([0.0, 1, 2, 3, 100])
    assert fit_number("x", seen(values), NumberTreatment(scale="minmax")).apply(
        values
    ).ravel().tolist() == pytest.approx([0, 0.01, 0.02, 0.03, 1])
    logs = fit_number("x", seen(values), NumberTreatment(scale="log1p")).apply(values).ravel()
    np.testing.assert_allclose(logs, np.log1p(values), rtol=1e-6)
    clipped = fit_number("x", seen(values), NumberTreatment(scale="minmax", clip=(0, 0.75)))
    assert clipped.apply(np.array([-5.0, 1.5, 1e9])).ravel().tolist() == [0, 0.5, 1]
    standard = fit_number("x", seen(values), NumberTreatment(clip=(0.25, 0.75)))
    assert standard.apply(values).mean() == pytest.approx(0, abs=1e-6)
    assert standard.apply(values).std() == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("scale", ["standard", "minmax"])
@pytest.mark.parametrize("value", [0.0, 0.1, 1e9 + 0.3])
def test_a_constant_column_is_reported_and_stays_small(scale: str, value: float) -> None:
    fitted = fit_number("x", seen([value] * 7), NumberTreatment(scale=scale))  # type: ignore[arg-type]
    assert fitted.constant
    np.testing.assert_allclose(fitted.apply(np.array([value])), [[0]], atol=1e-6)


@pytest.mark.parametrize(
    ("values", "treatment", "said"),
    [
        ([NAN, NAN], {}, "has no value in the training part"),
        ([-1, 2], {"scale": "log1p"}, "has -1; log1p takes values above -1"),
        ([1, 2], {"scale": "log1p", "missing": "constant", "constant": -1.0}, "constant -1 for missing values"),
        ([-1e308, 1e308], {}, "has values up to 1e\\+308, too large"),
        ([1e200, 0], {}, "has values up to 1e\\+200, too large"),
        ([1, 2], {"clip": (0.9, 0.1)}, "two rising shares"),
        ([1, 2], {"clip": (0.0, 1.1)}, "two rising shares"),
        ([1, 2], {"missing": "constant", "constant": NAN}, "a finite number, got nan"),
    ],
)
def test_what_cannot_be_learnt_is_refused(values: list[float], treatment: dict[str, object], said: str) -> None:
    with pytest.raises(DataError, match=said):
        fit_number("x", seen(values), NumberTreatment(**treatment))  # type: ignore[arg-type]


def test_a_later_value_without_a_logarithm_is_refused() -> None:
    fitted = fit_number("x", seen([1, 2]), NumberTreatment(scale="log1p"))
    with pytest.raises(DataError, match="column 'x' has -2"):
        fitted.apply(np.array([-2.0]))


WORDS = ("a", "b", "c", "d")


def counted(text: str) -> WordCounts:
    found = WordCounts(WORDS)
    found.add(np.array([WORDS.index(letter) if letter in WORDS else -1 for letter in text[:3]]))
    found.add(np.array([WORDS.index(letter) if letter in WORDS else -1 for letter in text[3:]], int))
    return found


def test_words_are_ordered_by_count_and_then_by_the_word() -> None:
    found = counted("dcbcb.d.")
    assert found.ordered() == [("b", 2), ("c", 2), ("d", 2)]
    assert (found.mode, found.missing, found.constant) == ("b", 2, False)
    assert counted("aaaa").constant
    assert not counted("aaa.").constant


def test_places_are_those_of_keras_string_lookup() -> None:
    fitted = fit_words("x", counted("ccabbc"), WordTreatment(encoding="index"))
    assert fitted.words == ("c", "b", "a")
    lookup = keras.layers.StringLookup(vocabulary=list(fitted.words))
    codes = np.array([0, 1, 2, 3])
    assert fitted.apply(codes, WORDS).ravel().tolist() == np.asarray(lookup(np.array(WORDS))).tolist()


def test_one_hot_is_keras_category_encoding() -> None:
    fitted = fit_words("x", counted("ccab.b"), WordTreatment())
    codes = np.array([3, 2, -1, 0])
    encoding = keras.layers.CategoryEncoding(num_tokens=fitted.size, output_mode="one_hot")
    assert np.array_equal(fitted.apply(codes, WORDS), np.asarray(encoding(fitted.places(codes, WORDS))))


@pytest.mark.parametrize(
    ("treatment", "places", "rare"),
    [
        ({}, [3, 1, 2, 0, 4], 0),
        ({"at_least": 2}, [0, 1, 2, 0, 3], 1),
        ({"at_most": 1}, [0, 1, 0, 0, 2], 2),
        ({"missing": "mode"}, [3, 1, 2, 0, 1], 0),
        ({"missing": "constant", "constant": "a"}, [3, 1, 2, 0, 3], 0),
        ({"missing": "constant", "constant": "z"}, [3, 1, 2, 0, 0], 0),
    ],
)
def test_rare_unseen_and_missing_words_have_their_places(
    treatment: dict[str, object], places: list[int], rare: int
) -> None:
    fitted = fit_words("x", counted("bbcca."), WordTreatment(encoding="index", **treatment))  # type: ignore[arg-type]
    assert fitted.places(np.array([0, 1, 2, 3, -1]), WORDS).tolist() == places
    assert (fitted.rare, fitted.size) == (rare, max(places) + 1)


def test_a_value_that_training_never_lacked_is_unseen() -> None:
    assert fit_words("x", counted("aabb"), WordTreatment()).places(np.array([-1]), WORDS).tolist() == [0]
    with pytest.raises(DataError, match="row 2 of these has no value"):
        fit_words("x", counted("aab."), WordTreatment(missing="drop")).places(np.array([0, -1]), WORDS)
    with pytest.raises(DataError, match="has no value in the training part"):
        fit_words("x", counted("...."), WordTreatment())
