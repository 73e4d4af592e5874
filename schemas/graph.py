"""The inputs of each layer of a model, and which layers share their weights."""

from collections.abc import Iterator

from schemas.layers import Layer
from schemas.model import Model

INPUT = "input"
"""Name by which layers refer to the input of the model."""
ENTRY = -1
"""Index of the model's input among the indices of layers."""


def entries_of(model: Model) -> dict[str, int]:
    """The inputs of a model by name: ``ENTRY`` for the whole example, and the indices below it for its named parts."""
    named = model.inputs if model.kind == "functional" else ()
    return {INPUT: ENTRY} | {name: ENTRY - k for k, name in enumerate(named, start=1)}


def sources_of(model: Model) -> Iterator[tuple[int | None, ...]]:
    """Yield for each layer the indices of its inputs, those of the model as :func:`entries_of` has them.

    None is an unknown name.

    A name refers to the last earlier layer with that name, so a graph cannot have a cycle.
    """
    known = entries_of(model)
    for k, layer in enumerate(model.layers):
        wanted = layer.inputs if model.kind == "functional" else None
        yield (k - 1,) if wanted is None else tuple(known.get(name) for name in wanted)
        if layer.name is not None:
            known[layer.name] = k


def ends_of(model: Model) -> dict[str, int | None]:
    """The layer that each output takes, by the output's name; the only one is called ``output``. None: there is none.

    Without layers it is the model's input.
    """
    last = len(model.layers) - 1
    known = entries_of(model) | {layer.name: k for k, layer in enumerate(model.layers) if layer.name is not None}
    ends = {name: last if one.input is None else known.get(one.input) for name, one in model.outputs.items()}
    return ends or {"output": last}


def reaching(model: Model) -> set[int]:
    """Indices of the layers that contribute to an output of the model, directly or through other layers."""
    sources = list(sources_of(model))
    found: set[int] = set()
    ahead = list(ends_of(model).values())
    while ahead:
        k = ahead.pop()
        if k is not None and k > ENTRY and k not in found:
            found.add(k)
            ahead.extend(sources[k])
    return found


def roots_of(model: Model) -> list[int]:
    """For each layer the index of the one whose weights it has: its own, unless it is ``shared``.

    A name that no earlier layer has is an error that a rule tells; such a layer is its own root here.
    """
    known: dict[str, int] = {}
    found: list[int] = []
    for k, layer in enumerate(model.layers):
        wanted = vars(layer)["layer"] if layer.kind == "shared" else None
        found.append(found[known[wanted]] if wanted in known else k)
        if layer.name is not None:
            known[layer.name] = k
    return found


def applied(model: Model) -> list[Layer]:
    """For each layer the one that is applied in its place, with its arguments: itself, unless it is ``shared``."""
    return [model.layers[root] for root in roots_of(model)]
