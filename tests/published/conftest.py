"""Stand-ins for the data, once for all configurations."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.program import GALLERY
from tests.published.stand_ins import write

CONFIGURATIONS = sorted((GALLERY / "published").glob("*.yaml"))


class Workplace(NamedTuple):
    """Copies of the configurations beside their data, as a person has them after `recipe cp`."""

    folder: Path
    prepared: Path
    """Where tensorflow-datasets has its own."""


@pytest.fixture(scope="session")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    folder = tmp_path_factory.mktemp("published")
    for file in CONFIGURATIONS:
        shutil.copy(file, folder)
    return Workplace(folder, write(folder))
