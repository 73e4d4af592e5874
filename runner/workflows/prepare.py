"""From a valid recipe to a plan: finds the data, downloads it, or falls back aloud."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from runner.data.facts import DataFacts, builtin_facts
from runner.data.tfds.metadata import data_directory, tfds_facts
from runner.data.tfds.names import require_known
from runner.errors import DataError
from runner.plan.plan import Plan, make_plan
from schemas.data import TfdsData
from schemas.recipe import Recipe


@dataclass(frozen=True)
class DataOptions:
    """What the person, not the recipe, says about data."""

    data_dir: Path | None = None
    """``--data-dir``; left out, ``TFDS_DATA_DIR`` or tensorflow-datasets' default."""
    allow_fallback: bool = True
    """False with ``--no-fallback``: a missing hub is an error."""
    download: bool = True
    """Whether data that is not prepared may be downloaded."""

    @property
    def directory(self) -> Path:
        """The tensorflow-datasets directory."""
        return data_directory(self.data_dir)


def _obtain(data: TfdsData, options: DataOptions, report: Callable[[str], None]) -> DataFacts:
    """Facts of a dataset that is not prepared yet, after downloading it.

    Raises:
        HubError: when it cannot be downloaded.
    """
    from runner.data.tfds.load import download
    from runner.errors import HubError

    if not options.download:
        raise HubError(f"dataset {data.name!r} is not prepared in {options.directory}", "`recipe run` downloads it")
    download(data, options.directory, report)
    facts = tfds_facts(data, options.directory)
    if facts is None:
        raise DataError(f"dataset {data.name!r} was downloaded but is not in {options.directory}")
    return facts


def prepare(recipe: Recipe, options: DataOptions, report: Callable[[str], None]) -> Plan:
    """Make the plan of a recipe on this machine's data.

    Args:
        recipe: a valid recipe.
        options: where data is and whether it may be downloaded or replaced.
        report: hears about slow work, such as a download.

    Raises:
        HubError: when the data cannot be had and there is no fallback, or none is allowed.
        DataError: when the data does not fit the recipe.
        ScheduleError: when the schedule does not fit the run's length.
    """
    from runner.errors import HubError

    data = recipe.data
    if not isinstance(data, TfdsData):
        return make_plan(recipe, builtin_facts(data))
    facts = tfds_facts(data, options.directory)
    if facts is None:
        require_known(data.name, options.directory)
        try:
            facts = _obtain(data, options, report)
        except HubError as error:
            if data.fallback is None or not options.allow_fallback:
                raise
            return make_plan(recipe, builtin_facts(data.fallback), fallback=str(error))
    return make_plan(recipe, facts)
