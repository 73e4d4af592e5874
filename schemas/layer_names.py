"""The name that each layer of a model goes by."""

from collections.abc import Iterable
from itertools import count


def names_of(layers: Iterable[tuple[str, str | None]]) -> list[str]:
    """A name of its own for every layer: its own, or ``dense_1`` for the first dense layer without one, and so on.

    Keras would name them too, but counts over the whole process and stumbles over names of the recipe.

    Args:
        layers: kind and written name of each layer, in order.
    """
    written = list(layers)
    taken = {name for _, name in written if name is not None}
    found = []
    for kind, name in written:
        if name is None:
            name = next(free for free in (f"{kind}_{k}" for k in count(1)) if free not in taken)
            taken.add(name)
        found.append(name)
    return found
