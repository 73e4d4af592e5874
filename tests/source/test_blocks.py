"""Blocks, residuals and branches: what they stand for."""

import re
import time
from pathlib import Path
from typing import Any

import pytest

from runner.plan.fingerprint import canonical
from runner.source import load
from runner.source.loaded import Loaded
from schemas.graph import sources_of
from tests.cli.program import REPOSITORY
from tests.diagnostics.block_recipes import blocks
from tests.source.samples import small

CONV = "kind: conv2d, kernel_size: 3, padding: same"
BASIC = f"""basic:
      arguments: {{filters: , strides: 1}}
      layers:
        - kind: residual
          layers:
            - {{{CONV}, filters: $filters, strides: $strides, name: first}}
            - {{{CONV}, filters: $filters}}
          shortcut: [{{kind: conv2d, filters: $filters, kernel_size: 1, strides: $strides}}]
        - {{kind: activation, activation: relu}}"""
END = "{kind: global_average_pooling2d}"


def loaded(text: str, folder: Path, *sets: str) -> Loaded:
    path = folder / "r.yaml"
    path.write_text(text)
    return load(path, sets=sets)


def layers(text: str, folder: Path, *sets: str) -> list[dict[str, Any]]:
    """The layers of a recipe, as a recipe without blocks would write them."""
    found = loaded(text, folder, *sets)
    assert found.recipe is not None, found.diagnostics
    assert found.diagnostics == ()
    return [layer.model_dump(exclude_unset=True) for layer in found.recipe.model.layers]


def names(text: str, folder: Path) -> list[str]:
    return [layer["name"] for layer in layers(text, folder)]


def test_a_block_is_the_layers_that_it_stands_for(tmp_path: Path) -> None:
    text = blocks(BASIC, f"{{{CONV}, filters: 8}}", "{kind: block, block: basic, arguments: {filters: 16}}", END)
    assert layers(text, tmp_path) == [
        {"kind": "conv2d", "kernel_size": 3, "padding": "same", "filters": 8, "name": "conv2d_1"},
        {"kind": "conv2d", "kernel_size": 3, "padding": "same", "filters": 16, "strides": 1, "name": "basic_1.first"},
        {"kind": "conv2d", "kernel_size": 3, "padding": "same", "filters": 16, "name": "basic_1.conv2d_1"},
        {"kind": "conv2d", "filters": 16, "kernel_size": 1, "strides": 1, "name": "basic_1.conv2d_2",
         "inputs": ("conv2d_1",)},
        {"kind": "add", "name": "basic_1.add_1", "inputs": ("basic_1.conv2d_2", "basic_1.conv2d_1"),
         "same_shape": True},
        {"kind": "activation", "activation": "relu", "name": "basic_1.activation_1"},
        {"kind": "global_average_pooling2d", "name": "global_average_pooling2d_1"},
    ]  # fmt: skip


def test_it_is_the_same_recipe_as_the_one_that_writes_them_out(tmp_path: Path) -> None:
    definition = "a: {arguments: {n: 9}, layers: [{kind: dense, units: $n}]}"
    short = loaded(
        blocks(definition, "{kind: flatten, name: f}", "{kind: block, block: a, repeat: 2, name: s}"), tmp_path
    )
    dense = [f"{{kind: dense, units: 9, name: s.{k}.dense_1}}" for k in (1, 2)]
    long = loaded(
        blocks(definition, "{kind: flatten, name: f}", *dense).replace(f"  blocks:\n    {definition}\n", ""), tmp_path
    )
    assert short.recipe is not None
    assert long.recipe is not None
    assert canonical(short.recipe) == canonical(long.recipe)
    assert short.recipe.model.kind == "sequential"


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ("name: s", ["s.dense_1", "s.dense_2"]),
        ("name: s, repeat: 1", ["s.1.dense_1", "s.1.dense_2"]),
        ("name: s, repeat: 2", ["s.1.dense_1", "s.1.dense_2", "s.2.dense_1", "s.2.dense_2"]),
        ("repeat: 2", ["a_1.dense_1", "a_1.dense_2", "a_2.dense_1", "a_2.dense_2"]),
    ],
)
def test_names_say_the_use_and_the_layer(use: str, expected: list[str], tmp_path: Path) -> None:
    text = blocks("a: {layers: [{kind: dense, units: 9}, {kind: dense, units: 8}]}", "{kind: flatten}",
                  f"{{kind: block, block: a, {use}}}")  # fmt: skip
    assert names(text, tmp_path) == ["flatten_1", *expected]


def test_names_that_are_given_are_left_to_their_layers(tmp_path: Path) -> None:
    text = blocks("a: {layers: [{kind: dense, units: 9}]}", "{kind: flatten}", "{kind: block, block: a}",
                  "{kind: dense, units: 9}", "{kind: dense, units: 9, name: dense_1}",
                  "{kind: dense, units: 9, name: a_1}")  # fmt: skip
    assert names(text, tmp_path) == ["flatten_1", "a_2.dense_2", "dense_2", "dense_1", "a_1"]


