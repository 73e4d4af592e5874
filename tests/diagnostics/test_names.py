"""Names of Keras and of other trainers are nobody's misspellings."""

import re
from collections.abc import Iterator
from importlib.resources import files

import pytest

from runner.diagnostics import suggest, sure
from runner.diagnostics.names import known, one_slip, plain
from runner.source.checking.allowed import Leaf, Many, Model, Shape, Table, Tagged, flatten, recipe_shape
from runner.source.checking.complaints import Keys, about_key
from tests.diagnostics.keras_names import ROOMS, public, table


def listed(file: str) -> list[str]:
    """Names of a list."""
    text = files("runner.diagnostics.names").joinpath(file).read_text()
    lines = [line for line in text.splitlines() if line and line[0] not in "#["]
    return [line.partition(":")[0].strip() for line in lines]


def spellings(name: str) -> set[str]:
    """A name as a class and in snake case."""
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[0-9]D)(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    return {name, snake, name.lower()}


NAMES = sorted({word for file in ("keras.txt", "others.txt") for name in listed(file) for word in spellings(name)})


def places(shape: Shape) -> Iterator[tuple[str, ...]]:
    """Words that each place of the language takes: kinds, choices, keys."""
    for option in flatten(shape):
        match option:
            case Leaf():
                yield tuple(choice for choice in option.choices if isinstance(choice, str))
            case Many(item=item):
                yield from places(item)
            case Table(value=value):
                yield from places(value)
            case Tagged():
                yield tuple(option.by_tag)
                for model in option.by_tag.values():
                    yield from places(model)
            case Model():
                yield tuple(option.fields)
                for name in option.fields:
                    yield from places(option.field(name))


PLACES = sorted({words for words in places(recipe_shape()) if words})


def test_the_table_is_that_of_the_installed_keras() -> None:
    """After another Keras: ``python -m tests.diagnostics.keras_names``."""
    assert files("runner.diagnostics.names").joinpath("keras.txt").read_text() == table()


def test_the_table_has_every_room_of_keras() -> None:
    assert all(known(name) for room in ROOMS for name in public(room))


def test_no_name_is_put_in_place_of_one_that_others_know() -> None:
    changed = {
        (name, found)
        for words in PLACES
        for name in NAMES
        if (found := sure(name, words)) and plain(found) != plain(name)
    }
    assert changed == set()


def test_no_key_is_put_in_place_of_one_that_others_know() -> None:
    keys = {words for words in PLACES if "kind" in words or "epochs" in words or "task" in words}
    assert len(keys) > 40
    changed = {
        (name, fix)
        for words in keys
        for name in NAMES
        if name not in words
        if (fix := about_key(name, list(words), Keys(list(words), "here")).fix) and plain(fix) != plain(name)
    }
    assert changed == set()


def test_what_others_know_is_taken_for_another_word_only_by_an_alias_or_a_plural() -> None:
    assert suggest("alpha_dropout", ["dropout"]) is None
    assert suggest("UpSampling2D", ["max_pooling2d"]) is None
    assert suggest("radam", ["adam", "nadam"]) is None
    assert suggest("metric", ["metrics"]) == "metrics"
    assert suggest("MaxPool2D", ["max_pooling2d"]) == "max_pooling2d"


@pytest.mark.parametrize(
    ("word", "name", "is_one"),
    [
        ("denes", "dense", True), ("dens", "dense", True), ("densee", "dense", True),
        ("danse", "dense", True), ("dense", "dense", False), ("conv1d", "conv2d", False), ("covn2d", "conv2d", True),
        ("ednse", "dense", True), ("ense", "dense", True), ("", "a", True), ("conv2", "conv2d", True),
        ("con2vd", "conv2d", True), ("esnde", "dense", False),
    ],
)  # fmt: skip
def test_one_slip_is_one_letter_or_two_neighbours(word: str, name: str, is_one: bool) -> None:
    assert one_slip(word, name) is is_one
    assert one_slip(name, word) is is_one
