"""Numbers have one form wherever they are shown."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.numerals import in_words, named_values, setting, way


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (1.0, "1"), (0.1, "0.1"), (0.1234567, "0.1234567"), (1e6, "1.0e+06"), (1e-7, "1.0e-07"),
        (99999.0, "99999"), (123456.0, "1.23456e+05"), (2.5e-4, "2.5e-04"), (math.inf, "inf"),
    ],
)  # fmt: skip
def test_a_setting_has_the_form_of_a_rate_and_all_of_its_digits(value: float, text: str) -> None:
    assert setting(value) == text


@given(st.floats(allow_nan=False))
def test_settings_that_differ_never_look_the_same(value: float) -> None:
    assert float(setting(value)) == value


def test_the_values_of_a_recipe_in_words() -> None:
    assert in_words([0.9, 1.1], between=" … ") == "0.9 … 1.1"
    assert in_words([]) == "none"
    assert in_words({"kind": "l2", "factor": 1e-4}) == "l2 (factor 1.0e-04)"
    clip = {"norm": 1.0}
    values = {"accumulate": 4, "nesterov": True, "amsgrad": False, "clip": clip, "1": 2.0, "off_after": "5 epochs"}
    assert named_values(values) == "accumulate 4, nesterov, no amsgrad, clip (norm 1), 1: 2, off after 5 epochs"


def test_a_way_of_one_value_is_that_value() -> None:
    assert way(0.1, 1e6) == "0.1 → 1.0e+06"
    assert way(0.949691, 0.9496912) == "0.94969"
