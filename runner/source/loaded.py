"""What came of reading a recipe."""

from pathlib import Path
from typing import NamedTuple

from runner.diagnostics import Diagnostic
from runner.source.merging.document import Document
from runner.source.yaml.nodes import Data, to_data
from runner.source.yaml.positions import SourceText
from schemas.recipe import Recipe


class Loaded(NamedTuple):
    """What came of a file."""

    path: Path
    recipe: Recipe | None
    """None when there is an error among the diagnostics."""
    diagnostics: tuple[Diagnostic, ...]
    """Errors and warnings, in the order of their places."""
    document: Document | None
    """None when the file could not be read as a mapping."""
    sources: tuple[SourceText, ...] = ()
    """The texts that were read: the recipe's first, then those of its bases."""

    @property
    def ok(self) -> bool:
        """Whether the recipe may run."""
        return self.recipe is not None

    @property
    def written(self) -> str:
        """The recipe file's own text, as it was read; empty when it could not be read."""
        return self.sources[0].written if self.sources else ""

    def resolved(self) -> Data:
        """The recipe as one mapping that needs no other file; freshly made.

        Raises:
            ValueError: when the recipe is not valid.
        """
        if self.recipe is None or self.document is None:
            raise ValueError(f"{self.path} is not a valid recipe")
        data: Data = to_data(self.document.root)
        return data

    def origins(self) -> dict[str, str]:
        """Where each value of the recipe came from, by its dotted path; what is not in here is a default."""
        from runner.source.lookup import dotted, leaves

        if self.document is None:
            return {}
        return {dotted(path): str(self.document.origin(path)) for path, _ in leaves(self.document.data)}
