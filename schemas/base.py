"""What every model of the language shares: strict, frozen, no unknown keys."""

from typing import Annotated, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, Strict

T = TypeVar("T")


class Node(BaseModel):
    """A mapping in a recipe.

    Unknown keys, numbers in quotes, ``true`` for a number, NaN and infinities are errors. Instances
    are frozen: a recipe is read once and never edited in place.
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
        # Validators are built once, inside the recipe's; and texts of fields are read by ``schemas.docs`` when
        # somebody wants them, because having pydantic read them costs a third of the program's start.
        defer_build=True,
        # No key of a recipe is near to pydantic's own names, and comparing all of them takes its time.
        protected_namespaces=(),
    )


# YAML has lists; a frozen model wants tuples. Only the container is lenient, the items stay strict.
Items = Annotated[tuple[T, ...], Strict(False)]
