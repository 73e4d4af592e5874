"""The model as a whole: names, where it ends, and dropout by size."""

from collections.abc import Iterator

from schemas.findings import Finding, Path
from schemas.layers import Dense
from schemas.recipe import Recipe
from schemas.rules.tell import Rule, error, warning

LAYERS: Path = ("model", "layers")
RESERVED = ("input", "output", "scaling")
"""Names of what the program itself adds to a model."""


def names_are_distinct(recipe: Recipe) -> Iterator[Finding]:
    """R150: a layer is found by its name, in errors, in checkpoints and in the saved model."""
    names = [layer.name for layer in recipe.model.layers]
    seen: set[str] = set()
    for k, name in enumerate(names):
        if name in seen:
            yield error(
                "R150",
                (*LAYERS, k, "name"),
                f"layer names must be distinct; received '{name}' for layers {names.index(name)} and {k}",
                "give one of them another name, or none",
            )
        if name is not None:
            seen.add(name)


def names_leave_both_ends_alone(recipe: Recipe) -> Iterator[Finding]:
    """R151: the program itself adds layers of these names, at the two ends of the model."""
    for k, layer in enumerate(recipe.model.layers):
        if layer.name in RESERVED:
            yield error(
                "R151",
                (*LAYERS, k, "name"),
                f"a layer cannot be called '{layer.name}': the model's own {layer.name} has that name",
                "give it another name, or none",
            )


def the_output_layer_is_written_once(recipe: Recipe) -> Iterator[Finding]:
    """R152: `output` follows the layers, so a softmax or a single unit among them is a second output layer."""
    layers = recipe.model.layers
    if not layers:
        return
    last = layers[-1]
    if isinstance(last, Dense) and (last.activation == "softmax" or last.units == 1):
        what = f"dense, {last.units} {'unit' if last.units == 1 else 'units'}, {last.activation}"
    elif last.kind == "activation" and last.keras_arguments()["activation"] == "softmax":
        what = "a softmax activation"
    else:
        return
    yield error(
        "R152",
        (*LAYERS, len(layers) - 1),
        f"layers hold the hidden layers only; the last one ({what}) is an output layer, and another follows it",
        "remove it: the output layer follows from the task and the data, or move its arguments to `model.output`",
    )


def auto_dropout_has_something_to_do(recipe: Recipe) -> Iterator[Finding]:
    """R161: dropout by size needs hidden layers without a rate of their own, and more for the larger."""
    model = recipe.model
    if model.dropout is None:
        return
    if not any(layer.hidden_size is not None and layer.output_dropout is None for layer in model.layers):
        what = "dropout by size has no effect: no hidden layer with units or filters is without a rate of its own"
        yield warning("R161", ("model", "dropout"), what, "remove `dropout`, or write a rate on the layers")
    elif not isinstance(model.dropout, str) and model.dropout.low > model.dropout.high:
        low, high = model.dropout.low, model.dropout.high
        what = f"low should be at most high, the rate of the largest layer; received low {low:g} and high {high:g}"
        place = next(key for key in ("low", "high") if key in model.dropout.model_fields_set)
        yield warning("R161", ("model", "dropout", place), what, "exchange the two values")


RULES: tuple[Rule, ...] = (
    names_are_distinct,
    names_leave_both_ends_alone,
    the_output_layer_is_written_once,
    auto_dropout_has_something_to_do,
)
