"""The plan's data, ready to train."""

from typing import Protocol

from runner.data.access import DataAccess
from runner.data.examples import Dataset
from runner.data.facts import DataFacts
from runner.data.placement import Placement
from runner.data.sources import source_of
from runner.quiet import quiet_import
from schemas.data import Data, Fallback, TfdsData
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


def import_readers(plan: PlannedData) -> None:
    """Import what :func:`load_data` must not import beside another thread.

    While tensorflow-datasets is imported it replaces ``builtins.__import__``, for all threads: what another thread
    imports meanwhile, such as a part of Keras, would be a lazy module in place of a class.
    """
    if isinstance(plan.source, TfdsData):
        with quiet_import():
            import tensorflow  # noqa: F401 - tensorflow-datasets imports it later, and then aloud
            import tensorflow_datasets  # noqa: F401


def load_data(plan: PlannedData, access: DataAccess) -> Dataset:
    """Read what the plan names.

    Raises:
        DataError: the files are missing or are not what the plan was made for.
    """
    return source_of(plan.source, access, plan.recipe).load(plan.data, plan.placement, plan.recipe.seed)
