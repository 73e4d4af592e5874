"""Layers that begin with the weights of a trained run, or with published ones."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from typing import Any

import numpy as np
from keras.src.backend.common import global_state
from numpy.typing import NDArray

from runner.errors import KeyPath, ModelUnusable, WeightsError
from runner.model.build import LayerShape
from runner.model.custom import custom_objects
from runner.model.model_file import content_digest, layers_by_name, open_model
from runner.model.published_arrays import published_arrays, published_shapes, require_fits
from runner.plan.plan import Plan
from runner.plan.weights import SourceWeights, is_wanted, pattern_of
from runner.text import printable
from schemas.layer_selection import selects
from schemas.layers import LayerBase
from schemas.layers.applications.application import Application
from schemas.weights import Weights

Arrays = dict[str, list[NDArray[Any]]]
"""By a layer's name its weights in Keras' order: those that train, then moving statistics and the like."""
_NAMES = "object_name_uids"
"""Keras' counts of names that it has given."""


def source_arrays(plan: Plan) -> Arrays | None:
    """The weights that the plan's layers take theirs from; None: all layers are fresh.

    They are those of all layers of another run's model, and of each application those that are published for it.

    Raises:
        WeightsError: the model or a file cannot be opened, or is not the one that was planned with.
    """
    _require_known(plan)
    if plan.weights is None and not plan.published:
        return None
    published = {weights.layer: published_arrays(weights) for weights in plan.published}
    return {**(_run_arrays(plan, plan.weights) if plan.weights is not None else {}), **published}


def _require_known(plan: Plan) -> None:
    published = any(_takes_published(item.layer) for item in plan.layers)
    if (plan.weights is None and plan.recipe.model.weights is not None) or (published and not plan.published):
        raise ValueError("a plan whose recipe takes weights must say which")


def _takes_published(layer: LayerBase) -> bool:
    return isinstance(layer, Application) and layer.weights != "none"


def _run_arrays(plan: Plan, source: SourceWeights) -> Arrays:
    if source.file is None:
        raise WeightsError(
            f"the model of {printable(source.run)} is no longer on this machine, or has changed",
            "restore it, or start a new run",
        )
    try:
        _require_same(source)
        with _no_names_taken():
            model = open_model(source.file, custom_objects(plan.layers) if plan.code is not None else {})
    except ModelUnusable as error:
        raise WeightsError(str(error), *error.help) from error
    arrays = {name: list(layer.get_weights()) for name, layer in layers_by_name(model).items()}
    return arrays | _of_applications(plan, arrays)


def _applications(plan: Plan) -> list[str]:
    """Names of the planned layers that are applications."""
    return [str(item.layer.name) for item in plan.layers if item.layer.kind == "application"]


def _of_applications(plan: Plan, arrays: Arrays) -> Arrays:
    """The weights of each application as those of one layer, where the source has layers of that name."""
    found = {}
    for name in _applications(plan):
        parts = [weights for layer, weights in arrays.items() if selects(name, layer)]
        if parts:
            found[name] = [array for part in parts for array in part]
    return found


class _Together:
    """The layers of an application as one layer that takes weights."""

    def __init__(self, name: str, layers: Sequence[Any]) -> None:
        self.name = name
        self._layers = layers

    @property
    def weights(self) -> list[Any]:
        """Of all its layers, in Keras' order."""
        return [weight for layer in self._layers for weight in layer.weights]

    def set_weights(self, arrays: Sequence[NDArray[Any]]) -> None:
        """Give each layer its own."""
        left = list(arrays)
        for layer in self._layers:
            count = len(layer.weights)
            layer.set_weights(left[:count])
            left = left[count:]


def _require_same(source: SourceWeights) -> None:
    assert source.file is not None
    if content_digest(source.file) != source.sha256:
        raise WeightsError(f"the model of {printable(source.run)} has changed since the run was planned", "start again")


@contextmanager
def _no_names_taken() -> Iterator[None]:
    """Layers made while the block runs leave no trace in the names of later ones."""
    before = deepcopy(global_state.get_global_attribute(_NAMES))
    try:
        yield
    finally:
        global_state.set_global_attribute(_NAMES, before)


