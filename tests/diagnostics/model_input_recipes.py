"""Recipes with a fault in named inputs or shared layers; the place of the finding is «marked»."""

from tests.source.bad_recipes import Case
from tests.source.samples import small

_SEPAL, _PETAL = "sepal: {columns: [sepal_length, sepal_width]}", "petal: {columns: [petal_length, petal_width]}"
_A = "{kind: dense, units: 8, name: a, inputs: [sepal]}"
_AGAIN = "{kind: shared, layer: a, inputs: [petal], name: b}"
_JOIN = "{kind: subtract, inputs: [a, b]}"


def _model(*layers: str, sepal: str = _SEPAL, petal: str = _PETAL) -> str:
    listed = "".join(f"\n    - {layer}" for layer in layers or (_A, _AGAIN, _JOIN))
    return small(
        data="data: {source: builtin, name: iris}",
        model=f"model:\n  kind: functional\n  inputs:\n    {sepal}\n    {petal}\n  layers:{listed}",
    )


MODEL_INPUTS = [
    Case("R500", _model(petal="petal: «{}»"), says="neither"),
    Case("R501", _model(sepal="sepal: {columns: [«sepal_len», sepal_width]}"), says="there are sepal_length"),
    Case("R502", _model(sepal="sepal: {index: «0»}"), says="two axes or more"),
    Case("R503", _model(_A, petal="petal: «{columns: [petal_length]}»"), says="no layer takes the input 'petal'"),
    Case("R504", _model(_A, _AGAIN.replace("layer: a", "layer: «tower»"), _JOIN), says="names before it are a"),
    Case("R505", _model(_A, _AGAIN.replace("[petal]", "«[input]»"), "{kind: concatenate, inputs: [a, b, petal]}"),
         says="2; received 4"),
]  # fmt: skip
