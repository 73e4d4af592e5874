"""Warnings that several runs of one search have in common are told once."""

import re
from collections.abc import Iterable

_NUMBER = re.compile(r"\d[\d.,]*(?:e[+-]?\d+)?")


def kind_of(message: str) -> str:
    """A warning without its numbers: those of one kind say the same."""
    return _NUMBER.sub("#", message)


class Told:
    """Remembers what was told.

    Args:
        messages: what the recipe of the search has been warned of already.
    """

    def __init__(self, messages: Iterable[str] = ()) -> None:
        self._kinds = set(map(kind_of, messages))

    def is_new(self, message: str) -> bool:
        """Whether no message of this kind was told before; from now on one was."""
        kind = kind_of(message)
        new = kind not in self._kinds
        self._kinds.add(kind)
        return new
