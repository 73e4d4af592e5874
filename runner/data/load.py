"""The plan's data, ready to train."""

from typing import Protocol

from runner.data.access import DataAccess
from runner.data.examples import Dataset
from runner.data.facts import DataFacts
from runner.data.placement import Placement
from runner.data.sources import source_of
from schemas.data import Data, Fallback
from schemas.recipe import Recipe


class PlannedData(Protocol):
    """The part of a plan that says which examples are read, and how."""

    @property
    def recipe(self) -> Recipe:
        """What was asked for."""

    @property
    def source(self) -> Data | Fallback:
        """The recipe's data, or its fallback where that trains."""

    @property
    def data(self) -> DataFacts:
        """Facts of the source."""

    @property
    def placement(self) -> Placement:
        """What stays in memory."""


def load_data(plan: PlannedData, access: DataAccess) -> Dataset:
    """Read what the plan names.

    Raises:
        DataError: the files are missing or are not what the plan was made for.
    """
    return source_of(plan.source, access, plan.recipe).load(plan.data, plan.placement, plan.recipe.seed)
