"""What the person, not the recipe, says about data."""

import os
from dataclasses import dataclass, replace
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
    folder: Path | None = None
    """Absolute; where the recipe lies, and its relative paths start. None: it names no files."""
    root: Path | None = None
    """Absolute, ``--root``: relative paths are looked up in it too, and may not leave it. None: ``folder``."""

    network: bool = False
    """``--allow-network``: whether files that a recipe names by their address may be fetched."""
    code: Path | None = None
    """Absolute; where custom code may be imported from, by ``--allow-code``. None: it may not be imported."""

    @property
    def directory(self) -> Path:
        """The tensorflow-datasets directory."""
        return data_directory(self.data_dir)

    def beside(self, recipe: Path, root: Path | None = None) -> "DataAccess":
        """The same for a recipe's file and ``--root``; links in the path of their folders are resolved."""
        return self.within(recipe.parent, root)

    def allowing(self, folder: Path) -> "DataAccess":
        """The same with custom code of a folder, which may be imported."""
        return replace(self, code=_real(folder))

    def within(self, folder: Path, root: Path | None = None) -> "DataAccess":
        """The same for files of a folder."""
        return replace(self, folder=_real(folder), root=_real(root) if root is not None else None)


def _real(folder: Path) -> Path:
    return Path(os.path.realpath(folder))


def data_directory(option: Path | None) -> Path:
    """``--data-dir``, else ``TFDS_DATA_DIR``, else tensorflow-datasets' own default."""
    if option is not None:
        return option
    return Path(os.environ.get("TFDS_DATA_DIR") or "~/tensorflow_datasets").expanduser()
