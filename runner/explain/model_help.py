"""``recipe explain layer.KIND`` and ``model.KIND``: description, keys and an example.

All facts come from the JSON Schema of the language.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

from runner.explain.key_help import Schema, mappings_of, text_of
from runner.explain.word_index import definitions
from runner.source.editing.emit import to_flow, to_yaml
from runner.views.lines import Screen, pairs, paragraph

_SHARED = ("name", "inputs")
"""Keys of any layer."""
_LAYERS = [{"kind": "flatten"}, {"kind": "dense", "units": 100, "activation": "relu"}]
_GRAPH = [
    {"kind": "flatten", "name": "pixels"},
    {"kind": "dense", "units": 100, "activation": "relu", "name": "hidden"},
    {"kind": "concatenate", "inputs": ["pixels", "hidden"]},
]
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "dense": {"units": 100, "activation": "relu", "dropout": 0.2},
    "conv2d": {"filters": 16, "kernel_size": 3, "padding": "same"},
    "separable_conv2d": {"filters": 16, "kernel_size": 3},
    "embedding": {"input_dim": 10000, "output_dim": 64},
    "conv1d": {"filters": 16, "kernel_size": 3},
    "lstm": {"units": 32},
    "gru": {"units": 32},
    "bidirectional": {"layer": {"kind": "lstm", "units": 32}},
    "reshape": {"target_shape": [28, 28, 1]},
    "activation": {"activation": "relu"},
    "dropout": {"rate": 0.2},
    "spatial_dropout2d": {"rate": 0.2},
    "drop_path": {"rate": 0.1},
    "gaussian_noise": {"stddev": 0.1},
    **{
        kind: {"inputs": ["a", "b"]}
        for kind in ("add", "subtract", "multiply", "average", "maximum", "minimum", "concatenate")
    },
    "application": {"application": "mobilenet_v2", "alpha": 0.35, "pooling": "avg", "name": "base"},
    "dot": {"axes": 1, "inputs": ["a", "b"]},
    "custom": {"target": "mine:Scale", "arguments": {"factor": 2.0}},
    "block": {"block": "hidden", "arguments": {"units": 100}, "repeat": 2},
    "residual": {"layers": [{"kind": "dense", "units": 64, "activation": "relu"}, {"kind": "dense", "units": 64}]},
    "parallel": {"branches": [[], [{"kind": "dense", "units": 32, "activation": "relu"}]], "merge": "concatenate"},
    "shared": {"layer": "tower", "inputs": ["right"]},
    "sequential": {"layers": _LAYERS},
    "functional": {"layers": _GRAPH},
}
"""Keys of an example in addition to its kind."""


_VALUES: Mapping[str, Any] = {
    "filters": 16, "kernel_size": 3, "pool_size": 2, "output_size": 4, "rate": 0.2, "height": 32, "width": 32, "n": 8,
    "dims": [2, 1], "units": 32, "scale": 0.5, "axes": 1, "num_heads": 4, "key_dim": 16, "head_dim": 16,
    "num_query_heads": 4, "num_key_value_heads": 2, "equation": "abc,cd->abd", "output_shape": [28, 64],
    "layer": {"kind": "dense", "units": 32}, "inputs": ["a", "b"],
}  # fmt: skip
"""Values of keys that layers of Keras' catalogue need."""


def example(kind: str, schema: Schema) -> dict[str, Any]:
    """Keys of an example in addition to its kind; those that it needs, where nothing better is written."""
    needed = {key: _VALUES[key] for key in schema.get("required", ()) if key != "kind" and key in _VALUES}
    return dict(EXAMPLES.get(kind) or needed)


def parts(topic: str) -> dict[str, Schema]:
    """Schema of every kind of ``layer`` or ``model``."""
    defs = definitions()
    model = defs["Recipe"]["properties"]["model"]
    union = model if topic == "model" else defs["Sequential"]["properties"]["layers"]["items"]
    found = [defs[part["$ref"].rpartition("/")[2]] for part in union["oneOf"]]
    return {schema["properties"]["kind"]["const"]: schema for schema in found}


def overview(topic: str, screen: Screen) -> list[Text]:
    """All kinds, each with the first sentence of its description."""
    return pairs(screen, [(f"{topic}.{kind}", _first(schema)) for kind, schema in parts(topic).items()])


def page(topic: str, kind: str, screen: Screen) -> Iterator[Text]:
    """Explain a kind.

    Args:
        topic: ``layer`` or ``model``.
        kind: one of ``parts(topic)``.
        screen: the screen to fit.
    """
    schema = parts(topic)[kind]
    keys = list(_keys(schema, definitions(), ""))
    shared = [key for key in keys if topic == "layer" and key[0] in _SHARED]
    own = [key for key in keys if key not in shared and key[0] != "kind"]
    yield Text(f"{topic}.{kind}", "bold")
    yield from paragraph(screen, _plain(schema["description"]))
    for title, rows in (("Keys", own), ("Keys of any layer", shared)):
        if rows:
            yield from (Text(), Text(title, "bold"))
            yield from pairs(screen, rows, indent=2)
    yield from (Text(), Text("Example", "bold"))
    written = {"kind": kind, **example(kind, schema)}
    text = to_yaml({"model": written}) if topic == "model" else _item(written, screen)
    yield from (Text(f"  {screen.text(line)}") for line in text.splitlines())


def _item(written: Mapping[str, Any], screen: Screen) -> str:
    """A layer as an item of a list: on one line, where it fits."""
    line = f"- {to_flow(written)}"
    return line if len(line) <= screen.width - 2 else "- " + to_yaml(written).rstrip().replace("\n", "\n  ")


def _keys(schema: Schema, defs: Mapping[str, Schema], prefix: str) -> Iterator[tuple[str, str]]:
    for name, node in schema["properties"].items():
        required = name in schema.get("required", ())
        yield f"{prefix}{name}", text_of(node, node.get("description", ""), required=required)
        for inner, suffix in mappings_of(node):
            yield from _keys(defs[inner], defs, f"{prefix}{name}{suffix}.")


def _first(schema: Schema) -> str:
    return _plain(schema["description"].split("\n\n")[0])


def _plain(text: str) -> str:
    return " ".join(text.replace("``", "").split())
