"""Layers over sequences: their masks, and the table of an embedding."""

from collections.abc import Iterator

from schemas.findings import Finding
from schemas.graph import applied, sources_of
from schemas.layers import LayerBase
from schemas.recipe import Recipe
from schemas.rules.model import LAYERS
from schemas.rules.tell import Rule, error, warning


def the_wrapper_has_the_wires(recipe: Recipe) -> Iterator[Finding]:
    """R312: the layer inside another one takes what the outer layer takes, and drops none of its outputs."""
    for k, layer in enumerate(recipe.model.layers):
        inner = vars(layer).get("layer")
        if not isinstance(inner, LayerBase):
            continue
        for key, given in (("inputs", inner.inputs is not None), ("dropout", inner.output_dropout is not None)):
            if given:
                yield error(
                    "R312",
                    (*LAYERS, k, "layer", key),
                    f"the layer inside {layer.kind} has no {key} of its own",
                    f"write `inputs` on {layer.kind}" if key == "inputs" else f"put a dropout layer after {layer.kind}",
                )


def masks_reach_their_end(recipe: Recipe) -> Iterator[Finding]:
    """R313: a layer that cannot handle a mask drops it, and padding then counts as input."""
    layers = applied(recipe.model)
    masked: dict[int | None, bool] = {}
    for k, sources in enumerate(sources_of(recipe.model)):
        layer = layers[k]
        given = [masked.get(source, False) for source in sources]
        masked[k] = layer.gives_mask_of(given)
        if not layer.loses_mask_of(given):
            continue
        if layer.takes_mask:
            what = f"{layer.kind} drops the mask of the embedding before it, because one of its inputs has none"
            help = "remove `mask_zero`, or take layers that hand the mask on to all of its inputs"
        else:
            what = f"{layer.kind} drops the mask of the embedding before it"
            help = "remove `mask_zero`, or take lstm, gru or global_average_pooling1d, which use the mask"
        yield warning("R313", (*LAYERS, k), f"{what}: padding counts as input from here on", help)


RULES: tuple[Rule, ...] = (the_wrapper_has_the_wires, masks_reach_their_end)
