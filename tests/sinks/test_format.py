"""Numbers as they are shown."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.sinks import formatting as fmt


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"),
        (0.1, "0.1"),
        (0.00312, "0.00312"),
        (0.0031234, "0.0031234"),
        (0.0999, "0.0999"),
        (1e-5, "1e-05"),
        (0.00012345, "0.0001234"),
        (12345.6, "12346"),
        (99999.7, "1e+05"),
        (nan, "nan"),
        (inf, "inf"),
    ],
)
def test_rate(value: float, shown: str) -> None:
    assert fmt.rate(value) == shown


@given(st.floats(min_value=1e-12, max_value=1e12))
def test_a_rate_fits_its_column_and_differs_from_a_neighbour(value: float) -> None:
    assert len(fmt.rate(value)) <= 9
    assert fmt.rate(value) != fmt.rate(value * 1.002)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0.0000"),
        (2.30258, "2.3026"),
        (0.00004, "4e-05"),
        (99.99996, "100.000"),
        (2777.81, "2777.81"),
        (123456.0, "123456"),
        (1234567.0, "1.235e+06"),
        (7.702e-07, "7.702e-07"),
        (nan, "nan"),
        (None, "-"),
    ],
)
def test_measure(value: float | None, shown: str) -> None:
    assert fmt.measure(value) == shown


def test_a_momentum_below_one_is_not_shown_as_one() -> None:
    assert (fmt.momentum(0.99999), fmt.momentum(0.9), fmt.momentum(None)) == ("0.99999", "0.90000", "-")


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.42, "0.42s"), (9.996, "10.0s"), (59.94, "59.9s"), (59.97, "1m00s"), (125, "2m05s"), (3725, "1h02m")],
)
def test_seconds(value: float, shown: str) -> None:
    assert fmt.seconds(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(0.4, "0 examples/s"), (987.6, "988 examples/s"), (56_234.0, "56,200 examples/s")]
)
def test_speed(value: float, shown: str) -> None:
    assert fmt.speed(value) == shown


def test_wide_characters_take_two_columns() -> None:
    assert fmt.width("学習a") == 5
    assert fmt.pad("学習", 6) == "  学習"
    assert fmt.clip("学習率です", 6) == "学習~"
    assert fmt.clip("abcdef", 4) == "abc~"
    assert fmt.clip("abc", 0) == ""