def test_a_layer_takes_the_output_of_a_block_by_its_name(tmp_path: Path) -> None:
    text = blocks(
        BASIC,
        "{kind: block, block: basic, arguments: {filters: 4}, repeat: 2, name: stage}",
        f"{{{CONV}, filters: 4, name: other, inputs: [input]}}",
        "{kind: add, inputs: [stage, other]}",
        END,
        kind="functional",
    )
    found = layers(text, tmp_path)
    assert found[-3]["inputs"] == ("input",)
    assert found[-2]["inputs"] == ("stage.2.activation_1", "other")


def test_input_in_a_block_is_the_input_of_the_block(tmp_path: Path) -> None:
    text = blocks("a: {layers: [{kind: dense, units: 64, name: h}, {kind: add, inputs: [input, h]}]}",
                  "{kind: flatten, name: pixels}", "{kind: block, block: a}", "{kind: block, block: a}")  # fmt: skip
    found = layers(text, tmp_path)
    assert [layer["inputs"] for layer in found if layer["kind"] == "add"] == [
        ("pixels", "a_1.h"),
        ("a_1.add_1", "a_2.h"),
    ]


def test_branches_take_one_input_and_are_merged(tmp_path: Path) -> None:
    text = blocks(
        "a: {layers: [{kind: dense, units: 9}]}",
        "{kind: flatten}",
        "{kind: parallel, name: p, branches: [[], [{kind: block, block: a}], [{kind: block, block: a}]]}",
        "{kind: parallel, branches: [[{kind: dense, units: 5}], [{kind: dense, units: 5}]], merge: maximum}",
    )
    found = [(layer["name"], layer.get("inputs")) for layer in layers(text, tmp_path)]
    assert found == [
        ("flatten_1", None),
        ("p.a_1.dense_1", None),
        ("p.a_2.dense_1", ("flatten_1",)),
        ("p", ("flatten_1", "p.a_1.dense_1", "p.a_2.dense_1")),
        ("dense_1", None),
        ("dense_2", ("p",)),
        ("maximum_1", ("dense_1", "dense_2")),
    ]


def test_a_block_hands_its_arguments_on(tmp_path: Path) -> None:
    inner = "a: {arguments: {n: , act: linear}, layers: [{kind: dense, units: $n, activation: $act}]}"
    outer = "b: {arguments: {m: , times: 2}, layers: [{kind: block, block: a, arguments: {n: $m}, repeat: $times}]}"
    found = layers(
        blocks(f"{inner}\n    {outer}", "{kind: flatten}", "{kind: block, block: b, arguments: {m: 7}}"), tmp_path
    )
    assert [(layer["units"], layer["activation"]) for layer in found[1:]] == [(7, "linear")] * 2


def test_a_value_of_an_argument_that_looks_like_one_is_no_argument(tmp_path: Path) -> None:
    text = blocks("a: {arguments: {n: , m: 3}, layers: [{kind: custom, target: 'm:f', arguments: {x: $n, y: $m}}]}",
                  "{kind: block, block: a, arguments: {n: $m}}", "{kind: flatten}")  # fmt: skip
    found = loaded(text, tmp_path).recipe
    assert found is not None
    assert vars(found.model.layers[0])["arguments"] == {"x": "$m", "y": 3}


def test_an_override_reaches_into_a_block(tmp_path: Path) -> None:
    text = blocks("a: {arguments: {n: 9}, layers: [{kind: residual, layers: [{kind: dense, units: 64}]}]}"
                  .replace("{n: 9}", "{}"), "{kind: flatten}", "{kind: block, block: a}")  # fmt: skip
    found = layers(text, tmp_path, "model.layers.1.repeat=2", "model.blocks.a.layers.0.layers.0.activation=relu")
    assert [layer["activation"] for layer in found if layer["kind"] == "dense"] == ["relu", "relu"]


def test_the_resolved_recipe_keeps_its_blocks_and_is_the_same(tmp_path: Path) -> None:
    from runner.source.editing.emit import to_yaml

    text = blocks(BASIC, "{kind: block, block: basic, arguments: {filters: 4}}", END)
    first = loaded(text, tmp_path)
    second = loaded(to_yaml(first.resolved()), tmp_path)
    assert "blocks" in second.written
    assert first.recipe is not None
    assert first.recipe == second.recipe


def test_every_layer_of_a_nested_model_takes_one_before_it(tmp_path: Path) -> None:
    used = "{kind: block, block: basic, arguments: {filters: %d}}"
    text = blocks(
        f"{BASIC}\n    two: {{layers: [{{kind: parallel, branches: [[{used % 2}], "
        f"[{{kind: residual, layers: [{used % 8}], name: r}}]]}}]}}",
        f"{{{CONV}, filters: 8}}",
        "{kind: block, block: two, repeat: 2}",
        END,
    )
    found = loaded(text, tmp_path)
    assert found.recipe is not None, found.diagnostics
    for number, sources in enumerate(sources_of(found.recipe.model)):
        assert all(source is not None and source < number for source in sources)


