"""Constraints on weights by Keras' names: what is done to a kernel or a bias after every update."""

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from schemas.tagged import ByTagLater

if TYPE_CHECKING:
    from schemas.constraint_kinds import ConstraintKind

ConstraintName = Literal["max_norm", "min_max_norm", "non_neg", "unit_norm"]

if TYPE_CHECKING:
    ConstraintMapping: TypeAlias = ConstraintKind
    Constraint: TypeAlias = ConstraintName | ConstraintKind
    """A constraint as a recipe has it: a name alone stands for Keras' default arguments."""
else:
    ConstraintMapping = Annotated[Any, ByTagLater("kind", "schemas.constraint_kinds:ConstraintKind")]
    Constraint = ConstraintName | ConstraintMapping
