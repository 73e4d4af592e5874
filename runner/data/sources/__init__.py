"""The kinds of source: one module each, which tells facts without reading everything, and loads the examples."""

from collections.abc import Callable
from typing import Protocol, assert_never

from runner.data.access import DataAccess
from runner.data.examples import Dataset
from runner.data.facts import DataFacts
from runner.data.placement import Placement
from schemas.array_data import ImagesData, NpzData, TextData
from schemas.custom_data import CustomData
from schemas.data import BuiltinData, Data, Fallback, TfdsData
from schemas.recipe import Recipe
from schemas.record_data import RecordData
from schemas.table_data import CsvData, ParquetData
from schemas.window_data import WindowsData


class Source(Protocol):
    """Where a recipe's examples come from."""

    def facts(self, report: Callable[[str], None]) -> DataFacts:
        """What the plan must know; ``report`` hears about slow work, such as a download.

        Raises:
            HubError: the data is not on this machine and cannot be downloaded.
            DataError: the data cannot be used.
        """

    def load(self, facts: DataFacts, placement: Placement, seed: int) -> Dataset:
        """The examples of every split, in memory or to be read while the model trains.

        Raises:
            DataError: the data is not what the facts say.
        """


def source_of(data: Data | Fallback, access: DataAccess, recipe: Recipe) -> Source:
    """The source of a recipe's examples; what only one kind needs is imported for that kind.

    Args:
        data: the recipe's, or its fallback.
        access: what the person says about data.
        recipe: says what the examples are for, and the seed.
    """
    match data:
        case TfdsData():
            from runner.data.sources.tfds import TfdsSource

            return TfdsSource(data, access, recipe)
        case BuiltinData() | Fallback():
            from runner.data.sources.builtin import BuiltinSource

            return BuiltinSource(data)
        case CsvData() | ParquetData():
            from runner.data.sources.table import TableSource

            assert recipe.task != "language_model"  # R745
            masked = any(getattr(layer, "mask_zero", False) for layer in recipe.model.layers)
            return TableSource(data, access, recipe.task, recipe.seed, masked=masked, tasks=recipe.model.target_tasks)
        case NpzData() | ImagesData() | TextData():
            return _of_files(data, access, recipe)
        case CustomData():
            from runner.data.sources.custom import CustomSource

            return CustomSource(data, access, recipe)
        case RecordData():
            from runner.data.sources.records import RecordSource

            return RecordSource(data, access, recipe)
        case WindowsData():
            from runner.data.sources.windows import WindowsSource

            return WindowsSource(data, access)
        case _:
            assert_never(data)


def _of_files(data: NpzData | ImagesData | TextData, access: DataAccess, recipe: Recipe) -> Source:
    match data:
        case NpzData():
            from runner.data.sources.npz import NpzSource

            return NpzSource(data, access, recipe)
        case ImagesData():
            from runner.data.sources.images import ImagesSource

            return ImagesSource(data, access, recipe)
        case TextData() if recipe.task == "language_model":
            from runner.data.sources.language import LanguageSource

            return LanguageSource(data, access, recipe)
        case TextData():
            from runner.data.sources.text import TextSource

            return TextSource(data, access, recipe)
        case _:
            assert_never(data)
