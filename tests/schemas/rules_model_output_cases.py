"""Cases of the rules on several outputs."""

from typing import Any

from tests.schemas.rules_helpers import Case

TABLE = {"source": "csv", "files": "t.csv", "target": ["price", "kind"]}
PRICE, KIND = {"task": "regression"}, {"task": "classification"}
NAMED = {"kind": "dense", "units": 8, "name": "hidden"}


def _several(
    data: dict[str, Any] = TABLE, layer: dict[str, Any] = NAMED, model: str = "functional", /, **keys: Any
) -> dict[str, Any]:
    """A recipe of two outputs; keywords replace or add outputs, those of None are left out."""
    outputs = {name: one for name, one in {"price": PRICE, "kind": KIND, **keys}.items() if one is not None}
    return {
        "task": "multi_output",
        "data": data,
        "model": {"kind": model, "layers": [layer], "outputs": outputs},
    }


def _at(*keys: str | int) -> tuple[str | int, ...]:
    return ("model", "outputs", *keys)


GOOD = _several()
ARRAYS = {"source": "npz", "file": "t.npz", "inputs": "x", "target": ["price", "kind"]}
RECORDS = {"source": "tfrecord", "files": "a.tfrecord", "inputs": "x", "target": ["price", "kind"],
           "features": {name: {"dtype": "int64"} for name in ("x", "price", "kind")}}  # fmt: skip
