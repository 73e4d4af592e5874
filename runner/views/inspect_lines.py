"""A step of a run, looked into, as text: its examples by falling loss, and its layers."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from rich.text import Text

from runner.numerals import measure, rate
from runner.views.lines import Screen, paragraph
from runner.views.tables import Column, table

_MOST_CELLS = 6
"""Columns of a table that are shown of a row."""


class Example(Protocol):
    """An example of a batch."""

    @property
    def name(self) -> str:
        """File and row, or place."""

    @property
    def loss(self) -> float:
        """Its loss."""

    @property
    def target(self) -> str:
        """What it is."""

    @property
    def said(self) -> str:
        """What the model made of it."""

    @property
    def values(self) -> Mapping[str, str]:
        """Its inputs by name, where they have names."""

    @property
    def losses(self) -> Mapping[str, float]:
        """Of several outputs that of each."""


class Layer(Protocol):
    """Norms of a layer."""

    @property
    def name(self) -> str:
        """Of the layer."""

    @property
    def gradient(self) -> float:
        """Of its gradients."""

    @property
    def weights(self) -> float:
        """Of its weights."""

    @property
    def update(self) -> float:
        """Of what was added to them."""

    @property
    def ratio(self) -> float:
        """Of update and weights."""


def example_lines(examples: Sequence[Example], screen: Screen, by: str | None = None) -> list[Text]:
    """A row for each example: name, loss, losses of several outputs, target, what the model said, values that fit.

    Args:
        examples: of a batch.
        screen: to fit.
        by: the output by whose loss they are in order, which is shown on any screen.
    """
    outputs = list(examples[0].losses) if examples else []
    names = list(dict.fromkeys(name for example in examples for name in example.values))[:_MOST_CELLS]
    shown = [] if names == ["text"] else names
    columns = [
        Column("example"), Column("loss", left=False),
        *(Column(f"{name} loss", left=False, leaves=0 if name == by else len(shown) + len(outputs) - k)
          for k, name in enumerate(outputs)),
        Column("target"), Column("model"),
        *(Column(name, left=False, leaves=len(shown) - k) for k, name in enumerate(shown)),
    ]  # fmt: skip
    rows = [
        (e.name, measure(e.loss), *map(measure, e.losses.values()), e.target, e.said,
         *(e.values.get(name, "") for name in shown))
        for e in examples
    ]  # fmt: skip
    lines = table(screen, columns, rows)
    if names != ["text"]:
        return lines
    texts = [paragraph(screen, _cut(example.values["text"], screen), indent=2, style="dim") for example in examples]
    return [lines[0], *(line for row, text in zip(lines[1:], texts, strict=True) for line in (row, *text))]


def _cut(text: str, screen: Screen) -> str:
    """Two lines of it at most."""
    most = 2 * (screen.width - 4)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def layer_lines(layers: Sequence[Layer], screen: Screen) -> list[Text]:
    """A row for each layer: the norms of gradient, weights and update, and the ratio of the last two."""
    columns = (
        Column("layer"), Column("gradient", left=False), Column("weights", left=False),
        Column("update", left=False, leaves=1), Column("update/weights", left=False),
    )  # fmt: skip
    rows = [(layer.name, *map(rate, (layer.gradient, layer.weights, layer.update, layer.ratio))) for layer in layers]
    return table(screen, columns, rows)
