"""Several runs of one recipe: other seeds, or other folds of the data."""

from typing import Annotated

from pydantic import Field

from schemas.base import Items, Node
from schemas.quantities import Seed

Seeds = Annotated[int, Field(ge=2, le=100)] | Annotated[Items[Seed], Field(min_length=2, max_length=100)]
"""A number of seeds, or their list."""


class Repeat(Node):
    """Train the recipe several times; the result is a mean with its standard error."""

    seeds: Seeds | None = None
    """Number of seeds, counted up from ``seed``, or a list of them."""
    folds: Annotated[int, Field(ge=2, le=99)] | None = None
    """Number of folds of the training and validation examples; each fold validates once while the others train."""

    def seeds_from(self, seed: int) -> tuple[int, ...]:
        """The seeds of all runs, if it is seeds that differ.

        >>> Repeat(seeds=3).seeds_from(42)
        (42, 43, 44)
        """
        if self.seeds is None:
            return ()
        return tuple(range(seed, seed + self.seeds)) if isinstance(self.seeds, int) else self.seeds
