"""The core schema of YAML 1.2."""

import math

import pytest

from runner.source.yaml.scalars import join_surrogates, resolve


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("~", None), ("null", None), ("Null", None), ("NULL", None), ("nULL", "nULL"), ("none", "none"),
        ("true", True), ("True", True), ("TRUE", True), ("false", False), ("yes", "yes"), ("no", "no"), ("on", "on"),
        ("0", 0), ("-0", 0), ("+12", 12), ("010", 10), ("0o10", 8), ("0x1F", 31), ("-0x1F", "-0x1F"), ("0b1", "0b1"),
        ("1_000", "1_000"), ("12:30", "12:30"), ("1,000", "1,000"), ("2020-01-01", "2020-01-01"),
        ("1e3", 1000.0), ("1E+3", 1000.0), (".5", 0.5), ("5.", 5.0), ("-1.5e-3", -0.0015), ("1e", "1e"), (".", "."),
        ("-", "-"), ("+", "+"), ("1.2.3", "1.2.3"), ("e3", "e3"), ("0.0e999", 0.0), ("٣", "٣"), ("1/255", "1/255"),
        ("9" * 40, int("9" * 40)),
    ],
)  # fmt: skip
def test_plain_scalars(text: str, value: object) -> None:
    found = resolve(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "text", [".inf", "-.Inf", "+.INF", ".nan", ".NaN", "1e309", "-1e309", "1e-400", "9" * 41, "0x" + "f" * 50]
)
def test_numbers_that_no_recipe_can_hold(text: str) -> None:
    with pytest.raises(ValueError, match=r"[a-z]"):
        resolve(text)


def test_the_smallest_float_is_kept() -> None:
    assert resolve("5e-324") == math.ulp(0)


def test_surrogate_pairs_are_joined_and_halves_refused() -> None:
    assert join_surrogates("a\ud83d\ude00é") == "a😀é"
    with pytest.raises(ValueError, match="half"):
        join_surrogates("\ude00\ud83d")
