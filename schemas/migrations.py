"""What older versions of the language said in other words, as data; ``runner.source.migrate`` carries it out.

Version 0 was the language of the prototypes: ``dataset`` in place of ``data``, Greek letters for learning rates,
``dropout_rate`` as in Keras' argument of that time. Its meaning is the same, so that a recipe and its upgraded form
have one fingerprint.
"""

from dataclasses import dataclass
from typing import get_args

from schemas.data import BuiltinName

Pattern = tuple[str, ...]
"""Keys from the root; ``*`` stands for every item of a list."""


@dataclass(frozen=True)
class Renamed:
    """A key with a new name."""

    at: Pattern
    """The mapping that has the key."""
    old: str
    new: str
    kinds: tuple[str, ...] = ()
    """The mapping's kinds that had the key; empty for any."""


@dataclass(frozen=True)
class Reworded:
    """A word with a new spelling."""

    at: Pattern
    """The key that takes the word."""
    old: str
    new: str


@dataclass(frozen=True)
class Sourced:
    """A dataset that was a bare name, or a mapping without ``source``: the source followed from the name."""

    at: Pattern


Step = Renamed | Reworded | Sourced

BUILTIN_NAMES: frozenset[str] = frozenset(get_args(BuiltinName))
"""Names that meant a sample of an installed package; every other name meant a tensorflow-datasets dataset."""

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
"""By version: the steps that make the next version of it, in order."""
