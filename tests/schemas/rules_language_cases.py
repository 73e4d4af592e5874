"""Cases of the rules on language models."""

from typing import Any

from tests.schemas.rules_helpers import Case

D = ("data",)
EMBED = {"kind": "embedding", "output_dim": 8}
GRU = {"kind": "gru", "units": 8, "return_sequences": True}
HEADS = {"kind": "multi_head_attention", "num_heads": 2, "key_dim": 4}
CONV = {"kind": "conv1d", "filters": 8, "kernel_size": 3}


def _lm(*layers: dict[str, Any], **changes: Any) -> dict[str, Any]:
    data = {"source": "text", "file": "notes.txt"}
    return {"task": "language_model", "data": data, "model": _model(*(layers or (GRU,))), **changes}


def _model(*layers: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {"kind": "sequential", "layers": [EMBED, *layers], **keys}


def _text(**keys: Any) -> dict[str, Any]:
    return _lm(data={"source": "text", **keys})


def _tied(*layers: dict[str, Any], embed: dict[str, Any] = EMBED, **output: Any) -> dict[str, Any]:
    return _lm(model={"kind": "sequential", "layers": [embed, *layers], "output": {"tied": True, **output}})


def _leak(bad: dict[str, Any], good: dict[str, Any], key: str = "", says: str = "sees") -> Case:
    path = ("model", "layers", 1, *([key] if key else []))
    return Case("R748", path, _lm(bad), _lm(good), received=says)


def _custom(**keys: Any) -> dict[str, Any]:
    return _lm(training={"epochs": 1, **keys})


OUTPUT = ("model", "output")
SEES = "a step see the tokens after it"
TABLE = {"source": "csv", "files": "t.csv", "target": "a"}
CASES = [
    Case("R745", (*D, "source"), _lm(data=TABLE), _lm(), received="csv"),
    Case("R745", (*D, "source"), _lm(data=TABLE), _text(folder="notes")),
    Case("R746", (*D, "text"), _text(folder="notes", text="a"), _text(folder="notes"), received="text has no use"),
    Case("R746", (*D, "target"), _text(folder="notes", target="a"), _text(folder="notes", splits={"test": "20%"})),
    Case("R746", (*D, "target"), _text(file="t.csv", target="a"), _text(file="t.csv", text="a"), received="target"),
    Case("R746", (*D, "weight"), _text(file="t.csv", weight="a"), _text(file="t.csv")),
    Case("R746", (*D, "text"), _text(file="t.txt", text="a"), _text(file="t.csv", text="a")),
    Case("R746", (*D, "splits", "by"), _text(file="t.txt", splits={"by": "group", "column": "a"}),
         _text(file="t.csv", splits={"by": "group", "column": "a"})),
    Case("R746", (*D, "ngrams"), _text(file="t.txt", ngrams=2), _text(file="t.txt", output="int")),
    Case("R746", (*D, "output"), _text(file="t.txt", output="tf_idf"), _text(file="t.txt", output="int")),
    Case("R746", (*D, "tokens"), {"data": {"source": "text", "file": "t.csv", "tokens": "words"}, "model": _model(
        {"kind": "global_average_pooling1d"})}, _text(file="t.txt", tokens="characters"), received="language model"),
    Case("R747", ("model", "output", "activation"), _lm(model=_model(GRU, output={"activation": "softmax"})),
         _lm(model=_model(GRU, output={"logits": True})), received="softmax"),
    Case("R747", ("model", "inputs"), _lm(model={"kind": "functional", "layers": [EMBED, GRU],
                                                 "inputs": {"a": {"index": 0}}}), _lm()),
    Case("R747", ("training", "loss"), _custom(loss={"kind": "custom", "target": "mine:loss"}), _custom()),
    Case("R747", ("training", "metrics", 0), _custom(metrics=[{"kind": "custom", "target": "mine:score"}]),
         _custom(metrics=["perplexity", "top_5_accuracy"]), received="score"),
    Case("R747", ("after", 0), _lm(after=[{"export": {"to": "onnx"}}]), _lm(after=["evaluate", "report"])),
    Case("R141", ("training", "loss"), _custom(loss="categorical_hinge"),
         _custom(loss="sparse_categorical_crossentropy"), received="categorical_hinge"),
    Case("R143", ("training", "metrics", 0), _custom(metrics=["f1"]), _custom(metrics=["accuracy"])),
    Case("R143", ("training", "metrics", 0), {"training": {"epochs": 1, "metrics": ["perplexity"]}},
         {"training": {"epochs": 1, "metrics": ["accuracy"]}}),
    Case("R165", ("training", "class_weight"), _custom(class_weight="balanced"), _custom()),
    Case("R393", ("repeat", "folds"), _lm(repeat={"folds": 5}), _text(file="t.csv") | {"repeat": {"folds": 5}},
         received="follow one another"),
    Case("R393", ("repeat", "folds"), _lm(repeat={"folds": 5}), _text(folder="notes") | {"repeat": {"folds": 5}}),
    _leak(HEADS, HEADS | {"use_causal_mask": True}, says=SEES),
    _leak(HEADS | {"use_causal_mask": False}, HEADS | {"use_causal_mask": True}, "use_causal_mask", SEES),
    _leak(HEADS | {"use_causal_mask": True, "attention_axes": [2]}, HEADS | {"use_causal_mask": True},
          "attention_axes", "other axes"),
    _leak({"kind": "attention"}, {"kind": "attention", "use_causal_mask": True}, says=SEES),
    _leak({"kind": "bidirectional", "layer": GRU}, GRU, "layer", SEES),
    _leak(GRU | {"go_backwards": True}, GRU | {"go_backwards": False}, "go_backwards", SEES),
    _leak(CONV | {"padding": "same"}, CONV | {"padding": "causal"}, "padding", SEES),
    _leak({"kind": "batch_normalization"}, {"kind": "layer_normalization"}, "kind", SEES),
    _leak({"kind": "softmax", "axis": 1}, {"kind": "softmax"}, "axis", "along the steps"),
    _leak({"kind": "custom", "target": "mine:Layer"}, {"kind": "dense", "units": 4}, "kind", "custom code"),
    Case("R749", ("model", "layers", 1), _lm({"kind": "lstm", "units": 4}), _lm(), received="last step"),
    Case("R749", ("model", "layers", 1), _lm(CONV), _lm(CONV | {"padding": "causal"}), received="shortens"),
    Case("R749", ("model", "layers", 1), _lm(CONV | {"kernel_size": 1, "strides": 2}),
         _lm(CONV | {"kernel_size": 1})),
    Case("R749", ("model", "layers", 1), _lm({"kind": "global_average_pooling1d"}), _lm(), received="number of steps"),
    Case("R750", ("model", "layers", 0), _lm(model={"kind": "sequential", "layers": [GRU]}), _lm(), received="gru"),
    Case("R750", ("model", "layers", 1), _lm(EMBED | {"input_dim": 9}), _lm(), received="features"),
    Case("R751", (*OUTPUT, "tied"), {"model": {"kind": "sequential", "layers": [{"kind": "flatten"}],
         "output": {"tied": True}}}, _tied(GRU), received="classification"),
    Case("R751", (*OUTPUT, "tied"), _lm(model={"kind": "functional", "output": {"tied": True}, "layers": [
         EMBED, EMBED | {"inputs": ["input"], "name": "b"}, {"kind": "add", "inputs": ["embedding_1", "b"]}]}),
         _tied(GRU), received="the model has 2"),
    Case("R752", (*OUTPUT, "units"), _tied(GRU, units=9), _tied(GRU), received="units has no effect"),
    Case("R752", (*OUTPUT, "kernel_regularizer"), _tied(GRU, kernel_regularizer={"l2": 0.1}), _tied(GRU)),
    Case("R752", ("model", "layers", 0, "input_dim"), _tied(GRU, embed=EMBED | {"input_dim": 9}), _tied(GRU)),
    Case("R753", (*OUTPUT, "tied"), _tied(GRU | {"units": 9}), _tied(GRU | {"units": 9}, {"kind": "dense", "units": 8}),
         received="9 features"),
    Case("R750", ("model", "layers"), _lm(model={"kind": "sequential", "layers": []}), _lm(), received="no layer"),
]  # fmt: skip
