"""Names that Keras gives to operations without a name, apart from those of the recipe's layers."""

from collections.abc import Iterator
from contextlib import contextmanager

from keras.src.backend.common import global_state

_COUNTS = "object_name_uids"
"""Keras' counts of names that it has given."""
_FIRST = 10_001
"""A model has at most 1,000 layers, so that none is called ``subtract_10001``."""


class _Apart(dict[str, int]):
    """Counts that begin beyond those of layers, also for a word that has none yet."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> int:
        return _FIRST


@contextmanager
def names_apart() -> Iterator[None]:
    """Operations made while the block runs are called ``subtract_10001``; a layer may be called ``subtract_1``.

    A model has each name once, and Keras' own counts know nothing of names that a recipe gives.
    """
    before = global_state.get_global_attribute(_COUNTS)
    global_state.set_global_attribute(_COUNTS, _Apart())
    try:
        yield
    finally:
        global_state.set_global_attribute(_COUNTS, before)
