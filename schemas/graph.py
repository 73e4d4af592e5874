"""Which outputs each layer of a model takes."""

from collections.abc import Iterator

from schemas.model import Model

INPUT = "input"
"""How layers call the model's own input."""
ENTRY = -1
"""Its place among the layers' numbers."""


def sources_of(model: Model) -> Iterator[tuple[int | None, ...]]:
    """For each layer the numbers of the layers that it takes, ``ENTRY`` for the model's input; None: an unknown name.

    A name stands for the last layer before it that has the name: a graph cannot have a cycle.
    """
    known = {INPUT: ENTRY}
    for k, layer in enumerate(model.layers):
        wanted = layer.inputs if model.kind == "functional" else None
        yield (k - 1,) if wanted is None else tuple(known.get(name) for name in wanted)
        if layer.name is not None:
            known[layer.name] = k


def reaching(model: Model) -> set[int]:
    """Numbers of the layers whose outputs reach the model's, over however many others."""
    sources = list(sources_of(model))
    found: set[int] = set()
    ahead: list[int | None] = [len(sources) - 1]
    while ahead:
        k = ahead.pop()
        if k is not None and k != ENTRY and k not in found:
            found.add(k)
            ahead.extend(sources[k])
    return found
