"""The result of loading a recipe."""

from pathlib import Path
from typing import NamedTuple

from runner.diagnostics import Diagnostic
from runner.source.merging.document import Document
from runner.source.yaml.nodes import Data, to_data
from runner.source.yaml.positions import SourceText
from schemas.recipe import Recipe


class Loaded(NamedTuple):
    """The result of loading a recipe file."""

    path: Path
    recipe: Recipe | None
    """The recipe; None if the diagnostics include an error."""
    diagnostics: tuple[Diagnostic, ...]
    """Errors and warnings, in order of place."""
    document: Document | None
    """The merged document; None if the file could not be read as a mapping."""
    sources: tuple[SourceText, ...] = ()
    """The texts that were read: the recipe's first, then those of its bases."""
    root: Path | None = None
    """The folder that its bases, and later its data, may not leave; None: that of the recipe."""

    @property
    def ok(self) -> bool:
        """Whether the recipe may run."""
        return self.recipe is not None

    @property
    def written(self) -> str:
        """The text of the recipe file as read; empty if it could not be read."""
        return self.sources[0].written if self.sources else ""

    def resolved(self) -> Data:
        """The recipe as one new mapping that needs no other file; blocks stay blocks.

        Raises:
            ValueError: the recipe is not valid.
        """
        if self.recipe is None or self.document is None:
            raise ValueError(f"{self.path} is not a valid recipe")
        data: Data = to_data(self.document.compact)
        return data

    def origins(self) -> dict[str, str]:
        """The origin of each value of the recipe by its dotted path; values not listed are defaults."""
        from runner.source.lookup import dotted, leaves

        if self.document is None:
            return {}
        return {dotted(path): str(self.document.origin(path)) for path, _ in leaves(self.document.data)}
