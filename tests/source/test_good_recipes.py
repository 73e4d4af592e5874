"""Unusual recipes that are right."""

import json
from pathlib import Path
from typing import Any

import pytest

from runner.diagnostics import render
from runner.source import Loaded, load
from tests.source.samples import MNIST, PHASES, PLATEAU, SAMPLES, small


def accepted(tmp_path: Path, data: bytes) -> Loaded:
    """Load a recipe that has no fault."""
    path = tmp_path / "r.yaml"
    path.write_bytes(data)
    loaded = load(path)
    assert loaded.ok, render(loaded.diagnostics)
    return loaded


SMALL = small()
GOOD = {
    "crlf": SMALL.replace("\n", "\r\n"),
    "old mac line ends": SMALL.replace("\n", "\r"),
    "byte order mark": "\ufeff" + SMALL,
    "no last line feed": SMALL.rstrip(),
    "document marks": f"---\n{SMALL}...\n",
    "comments everywhere": "# a\n\n  # b\n" + SMALL.replace("\n", "   # c: d\n"),
    "blank lines": SMALL.replace("\n", "\n\n\n"),
    "indented by seven": small(training="training:\n       epochs: 1"),
    "all in braces": "{" + SMALL.replace("\n", ",\n") + "}",
    "quoted keys": small(training="'training': {\"epochs\": 1}"),
    "explicit keys": small(training="? training\n: {epochs: 1}"),
    "name no": small(name="name: no"),
    "name off": small(name="name: off"),
    "name of digits in quotes": small(name='name: "12"'),
    "name with dots": small(name="name: v1.2-b_3"),
    "name that begins with a dot": small(name="name: .hidden"),
    "name y": small(name="name: y"),
    "literal block": small(description="description: |\n  one\n  two: three\n"),
    "folded block": small(description="description: >-\n  one\n  two"),
    "long plain text": small(description="description: one\n  two\n  three"),
    "unicode": small(description="description: Größe η₁ → 训练 🎂 é ‏עברית"),
    "escaped emoji": small(description=r'description: "\ud83d\ude00 \u00e9 \t"'),
    "markup in a description": small(description='description: "[bold red]x[/] <script> %s {x}"'),
    "empty description": small(description="description: ''"),
    "hexadecimal": small(seed="seed: 0xff"),
    "octal": small(seed="seed: 0o17"),
    "plus sign": small(seed="seed: +3"),
    "leading zeros": small(seed="seed: 007"),
    "largest seed": small(seed="seed: 4294967295"),
    "exponent": small(schedule="schedule: {kind: constant, learning_rate: 1e-3}"),
    "point first": small(schedule="schedule: {kind: constant, learning_rate: .5}"),
    "point last": small(schedule="schedule: {kind: constant, learning_rate: 1.}"),
    "capital exponent": small(schedule="schedule: {kind: constant, learning_rate: 1E-3}"),
    "whole number for a rate": small(schedule="schedule: {kind: constant, learning_rate: 1}"),
    "ratio": small(schedule="schedule: {kind: constant, learning_rate: 1/255}"),
    "ratio with spaces": small(schedule="schedule: {kind: constant, learning_rate: 1 / 2.5e2}"),
    "ratio in quotes": small(schedule="schedule: {kind: constant, learning_rate: '1/255'}"),
    "null schedule": small(schedule="schedule: null"),
    "tilde schedule": small(schedule="schedule: ~"),
    "schedule of nothing": small(schedule="schedule:"),
    "singular durations": small(schedule="schedule: {kind: exponential, initial_lr: 1, decay_every: 1 epoch}"),
    "duration without a space": small(schedule="schedule: {kind: exponential, initial_lr: 1, decay_every: 500steps}"),
    "half an epoch": small(schedule="schedule: {kind: exponential, initial_lr: 1, decay_every: .5 epochs}"),
    "from as a key": PHASES,
    "block layers": small(
        model="model:\n  kind: sequential\n  layers:\n  - kind: dense\n    units: 3\n  -\n    kind: flatten"
    ),
    "list on one size": small(
        model="model: {kind: sequential, layers: [{kind: conv2d, filters: 1, kernel_size: [3, 5], strides: 2}]}"
    ),
    "expectations": small(expect="expect: {test_accuracy: '>=.9', val_loss: '<   2e-1'}"),
    "nested base": PLATEAU,
    "the example of the language": MNIST,
    "json": json.dumps(
        {
            "recipe": 1, "name": "j", "task": "classification", "data": {"source": "builtin", "name": "iris"},
            "model": {"kind": "sequential", "layers": [{"kind": "dense", "units": 3, "use_bias": False}]},
            "training": {"epochs": 1, "loss": None}, "description": "\U0001f600/é\\\"",
        }
    ),
}  # fmt: skip
GOOD["json with tabs"] = json.dumps(json.loads(GOOD["json"]), indent="\t")
GOOD["compact json"] = json.dumps(json.loads(GOOD["json"]), separators=(",", ":"), ensure_ascii=False)


@pytest.mark.parametrize("text", GOOD.values(), ids=list(GOOD))
def test_an_unusual_recipe_is_accepted(tmp_path: Path, text: str) -> None:
    accepted(tmp_path, text.encode())


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        (GOOD["name no"], ("name",), "no"),
        (GOOD["hexadecimal"], ("seed",), 255),
        (GOOD["octal"], ("seed",), 15),
        (GOOD["leading zeros"], ("seed",), 7),
        (GOOD["exponent"], ("schedule", "learning_rate"), 0.001),
        (GOOD["escaped emoji"], ("description",), "😀 é \t"),
        (GOOD["literal block"], ("description",), "one\ntwo: three\n"),
        (GOOD["folded block"], ("description",), "one two"),
        (GOOD["old mac line ends"], ("name",), "small"),
        (GOOD["json"], ("description",), '😀/é\\"'),
    ],
)
def test_values_are_those_of_yaml_1_2(tmp_path: Path, text: str, path: tuple[str, ...], value: Any) -> None:
    document = accepted(tmp_path, text.encode()).document
    assert document is not None
    data: Any = document.data
    for key in path:
        data = data[key]
    assert data == value
    assert type(data) is type(value)


def test_a_ratio_becomes_a_number(tmp_path: Path) -> None:
    recipe = accepted(tmp_path, MNIST.encode()).recipe
    assert recipe is not None
    assert recipe.data.scale == 1 / 255


@pytest.mark.parametrize("text", SAMPLES)
def test_every_value_has_the_span_of_its_text(tmp_path: Path, text: str) -> None:
    document = accepted(tmp_path, ("\ufeff" + text.replace("\n", "\r\n")).encode()).document
    assert document is not None
    lines = text.split("\n")
    for path, value in leaves(document.data):
        span = document.span(path)
        shown = lines[span.line - 1][span.column - 1 : span.end_column - 1]
        assert shown.strip("\"'") == str(value) or shown in (str(path[-1]), "1e-3", "1e-4", "true"), (path, shown)


def leaves(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Any]]:
    """All scalars with their paths."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else None
    if items is None:
        return [(path, data)]
    return [leaf for key, value in items for leaf in leaves(value, (*path, key))]


def test_the_text_is_kept_as_it_was_written(tmp_path: Path) -> None:
    text = "\ufeff# a recipe\r\n" + small().replace("\n", "\r\n")
    assert accepted(tmp_path, text.encode()).written == text


def test_a_file_that_cannot_be_read_has_no_text(tmp_path: Path) -> None:
    assert load(tmp_path / "none.yaml").written == ""


def test_there_are_enough_unusual_recipes() -> None:
    assert len(GOOD) >= 40
