"""Cases of the rules on columns and splits of a table."""

from typing import Any

from tests.schemas.rules_helpers import Case


def _table(**keys: Any) -> dict[str, Any]:
    return {"data": {"source": "csv", "files": "t.csv", "target": "y", **keys}}


def _column(**options: Any) -> dict[str, Any]:
    return _table(columns={"a": options})


def _dated(**options: Any) -> dict[str, Any]:
    return _column(**({} if "cyclic" in options else {"parts": ["month"]}) | options)


def _splits(**keys: Any) -> dict[str, Any]:
    return _table(splits=keys)


def _weighted(weight: str, **keys: Any) -> dict[str, Any]:
    return _table(weight=weight, **keys)


def _arrays(**keys: Any) -> dict[str, Any]:
    return {"data": {"source": "npz", "file": "a.npz", "train": {"inputs": "x", "target": "y", **keys}}}


def _regression(**keys: Any) -> dict[str, Any]:
    return {"task": "regression", **_table(**keys)}


def _training(**keys: Any) -> dict[str, Any]:
    return {"training": {"epochs": 2, **keys}}


def _loss(name: str) -> dict[str, Any]:
    return _training(loss=name)


def _metrics(*names: str) -> dict[str, Any]:
    return _training(metrics=list(names))


def _output(**keys: Any) -> dict[str, Any]:
    return {"model": {"kind": "sequential", "layers": [{"kind": "flatten"}], "output": keys}}


def _units(units: int) -> dict[str, Any]:
    return _output(units=units)


