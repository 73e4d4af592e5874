"""Written YAML is readable and reads back to the same data."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.source.editing.emit import to_yaml
from runner.source.yaml.nodes import to_data
from runner.source.yaml.parse import parse
from runner.source.yaml.positions import SourceText
from runner.source.yaml.read import Budget, check_characters
from tests.source.samples import SAMPLES


def read(text: str) -> Any:
    """The data of a text, by our own reader."""
    source = SourceText("t", text)
    check_characters(source)
    root, problems = parse(source, Budget(nodes=10**6))
    assert problems == []
    assert root is not None
    return to_data(root)


def test_the_look() -> None:
    data = {
        "recipe": 1,
        "name": "a",
        "data": {"splits": {"train": "train[:55000]"}, "scale": "1/255", "expect": {"test_accuracy": ">= 0.9"}},
        "model": {"layers": [{"kind": "flatten"}, {"kind": "dense", "units": 300, "dropout": 0.3}]},
        "schedule": {"kind": "1cycle", "max_lr": 1e-3, "up": {"duration": "45%"}, "down": {"duration": "2 epochs"}},
        "training": {"metrics": ["accuracy"], "loss": None, "early_stopping": {}, "nesterov": True},
        "phases": [{"name": "up", "learning_rate": {"from": 0.1, "to": 1}}],
    }
    assert to_yaml(data) == (
        "recipe: 1\n"
        "name: a\n"
        "data:\n"
        "  splits:\n"
        '    train: "train[:55000]"\n'
        "  scale: 1/255\n"
        "  expect:\n"
        '    test_accuracy: ">= 0.9"\n'
        "model:\n"
        "  layers:\n"
        "    - {kind: flatten}\n"
        "    - {kind: dense, units: 300, dropout: 0.3}\n"
        "schedule:\n"
        "  kind: 1cycle\n"
        "  max_lr: 0.001\n"
        "  up:\n"
        "    duration: 45%\n"
        "  down:\n"
        "    duration: 2 epochs\n"
        "training:\n"
        "  metrics: [accuracy]\n"
        "  loss: null\n"
        "  early_stopping: {}\n"
        "  nesterov: true\n"
        "phases:\n"
        "  - name: up\n"
        "    learning_rate:\n"
        "      from: 0.1\n"
        "      to: 1\n"
    )


@pytest.mark.parametrize("text", SAMPLES)
def test_samples_read_back(text: str) -> None:
    data = read(text)
    assert read(to_yaml(data)) == data


@pytest.mark.parametrize(
    "value",
    [
        "", " ", "a ", " a", "no", "yes", "null", "~", "true", "12", "1e3", "0x1", ".5", ".inf", ".nan", "1e999", "-",
        "- a", "?", "? a", ":", "a: b", "a:", "a #b", "#", "*a", "&a", "!a", "%a", "@a", "`a`", "[a]", "{a}", "a, b",
        "'",        '"', "''",
        "\\", "|", ">", "---", "--- a", "...", "<<", "=", "a\nb", "\n", "\t", "é", "训练", "😀", "\u2028", "\ufeff",
        "\xa0",
        "1/255", "45%", "3 epochs", ">= 0.9", "train[:55000]", "x" * 500, "\u202e", "0o7", "1_000", "12:30",
    ],
)  # fmt: skip
def test_text_reads_back(value: str) -> None:
    data = {"a": value, "b": [value, {"c": value}], "key": {"d": [value]}}
    assert read(to_yaml(data)) == data


@pytest.mark.parametrize("value", [0, -1, 10**30, 0.1, 1e-7, 1e22, 5e-324, 1.7976931348623157e308, -0.0, 1 / 255])
def test_numbers_read_back_exactly(value: float) -> None:
    found = read(to_yaml({"a": value}))["a"]
    assert repr(found) == repr(value)


def test_an_empty_list_stays_one_under_a_key_longer_than_a_line() -> None:
    assert read(to_yaml({"k" * 200: []})) == {"k" * 200: []}


def test_other_values_are_refused() -> None:
    with pytest.raises(TypeError, match="got object"):
        to_yaml({"a": object()})


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]))
LEAVES = (
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False) | TEXT
)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=20
)


@given(st.dictionaries(TEXT, TREES, max_size=5))
def test_any_data_reads_back(data: dict[str, Any]) -> None:
    text = to_yaml(data)
    assert read(text) == data
    assert to_yaml(read(text)) == text
