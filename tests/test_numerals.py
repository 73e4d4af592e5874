"""Numbers have one form wherever they are shown."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.numerals import in_words, named_values, rate, setting, short, way


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (1.0, "1"), (0.1, "0.1"), (0.1234567, "0.1234567"), (1e6, "1e+06"), (1e-7, "1e-07"),
        (99999.0, "99999"), (123456.0, "1.23456e+05"), (2.5e-4, "0.00025"), (math.inf, "inf"),
    ],
)  # fmt: skip
def test_a_setting_has_the_form_of_a_rate_and_all_of_its_digits(value: float, text: str) -> None:
    assert setting(value) == text


@given(st.floats(allow_nan=False))
def test_settings_that_differ_never_look_the_same(value: float) -> None:
    assert float(setting(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (0.1, "0.1"), (0.001, "0.001"), (0.949999988, "0.95"), (2.5e-4, "0.00025"), (1.5849e-4, "0.000158"),
        (9.9996e-5, "0.0001"), (5.8649e-5, "5.86e-05"), (1e-5, "1e-05"), (1234.0, "1234"), (-43210.6, "-43211"),
        (999.9, "1000"), (99999.7, "1e+05"), (1e6, "1e+06"), (math.nan, "nan"),
    ],
)  # fmt: skip
def test_a_short_number_has_its_first_digits(value: float, text: str) -> None:
    assert short(value) == text


@given(st.floats(1e-12, 1e-5) | st.floats(1e-4, 9e4))
def test_a_number_looks_the_same_wherever_it_is_shown(value: float) -> None:
    """One of three digits: a rate, a setting, on an axis, and as JSON has it."""
    value = float(f"{value:.2e}")
    assert {rate(value), setting(value), short(value)} == {json.dumps(value).removesuffix(".0")}


def test_the_values_of_a_recipe_in_words() -> None:
    assert in_words([0.9, 1.1], between=" … ") == "0.9 … 1.1"
    assert in_words([]) == "none"
    assert in_words({"kind": "l2", "factor": 1e-4}) == "l2 (factor 0.0001)"
    clip = {"norm": 1.0}
    values = {"accumulate": 4, "nesterov": True, "amsgrad": False, "clip": clip, "1": 2.0, "off_after": "5 epochs"}
    assert named_values(values) == "accumulate 4, nesterov, no amsgrad, clip (norm 1), 1: 2, off after 5 epochs"


def test_a_way_of_one_value_is_that_value() -> None:
    assert way(0.1, 1e6) == "0.1 → 1e+06"
    assert way(0.949691, 0.9496912) == "0.94969"
