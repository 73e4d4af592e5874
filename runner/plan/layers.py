"""Expands the model's short forms: every dropout, the output layer and what they follow from."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path as FilePath

from pydantic import TypeAdapter

from runner.errors import DataError
from runner.plan.outputs import PlannedOutput
from schemas.auto_dropout import AutoDropout
from schemas.findings import Path
from schemas.graph import ENTRY, ends_of, entries_of, reaching, roots_of, sources_of
from schemas.layer_names import names_of
from schemas.layers import Activation, Dense, Layer, LayerBase
from schemas.layers.entry import Taken
from schemas.layers.joining import Concatenate
from schemas.layers.sequences import Embedding
from schemas.layers.tied import TiedOutput, reversible
from schemas.model import Model
from schemas.model_outputs import OutputTask

_LAYERS: TypeAdapter[Layer] = TypeAdapter(Layer)
_ACTIVATIONS: Mapping[OutputTask, Activation] = {
    "classification": "softmax",
    "binary": "sigmoid",
    "multi_label": "sigmoid",
    "regression": "linear",
}
"""Of outputs that name none."""


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
    steps: bool = False
    """Whether it is an output layer that gives an output for each step."""
    weights_of: int | None = None
    """Number of the planned layer that is applied once more here; None: this one has weights of its own."""

    @property
    def is_output(self) -> bool:
        """Whether it is an output layer, or puts several outputs beside one another."""
        return self.path[1] in ("output", "outputs")


def acting_layer(planned: Sequence[PlannedLayer], item: PlannedLayer) -> LayerBase:
    """What acts at a place: the item's own layer, or the one that is applied once more there."""
    if item.weights_of is None or isinstance(item.layer, TiedOutput):
        return item.layer
    return planned[item.weights_of].layer


def auto_rates(model: Model) -> dict[int, float]:
    """Dropout rate of each hidden layer with a size by index, under ``dropout: auto``.

    rateᵢ = low + (high − low) · ln(sizeᵢ/size_min) / ln(size_max/size_min), and (low + high)/2 when
    all are of one size. Source: A. Géron, Hands-On Machine Learning, chapter 11: larger layers may take a
    larger rate, smaller ones a smaller.
    """
    if model.dropout is None:
        return {}
    auto = AutoDropout() if model.dropout == "auto" else model.dropout
    sizes = {i: size for i, layer in enumerate(model.layers) if (size := layer.hidden_size) is not None}
    if not sizes:
        return {}
    least, most = min(sizes.values()), max(sizes.values())
    if least == most:
        return dict.fromkeys(sizes, (auto.low + auto.high) / 2)
    span = math.log(most / least)
    return {i: auto.low + (auto.high - auto.low) * math.log(n / least) / span for i, n in sizes.items()}


def _dropout(path: Path, rate: float, origin: str, source: int, kind: str = "dropout") -> list[PlannedLayer]:
    if rate == 0:
        return []
    made = _LAYERS.validate_python({"kind": kind, "rate": rate})
    return [PlannedLayer(path, made, origin, (source,))]


def _output(model: Model, classes: int | None, source: int, targets: int, *, labels: bool, steps: bool) -> PlannedLayer:
    output = model.output
    units = output.units if output.units is not None else (classes or targets)
    linear = (classes is None and not labels) or output.logits or steps
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
    return PlannedLayer(("model", "output"), dense, origin, (source,), steps=steps)


def expand(
    model: Model,
    classes: int | None,
    vocabulary: int | None = None,
    *,
    targets: int = 1,
    labels: bool = False,
    steps: bool = False,
    taken: Mapping[str, Taken] | None = None,
    outputs: Sequence[PlannedOutput] = (),
) -> tuple[PlannedLayer, ...]:
    """Every layer in order, with dropout layers and the output layer written out; what nobody uses is left out.

    A layer's dropout acts on all who take the layer's output, and that of the inputs on all who take the input.

    Args:
        model: the recipe's model.
        classes: number of classes, or None where numbers or labels are predicted.
        vocabulary: numbers that the inputs may have, for an embedding that leaves out its rows.
        targets: how many numbers or labels are predicted of an example.
        labels: whether these are labels.
        steps: whether a class is predicted at each step, by logits.
        taken: the layers that take the model's named inputs; None: layers that take them get the whole input, for
            those who ask only which layers there are.
        outputs: several outputs, which a last layer puts beside one another; empty: the only one is the last layer.

    Raises:
        DataError: an embedding has fewer rows than there are numbers.
    """
    expansion = _expanded(model, taken, vocabulary)
    if outputs:
        return _named((*expansion.layers, *_heads(model, outputs, expansion)))
    last = expansion.outputs[len(model.layers) - 1]
    if model.output.tied and classes is not None:
        output = expansion.tied(classes, last)
        return _named((*expansion.layers, output))
    return _named((*expansion.layers, _output(model, classes, last, targets, labels=labels, steps=steps)))


