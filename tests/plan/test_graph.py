"""A functional model's layers, written out: who takes whose output."""

from typing import Any

from pydantic import TypeAdapter

from runner.plan.layers import PlannedLayer, expand
from schemas.graph import ENTRY, reaching, sources_of
from schemas.model import Model

ADAPTER = TypeAdapter[Any](Model)
FLAT = {"kind": "flatten", "name": "x"}


def functional(*layers: dict[str, Any], **keys: Any) -> Any:
    return ADAPTER.validate_python({"kind": "functional", "layers": list(layers), **keys})


def dense(name: str, units: int = 8, **keys: Any) -> dict[str, Any]:
    return {"kind": "dense", "units": units, "name": name, **keys}


def wiring(planned: tuple[PlannedLayer, ...]) -> dict[str, list[str]]:
    """Names of what each layer takes."""
    names = {ENTRY: "input"} | {k: str(item.layer.name) for k, item in enumerate(planned)}
    return {names[k]: [names[source] for source in item.inputs] for k, item in enumerate(planned)}


def test_a_layer_takes_the_one_before_it_unless_it_says_otherwise() -> None:
    model = functional(FLAT, dense("a"), dense("b", inputs=["x"]), {"kind": "add", "name": "c", "inputs": ["a", "b"]})
    assert wiring(expand(model, 10)) == {
        "x": ["input"], "a": ["x"], "b": ["x"], "c": ["a", "b"], "output": ["c"],
    }  # fmt: skip


def test_a_sequential_model_is_a_chain() -> None:
    model = ADAPTER.validate_python({"kind": "sequential", "layers": [FLAT, dense("a", dropout=0.5)]})
    assert wiring(expand(model, 10)) == {"x": ["input"], "a": ["x"], "dropout_1": ["a"], "output": ["dropout_1"]}


def test_dropout_acts_on_all_who_take_the_output() -> None:
    model = functional(FLAT, dense("a", dropout=0.2), dense("b", inputs=["a"]),
                       {"kind": "add", "name": "c", "inputs": ["a", "b"]}, input_dropout=0.1)  # fmt: skip
    assert wiring(expand(model, 10)) == {
        "dropout_1": ["input"], "x": ["dropout_1"], "a": ["x"], "dropout_2": ["a"], "b": ["dropout_2"],
        "c": ["dropout_2", "b"], "output": ["c"],
    }  # fmt: skip


def test_dropout_by_size_reaches_hidden_layers_of_every_branch() -> None:
    model = functional(FLAT, dense("a", 10), dense("b", 1000, inputs=["x"]),
                       {"kind": "concatenate", "inputs": ["a", "b"]}, dropout="auto")  # fmt: skip
    planned = expand(model, 10)
    assert [item.layer.rate for item in planned if item.layer.kind == "dropout"] == [0.1, 0.5]
    assert wiring(planned)["concatenate_1"] == ["dropout_1", "dropout_2"]


def test_what_nobody_takes_is_left_out_with_all_that_only_it_takes() -> None:
    model = functional(FLAT, dense("a", dropout=0.5), dense("b"), dense("c", inputs=["x"]))
    assert wiring(expand(model, 10)) == {"x": ["input"], "c": ["x"], "output": ["c"]}
    assert reaching(model) == {0, 3}


def test_places_in_the_recipe_stay_those_of_the_recipe() -> None:
    model = functional(FLAT, dense("a"), dense("b", inputs=["x"]))
    assert [item.path for item in expand(model, 10)] == [
        ("model", "layers", 0),
        ("model", "layers", 2),
        ("model", "output"),
    ]


def test_an_unknown_name_is_no_source() -> None:
    model = functional(FLAT, dense("a", inputs=["y"]), dense("b", inputs=["input"]))
    assert list(sources_of(model)) == [(ENTRY,), (None,), (ENTRY,)]


def test_the_output_layer_follows_the_input_of_a_model_without_layers() -> None:
    assert wiring(expand(functional(), None)) == {"output": ["input"]}