DEEP = "\n    ".join(
    [f"b{k}: {{layers: [{{kind: block, block: b{k + 1}, repeat: 1000}}]}}" for k in range(7)]
    + ["b7: {layers: [{kind: dense, units: 1}]}"]
)
HUGE = f"b0: {{layers: [{{kind: custom, target: 'm:f', arguments: {{x: {[1] * 900}}}}}]}}"
BROKEN = DEEP.replace("{kind: dense, units: 1}", "{kind: residual, layers: []}")
EMPTY = DEEP.replace("{kind: dense, units: 1}", "{kind: parallel, branches: [[], []]}")


@pytest.mark.parametrize("definitions", [DEEP, HUGE, BROKEN, EMPTY], ids=["deep", "huge", "broken", "empty"])
def test_a_repetition_without_end_is_refused_at_once(definitions: str, tmp_path: Path) -> None:
    text = blocks(definitions, "{kind: flatten}", "{kind: block, block: b0, repeat: 1000}")
    began = time.process_time()
    codes = {diagnostic.code for diagnostic in loaded(text, tmp_path).diagnostics}
    assert "R426" in codes
    assert time.process_time() - began < 2, "20 ms when nothing else runs"


@pytest.mark.parametrize("model", [
    "model: {kind: sequential, blocks: 3, layers: []}",
    "model: {kind: sequential, blocks: {a: 3}, layers: [{kind: block, block: a}]}",
    "model: {kind: sequential, blocks: {a: {layers: [3, null]}}, layers: [{kind: block, block: a}, [{kind: block}]]}",
    "model: {kind: sequential, blocks: {a: {layers: [{kind: [block]}]}}, layers: [{kind: block, block: a, inputs: 3}]}",
    "model: {kind: sequential, blocks: {A: {layers: [{}]}}, layers: [{kind: block, block: A, repeat: $x}]}",
    "model: {blocks: {a: {layers: [{kind: dense, units: $a, name: [1]}]}}, layers: [{kind: residual, layers: {}}]}",
    "model: {kind: sequential, layers: [{kind: parallel, branches: [3, {}], inputs: [[1], null]}]}",
    "model: {kind: [1], layers: [{kind: residual, name: 3, inputs: [], layers: [{kind: dense, inputs: [1]}]}]}",
    "model: {kind: sequential, blocks: null, layers: [{kind: block, block: 3, arguments: {a: {b: 1}}}]}",
])  # fmt: skip
def test_no_form_of_blocks_makes_loading_raise(model: str, tmp_path: Path) -> None:
    found = loaded(small(model=model), tmp_path)
    assert any(diagnostic.severity == "error" for diagnostic in found.diagnostics)


EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", (REPOSITORY / "docs" / "models.md").read_text(), re.MULTILINE | re.DOTALL)
EXAMPLES = [example for example in EXAMPLES if example.startswith("model:") and "columns:" not in example]


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_the_documentation_are_valid(example: str, tmp_path: Path) -> None:
    found = loaded(small(model=example, data="data: {source: builtin, name: digits, scale: 1/16}"), tmp_path)
    assert found.recipe is not None
    assert found.diagnostics == ()


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 6


def test_a_block_that_is_shared_is_applied_once_more_layer_by_layer(tmp_path: Path) -> None:
    tower = "tower: {layers: [{kind: dense, units: 8}, {kind: residual, name: r, layers: [{kind: dense, units: 8}]}]}"
    text = blocks(
        tower,
        "{kind: dense, units: 8, name: x}",
        "{kind: block, block: tower, name: a, inputs: [x]}",
        "{kind: shared, layer: a, inputs: [input], name: b}",
        "{kind: shared, layer: b, inputs: [x], name: c}",
        "{kind: shared, layer: x, inputs: [c]}",
        "{kind: add, inputs: [a, b, c]}",
        kind="functional",
    )
    found = {layer["name"]: (layer.get("layer"), layer.get("inputs")) for layer in layers(text, tmp_path)}
    assert found["b.dense_1"] == ("a.dense_1", ("input",))
    assert found["b.r.dense_1"] == ("a.r.dense_1", ("b.dense_1",))
    assert found["b.r"] == ("a.r", ("b.dense_1", "b.r.dense_1"))
    assert found["c.dense_1"] == ("b.dense_1", ("x",))
    assert found["c.r"] == ("b.r", ("c.dense_1", "c.r.dense_1"))
    assert found["shared_1"] == ("x", ("c.r",))
    assert found["add_1"] == (None, ("a.r", "b.r", "c.r"))
