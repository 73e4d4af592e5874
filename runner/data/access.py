"""What the person, not the recipe, says about data."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DataAccess:
    """Where data may be read and whether it may be fetched."""

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


def data_directory(option: Path | None) -> Path:
    """``--data-dir``, else ``TFDS_DATA_DIR``, else tensorflow-datasets' own default."""
    if option is not None:
        return option
    return Path(os.environ.get("TFDS_DATA_DIR") or "~/tensorflow_datasets").expanduser()
