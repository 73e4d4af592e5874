"""Arrays by the names that a recipe gives: of one npz file, or paths of npy files."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from runner.data.access import DataAccess
from runner.data.arrays.npy_file import npy_facts, open_npy
from runner.data.arrays.npy_header import ArrayFacts
from runner.data.arrays.npz_file import npz_facts, read_npz
from runner.data.arrays.together import number_of_examples
from runner.data.examples import Array
from runner.data.paths import named_files
from runner.errors import KeyPath


class NamedArrays:
    """The arrays of a recipe.

    Args:
        file: path of the npz file; None: names are paths of npy files.
        names: of the arrays that are used, with the place of each in the recipe.
        access: knows the folder that paths start from.

    Raises:
        DataError: a file is missing, or is not what it should be.
    """

    def __init__(self, file: str | None, names: dict[str, KeyPath], access: DataAccess) -> None:
        self.packed = file is not None
        """Whether they lie in one npz file, and are not read by position."""
        if file is not None:
            (path,) = named_files([file], access, ("data", "file"))
            self.files: dict[str, Path] = dict.fromkeys(names, path)
            self._facts = {array.name: array for array in npz_facts(path)}
        else:
            self.files = {name: named_files([name], access, place)[0] for name, place in names.items()}
            self._facts = {name: replace(npy_facts(path), name=name) for name, path in self.files.items()}

    def together(self, names: Sequence[str]) -> int:
        """Examples that the named arrays hold, each as many.

        Raises:
            DataError: one is not there, or they differ.
        """
        return number_of_examples(self._facts.values(), names, self.called(names[0]))

    def called(self, name: str) -> str:
        """Name of the file that an array lies in, for messages."""
        return self.files[name].name

    def facts(self, name: str) -> ArrayFacts:
        """Shape and type of an array that is there."""
        return self._facts[name]

    def read(self, names: Sequence[str]) -> dict[str, Array]:
        """Arrays of a npz file in memory, those of npy files mapped.

        Raises:
            DataError: values are broken.
        """
        if self.packed:
            return read_npz(self.files[names[0]], names=names)
        return {name: open_npy(self.files[name]) for name in names}
