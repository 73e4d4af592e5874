"""Import of Keras without optional packages that this program never hands to it."""

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from types import ModuleType

from runner.interrupts import is_program

UNUSED = frozenset({"matplotlib", "pandas", "sklearn"})
"""Packages that Keras imports where they are installed, and does without where they are not: pandas to take data frames
in ``fit``, scikit-learn for its wrappers, matplotlib for its galleries. They are a third of its import's time."""


class Withheld:
    """A finder that says of some packages that they are not installed, to one thread alone.

    Args:
        packages: names of the packages.
    """

    def __init__(self, packages: frozenset[str]) -> None:
        self._packages, self._thread = packages, threading.get_ident()

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Nothing: the other finders are asked.

        Raises:
            ModuleNotFoundError: this thread is to do without the package.
        """
        if name in self._packages and threading.get_ident() == self._thread:
            raise ModuleNotFoundError(f"No module named {name!r}: nothing here uses it", name=name)
        return None


@contextmanager
def without(packages: frozenset[str]) -> Iterator[None]:
    """Within the block this thread imports as if the packages were not installed, unless they are imported already."""
    finder = Withheld(packages)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


@contextmanager
def lean(wanted: bool) -> Iterator[None]:
    """Within the block Keras is imported without :data:`UNUSED`.

    Only by the program: in a person's own process Keras is theirs as well, and they may give it a data frame. For the
    same reason a recipe with code of its own gets Keras as it is.

    Args:
        wanted: whether nobody's own code is going to use Keras.
    """
    if not (wanted and is_program()):
        yield
        return
    with without(UNUSED):
        yield
