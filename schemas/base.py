"""The base of all models of the language: strict, frozen, no unknown keys."""

from collections.abc import Callable
from functools import cache
from typing import Annotated, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, Strict

T = TypeVar("T")


class Node(BaseModel):
    """A mapping in a recipe.

    Unknown keys, numbers in quotes, ``true`` for a number, NaN and infinities are errors. Instances are frozen: a
    recipe is read once and never modified.
    """

    host_keys: ClassVar[frozenset[str]] = frozenset()
    """Keys whose numbers only the host computes with, in float64, so that no device has to hold them."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        allow_inf_nan=False,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        # Validators are built once, as part of the recipe's. ``schemas.docs`` reads the texts of fields on demand,
        # because pydantic's reading of them takes a third of the program's start-up time.
        defer_build=True,
        # No key of a recipe resembles pydantic's own names, and comparing them all takes time.
        protected_namespaces=(),
    )


N = TypeVar("N", bound=Node)


def defaults_of(model: type[N]) -> Callable[[], N]:
    """For ``default_factory``: the mapping with its own defaults, made once; as it is frozen, all recipes share it."""
    return cache(model.model_construct)


# YAML has lists, but a frozen model needs tuples. Only the container is lenient; items stay strict.
Items = Annotated[tuple[T, ...], Strict(False)]
