"""Defaults that are mappings are made without validation, and are what validation would make."""

from collections.abc import Iterator

import pytest
from pydantic import TypeAdapter

from schemas.base import Node
from schemas.recipe import Recipe

assert Recipe  # all models of the language are known once it is


def _models(base: type[Node]) -> Iterator[type[Node]]:
    for model in base.__subclasses__():
        if model.__module__.startswith("schemas."):
            yield model
            yield from _models(model)


MADE = [
    (model, name)
    for model in _models(Node)
    for name, field in model.model_fields.items()
    if field.default_factory is not None
]


@pytest.mark.parametrize(("model", "name"), MADE, ids=lambda part: getattr(part, "__name__", part))
def test_a_default_is_what_validation_makes_of_it(model: type[Node], name: str) -> None:
    default = model.model_fields[name].get_default(call_default_factory=True, validated_data={})
    assert isinstance(default, Node)
    written = {key: getattr(default, key) for key in default.model_fields_set}
    assert TypeAdapter(type(default)).validate_python(written) == default
    assert TypeAdapter(type(default)).validate_python(default.model_dump(mode="json")) == default


def test_there_are_such_defaults() -> None:
    assert (Recipe, "hardware") in MADE
