"""``recipe explain WORD`` for every word of the language."""

from typing import Any

import pytest
from typer.testing import CliRunner, Result

from runner.cli import app
from runner.explain.generated_examples import of_key, shown
from runner.explain.word_index import definitions, index
from runner.explain.words import pages
from runner.views.lines import Screen
from schemas.docs import field_docs
from schemas.monitoring import EarlyStopping
from schemas.recipe import Recipe
from schemas.training import Training

SCREEN = Screen(80, unicode=True, color=False)
BASE = {
    "recipe": 1,
    "name": "small",
    "task": "classification",
    "data": {"source": "builtin", "name": "digits"},
    "model": {"kind": "sequential", "layers": []},
    "training": {"epochs": 1},
}


def explain(*words: str) -> Result:
    return CliRunner().invoke(app, ["explain", *words, "--color", "never"], env={"COLUMNS": "80"})


def told(word: str) -> str:
    return "\n".join(line.plain for line in pages(word, SCREEN))


def keys_of_the_schema() -> set[str]:
    """Every key that any mapping of the JSON Schema has."""
    return {key for schema in definitions().values() for key in schema.get("properties", {})}


def kinds_of_the_schema() -> set[str]:
    properties = [schema.get("properties", {}) for schema in definitions().values()]
    return {kind[tag]["const"] for kind in properties for tag in ("kind", "source") if "const" in kind.get(tag, {})}


def words_of_the_schema(node: Any) -> set[str]:
    """Every word of an ``enum``, or alone."""
    match node:
        case dict():
            own = {word for word in (*node.get("enum", ()), node.get("const")) if isinstance(word, str)}
            return own.union(*(words_of_the_schema(value) for value in node.values()))
        case list():
            return set[str]().union(*(words_of_the_schema(value) for value in node))
        case _:
            return set()


def test_every_key_kind_and_word_of_the_schema_is_explained() -> None:
    every = keys_of_the_schema() | kinds_of_the_schema() | words_of_the_schema(dict(definitions()))
    assert {"epochs", "extends", "kind", "source", "1cycle", "relu", "balanced", "early_stopping"} < every
    assert {word for word in every if word not in told(word)} == set()


@pytest.mark.parametrize("path", list(index().keys))
def test_the_example_of_a_key_validates(path: str) -> None:
    key = index().keys[path]
    if path == "extends":
        return
    written = of_key(key)
    Recipe.model_validate({**BASE, **written}, by_alias=True, by_name=False)
    inner: Any = written
    assert path == ".".join((*(level.key for level in key.levels), name := path.rpartition(".")[2]))
    for level in key.levels:
        inner = inner[level.key]
        inner = inner[0] if level.in_list else next(iter(inner.values())) if level.in_table else inner
    assert name in inner


@pytest.mark.parametrize("name", list(index().kinds))
def test_the_example_of_a_kind_validates(name: str) -> None:
    Recipe.model_validate({**BASE, **shown(index().kinds[name])}, by_alias=True, by_name=False)


@pytest.mark.parametrize("word", ["relu", "balanced", "accuracy", "mirrored", "he_normal", "huber"])
def test_the_example_of_a_word_has_it(word: str) -> None:
    assert word in told(word).partition("Example")[2]


def test_a_key_is_told_with_type_default_meaning_and_keys() -> None:
    text = " ".join(told("early_stopping").split())
    assert "monitor text, default val_loss: The monitored metric. With restore_best" in text
    for meaning in field_docs(EarlyStopping).values():
        assert " ".join(meaning.replace("``", "").split()) in text
    section = " ".join(told("training").split())
    assert all(key in section for key in Training.model_fields)


def test_a_kind_that_has_a_page_gets_it_by_its_word_alone() -> None:
    assert explain("1cycle").stdout == explain("schedule.1cycle").stdout
    assert explain("Conv2D").stdout == explain("layer.conv2d").stdout
    assert "Formula" in explain("1cycle").stdout


def test_a_word_of_several_places_lists_them() -> None:
    text = explain("dropout").stdout
    assert "occurs in 3 places" in text
    assert all(f"\n  {place} " in text for place in ("layer.dropout", "model.dropout", "model.layers.dropout"))
    assert "optimizer.momentum" in explain("momentum").stdout


def test_a_kind_and_a_key_of_one_name_are_both_explained() -> None:
    lines = [line.plain for line in pages("data.text", SCREEN)]
    assert lines.count("data.text") == 2
    assert "Key of: text" in lines


def test_singular_and_plural_are_one_word() -> None:
    assert explain("epoch").stdout == explain("epochs").stdout


@pytest.mark.parametrize(
    ("word", "meant"), [("dropuot", "dropout"), ("epochz", "epochs"), ("traning.epochs", "training.epochs")]
)
def test_a_near_word_is_suggested(word: str, meant: str) -> None:
    done = explain(word)
    assert done.exit_code == 2
    assert f"did you mean '{meant}'?" in done.stderr


def test_nothing_lists_all_there_is() -> None:
    text = explain().stdout
    for word in ("training", "optimizer.adamw", "layer.conv2d", "schedule.1cycle", "data.tfds", "R012"):
        assert word in text


@pytest.mark.parametrize("topic", ["schedule", "layer", "model"])
def test_sections_with_pages_of_their_own_tell_their_keys_too(topic: str) -> None:
    assert "\nKeys\n" in explain(topic).stdout


def test_no_line_is_longer_than_the_screen() -> None:
    for word in ("training", "optimizer", "relu", "momentum", "data"):
        assert max(len(line.plain) for line in pages(word, SCREEN)) <= 80, word
