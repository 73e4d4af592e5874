"""``recipe explain layer.KIND`` and ``model.KIND``."""

import re
from typing import Any

import pytest
from pydantic import TypeAdapter
from typer.testing import CliRunner

from runner.cli import app
from runner.explain.model_help import example, parts
from schemas.layers import Layer
from schemas.model import Model

TOPICS = [(topic, kind) for topic in ("layer", "model") for kind in parts(topic)]
ADAPTERS = {"layer": TypeAdapter[Any](Layer), "model": TypeAdapter[Any](Model)}


def explain(topic: str, width: int = 80) -> Any:
    return CliRunner().invoke(app, ["explain", topic, "--color", "never"], env={"COLUMNS": str(width)})


def test_the_lists_name_every_kind() -> None:
    for topic in ("layer", "model"):
        assert re.findall(rf"^{topic}\.(\w+)", explain(topic).stdout, re.MULTILINE) == list(parts(topic))


@pytest.mark.parametrize(("topic", "kind"), TOPICS)
def test_a_page_has_what_it_is_every_key_and_an_example_that_is_valid(topic: str, kind: str) -> None:
    text = explain(f"{topic}.{kind}").stdout
    for key in parts(topic)[kind]["properties"]:
        assert key == "kind" or re.search(rf"^  {key}\s", text, re.MULTILINE), key
    assert f"kind: {kind}" in text
    ADAPTERS[topic].validate_python({"kind": kind, **example(kind, parts(topic)[kind])})


@pytest.mark.parametrize(("topic", "kind"), TOPICS)
def test_a_page_fits(topic: str, kind: str) -> None:
    assert max(map(len, explain(f"{topic}.{kind}", 72).stdout.splitlines())) <= 72


def test_an_unknown_kind_is_answered_with_the_nearest() -> None:
    done = explain("layer.concat")
    assert done.exit_code == 2
    assert "did you mean 'layer.concatenate'?" in done.stderr


@pytest.mark.parametrize("word", ["layer.lambda", "TFSMLayer", "layer.RandomFlip"])
def test_a_layer_that_is_refused_is_answered_with_the_reason(word: str) -> None:
    done = explain(word)
    assert done.exit_code == 2
    assert "no recipe can have" in done.stderr
    assert "--allow-code" in done.stderr or "data.augment" in done.stderr


def test_bounds_defaults_and_kinds_are_in_words() -> None:
    text = " ".join(explain("layer.concatenate").stdout.split())
    assert "axis -8 ≤ whole number ≤ 8, default -1: As in Keras" in text
    assert "arguments mapping, optional: Keyword arguments for the target" in " ".join(
        explain("layer.custom").stdout.split()
    )
    assert "layers list of layers, required" in " ".join(explain("model.functional").stdout.split())
