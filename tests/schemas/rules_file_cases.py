"""Cases of the rules on sequences, and on arrays, images and texts of a person's own."""

from typing import Any

from tests.schemas.rules_helpers import Case

STEPS = {"kind": "reshape", "target_shape": [28, 28]}
FLAT = {"kind": "flatten"}
LSTM = {"kind": "lstm", "units": 4}
GRU = {"kind": "gru", "units": 4}
EMBED = {"kind": "embedding", "input_dim": 256, "output_dim": 4, "mask_zero": True}
DENSE = {"kind": "dense", "units": 3}
MEAN = {"kind": "global_average_pooling1d"}
MAX = {"kind": "global_max_pooling1d"}


def _at(k: int, *keys: str) -> tuple[Any, ...]:
    return ("model", "layers", k, *keys)


def _layers(*layers: dict[str, Any]) -> dict[str, Any]:
    return {"model": {"layers": list(layers)}}


def _both(layer: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "bidirectional", "layer": layer}


def _each(layer: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "time_distributed", "layer": layer}


def _sum_of(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    layers = [FLAT | {"name": "pixels"}, one | {"name": "a"}, other | {"name": "b", "inputs": ["pixels"]},
              {"kind": "add", "inputs": ["a", "b"]}, MEAN]  # fmt: skip
    return {"model": {"kind": "functional", "layers": layers}}


def _data(source: str, **keys: Any) -> dict[str, Any]:
    scale = {"scale": "1/255"} if source == "images" else {}
    return {"data": {"source": source, **scale, **keys}, **_layers(FLAT)}


def _text(*layers: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {"data": {"source": "text", "file": "t.csv", **keys}, **_layers(*layers)}


_ROWS = {"kind": "embedding", "output_dim": 4}
_PAIR = {"inputs": "x", "target": "y"}


def _notes(**keys: Any) -> dict[str, Any]:
    """An embedding of a feature of tensorflow-datasets, which is a text where a key of texts says so."""
    return _data("tfds", name="people", inputs="note", **keys) | _layers(_ROWS, MEAN)


def _listed(**splits: Any) -> dict[str, Any]:
    return _data("images", file="f.csv", splits=splits)


CASES = [
    Case("R315", ("data", "target"), _data("images", files="a.arrow", target=["a", "b"]) | {"task": "regression"},
         _data("images", file="a.csv", target=["a", "b"]) | {"task": "regression"}),
    Case("R351", ("data", "target"), _data("images", file="a.csv", target=["a", "b"]), _data("images", file="a.csv")),
    Case("R352", ("data", "target", 1), _data("images", file="a.csv", target=["a", "a"]) | {"task": "multi_label"},
         _data("images", file="a.csv", target=["a", "b"]) | {"task": "multi_label"}),
    Case("R353", ("data", "target"), _data("images", file="a.csv", target="a") | {"task": "multi_label"},
         _data("images", file="a.csv", target=["a", "b"]) | {"task": "multi_label"}),
    Case("R295", ("data", "splits", "by"), _listed(by="group"), _listed(by="group", column="patient")),
    Case("R295", ("data", "splits", "column"), _listed(column="day"), _listed(by="time", column="day")),
    Case(
        "R295",
        ("data", "splits", "by"),
        _data("images", folder="f", splits={"by": "id", "column": "name"}),
        _data("images", file="f.csv", splits={"by": "id", "column": "name"}),
        received="the data has none",
    ),
    Case(
        "R296",
        ("data", "splits", "words", "test"),
        _listed(by="column", column="part", words={"train": ["a"], "test": ["a"]}),
        _listed(by="column", column="part", words={"train": ["a"], "test": ["b"]}),
    ),
    Case(
        "R393",
        ("data", "splits", "fold"),
        _listed(by="time", column="day", fold="1/4"),
        _listed(by="group", column="day", fold="1/4"),
    ),
    Case("R310", _at(1), _layers(FLAT, LSTM), _layers(STEPS, LSTM), received="1 axis"),
    Case("R310", _at(2), _layers(STEPS, LSTM, GRU), _layers(STEPS, LSTM | {"return_sequences": True}, GRU)),
    Case("R310", _at(0), _text(MAX, length=9), _text(EMBED | {"mask_zero": False}, MAX, length=9)),
    Case("R310", _at(1), _layers(FLAT, {"kind": "position_embedding"}),
         _layers(STEPS, {"kind": "position_embedding"}, MEAN), received="1 axis"),
    Case("R155", _at(1, "pool_size"), _layers(STEPS, {"kind": "max_pooling1d", "pool_size": 29}, MAX),
         _layers(STEPS, {"kind": "max_pooling1d", "pool_size": 28}, MAX), received="28 steps"),
    Case("R154", _at(1, "groups"), _layers(STEPS, {"kind": "conv1d", "filters": 8, "kernel_size": 3, "groups": 3}, MAX),
         _layers(STEPS, {"kind": "conv1d", "filters": 8, "kernel_size": 3, "groups": 4}, MAX)),
    Case("R153", _at(1, "dilation_rate"),
         _layers(STEPS, {"kind": "conv1d", "filters": 8, "kernel_size": 3, "strides": 2, "dilation_rate": 2}, MAX),
         _layers(STEPS, {"kind": "conv1d", "filters": 8, "kernel_size": 3, "dilation_rate": 2}, MAX)),
    Case("R312", _at(1, "layer", "inputs"), _layers(STEPS, _both(LSTM | {"inputs": ["input"]})),
         _layers(STEPS, _both(LSTM))),
    Case("R312", _at(1, "layer", "dropout"), _layers(STEPS, _each(DENSE | {"dropout": 0.2}), FLAT),
         _layers(STEPS, _each(DENSE), FLAT)),
    Case("R313", _at(2), _layers(FLAT, EMBED, MAX), _layers(FLAT, EMBED, MEAN), "warning", "global_max_pooling1d"),
    Case("R313", _at(3), _layers(FLAT, EMBED, LSTM | {"return_sequences": True}, MAX),
         _layers(FLAT, EMBED, LSTM | {"return_sequences": True}, MEAN), "warning"),
    Case("R313", _at(4), _layers(FLAT, EMBED, {"kind": "dropout", "rate": 0.1}, {"kind": "dense", "units": 4}, FLAT),
         _layers(FLAT, EMBED, {"kind": "dropout", "rate": 0.1}, LSTM, {"kind": "dense", "units": 4}), "warning"),
    Case("R313", _at(3), _sum_of(EMBED, EMBED | {"mask_zero": False}), _sum_of(EMBED, EMBED), "warning",
         "one of its inputs has none"),
    Case("R314", _at(1), _layers(FLAT, _ROWS, MEAN), _layers(FLAT, _ROWS | {"input_dim": 256}, MEAN)),
    Case("R314", _at(0), _text(_ROWS, MEAN, output="multi_hot"), _text(_ROWS, MEAN)),
    Case("R314", _at(0), _notes(), _notes(length=9)),
    Case("R315", ("data", "source"), _data("images"), _data("images", folder="f"), received="none"),
    Case("R315", ("data", "file"), _data("images", folder="f", file="t.csv"), _data("images", file="t.csv"),
         received="both"),
    Case("R315", ("data", "files"), _data("images", folder="f", files="a/*.arrow"), _data("images", files="a/*.arrow")),
    Case("R315", ("data", "path"), _data("images", files="a.arrow", path="x"),
         _data("images", files="a.arrow", column="x", target="y")),
    Case("R315", ("data", "column"), _data("images", file="t.csv", column="x"), _data("images", file="t.csv")),
    Case("R350", ("data", "weight"), _data("text", file="t.csv", weight="label"),
         _data("text", file="t.csv", weight="w")),
    Case("R315", ("data", "weight"), _data("text", folder="f", weight="w"), _data("text", file="t.csv", weight="w")),
    Case("R315", ("data", "text"), _data("text", folder="f", text="x"), _data("text", file="t.csv", text="x")),
    Case("R316", ("data", "source"), _data("npz", file="a.npz", inputs="x"), _data("npz", file="a.npz", **_PAIR)),
    Case("R316", ("data", "inputs"), _data("npz", train=_PAIR, **_PAIR), _data("npz", train=_PAIR, test=_PAIR)),
    Case("R317", ("data", "length"), _data("text", file="t.csv", output="tf_idf", length=9),
         _data("text", file="t.csv", length=9), received="tf_idf"),
    Case("R317", ("data", "length"), _data("tfds", name="people", inputs="note", output="tf_idf", length=9),
         _data("tfds", name="people", inputs="note", length=9), received="tf_idf"),
    Case("R317", ("data", "scale"), _data("text", file="t.csv", scale="1/255"),
         _data("text", file="t.csv", scale="1/255", output="multi_hot")),
    Case("R740", _at(0), _data("text", file="t.csv") | _layers(DENSE),
         _data("text", file="t.csv") | _layers({"kind": "embedding", "output_dim": 4}, MEAN), severity="warning",
         received="dense"),
    Case("R318", ("data", "fit"), _data("images", folder="f", fit="pad"),
         _data("images", folder="f", fit="pad", size=[8, 8]), received="pad"),
    Case("R174", ("data", "splits", "test"), _data("npz", splits={"validation": "60%", "test": "50%"}, **_PAIR),
         _data("npz", splits={"validation": "40%", "test": "50%"}, **_PAIR)),
    Case("R176", ("data", "source"), {"data": {"source": "images", "folder": "f"}, **_layers(FLAT)},
         _data("images", folder="f"), "warning"),
]  # fmt: skip
