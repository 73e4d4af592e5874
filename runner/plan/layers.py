"""Expands the model's short forms: every dropout, the output layer and what they follow from."""

import math
from dataclasses import dataclass, replace
from pathlib import Path as FilePath

from runner.errors import DataError
from schemas.findings import Path
from schemas.graph import ENTRY, reaching, sources_of
from schemas.layer_names import names_of
from schemas.layers import Dense, Dropout, Layer
from schemas.layers.sequences import Embedding
from schemas.model import AutoDropout, Model


@dataclass(frozen=True)
class PlannedLayer:
    """One Keras layer to be, and the place in the recipe that asked for it."""

    path: Path
    layer: Layer
    origin: str | None = None
    """Why it is there when the recipe does not write it out, such as ``dropout: auto``."""
    inputs: tuple[int, ...] = (ENTRY,)
    """Numbers of the planned layers whose outputs it takes; ``ENTRY`` for the model's input."""
    folder: FilePath | None = None
    """Where custom code may be imported from; None: it may not be imported at all."""


def auto_rates(model: Model) -> dict[int, float]:
    """Dropout rate of each hidden dense layer by index, under ``dropout: auto``.

    rateᵢ = low + (high − low) · ln(unitsᵢ/units_min) / ln(units_max/units_min), and (low + high)/2 when
    all are of one size. Source: A. Géron, Hands-On Machine Learning, chapter 11: larger layers may take a
    larger rate, smaller ones a smaller.
    """
    if model.dropout is None:
        return {}
    auto = AutoDropout() if model.dropout == "auto" else model.dropout
    units = {i: layer.units for i, layer in enumerate(model.layers) if isinstance(layer, Dense)}
    if not units:
        return {}
    least, most = min(units.values()), max(units.values())
    if least == most:
        return dict.fromkeys(units, (auto.low + auto.high) / 2)
    span = math.log(most / least)
    return {i: auto.low + (auto.high - auto.low) * math.log(n / least) / span for i, n in units.items()}


def _dropout(path: Path, rate: float, origin: str, source: int) -> list[PlannedLayer]:
    return [PlannedLayer(path, Dropout(kind="dropout", rate=rate), origin, (source,))] if rate > 0 else []


def _output(model: Model, classes: int | None, source: int, targets: int, labels: bool) -> PlannedLayer:
    output = model.output
    units = output.units if output.units is not None else (classes or targets)
    linear = (classes is None and not labels) or output.logits
    activation = output.activation or ("linear" if linear else "sigmoid" if labels or units == 1 else "softmax")
    dense = Dense(
        kind="dense",
        name="output",
        units=units,
        activation=activation,
        kernel_initializer=output.kernel_initializer,
        kernel_regularizer=output.kernel_regularizer,
        kernel_constraint=output.kernel_constraint,
    )
    origin = None if output.units is not None else "the task and the data"
    return PlannedLayer(("model", "output"), dense, origin, (source,))


def expand(
    model: Model, classes: int | None, vocabulary: int | None = None, *, targets: int = 1, labels: bool = False
) -> tuple[PlannedLayer, ...]:
    """Every layer in order, with dropout layers and the output layer written out; what nobody uses is left out.

    A layer's dropout acts on all who take the layer's output, and that of the inputs on all who take the input.

    Args:
        model: the recipe's model.
        classes: number of classes, or None where numbers or labels are predicted.
        vocabulary: numbers that the inputs may have, for an embedding that leaves out its rows.
        targets: how many numbers or labels are predicted of an example.
        labels: whether these are labels.

    Raises:
        DataError: an embedding has fewer rows than there are numbers.
    """
    auto, kept = auto_rates(model), reaching(model)
    layers = _dropout(("model", "input_dropout"), model.input_dropout, "input_dropout", ENTRY)
    outputs = {ENTRY: len(layers) - 1}  # the planned layer that gives what a layer of the recipe stands for
    for i, (layer, sources) in enumerate(zip(model.layers, sources_of(model), strict=True)):
        if i not in kept:
            continue
        path: Path = ("model", "layers", i)
        if isinstance(layer, Embedding) and vocabulary is not None:
            layer = _with_rows(layer, vocabulary, path)
        layers.append(PlannedLayer(path, layer, None, tuple(outputs[k] for k in sources if k is not None)))
        if layer.output_dropout is not None:
            layers += _dropout((*path, "dropout"), layer.output_dropout, "dropout of the layer", len(layers) - 1)
        elif i in auto:
            layers += _dropout(("model", "dropout"), auto[i], "dropout: auto", len(layers) - 1)
        outputs[i] = len(layers) - 1
    return _named((*layers, _output(model, classes, outputs[len(model.layers) - 1], targets, labels)))


def _with_rows(layer: Embedding, vocabulary: int, path: Path) -> Embedding:
    if layer.input_dim is not None and layer.input_dim < vocabulary:
        raise DataError(
            f"input_dim must be at least the {vocabulary:,} numbers of the vocabulary, with those of padding and of "
            f"unseen words; received {layer.input_dim:,}",
            "leave `input_dim` out, or lower `data.vocabulary`",
            path=(*path, "input_dim"),
        )
    return layer if layer.input_dim is not None else layer.model_copy(update={"input_dim": vocabulary})


def _named(layers: tuple[PlannedLayer, ...]) -> tuple[PlannedLayer, ...]:
    """Every layer with a name of its own."""
    names = names_of((item.layer.kind, item.layer.name) for item in layers)
    return tuple(
        item if item.layer.name is not None else replace(item, layer=item.layer.model_copy(update={"name": name}))
        for item, name in zip(layers, names, strict=True)
    )
