"""``source: tfds``: a dataset of tensorflow-datasets, prepared on this machine or downloaded."""

from collections.abc import Callable

from runner.data.access import DataAccess
from runner.data.examples import Dataset
from runner.data.facts import DataFacts
from runner.data.files import check_unchanged
from runner.data.placement import Placement
from runner.data.sources.reading import dataset_of
from runner.data.sources.text import TextDetails, masks, reading_of
from runner.data.tabular.prepared import PreparedTable
from runner.data.tfds.features import Selection
from runner.data.tfds.metadata import tfds_facts
from runner.data.tfds.names import require_known
from runner.errors import DataError, HubError
from schemas.data import TEXT_KEYS, TfdsData
from schemas.recipe import Recipe


class TfdsSource:
    """A dataset by its plain tfds name."""

    def __init__(self, data: TfdsData, access: DataAccess, recipe: Recipe) -> None:
        self.data, self.access, self.recipe = data, access, recipe
        self.apart = recipe.model.target_tasks

    def facts(self, report: Callable[[str], None]) -> DataFacts:
        """From what lies beside the prepared dataset, which is downloaded first where that is allowed.

        Raises:
            HubError: it is not prepared here, and cannot or may not be downloaded.
            DataError: it has a form that cannot be used, or there is no dataset of that name.
        """
        found = tfds_facts(self.data, self.access.directory, self.apart)
        if found is None:
            require_known(self.data.name, self.access.directory)
            found = self._downloaded(report)
        assert isinstance(found.details, Selection)
        if found.details.has_texts:
            from runner.data.sources.tfds_rows import as_table

            return as_table(found, self.data, self.access.directory, self.recipe)
        return self._of_texts(found) if found.details.is_text else self._of_numbers(found)

    def load(self, facts: DataFacts, placement: Placement, seed: int) -> Dataset:
        """Read the prepared files, or make ready to read them while the model trains.

        Raises:
            DataError: the files do not hold what their metadata says.
        """
        if isinstance(details := facts.details, TextDetails):
            check_unchanged(details.files)
            return dataset_of(details.parts, lambda _: reading_of(details, facts), placement)
        if isinstance(facts.details, PreparedTable):
            from runner.data.sources.table import loaded_table

            return loaded_table(facts.details, placement)
        from runner.data.tfds.load import load_tfds

        return load_tfds(self.data, facts, self.access.directory, placement)

    def _of_texts(self, found: DataFacts) -> DataFacts:
        from runner.data.sources.tfds_texts import with_texts

        return with_texts(found, self.data, self.access.directory, masked=masks(self.recipe))

    def _of_numbers(self, found: DataFacts) -> DataFacts:
        """The facts, unless an option is for texts."""
        key = next((key for key in TEXT_KEYS if getattr(self.data, key) is not None), None)
        if key is not None:
            assert isinstance(found.details, Selection)
            message = f"{key} is for an input of text, and the input is {found.details.inputs[0].path!r}"
            raise DataError(message, "remove it, or name a feature of text as `inputs`", path=("data", key))
        return found

    def _downloaded(self, report: Callable[[str], None]) -> DataFacts:
        from runner.data.tfds.load import download

        name, directory = self.data.name, self.access.directory
        if not self.access.download:
            raise HubError(f"dataset {name!r} is not prepared in {directory}", "`recipe run` downloads it")
        download(self.data, directory, report)
        facts = tfds_facts(self.data, directory, self.apart)
        if facts is None:
            raise DataError(f"dataset {name!r} was downloaded but is not in {directory}")
        return facts
