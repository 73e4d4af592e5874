"""The inputs of each layer of a model."""

from collections.abc import Iterator

from schemas.model import Model

INPUT = "input"
"""Name by which layers refer to the input of the model."""
ENTRY = -1
"""Index of the model's input among the indices of layers."""


def sources_of(model: Model) -> Iterator[tuple[int | None, ...]]:
    """Yield for each layer the indices of its inputs: ``ENTRY`` is the model's input, None an unknown name.

    A name refers to the last earlier layer with that name, so a graph cannot have a cycle.
    """
    known = {INPUT: ENTRY}
    for k, layer in enumerate(model.layers):
        wanted = layer.inputs if model.kind == "functional" else None
        yield (k - 1,) if wanted is None else tuple(known.get(name) for name in wanted)
        if layer.name is not None:
            known[layer.name] = k


def reaching(model: Model) -> set[int]:
    """Indices of the layers that contribute to the model's output, directly or through other layers."""
    sources = list(sources_of(model))
    found: set[int] = set()
    ahead: list[int | None] = [len(sources) - 1]
    while ahead:
        k = ahead.pop()
        if k is not None and k != ENTRY and k not in found:
            found.add(k)
            ahead.extend(sources[k])
    return found