def with_sources(plan: Plan, layers: Sequence[LayerShape]) -> tuple[LayerShape, ...]:
    """The same layers, which say what they begin with; checked against the model that they take it from, if it is here.

    Args:
        plan: says which layers take weights.
        layers: all of the model's, with the shapes of their weights.

    Raises:
        WeightsError: a layer is not in the source, or has weights of other shapes there, or none at all.
    """
    taken = {*_published_layers(plan, layers)}
    if plan.weights is not None and plan.weights.file is not None:
        shapes = [(layer.name, layer.weights) for layer in layers]
        taken.update(_checked(_written(plan), shapes, _run_arrays(plan, plan.weights)))
    return tuple(replace(layer, taken=layer.name in taken) for layer in layers)


def _published_layers(plan: Plan, layers: Sequence[LayerShape]) -> Iterator[str]:
    """Names of the applications that begin with published weights, each of which can, where its file is here."""
    weights = {layer.name: layer.weights for layer in layers}
    for each in plan.published:
        if each.file is not None:
            require_fits(each, weights[each.layer], published_shapes(each))
        yield each.layer


def take_weights(plan: Plan, model: Any, arrays: Arrays) -> None:
    """Give the layers of a model with fresh weights those that the plan takes from elsewhere.

    Raises:
        WeightsError: as :func:`with_sources`.
    """
    names = {item.layer.name for item in plan.layers}
    whole = [
        _Together(name, [layer for layer in model.layers if selects(name, layer.name)]) for name in _applications(plan)
    ]
    layers = [*(layer for layer in model.layers if layer.name in names), *whole]
    shapes = {layer.name: tuple(tuple(weight.shape) for weight in layer.weights) for layer in layers}
    taken = {each.layer for each in plan.published}
    for each in plan.published:
        require_fits(each, shapes[each.layer], tuple(array.shape for array in arrays[each.layer]))
    if plan.recipe.model.weights is not None:
        taken.update(_checked(_written(plan), list(shapes.items()), arrays))
    for layer in layers:
        if layer.name in taken:
            layer.set_weights(arrays[layer.name])


def _written(plan: Plan) -> Weights:
    assert plan.recipe.model.weights is not None
    return plan.recipe.model.weights


Shapes = tuple[tuple[int, ...], ...]


def _checked(written: Weights, layers: Sequence[tuple[str, Shapes]], arrays: Arrays) -> Iterator[str]:
    """Names of the layers that take weights, each of which can."""
    wanted = [(name, shapes) for name, shapes in layers if shapes and is_wanted(written, name)]
    _require_all_act(written, [name for name, _ in wanted])
    for name, shapes in wanted:
        _require_fit(name, shapes, arrays, _place(written, name))
        yield name


def _place(written: Weights, name: str) -> KeyPath:
    number = pattern_of(written, name)
    own: KeyPath = ("model", "weights")
    return (*own, "run") if number is None else (*own, "layers", number)


def _require_all_act(written: Weights, names: Sequence[str]) -> None:
    if not names and written.layers is None:
        raise WeightsError("no layer but the output layer has weights to take", "name it: `layers: [output]`")
    matched = {_place(written, name) for name in names}
    for number, pattern in enumerate(written.layers or ()):
        place: KeyPath = ("model", "weights", "layers", number)
        if place not in matched:
            raise WeightsError(
                f"no layer with weights matches '{pattern}', or only ones that an earlier pattern matches",
                "remove it",
                path=place,
                code="R442",
            )


def _require_fit(name: str, shapes: Shapes, arrays: Arrays, place: KeyPath) -> None:
    """One layer has the same weights in the source, all of them finite."""
    found = arrays.get(name)
    if found is None:
        there = ", ".join(printable(other) for other, values in arrays.items() if values)
        raise WeightsError(
            f"the run has no layer '{name}' to take weights from",
            f"layers are matched by name; the run has {there or 'none with weights'}",
            path=place,
            code="R442",
        )
    theirs = tuple(tuple(array.shape) for array in found)
    if theirs != shapes:
        raise WeightsError(
            f"layer '{name}' has weights of the shapes {_told(shapes)}, in the run {_told(theirs)}",
            "give the layer the arguments that it has there, or leave it out of `layers`: it then starts untrained",
            path=place,
            code="R442",
        )
    if not all(np.isfinite(array).all() for array in found):
        raise WeightsError(f"the weights of layer '{name}' are not finite in the run", path=place, code="R442")


def _told(shapes: Shapes) -> str:
    """Such as ``[64, 16] and [16]``."""
    return " and ".join(str(list(shape)) for shape in shapes) or "none"
