"""Layers with selu, which keep mean and variance from layer to layer (Klambauer et al. 2017), and what undoes that."""

from collections.abc import Iterator

from schemas.findings import Finding, Path
from schemas.graph import ENTRY, applied, sources_of
from schemas.layers import LayerBase
from schemas.recipe import Recipe
from schemas.rules.model import LAYERS
from schemas.rules.tell import Rule, at, warning

_SELU, _INITIALIZER = "selu", "lecun_normal"


def _is_selu(layer: LayerBase) -> bool:
    return vars(layer).get("activation") == _SELU


def dropout_keeps_mean_and_variance(recipe: Recipe) -> Iterator[Finding]:
    """R445: plain dropout changes the variance that selu keeps; alpha dropout does not."""
    model = recipe.model
    layers = applied(model)
    found: dict[Path, float] = {}
    for k, (layer, sources) in enumerate(zip(model.layers, sources_of(model), strict=True)):
        rate = layer.output_dropout
        if layer.kind == "dropout" and any(_is_selu(layers[i]) for i in sources if i is not None and i > ENTRY):
            found[(*LAYERS, k, "kind")] = vars(layer)["rate"]
        elif _is_selu(layer) and rate is not None and rate > 0:
            found[(*LAYERS, k, "dropout")] = rate
    for path, value in found.items():
        yield warning(
            "R445",
            path,
            "dropout sets outputs of selu to 0, which changes the mean and the variance that selu keeps",
            f"write `{{kind: alpha_dropout, rate: {value:g}}}` after the layer",
        )


def selu_starts_with_its_initializer(recipe: Recipe) -> Iterator[Finding]:
    """R446: selu keeps mean and variance for kernels that start with a variance of 1/inputs."""
    for k, layer in enumerate(recipe.model.layers):
        initializer = vars(layer).get("kernel_initializer")
        if _is_selu(layer) and initializer not in (None, _INITIALIZER):
            key = "kernel_initializer" if "kernel_initializer" in layer.model_fields_set else "activation"
            yield warning(
                "R446",
                at(layer, (*LAYERS, k), key),
                f"selu keeps mean and variance only with kernel_initializer {_INITIALIZER}; received {initializer}",
                f"write `kernel_initializer: {_INITIALIZER}`",
            )


RULES: tuple[Rule, ...] = (dropout_keeps_mean_and_variance, selu_starts_with_its_initializer)
