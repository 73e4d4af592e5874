"""Renamed words of older versions of the language, as data; ``runner.source.migrate`` applies them.

Version 0 was the language of the prototypes: ``dataset`` instead of ``data``, Greek letters for learning rates,
``dropout_rate`` instead of ``dropout``. The meaning is the same, so a recipe and its upgraded form have the same
fingerprint.
"""

from dataclasses import dataclass
from typing import get_args

from schemas.data import BuiltinName

Pattern = tuple[str, ...]
"""Keys from the root; ``*`` matches every item of a list."""


@dataclass(frozen=True)
class Renamed:
    """A key with a new name."""

    at: Pattern
    """The mapping with the key."""
    old: str
    new: str
    kinds: tuple[str, ...] = ()
    """The kinds of the mapping with the key; empty for all."""


@dataclass(frozen=True)
class Reworded:
    """A word with a new spelling."""

    at: Pattern
    """The key that accepts the word."""
    old: str
    new: str


@dataclass(frozen=True)
class Sourced:
    """A dataset given as a bare name or without ``source``, in which case the name determined the source."""

    at: Pattern


Step = Renamed | Reworded | Sourced

BUILTIN_NAMES: frozenset[str] = frozenset(get_args(BuiltinName))
"""Names of samples from an installed package; every other name was a tensorflow-datasets dataset."""

_DECAYING = ("power", "exponential", "linear", "polynomial", "inverse_sqrt", "cosine", "cosine_restarts")

MIGRATIONS: dict[int, tuple[Step, ...]] = {
    0: (
        Renamed((), "dataset", "data"),
        Renamed((), "learning_rate_schedule", "schedule"),
        Sourced(("data",)),
        Sourced(("data", "fallback")),
        Reworded(("schedule", "kind"), "one_cycle", "1cycle"),
        Renamed(("schedule",), "eta1", "max_lr"),
        Renamed(("schedule",), "eta0", "initial_lr", ("1cycle", *_DECAYING)),
        Renamed(("schedule",), "eta0", "learning_rate", ("constant", "plateau")),
        Renamed(("model",), "input_dropout_rate", "input_dropout"),
        Renamed(("model", "layers", "*"), "dropout_rate", "dropout"),
    ),
}
"""For each version, the steps to the next version, in order."""
