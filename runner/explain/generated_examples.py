"""Examples of keys and kinds, generated from the JSON Schema."""

import re
from collections.abc import Mapping
from typing import Any

from runner.explain import model_help
from runner.explain.word_index import Key, Kind, Schema, definitions, index, tag_of
from schemas.schedule import kinds as schedules

_TEXTS = (
    "2 epochs", "80%", "90 minutes", "2 GiB", ">= 0.9", "mine:Thing", "val_loss", "train[:80%]", "0", "2/5", "my_run",
)  # fmt: skip
"""Texts of every form in the language; the example of a key is the first that its pattern allows."""


_OWN_NAME = "weight"
"""Stands for a name of the recipe's own choice, such as a column's."""
_OWN_NAMES = {"ranges": "optimizer.learning_rate"}
"""Names of the recipe's own choice in mappings that take only some."""
_DRAFT: Mapping[str, Any] = {"kind": "dense", "units": 64}
"""A layer in another one or in a block, whose form the schema leaves open."""
_BLOCK: Mapping[str, Any] = {
    "arguments": {"units": 100},
    "layers": [{"kind": "dense", "units": "$units", "activation": "relu"}, {"kind": "dropout", "rate": 0.2}],
}
_VALUES: Mapping[str, Any] = {
    "name": "mnist_1cycle",
    "description": "A 300-100 MLP, trained by 1cycle.",
    "data.name": "mnist",
    "data.files": "cars.csv",
    "data.target": "origin",
    "data.weight": "importance",
    "data.splits.column": "date",
    "data.columns.format": "%d.%m.%Y",
    "data.augment": [{"kind": "flip"}, {"kind": "crop", "padding": 4}],
    "data.augment.size": [24, 24],
    "data.augment.padding": 4,
    "data.columns.value": 0,
    "data.splits.validation": "train[55000:]",
    "data.splits.test": "test",
    "model.inputs": {"wide": {"columns": ["weight"]}, "deep": {"columns": ["horsepower", "age"]}},
    "model.inputs.columns": ["horsepower", "age"],
    "model.inputs.index": 0,
    "model.outputs": {"mpg": {"task": "regression"}, "origin": {"task": "classification", "loss_weight": 0.5}},
    "model.outputs.input": "hidden",
    "model.layers.name": "hidden",
    "model.layers.inputs": ["input"],
    "model.weights": {"run": "digits_base", "layers": ["conv*"]},
    "model.weights.run": "digits_base",
    "model.weights.layers": ["dense*"],
    "model.blocks": {"hidden": _BLOCK},
    "model.blocks.arguments": {"units": 100},
    "model.blocks.layers": _BLOCK["layers"],
    "model.layers.block": "hidden",
    "groups": {"base": {"layers": ["stem"], "factor": 0.1}},
    "model.dropout_factor": {"phases": [{"duration": "80%", "factor": 1}, {"duration": "20%", "factor": 0}]},
    "groups.layers": ["stem"],
    "groups.factor": {"phases": [{"duration": "2 epochs", "factor": 0}, {"duration": "80%", "factor": 0.1}]},
    "model.layers.bias_axes": "d",
    "model.layers.equation": "abc,cd->abd",
    "after": ["evaluate", {"export": {"to": "onnx", "check": True}}, "report"],
    "sweep": {"objective": "val_loss", "trials": 30, "ranges": {"optimizer.learning_rate": {"log": [1e-4, 0.1]}}},
    "sweep.ranges": {"optimizer.learning_rate": {"log": [1e-4, 0.1]}, "model.layers.0.units": {"int": [16, 128]}},
    "sweep.ranges.log": [1e-4, 0.1],
    "sweep.ranges.linear": [0.0, 0.5],
    "sweep.ranges.int": [16, 128],
    "sweep.ranges.step": 16,
    "sweep.ranges.choice": [0.001, 0.01, 0.1],
    "sweep.ranges.points": 4,
    "schedule.phases.name": "warm up",
    "schedule.phases.purpose": "learns at large rates",
}
"""Values of keys whose form says too little."""
_AUGMENT: Mapping[str, Mapping[str, Any]] = {
    "flip": {"mode": "horizontal"},
    "rotate": {"degrees": 10.0},
    "translate": {"height": 0.1, "width": 0.1},
    "crop": {"padding": 4},
    "erase": {"area": [0.02, 0.33]},
    "rand_augment": {"operations": 2, "magnitude": 9},
    "mixup": {"alpha": 0.2, "off_after": "90%"},
    "cutmix": {"alpha": 1.0},
}
"""Keys of changes of images whose required ones say too little."""
_DATA: Mapping[str, Mapping[str, Any]] = {
    "images": {"folder": "flowers", "size": [64, 64], "scale": "1/255"},
    "text": {"file": "reviews.csv", "text": "review", "target": "label"},
    "custom": {"target": "mine:load"},
    "tfrecord": {
        "files": "train-*.tfrecord",
        "features": {"image": {"dtype": "uint8", "shape": [28, 28, 1], "encoding": "png"}, "label": {"dtype": "int64"}},
        "inputs": "image",
        "target": "label",
    },
    "windows": {"files": "load.csv", "time": "hour", "target": "load", "length": 48, "horizon": 24},
}
"""Keys of sources that need none by themselves, but one of several."""
_BESIDE: Mapping[str, Mapping[str, Any]] = {
    "data.tokens": {"source": "text", "file": "novel.txt"},
}
"""Keys that stand beside another one in its example, where those of its kind do not go with it."""
_OPTIMIZERS: Mapping[str, Mapping[str, Any]] = {
    "custom": {"target": "mine:MyLion", "momentum": 0.9, "momentum_argument": "beta_1", "arguments": {"beta_2": 0.99}},
}

