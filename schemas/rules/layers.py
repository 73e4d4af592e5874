"""Layers: their arguments against each other, and against the layer before."""

from collections.abc import Iterator

from schemas.findings import Finding, Path
from schemas.graph import ENTRY, applied, sources_of
from schemas.layers import LayerBase
from schemas.model import Model
from schemas.recipe import Recipe
from schemas.rules.model import LAYERS
from schemas.rules.tell import Rule, error, warning

_TORCH_LIKE = 0.5
"""Below this, a momentum is likely the other library's, which counts what is replaced."""


def stride_or_dilation(recipe: Recipe) -> Iterator[Finding]:
    """R153: Keras has no convolution that is both strided and dilated."""
    for k, layer in enumerate(recipe.model.layers):
        if is_strided_and_dilated(layer):
            keys = vars(layer)
            yield error(
                "R153",
                (*LAYERS, k, "dilation_rate"),
                f"strides and dilation_rate cannot both be above 1; received {_text(keys['strides'])} "
                f"and {_text(keys['dilation_rate'])}",
                "take one of them, and a pooling layer in place of the strides",
            )


def is_strided_and_dilated(layer: LayerBase) -> bool:
    """Whether a convolution has both strides and a dilation above 1."""
    keys = vars(layer)
    return "dilation_rate" in keys and _widest(keys["strides"]) > 1 and _widest(keys["dilation_rate"]) > 1


def _widest(size: int | tuple[int, ...]) -> int:
    return size if isinstance(size, int) else max(size)


def _text(size: int | tuple[int, ...]) -> str:
    return str(size) if isinstance(size, int) else str(list(size))


def groups_divide_filters(recipe: Recipe) -> Iterator[Finding]:
    """R154: every group makes the same number of filters."""
    for k, layer in enumerate(recipe.model.layers):
        groups, filters = vars(layer).get("groups"), vars(layer).get("filters")
        if groups is not None and filters is not None and filters % groups:
            yield error(
                "R154",
                (*LAYERS, k, "groups"),
                f"groups must divide filters; received {groups} groups and {filters} filters",
                f"make filters a multiple of {groups}",
            )


def _dropout_after(model: Model, k: int) -> Path | None:
    """Where the dropout is written that acts on a layer's output, if there is any."""
    if k <= ENTRY:
        return ("model", "input_dropout") if model.input_dropout > 0 else None
    layer = applied(model)[k]
    if layer.is_dropout:
        return (*LAYERS, k) if vars(layer)["rate"] > 0 else None
    if layer.output_dropout is not None:
        return (*LAYERS, k, "dropout") if layer.output_dropout > 0 else None
    return ("model", "dropout") if model.dropout is not None and layer.hidden_size is not None else None


def no_dropout_before_batch_normalization(recipe: Recipe) -> Iterator[Finding]:
    """R159: dropout changes the variance in training only, so the moving variance is wrong in evaluation.

    Source: Li et al. 2018, Understanding the Disharmony between Dropout and Batch Normalization.
    """
    model = recipe.model
    found: list[Path | None] = []
    for layer, sources in zip(applied(model), sources_of(model), strict=True):
        if layer.normalizes == "batch":
            found += [_dropout_after(model, source) for source in sources if source is not None]
    for path in dict.fromkeys(path for path in found if path is not None):
        yield warning(
            "R159",
            path,
            "dropout comes directly before batch_normalization, whose moving variance then fits training only",
            "put the dropout after the normalization, or keep one of the two",
        )


def moving_averages_remember(recipe: Recipe) -> Iterator[Finding]:
    """R160: Keras' momentum is what the moving average keeps; PyTorch's 0.1 is 0.9 here, and 1 never learns."""
    for k, layer in enumerate(recipe.model.layers):
        value = vars(layer)["momentum"] if layer.normalizes == "batch" else None
        if value is not None and not _TORCH_LIKE <= value < 1:
            yield warning(
                "R160",
                (*LAYERS, k, "momentum"),
                f"momentum is what the moving mean keeps at each step, usually 0.9 to 0.99; received {value:g}",
                "write `momentum: 0.99`" if value == 1 else f"PyTorch's momentum {value:g} is {1 - value:g} here",
            )


RULES: tuple[Rule, ...] = (
    stride_or_dilation,
    groups_divide_filters,
    no_dropout_before_batch_normalization,
    moving_averages_remember,
)