NO_FORMATS = ("%d.%m", "%m.%Y", "%d.%Y", "%d.%m.%Y %I:%M", "%d.%m.%Y %y", "%d.%m.%Y %d", "%d.%m.20%y", "%j %Y", "%F")
LABELS = {"task": "multi_label"}
PICTURES = {"data": {"source": "images", "folder": "p"}}
T = ("data", "target")
U = ("model", "output", "units")
A = ("data", "columns", "a")
W = ("data", "weight")
Y = ("data", "columns", "y")
S = ("data", "splits")
CASES = [
    Case("R291", (*A, "missing"), _column(missing="constant"), _column(missing="constant", value=0.0)),
    Case("R291", (*A, "value"), _column(value=3.0), _column(value=3.0, missing="constant")),
    Case("R291", (*A, "value"), _column(value="x", missing="mode"), _column(value="x", missing="constant")),
    Case("R292", (*A, "clip"), _column(clip=[0.9, 0.1]), _column(clip=[0.1, 0.9]), received="[0.9, 0.1]"),
    Case("R292", (*A, "clip"), _column(clip=[0.5, 0.5]), _column(clip=[0, 1])),
    Case("R293", (*A, "scale"), _column(type="category", scale="minmax"), _column(type="number", scale="minmax")),
    Case("R293", (*A, "clip"), _column(type="binary", clip=[0, 1]), _column(clip=[0, 1])),
    Case("R293", (*A, "indicator"), _column(type="category", indicator=True), _column(indicator=True)),
    Case("R293", (*A, "at_least"), _column(type="number", at_least=2), _column(type="category", at_least=2)),
    Case("R293", (*A, "at_most"), _column(type="number", at_most=2), _column(type="binary", at_most=2)),
    Case("R293", (*A, "missing"), _column(type="number", missing="own"), _column(type="category", missing="own")),
    Case("R293", (*A, "missing"), _column(type="category", missing="mean"), _column(type="category", missing="mode")),
    Case("R293", (*A, "missing"), _column(type="ignore", missing="drop"), _column(type="ignore")),
    Case("R293", (*A, "format"), _column(type="text", format="%d.%m.%Y"), _column(type="date", format="%d.%m.%Y")),
    Case("R293", (*A, "output"), _column(type="number", output="tf_idf"), _column(type="text", output="tf_idf")),
    Case("R293", (*A, "length"), _column(output="tf_idf", length=4), _column(output="int", length=4)),
    Case("R293", (*A, "missing"), _column(output="int", missing="own"), _column(output="int", missing="drop")),
    Case("R293", (*A, "vocabulary"), _column(type="text", vocabulary=9), _column(output="multi_hot", vocabulary=9)),
    Case("R293", (*A, "ngrams"), _column(type="text", ngrams=2), _column(output="multi_hot", ngrams=2)),
    Case("R293", (*A, "embed"), _column(type="number", embed=4), _column(type="category", embed="auto")),
    Case("R293", (*A, "parts"), _column(type="number", parts=["year"]), _column(type="date", parts=["year"])),
    Case("R293", (*A, "cyclic"), _column(type="category", cyclic=["hour"]), _column(cyclic=["hour"])),
    Case("R293", (*A, "scale"), _column(type="date", scale="minmax"), _dated(type="date", scale="minmax")),
    Case("R293", (*A, "scale"), _dated(scale="log1p"), _dated(scale="none")),
    Case("R293", (*A, "clip"), _dated(clip=[0, 1]), _dated(indicator=True)),
    Case("R293", (*A, "missing"), _dated(missing="own"), _dated(missing="median")),
    *(Case("R410", (*A, "format"), _dated(format=form), _dated(format="%y%m%d %H:%M:%S")) for form in NO_FORMATS),
    Case("R410", (*A, "format"), _dated(format="%d %b %Y"), _column(type="date", format="%d %b %Y")),
    Case("R411", (*A, "parts", 1), _dated(parts=["day", "day"]), _dated(parts=["day", "days"])),
    Case("R411", (*A, "cyclic", 2), _dated(cyclic=["day", "hour", "day"]), _dated(parts=["day"], cyclic=["day"])),
    Case(
        "R293",
        (*A, "value"),
        _column(type="number", missing="constant", value="x"),
        _column(type="number", missing="constant", value=1.0),
        received="value: x",
    ),
    Case("R294", (*Y, "scale"), _table(columns={"y": {"scale": "none"}}), _table(columns={"x": {"scale": "none"}})),
    Case("R294", (*Y, "type"), _table(columns={"y": {"type": "number"}}), _table(columns={"y": {"type": "category"}})),
    Case("R294", (*Y, "type"), _table(columns={"y": {"type": "ignore"}}), _table(columns={"y": {"type": "binary"}})),
    Case("R294", (*S, "column"), _splits(by="group", column="y"), _splits(by="group", column="x")),
    Case("R295", (*S, "by"), _splits(by="time"), _splits(by="time", column="x")),
    Case("R295", (*S, "column"), _splits(column="x"), _splits(by="id", column="x")),
    Case("R295", (*S, "train"), _splits(by="column", column="x", train="70%"), _splits(by="column", column="x")),
    Case(
        "R295",
        (*S, "words"),
        _splits(by="id", column="x", words={"train": ["a"]}),
        _splits(by="column", column="x", words={"train": ["a"]}),
    ),
    Case("R295", (*S, "column"), _splits(by="file", column="a"), _splits(by="file")),
    Case("R295", (*S, "test"), _splits(by="file", test="10%"), _splits(by="file", words={"test": ["final"]})),
    Case(
        "R296",
        (*S, "words", "test"),
        _splits(by="column", column="x", words={"train": ["a"], "test": ["b", "a"]}),
        _splits(by="column", column="x", words={"train": ["a"], "test": ["b"]}),
        received="'a' stands for train and for test",
    ),
    Case("R350", W, _table(weight="y"), _table(weight="w")),
    Case("R350", W, _weighted("w", splits={"by": "group", "column": "w"}), _weighted("w")),
    Case(
        "R350",
        (*A, "scale"),
        _weighted("a", columns={"a": {"scale": "none"}}),
        _table(columns={"a": {"scale": "none"}}),
    ),
    Case(
        "R350",
        (*A, "type"),
        _weighted("a", columns={"a": {"type": "text"}}),
        _weighted("a", columns={"a": {"type": "number"}}),
    ),
    Case("R350", W, _regression(target=["y", "z"], weight="z"), _regression(target=["y", "z"], weight="w")),
    Case("R351", T, _table(target=["y", "z"]), _regression(target=["y", "z"])),
    Case("R351", T, _table(target=["y", "z"]), _table(target=["y"])),
    Case("R352", (*T, 2), _regression(target=["y", "z", "y"]), _regression(target=["y", "z", "x"])),
    Case("R353", T, LABELS | _table(target="y"), LABELS | _table(target=["y", "z"])),
    Case("R353", ("task",), LABELS | PICTURES, PICTURES),
    Case("R294", (*Y, "scale"), _regression(target=["x", "y"], columns={"y": {"scale": "none"}}), _regression()),
    Case(
        "R294",
        (*Y, "type"),
        LABELS | _table(target=["x", "y"], columns={"y": {"type": "number"}}),
        LABELS | _table(target=["x", "y"], columns={"y": {"type": "binary"}}),
    ),
    Case("R145", U, _regression(target=["x", "y"]) | _units(1), _regression(target=["x", "y"]) | _units(2)),
    Case("R145", U, LABELS | _table(target=["x", "y"]) | _units(3), LABELS | _arrays() | _units(3)),
    Case(
        "R142",
        ("model", "output", "activation"),
        LABELS | _arrays() | _output(activation="softmax"),
        LABELS | _arrays() | _output(activation="sigmoid"),
    ),
    Case(
        "R142",
        ("model", "output", "activation"),
        LABELS | _arrays() | _output(activation="linear"),
        LABELS | _arrays() | _output(logits=True),
    ),
    Case(
        "R142",
        ("model", "output", "activation"),
        _regression() | _output(activation="softmax"),
        _regression(target=["x", "y"]) | _output(activation="softmax"),
    ),
    Case(
        "R141",
        ("training", "loss"),
        LABELS | _arrays() | _loss("mean_squared_error"),
        LABELS | _arrays() | _loss("binary_focal_crossentropy"),
    ),
    Case(
        "R141",
        ("training", "loss"),
        LABELS | _arrays() | _loss("hinge"),
        LABELS | _arrays() | _loss("binary_crossentropy"),
    ),
    Case(
        "R143",
        ("training", "metrics", 0),
        LABELS | _arrays() | _metrics("cohen_kappa"),
        LABELS | _arrays() | _metrics("f1_micro", "f1", "pr_auc", "precision_weighted"),
    ),
    Case(
        "R165",
        ("training", "class_weight"),
        LABELS | _arrays() | _training(class_weight="balanced"),
        _arrays() | _training(class_weight="balanced"),
    ),
    Case("R350", ("data", "train", "weight"), _arrays(weight="x"), _arrays(weight="w")),
    Case("R316", W, _arrays() | {"data": {**_arrays()["data"], "weight": "w"}}, _arrays(weight="w")),
    Case(
        "R691",
        ("data", "thousands"),
        _table(thousands="."),
        _table(decimal=",", thousands="."),
    ),
    Case("R174", (*S, "test"), _splits(train="80%", test="21%"), _splits(train="79%", test="11%")),
    Case("R173", (*S, "test"), _splits(test="1 epochs"), _splits(test="1%")),
]