TFDS = {"source": "tfds", "name": "people", "inputs": "x", "target": ["price", "kind"]}
PARTS = {"source": "npz", "file": "t.npz", "train": {"inputs": "x", "target": ["price", "kind"]}}
MNIST = {"source": "builtin", "name": "mnist-5k"}
SPLITS = {**TABLE, "splits": {"validation": "0%", "test": "0%"}}
WET = TABLE | {"target": ["price", "kind", "wet", "cold"]}
BINARY, SKY = {"task": "binary"}, {"task": "multi_label", "target": ["wet", "cold"]}
LABELS = _several(WET, sky=SKY)
CASES = [
    Case("R510", ("task",), GOOD | {"task": "classification", "data": TABLE | {"target": "kind"}}, GOOD,
         received="the task is classification"),
    Case("R510", ("task",), GOOD | {"model": {"kind": "functional", "layers": [NAMED]}}, GOOD,
         received="received none"),
    Case("R510", _at(), _several(TABLE | {"target": "price"}, kind=None), GOOD, received="received 1"),
    Case("R510", ("data", "source"), _several(MNIST), GOOD, received="mnist-5k"),
    Case("R510", ("data", "source"), _several(TFDS | {"target": None}), _several(TFDS), received="people"),
    Case("R511", _at(), _several(TFDS | {"target": ["price", "kind", "more"]}), _several(TFDS), received="'more'"),
    Case("R626", ("data", "target"), {"task": "multi_label", "data": RECORDS}, _several(RECORDS),
         received="one feature of targets; received 2"),
    Case("R405", ("data", "target", 1), _several(RECORDS | {"target": ["price", "sort"]}), _several(RECORDS),
         received="'sort' is not declared"),
    Case("R510", ("training", "loss"), GOOD | {"training": {"loss": "huber"}}, GOOD, received="a loss of its own"),
    Case("R510", ("training", "metrics"), GOOD | {"training": {"metrics": ["accuracy"]}}, GOOD),
    Case("R510", ("model", "output"), GOOD | {"model": GOOD["model"] | {"output": {"units": 1}}}, GOOD,
         received="received both"),
    Case("R511", _at("sort"), _several(kind=None, sort=KIND), _several(kind=None, sort=KIND | {"target": "kind"}),
         received="'sort' is not a target"),
    Case("R511", _at("sort", "target"), _several(sort=KIND | {"target": "kind"}), GOOD,
         received="of output 'kind' too"),
    Case("R511", _at(), _several(TABLE | {"target": ["price", "kind", "more"]}), GOOD, received="target 'more'"),
    Case("R512", _at("price"), _several(TABLE, NAMED | {"name": "price"}), GOOD, received="name of a layer"),
    Case("R512", _at("top_5"), _several(kind=None, top_5=KIND | {"target": "kind"}), GOOD, received="top_5_accuracy"),
    Case("R512", _at("val_x"), _several(kind=None, val_x=KIND | {"target": "kind"}), GOOD, received="'val_x_'"),
    Case("R513", _at("price", "input"), _several(price=PRICE | {"input": "hiden"}),
         _several(price=PRICE | {"input": "hidden"}), received="'hiden'"),
    Case("R513", _at("price", "input"), _several(TABLE, NAMED, "sequential", price=PRICE | {"input": "hidden"}),
         _several(TABLE, NAMED, "sequential"), received="sequential"),
    Case("R514", _at("price", "loss"), _several(price=PRICE | {"loss": "binary_crossentropy"}),
         _several(price=PRICE | {"loss": "huber"}), received="received binary_crossentropy"),
    Case("R514", _at("kind", "loss"), _several(kind=KIND | {"loss": "categorical_hinge"}),
         _several(kind=KIND | {"loss": "categorical_focal_crossentropy"}), received="received categorical_hinge"),
    Case("R514", _at("kind", "activation"), _several(kind=KIND | {"activation": "sigmoid"}),
         _several(kind=KIND | {"activation": "softmax"}), received="received sigmoid"),
    Case("R514", _at("price", "activation"), _several(price=PRICE | {"activation": "softmax"}),
         _several(price=PRICE | {"activation": "softplus"}), received="always 1"),
    Case("R514", _at("price", "loss"), _several(price=PRICE | {"loss": "poisson"}),
         _several(price=PRICE | {"loss": "poisson", "activation": "softplus"}), received="above 0"),
    Case("R514", _at("price", "loss"), _several(price=PRICE | {"loss": {"kind": "custom", "target": "mine:loss"}}),
         _several(price=PRICE | {"loss": {"kind": "huber", "delta": 2.0}}), received="custom loss"),
    Case("R625", _at("price", "class_weight"), _several(price=PRICE | {"class_weight": "balanced"}),
         _several(kind=KIND | {"class_weight": {"0": 2.0}}), received="predicts a number"),
    Case("R625", _at("price", "label_smoothing"), _several(price=PRICE | {"label_smoothing": 0.1}),
         _several(kind=KIND | {"label_smoothing": 0.1}), received="mean_squared_error"),
    Case("R625", _at("kind", "label_smoothing"),
         _several(kind=KIND | {"label_smoothing": 0.1, "loss": "categorical_generalized_cross_entropy"}),
         _several(kind=KIND | {"label_smoothing": 0.1, "loss": "categorical_focal_crossentropy"})),
    Case("R626", ("data", "target"), {"task": "classification", "data": ARRAYS}, _several(ARRAYS),
         received="received 2"),
    Case("R626", ("data", "train", "target"), {"task": "regression", "data": PARTS}, _several(PARTS)),
    Case("R626", ("data", "test", "target"), _several(PARTS | {"test": {"inputs": "u", "target": "v"}}),
         _several(PARTS | {"test": {"inputs": "u", "target": ["v", "w"]}}), received="received 1"),
    Case("R511", _at(), _several(ARRAYS | {"target": ["price", "kind", "more"]}), _several(ARRAYS)),
    Case("R352", ("data", "target", 2), _several(ARRAYS | {"target": ["price", "kind", "kind"]}), _several(ARRAYS),
         received="array 'kind'"),
    Case("R350", ("data", "weight"), _several(ARRAYS | {"weight": "kind"}), _several(ARRAYS | {"weight": "w"})),
    Case("R165", ("training", "class_weight"), GOOD | {"training": {"class_weight": "balanced"}},
         _several(kind=KIND | {"class_weight": "balanced"}), received="multi_output"),
    Case("R515", _at("kind", "metrics", 0), _several(kind=KIND | {"metrics": ["r2"]}),
         _several(kind=KIND | {"metrics": ["f1_macro", "auc"]}), received="received r2"),
    Case("R725", _at("sky", "task"), _several(WET | {"target": ["price", "kind", "sky"]}, sky={"task": "multi_label"}),
         LABELS, received="received one"),
    Case("R725", _at("kind", "target"), _several(WET, kind=KIND | {"target": ["kind", "wet", "cold"]}), LABELS,
         received="received 3"),
    Case("R511", _at("sky", "target", 1), _several(WET, sky=SKY | {"target": ["wet", "warm"]}), LABELS,
         received="'warm' is not a target"),
    Case("R511", _at("sky", "target", 1), _several(TABLE | {"target": ["price", "kind", "wet"]},
         sky=SKY | {"target": ["wet", "kind"]}), LABELS,
         received="of output 'kind' too"),
    Case("R514", _at("kind", "loss"), _several(kind=BINARY | {"loss": "sparse_categorical_crossentropy"}),
         _several(kind=BINARY | {"loss": "binary_focal_crossentropy"}), received="received sparse"),
    Case("R514", _at("kind", "loss"), _several(kind=KIND | {"loss": "binary_crossentropy"}),
         _several(kind=BINARY | {"loss": "binary_crossentropy"}), received="received binary_crossentropy"),
    Case("R514", _at("kind", "loss"), _several(kind=BINARY | {"loss": "hinge"}), _several(kind=BINARY),
         received="received hinge"),
    Case("R514", _at("kind", "activation"), _several(kind=BINARY | {"activation": "softmax"}),
         _several(kind=BINARY | {"activation": "sigmoid"}), received="received softmax"),
    Case("R515", _at("kind", "metrics", 0), _several(kind=BINARY | {"metrics": ["top_2_accuracy"]}),
         _several(kind=BINARY | {"metrics": ["auc", "f1", "calibration_error"]}), received="received top_2_accuracy"),
    Case("R515", _at("sky", "metrics", 0), _several(WET, sky=SKY | {"metrics": ["cohen_kappa"]}),
         _several(WET, sky=SKY | {"metrics": ["f1_macro", "pr_auc"]}), received="received cohen_kappa"),
    Case("R625", _at("sky", "class_weight"), _several(WET, sky=SKY | {"class_weight": "balanced"}),
         _several(WET, sky=SKY | {"label_smoothing": 0.1}, kind=BINARY | {"class_weight": "balanced"}),
         received="predicts labels"),
    Case("R333", _at("kind", "threshold"), _several(kind=KIND | {"threshold": "f1"}),
         _several(kind=BINARY | {"threshold": "f1"}), received="the output is of classification"),
    Case("R333", ("training", "threshold"), GOOD | {"training": {"threshold": 0.3}},
         _several(WET, sky=SKY | {"threshold": 0.3}), received="task is multi_output"),
    Case("R334", _at("kind", "threshold"), _several(SPLITS, kind=BINARY | {"threshold": "f1"}),
         _several(SPLITS, kind=BINARY | {"threshold": 0.3}), received="threshold f1"),
    Case("R294", ("data", "columns", "wet", "type"), _several(WET | {"columns": {"wet": {"type": "number"}}}, sky=SKY),
         _several(WET | {"columns": {"wet": {"type": "binary"}}}, sky=SKY), received="multi_label"),
    Case("R515", _at("kind", "metrics", 1), _several(kind=KIND | {"metrics": ["accuracy", "accuracy"]}),
         _several(kind=KIND | {"metrics": ["accuracy"]}), received="twice"),
    Case("R331", _at("price", "metrics", 0), _several(SPLITS, price=PRICE | {"metrics": ["r2"]}),
         _several(price=PRICE | {"metrics": ["r2"]})),
    Case("R164", ("training", "label_smoothing"), GOOD | {"training": {"label_smoothing": 0.1}}, GOOD,
         received="several outputs"),
    Case("R157", ("model", "layers", 0), _several({"source": "builtin", "name": "linnerud"}, {"kind": "reshape",
         "target_shape": [3, 1]}, price=None, kind=None, weight=PRICE, waist=PRICE, pulse=PRICE), GOOD),
    Case("R130", ("training", "best"), GOOD | {"training": {"best": "val_kind_r2"}},
         GOOD | {"training": {"best": "val_kind_accuracy"}}),
    Case("R136", ("expect", "test_kind_accuracy"), GOOD | {"expect": {"test_kind_accuracy": ">= 1.5"}},
         GOOD | {"expect": {"test_kind_accuracy": ">= 0.5", "test_price_loss": "<= 2"}}),
    Case("R294", ("data", "columns", "kind", "type"), _several(TABLE | {"columns": {"kind": {"type": "number"}}}),
         _several(TABLE | {"columns": {"kind": {"type": "category"}, "price": {"type": "number"}}})),
]  # fmt: skip
