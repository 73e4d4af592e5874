"""A factor on all dropout rates, against the rates of the model."""

from collections.abc import Iterator

from schemas.auto_dropout import AutoDropout
from schemas.findings import Finding, Path
from schemas.layers import LayerBase
from schemas.model import Model
from schemas.recipe import Recipe
from schemas.rules.model import LAYERS
from schemas.rules.tell import Rule, error, warning

_FACTOR: Path = ("model", "dropout_factor")


def _rates(model: Model) -> list[float]:
    """Rates that the factor multiplies; of ``dropout: auto`` the largest that a layer can have."""
    own = [layer.output_dropout or 0.0 for layer in model.layers]
    written = [vars(layer)["rate"] for layer in model.layers if layer.is_dropout]
    auto = AutoDropout() if model.dropout == "auto" else model.dropout
    sized = [max(auto.low, auto.high)] if auto is not None else []
    return [rate for rate in (model.input_dropout, *own, *written, *sized) if rate > 0]


def rates_stay_below_one(recipe: Recipe) -> Iterator[Finding]:
    """R447: a factor multiplies some rate, and no product reaches 1."""
    factor, rates = recipe.model.dropout_factor, _rates(recipe.model)
    if factor is None:
        return
    if not rates:
        yield error("R447", _FACTOR, "no layer of the model has dropout whose rate it could multiply", "remove it")
    for k, row in enumerate(factor.phases if rates else ()):
        if max(row.ends) * max(rates) >= 1:
            yield error(
                "R447",
                (*_FACTOR, "phases", k, "factor"),
                f"rates must stay below 1; received a factor of {max(row.ends):g} for a rate of {max(rates):g}",
                f"write a factor below {1 / max(rates):.3g}",
            )


def exponential_ways_stay_above_zero(recipe: Recipe) -> Iterator[Finding]:
    """R396: an exponential way divides by its first value."""
    factor = recipe.model.dropout_factor
    for k, row in enumerate(factor.phases if factor is not None else ()):
        if row.curve == "exponential" and 0 in row.ends:
            path = (*_FACTOR, "phases", k, "curve")
            yield error("R396", path, "an exponential curve must start and end above zero", "write `curve: linear`")


def other_dropout_keeps_its_rate(recipe: Recipe) -> Iterator[Finding]:
    """R448: the factor does not act on dropout inside a layer."""
    if recipe.model.dropout_factor is None:
        return
    for k, layer in enumerate(recipe.model.layers):
        inner = vars(layer).get("layer")
        place: Path = (*LAYERS, k)
        keys = vars(layer)
        if isinstance(inner, LayerBase):
            place, keys = (*place, "layer"), vars(inner)
        within = "dropout" if layer.output_dropout is None and keys.get("dropout") else "recurrent_dropout"
        if keys.get(within):
            yield warning(
                "R448",
                (*place, within),
                f"{layer.kind} keeps its {within} of {keys[within]:g}: dropout_factor does not act inside a layer",
                "put a dropout layer before it, or leave it so",
            )


RULES: tuple[Rule, ...] = (rates_stay_below_one, exponential_ways_stay_above_zero, other_dropout_keeps_its_rate)