_LISTS = ("model.layers", "data.augment", "training.metrics")
"""Keys whose kinds are items of a list."""


def of_kind(kind: Kind) -> dict[str, Any]:
    """An example mapping of a kind."""
    tag = kind.schema["properties"][kind.tag]["const"]
    written = model_help.EXAMPLES.get(tag) if kind.path in ("model", "model.layers") else None
    written = _schedule(tag) if kind.path == "schedule" else written
    written = _AUGMENT.get(tag) if kind.path == "data.augment" else written
    written = _DATA.get(tag) if kind.path == "data" else written
    written = _OPTIMIZERS.get(tag) if kind.path == "optimizer" else written
    needed = {key: value for key, value in _mapping(kind.schema).items() if key != kind.tag}
    if "name" in needed and kind.path == "data" and tag == "tfds":
        needed["name"] = _VALUES["data.name"]
    needed |= {key: _VALUES[f"data.{key}"] for key in ("files", "target") if key in needed and kind.path == "data"}
    return {kind.tag: tag, **(written or needed)}


def _schedule(tag: str) -> Mapping[str, Any]:
    if tag == "custom":
        from schemas.schedule.custom import CustomSchedule

        return CustomSchedule.example
    return schedules()[tag].example


def shown(kind: Kind) -> dict[str, Any]:
    """An example mapping of a kind at its place in a recipe."""
    value = of_kind(kind)
    return of_key(index().keys[kind.path], [value] if kind.path in _LISTS else value)


def of_key(key: Key, value: Any = None) -> dict[str, Any]:
    """A key within its enclosing mappings, with ``value`` or an example value."""
    name = key.path.rpartition(".")[2]
    inner = {name: value_of(key.node, key.path) if value is None else value}
    for level in reversed(key.levels):
        mapping = {**(_BESIDE.get(key.path) or _around(level.schema)), **inner}
        inner = {
            level.key: [mapping]
            if level.in_list
            else {_OWN_NAMES.get(level.key, _OWN_NAME): mapping}
            if level.in_table
            else mapping
        }
    return inner


def _around(schema: Schema) -> dict[str, Any]:
    """The required keys of a mapping, other than the key that is shown."""
    if tag_of(schema) is None:
        return _needed(schema)
    return of_kind(next(kind for kind in index().kinds.values() if kind.schema is schema))


def value_of(node: Schema, path: str = "") -> Any:
    """A value that a node allows; its default if that is informative."""
    if path in _VALUES:
        return _VALUES[path]
    default = node.get("default")
    if default not in (None, "", {}, []) and not isinstance(default, Mapping):
        return default
    for part in (*node.get("anyOf", ()), *node.get("oneOf", ())):
        if part.get("type") != "null":
            return value_of(part)
    if "$ref" in node:
        return _mapping(definitions()[node["$ref"].rpartition("/")[2]])
    if "const" in node or "enum" in node:
        return node.get("const", node.get("enum", [None])[0])
    return _plain(node)


def _plain(node: Schema) -> Any:
    match node.get("type"):
        case "boolean":
            return True
        case "integer":
            return max(int(node.get("minimum", 0)), min(10, int(node.get("maximum", 10))))
        case "number":
            return _number(node)
        case "array":
            return [value_of(node["items"])] * max(int(node.get("minItems", 1)), 1)
        case "object" if node.get("additionalProperties") is True:
            return dict(_DRAFT)
        case "object":
            tables = node.get("patternProperties") or {"": node.get("additionalProperties", {})}
            pattern, value = next(iter(tables.items()))
            return {_text(pattern or node.get("propertyNames", {}).get("pattern", "")): value_of(value)}
        case _:
            return _text(node.get("pattern", ""))


def _number(node: Schema) -> float:
    for number in (0.1, 1.0, -0.5, 10.0):
        low = number > node.get("exclusiveMinimum", float("-inf")) and number >= node.get("minimum", float("-inf"))
        if low and number < node.get("exclusiveMaximum", float("inf")) and number <= node.get("maximum", float("inf")):
            return number
    raise ValueError(f"no number for {node}")


def _text(pattern: str) -> str:
    return next(text for text in ("val_loss", *_TEXTS) if re.search(pattern, text))


def _needed(schema: Schema) -> dict[str, Any]:
    return {key: value_of(schema["properties"][key]) for key in schema.get("required", ())}


def _mapping(schema: Schema) -> dict[str, Any]:
    """The required keys of a mapping, or else its first key."""
    first = [key for key in schema["properties"] if key not in ("kind", "source", "name", "inputs")][:1]
    return _needed(schema) or {key: value_of(schema["properties"][key]) for key in first}
