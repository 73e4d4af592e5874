"""Cases of the rules on graphs of layers and on custom code."""

from typing import Any

from tests.schemas.rules_helpers import Case
from tests.schemas.rules_model_cases import CONV, DENSE, FLAT, NORM

PIXELS = FLAT | {"name": "pixels"}
HIDDEN = DENSE | {"units": 64, "name": "hidden"}
DIGITS = {"data": {"source": "builtin", "name": "digits", "scale": "1/16"}}


def _graph(*layers: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {"model": {"kind": "functional", "layers": list(layers), **keys}}


def _chain(*layers: dict[str, Any]) -> dict[str, Any]:
    return {"model": {"kind": "sequential", "layers": list(layers)}}


def _add(*inputs: str, kind: str = "add", **keys: Any) -> dict[str, Any]:
    return {"kind": kind, "inputs": list(inputs), **keys}


def _at(k: int, *keys: str | int) -> tuple[str | int, ...]:
    return ("model", "layers", k, *keys)


CUSTOM = {"kind": "custom", "target": "mine.layers:Scale", "arguments": {"factor": 2}}

CASES = [
    Case(
        "R180",
        _at(1, "inputs"),
        _chain(FLAT, DENSE | {"inputs": ["input"]}),
        _graph(DENSE | {"inputs": ["input"]}, FLAT),
    ),
    Case(
        "R180",
        _at(2, "kind"),
        _chain(PIXELS, HIDDEN, _add("pixels", "hidden")),
        _graph(PIXELS, HIDDEN, _add("pixels", "hidden")),
    ),
    Case(
        "R181",
        _at(2, "inputs", 1),
        _graph(PIXELS, HIDDEN, _add("hidden", "pixel")),
        _graph(PIXELS, HIDDEN, _add("hidden", "pixels")),
        received="pixel",
    ),
    Case(
        "R181",
        _at(1, "inputs", 0),
        _graph(FLAT, HIDDEN | {"inputs": ["hidden"]}),
        _graph(FLAT, HIDDEN),
        received="its own",
    ),
    Case(
        "R181",
        _at(1, "inputs", 0),
        _graph(FLAT, HIDDEN | {"inputs": ["last"]}, DENSE | {"name": "last"}),
        _graph(FLAT, HIDDEN, DENSE | {"name": "last", "inputs": ["hidden"]}),
        received="comes after",
    ),
    Case(
        "R181",
        _at(1, "inputs", 0),
        _graph(FLAT, HIDDEN | {"inputs": ["output"]}),
        _graph(FLAT | {"inputs": ["input"]}, HIDDEN),
    ),
    Case("R150", _at(2, "name"), _graph(PIXELS, HIDDEN, HIDDEN), _graph(PIXELS, HIDDEN, HIDDEN | {"name": "other"})),
    Case(
        "R182",
        _at(1, "inputs"),
        _graph(PIXELS, _add("pixels")),
        _graph(PIXELS, _add("pixels", "pixels")),
        received="received 1",
    ),
    Case(
        "R182",
        _at(1, "kind"),
        _graph(PIXELS, {"kind": "maximum"}),
        _graph(PIXELS, _add("pixels", "pixels", kind="maximum")),
    ),
    Case(
        "R182",
        _at(1, "inputs"),
        _graph(PIXELS, _add("pixels", "pixels", "pixels", kind="subtract")),
        _graph(PIXELS, _add("pixels", "pixels", kind="subtract")),
        received="two inputs",
    ),
    Case(
        "R182",
        _at(1, "inputs"),
        _graph(PIXELS, DENSE | {"inputs": ["pixels", "pixels"]}),
        _graph(PIXELS, CUSTOM | {"inputs": ["pixels", "pixels"]}),
        received="dense takes one input",
    ),
    Case(
        "R183",
        _at(1),
        _graph(PIXELS, HIDDEN, DENSE | {"inputs": ["pixels"]}),
        _graph(PIXELS, HIDDEN, DENSE | {"inputs": ["hidden"]}),
        "warning",
        "dense 'hidden'",
    ),
    # shapes that come together
    Case(
        "R425",
        _at(2),
        _graph(PIXELS, DENSE | {"name": "a", "units": 1}, _add("pixels", "a", same_shape=True)) | DIGITS,
        _graph(PIXELS, DENSE | {"name": "a", "units": 64}, _add("pixels", "a", same_shape=True)) | DIGITS,
        received="64 and 1",
    ),
    Case(
        "R184",
        _at(2, "inputs"),
        _graph(PIXELS, DENSE | {"name": "a"}, _add("pixels", "a")) | DIGITS,
        _graph(PIXELS, HIDDEN, _add("pixels", "hidden")) | DIGITS,
        received="64 and 100",
    ),
    Case(
        "R184",
        _at(2, "inputs"),
        _graph(CONV | {"name": "a"}, PIXELS | {"inputs": ["input"]}, _add("pixels", "a"), FLAT) | DIGITS,
        _graph(PIXELS, DENSE | {"name": "a", "units": 1}, _add("pixels", "a")) | DIGITS,
        received="64 and 6 x 6 x 8",
    ),
    Case(
        "R184",
        _at(1, "inputs"),
        _graph(CONV | {"name": "a"}, _add("input", "a", kind="concatenate"), FLAT) | DIGITS,
        _graph(CONV | {"name": "a", "padding": "same"}, _add("input", "a", kind="concatenate"), FLAT) | DIGITS,
        received="8 x 8 x 1 and 6 x 6 x 8",
    ),
    Case(
        "R184",
        _at(2, "axis"),
        _graph(PIXELS, HIDDEN, _add("pixels", "hidden", kind="concatenate", axis=0)) | DIGITS,
        _graph(PIXELS, HIDDEN, _add("pixels", "hidden", kind="concatenate", axis=1)) | DIGITS,
        received="received 0",
    ),
    Case(  # an image joined with what is one number for each of its channels
        "R184",
        _at(3, "inputs"),
        _graph(
            CONV | {"name": "a"},
            {"kind": "global_max_pooling2d", "name": "b"},
            DENSE | {"name": "c"},
            _add("a", "c"),
            FLAT,
        )
        | DIGITS,
        _graph(
            CONV | {"name": "a"},
            {"kind": "global_max_pooling2d", "name": "b"},
            DENSE | {"name": "c", "units": 8},
            _add("a", "c"),
            FLAT,
        )
        | DIGITS,
        received="6 x 6 x 8 and 100",
    ),
    # rules of chains hold along the branches
    Case(
        "R155",
        _at(1, "kernel_size"),
        _graph(CONV | {"name": "a"}, CONV | {"kernel_size": 9, "inputs": ["input"]}, FLAT) | DIGITS,
        _graph(CONV | {"name": "a"}, CONV | {"kernel_size": 8, "inputs": ["input"]}, FLAT) | DIGITS,
    ),
    Case(
        "R157",
        _at(1),
        _graph(CONV | {"padding": "same", "name": "a"}, _add("a", "input")) | DIGITS,
        _graph(CONV | {"padding": "same", "name": "a"}, _add("a", "input"), FLAT) | DIGITS,
    ),
    Case(
        "R159",
        _at(1, "dropout"),
        _graph(PIXELS, HIDDEN | {"dropout": 0.1}, NORM),
        _graph(PIXELS, HIDDEN | {"dropout": 0.1}, NORM | {"name": "n", "inputs": ["pixels"]}, _add("n", "hidden")),
        "warning",
    ),
    # custom code
    Case(
        "R185",
        _at(1, "target"),
        _chain(FLAT, CUSTOM),
        _chain(FLAT, DENSE),
        "warning",
        "import mine.layers and call Scale",
    ),
    Case(
        "R185",
        ("training", "loss", "target"),
        {"training": {"loss": {"kind": "custom", "target": "mine:focal"}}},
        {"training": {}},
        "warning",
    ),
    Case(
        "R155",
        _at(2, "kernel_size"),
        _graph(CUSTOM, CONV | {"inputs": ["input"], "name": "a"}, CONV | {"kernel_size": 7, "inputs": ["a"]}, FLAT)
        | DIGITS,
        _chain(CUSTOM, CONV | {"kernel_size": 99}, FLAT) | DIGITS,
    ),
    Case(
        "R164",
        ("training", "label_smoothing"),
        {"training": {"label_smoothing": 0.1, "loss": {"kind": "custom", "target": "mine:focal"}}},
        {"training": {"label_smoothing": 0.1}},
        received="custom loss",
    ),
]
