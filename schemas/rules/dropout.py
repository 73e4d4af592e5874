"""Dropout that acts on something else than what it is for."""

from collections.abc import Collection, Iterator

from schemas.findings import Finding, Path
from schemas.graph import ENTRY, applied, sources_of
from schemas.layers import LayerBase
from schemas.model import Model
from schemas.recipe import Recipe
from schemas.rules.model import LAYERS
from schemas.rules.tell import Rule, error, warning

_SAME_VALUES = ("flatten", "reshape", "permute", "identity")
"""Layers that give the values of their inputs, perhaps in another shape."""
_PARTS = {"bias": "use_bias", "beta": "center", "gamma": "scale"}
"""Weights that a layer may do without, and the key that says whether it has them."""


def alpha_dropout_follows_selu(recipe: Recipe) -> Iterator[Finding]:
    """R540: alpha dropout sets values to selu's smallest one, which other activations do not have."""
    model = recipe.model
    layers = applied(model)
    for k, layer in enumerate(layers):
        if layer.kind == "alpha_dropout":
            before = _origin(model, k, (*_SAME_VALUES, "alpha_dropout"))
            if before is not None and before > ENTRY and vars(layers[before]).get("activation") != "selu":
                yield warning(
                    "R540",
                    (*LAYERS, k, "kind"),
                    f"alpha_dropout takes the output of {layers[before].kind}, which has no selu: it sets values "
                    "to -1.76, selu's smallest one",
                    "write `kind: dropout`, or `activation: selu` on the layer before",
                )


def numbers_of_words_stay_whole(recipe: Recipe) -> Iterator[Finding]:
    """R541: dropout before an embedding changes which rows of the table are taken."""
    model = recipe.model
    for k, layer in enumerate(applied(model)):
        if layer.kind == "embedding" and (path := _dropping(model, _origin(model, k, _SAME_VALUES))) is not None:
            yield error(
                "R541",
                path,
                "dropout acts on the numbers that an embedding takes: multiplied, they select other rows",
                "put a dropout layer after the embedding; `kind: spatial_dropout1d` drops features of all steps",
            )


def _origin(model: Model, k: int, passed: Collection[str]) -> int | None:
    """The layer that a layer's first input comes from, past layers of some kinds; ``ENTRY`` for the model's input."""
    sources, layers = list(sources_of(model)), applied(model)
    before = sources[k][0]
    while before is not None and before > ENTRY and layers[before].kind in passed:
        before = sources[before][0]
    return before


def _dropping(model: Model, source: int | None) -> Path | None:
    """Where a dropout is written whose output is the given one."""
    if source is not None and source <= ENTRY:
        return ("model", "input_dropout") if model.input_dropout > 0 else None
    layer = None if source is None else applied(model)[source]
    return (*LAYERS, source) if source is not None and layer is not None and _drops(layer) else None


def _drops(layer: LayerBase) -> bool:
    return layer.is_dropout and bool(vars(layer)["rate"] > 0)


def dropped_paths_are_added(recipe: Recipe) -> Iterator[Finding]:
    """R542: without a sum behind it, drop_path drops all that is known of an example."""
    model = recipe.model
    sources, layers = list(sources_of(model)), applied(model)
    for k, layer in enumerate(layers):
        takers = [layers[i].kind for i, taken in enumerate(sources) if k in taken]
        if layer.kind == "drop_path" and _drops(layer) and "add" not in takers:
            yield warning(
                "R542",
                (*LAYERS, k, "kind"),
                "nothing is added to the output of drop_path, so nothing remains of the examples that it drops",
                "put it last in the layers of a `residual`, or write `kind: dropout`",
            )


def one_dropout_at_a_place(recipe: Recipe) -> Iterator[Finding]:
    """R543: two dropouts one after another act as one with a higher rate."""
    model = recipe.model
    layers = applied(model)
    for k, sources in enumerate(sources_of(model)):
        layer, source = layers[k], sources[0]
        if model.layers[k].kind != "dropout" or source is None:
            continue
        first, second = _rate_of(model, source), vars(layer)["rate"]
        if first > 0 and second > 0:
            yield warning(
                "R543",
                (*LAYERS, k, "rate"),
                f"two dropouts one after another, of {first:g} and {second:g}, act as one of "
                f"{1 - (1 - first) * (1 - second):g}",
                "remove one of them",
            )


def _rate_of(model: Model, source: int) -> float:
    """Of plain dropout on an output; 0 for none, and for one that ``dropout: auto`` chooses."""
    if source <= ENTRY:
        return model.input_dropout
    layer = applied(model)[source]
    return float(vars(layer)["rate"] if layer.kind == "dropout" else layer.output_dropout or 0.0)


def constrained_weights_are_there(recipe: Recipe) -> Iterator[Finding]:
    """R544: a constraint or a penalty is on a weight that the layer has."""
    for k, layer in enumerate(recipe.model.layers):
        keys = vars(layer)
        for weight, says in _PARTS.items():
            for key in (f"{weight}_constraint", f"{weight}_regularizer"):
                if keys.get(key) is not None and keys.get(says) is False:
                    yield warning(
                        "R544",
                        (*LAYERS, k, key),
                        f"{key} has no effect: {says} is false, and the layer has no {weight}",
                        f"remove it, or write `{says}: true`",
                    )


RULES: tuple[Rule, ...] = (
    alpha_dropout_follows_selu,
    numbers_of_words_stay_whole,
    dropped_paths_are_added,
    one_dropout_at_a_place,
    constrained_weights_are_there,
)
