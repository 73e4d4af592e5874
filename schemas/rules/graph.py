"""The inputs of layers: which there are, how many a layer takes, and whether somebody takes its output."""

from collections.abc import Iterator

from schemas.findings import Finding
from schemas.graph import applied, ends_of, entries_of, roots_of, sources_of
from schemas.layers import Layer
from schemas.recipe import Recipe
from schemas.rules.model import LAYERS
from schemas.rules.tell import Rule, error, listed, warning


def branches_need_a_functional_model(recipe: Recipe) -> Iterator[Finding]:
    """R180: in a sequential model each layer takes the output of the one before it, and nothing else."""
    if recipe.model.kind != "sequential":
        return
    for k, layer in enumerate(recipe.model.layers):
        if layer.takes[0] > 1:
            what = f"{layer.kind} takes several inputs, and layers of a sequential model have one"
            yield error("R180", (*LAYERS, k, "kind"), what, "write `kind: functional` for the model")
        elif layer.inputs is not None:
            what = f"layers of a sequential model take the one before them; received inputs {listed(layer.inputs)}"
            help = "write `kind: functional` for the model, or remove `inputs`"
            yield error("R180", (*LAYERS, k, "inputs"), what, help)


def inputs_are_layers_before(recipe: Recipe) -> Iterator[Finding]:
    """R181: an input is the name of a layer before, or `input`; so there can be no cycle."""
    if recipe.model.kind != "functional":
        return
    later = [layer.name for layer in recipe.model.layers]
    before = list(entries_of(recipe.model))
    for k, layer in enumerate(recipe.model.layers):
        later = later[1:]
        for i, name in enumerate(layer.inputs or ()):
            if name not in before:
                yield error("R181", (*LAYERS, k, "inputs", i), *_unknown(name, layer, before, later))
        if layer.name is not None:
            before.append(layer.name)


def _unknown(name: str, layer: Layer, before: list[str], later: list[str | None]) -> tuple[str, str]:
    """What is wrong with an input, and the way out."""
    if name == layer.name:
        return f"a layer cannot take its own output; received '{name}'", "name a layer before it, or `input`"
    if name in later:
        return (
            f"inputs are layers before; '{name}' comes after this one",
            f"move '{name}' before this layer, or name another",
        )
    from difflib import get_close_matches

    near = get_close_matches(name, before, 1)
    names = f"names before it are {', '.join(before)}; a layer without `name` cannot be an input"
    return f"no layer before this one is called '{name}'", f"did you mean '{near[0]}'?" if near else names


def inputs_have_their_number(recipe: Recipe) -> Iterator[Finding]:
    """R182: a merge joins two outputs or more, subtract exactly two, and any other layer takes one."""
    if recipe.model.kind != "functional":
        return
    for k, (written, layer) in enumerate(zip(recipe.model.layers, applied(recipe.model), strict=True)):
        count = len(written.inputs or ("the layer before",))
        wanted = _wanted(layer, count)
        if wanted is not None:
            place = (*LAYERS, k, "inputs") if written.inputs is not None else (*LAYERS, k, "kind")
            yield error("R182", place, f"{layer.kind} takes {wanted}; received {count}", _way_out(layer))


def _wanted(layer: Layer, count: int) -> str | None:
    """How many inputs a layer takes where it has another number; own layers take what they take."""
    least, most = layer.takes
    if count >= least and (most is None or count <= most):
        return None
    words = {1: "one input", 2: "two inputs", 3: "three inputs"}
    if most is None:
        return f"{words[least]} or more"
    return words[most] if least == most else f"{words[least]} to {words[most]}"


def _way_out(layer: Layer) -> str:
    if layer.takes[0] > 1:
        return "write `inputs: [a, b]` with the names of the layers to join"
    return "join them first, by add or concatenate"


def outputs_are_used(recipe: Recipe) -> Iterator[Finding]:
    """R183: a layer that nobody takes is left out: its weights are neither made nor trained."""
    ends = set(ends_of(recipe.model).values())
    used = {number for sources in sources_of(recipe.model) for number in sources} | ends
    if None in used:  # one of them may be meant
        return
    roots = roots_of(recipe.model)
    acting = {roots[k] for k in used if k is not None and k >= 0}
    for k, layer in enumerate(recipe.model.layers):
        if k not in used and k not in acting:
            name = layer.kind if layer.name is None else f"{layer.kind} '{layer.name}'"
            what = f"no layer takes the output of {name}, so it is not part of the model"
            yield warning("R183", (*LAYERS, k), what, "name it in the `inputs` of a later layer, or remove it")


RULES: tuple[Rule, ...] = (
    branches_need_a_functional_model,
    inputs_are_layers_before,
    inputs_have_their_number,
    outputs_are_used,
)
