"""Reads nodes as the classes that describe composite layers and blocks."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from runner.diagnostics import Diagnostic
from runner.source.checking.complaints import Place, complain
from runner.source.yaml.nodes import MappingNode, to_data
from schemas.layers import LayerBase
from schemas.layers.composite import BY_KIND

T = TypeVar("T", bound=BaseModel)


def part(node: MappingNode, kind: str, number: int, *, complete: bool) -> LayerBase | list[Diagnostic]:
    """A composite layer, or what is wrong with it.

    Args:
        node: with the values of arguments.
        kind: of a composite layer.
        number: of the layer in its list, from 1.
        complete: False if keys that are missing must not be told.
    """
    return as_class(node, BY_KIND[kind], Place(f"item {number} of 'layers'"), complete=complete)


def as_class(node: MappingNode, cls: type[T], place: Place, *, complete: bool) -> T | list[Diagnostic]:
    """A node as an instance of a class, or what is wrong with it."""
    try:
        return cls.model_validate(to_data(node), by_alias=True, by_name=False)
    except ValidationError as error:
        from runner.source.checking.allowed import shape_of
        from runner.source.checking.inspection import inspect

        found = inspect(node, shape_of(cls), complete=complete, place=place)
        return found or [complain("R013", error.errors(include_url=False)[0]["msg"], node)]
