"""``source: tfds``: a dataset of tensorflow-datasets, prepared on this machine or downloaded."""

from collections.abc import Callable

from runner.data.access import DataAccess
from runner.data.examples import Dataset
from runner.data.facts import DataFacts
from runner.data.placement import Placement
from runner.data.tfds.metadata import tfds_facts
from runner.data.tfds.names import require_known
from runner.errors import DataError, HubError
from schemas.data import TfdsData


class TfdsSource:
    """A dataset by its plain tfds name."""

    def __init__(self, data: TfdsData, access: DataAccess, *, apart: bool = False) -> None:
        """Take ``apart``: whether each target is that of an output of its own."""
        self.data, self.access, self.apart = data, access, apart

    def facts(self, report: Callable[[str], None]) -> DataFacts:
        """From what lies beside the prepared dataset, which is downloaded first where that is allowed.

        Raises:
            HubError: it is not prepared here, and cannot or may not be downloaded.
            DataError: it has a form that cannot be used, or there is no dataset of that name.
        """
        found = tfds_facts(self.data, self.access.directory, apart=self.apart)
        if found is not None:
            return found
        require_known(self.data.name, self.access.directory)
        return self._downloaded(report)

    def load(self, facts: DataFacts, placement: Placement, seed: int) -> Dataset:
        """Read the prepared files, or make ready to read them while the model trains.

        Raises:
            DataError: the files do not hold what their metadata says.
        """
        from runner.data.tfds.load import load_tfds

        return load_tfds(self.data, facts, self.access.directory, placement)

    def _downloaded(self, report: Callable[[str], None]) -> DataFacts:
        from runner.data.tfds.load import download

        name, directory = self.data.name, self.access.directory
        if not self.access.download:
            raise HubError(f"dataset {name!r} is not prepared in {directory}", "`recipe run` downloads it")
        download(self.data, directory, report)
        facts = tfds_facts(self.data, directory, apart=self.apart)
        if facts is None:
            raise DataError(f"dataset {name!r} was downloaded but is not in {directory}")
        return facts
