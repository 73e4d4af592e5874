"""Layers within applications: found by Keras' name or number, for groups and for weights of a run."""

from typing import Any

import keras
import numpy as np
import pytest

from runner.data.facts import DataFacts
from runner.errors import InnerLayerError
from runner.model.application import ApplicationLayers
from runner.model.build import build_model
from runner.model.planned_shapes import planned_shapes
from runner.model.transfer import _of_applications, take_weights
from runner.plan.make_plan import make_plan
from runner.plan.plan import Plan
from schemas.layer_selection import members
from schemas.layers.applications.application import Application
from schemas.recipe import Recipe
from tests.engine.problem import BASE

LAYER = {"kind": "application", "application": "mobilenet", "alpha": 0.25, "pooling": "avg", "name": "base"}


def plan(groups: dict[str, list[str]] | None = None, **more: Any) -> Plan:
    written = {
        **BASE,
        "model": {"kind": "sequential", "layers": [LAYER], **more},
        "groups": {name: {"layers": layers, "factor": 0} for name, layers in (groups or {}).items()},
    }
    facts = DataFacts("builtin", "made", "1", 40, 8, 0, (32, 32, 3), 3, 1)
    return make_plan(Recipe.model_validate(written), facts)


def test_layers_are_numbered_as_in_keras() -> None:
    model = build_model(plan().layers, (32, 32, 3), "numbered")
    keras_own = keras.applications.MobileNet(alpha=0.25, include_top=False, weights=None, input_shape=(32, 32, 3))
    names = [layer.name for layer in model.layers]
    own = [f"base.{layer.name}" for layer in keras_own.layers]
    assert members("base[:30]", names) == own[1:30]
    assert members("base[-20:]", names) == [*own[-19:], "base.global_average_pooling2d"]
    assert "base.preprocessing" in members("base", names)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["nasnet_mobile", "inception_v3", "densenet121", "efficientnet_b0", "convnext_tiny"])
def test_the_order_in_the_model_is_that_of_the_application(name: str) -> None:
    written = Application(kind="application", application=name, name="base")
    shape = (written.facts.least, written.facts.least, 3)
    inputs = keras.Input(shape)
    made = ApplicationLayers(written, shape)
    model = keras.Model(inputs, keras.layers.Dense(3)(made(inputs)))
    inner = [layer.name for layer in model.layers if layer.name.startswith("base.")]
    assert [name for name in inner if name != "base.preprocessing"] == [layer.name for layer in made.layers]


def test_a_range_and_a_name_stand_for_layers_that_are_there() -> None:
    planned_shapes(plan({"low": ["base[:40]"], "high": ["base[40:]", "output"]}))
    planned_shapes(plan({"low": ["base.conv1", "base.conv1_bn"]}))
    with pytest.raises(InnerLayerError, match=r"'base\.conv_1' selects no layer") as raised:
        planned_shapes(plan({"low": ["base.conv_1"]}))
    assert raised.value.code == "R524"
    assert raised.value.place == ("groups", "low", "layers", 0)
    assert raised.value.help == ("did you mean 'base.conv1'?",)
    with pytest.raises(InnerLayerError, match=r"'base\[300:\]' selects no layer"):
        planned_shapes(plan({"low": ["base[300:]"]}))
    with pytest.raises(InnerLayerError, match="is in group 'low' too"):
        planned_shapes(plan({"low": ["base[:40]"], "high": ["base[39:]"]}))


def test_weights_of_a_run_go_to_the_whole_application() -> None:
    taking = plan(weights={"run": "digits_base", "layers": ["base"]})
    source, model = (build_model(taking.layers, (32, 32, 3), name) for name in ("source", "fresh"))
    firsts = [made.get_layer("base.conv1").get_weights()[0] for made in (source, model)]
    assert not np.array_equal(*firsts)
    arrays = {layer.name: layer.get_weights() for layer in source.layers}
    take_weights(taking, model, arrays | _of_applications(taking, arrays))
    for layer in model.layers:
        if layer.weights and layer.name != "output":
            pairs = zip(layer.get_weights(), source.get_layer(layer.name).get_weights(), strict=True)
            assert all(np.array_equal(*pair) for pair in pairs)