def hidden_layers(model: Model) -> tuple[PlannedLayer, ...]:
    """The layers before the outputs, for those who ask only which layers there are."""
    return tuple(_expanded(model, None, None).layers)


def _expanded(model: Model, taken: Mapping[str, Taken] | None, vocabulary: int | None) -> "_Expansion":
    expansion = _Expansion(model, taken, vocabulary)
    for i, sources in enumerate(sources_of(model)):
        if i in expansion.kept:
            expansion.add(i, sources)
    return expansion


def _heads(model: Model, outputs: Sequence[PlannedOutput], before: "_Expansion") -> list[PlannedLayer]:
    """A dense layer for each output, and the layer that puts what they give beside one another."""
    ends, first = ends_of(model), len(before.layers)
    heads: list[PlannedLayer] = []
    for output in outputs:
        written, end = model.outputs[output.name], ends[output.name]
        assert end is not None
        dense = Dense(
            kind="dense",
            name=output.name,
            units=output.units,
            activation=written.activation or _ACTIVATIONS[output.task],
            kernel_initializer=written.kernel_initializer,
            kernel_regularizer=written.kernel_regularizer,
            kernel_constraint=written.kernel_constraint,
        )
        heads.append(PlannedLayer(("model", "outputs", output.name), dense, None, (before.outputs[end],)))
    joined = Concatenate(kind="concatenate", name="output")
    places = tuple(range(first, first + len(heads)))
    return [*heads, PlannedLayer(("model", "outputs"), joined, "several outputs", places)]


class _Expansion:
    """The planned layers so far."""

    def __init__(self, model: Model, taken: Mapping[str, Taken] | None, vocabulary: int | None) -> None:
        self.model, self.vocabulary = model, vocabulary
        self.kept, self._roots, self._auto = reaching(model), roots_of(model), auto_rates(model)
        self.layers = _dropout(("model", "input_dropout"), model.input_dropout, "input_dropout", ENTRY)
        self.outputs = {ENTRY: len(self.layers) - 1}
        """The planned layer that gives what an input of the model or a layer of the recipe stands for."""
        self._built: dict[int, int] = {}
        """By a layer of the recipe the planned layer that has its weights."""
        self._take(taken)

    def _take(self, taken: Mapping[str, Taken] | None) -> None:
        wanted = {k for i, sources in enumerate(sources_of(self.model)) if i in self.kept for k in sources}
        wanted |= set(ends_of(self.model).values())
        whole = self.outputs[ENTRY]
        for name, k in entries_of(self.model).items():
            if k < ENTRY and k in wanted and taken is not None:
                self.layers.append(PlannedLayer(("model", "inputs", name), taken[name], None, (whole,)))
            self.outputs.setdefault(k, len(self.layers) - 1 if taken is not None else whole)

    def tied(self, classes: int, source: int) -> PlannedLayer:
        """The output that multiplies by the table of the only embedding, which is then applied in reverse too."""
        k, table = next((k, item.layer) for k, item in enumerate(self.layers) if isinstance(item.layer, Embedding))
        self.layers[k] = replace(self.layers[k], layer=reversible(table))
        output = TiedOutput(name="output", units=classes, output_dim=table.output_dim)
        return PlannedLayer(("model", "output"), output, None, (source,), steps=True, weights_of=k)

    def add(self, i: int, sources: Sequence[int | None]) -> None:
        """Plan a layer of the recipe, and the dropout behind it."""
        path: Path = ("model", "layers", i)
        inputs = tuple(self.outputs[k] for k in sources if k is not None)
        root = self._roots[i]
        acting = self.model.layers[root]
        if root in self._built:
            self.layers.append(PlannedLayer(path, self.model.layers[i], None, inputs, weights_of=self._built[root]))
        else:
            layer = acting
            if isinstance(layer, Embedding) and self.vocabulary is not None:
                layer = _with_rows(layer, self.vocabulary, path)
            self._built[root] = len(self.layers)
            self.layers.append(PlannedLayer(path, layer, None, inputs))
        before = len(self.layers) - 1
        if acting.output_dropout is not None:
            self.layers += _dropout((*path, "dropout"), acting.output_dropout, "dropout of the layer", before)
        elif root in self._auto:
            kind = acting.fitting_dropout
            self.layers += _dropout(("model", "dropout"), self._auto[root], "dropout: auto", before, kind)
        self.outputs[i] = len(self.layers) - 1


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
