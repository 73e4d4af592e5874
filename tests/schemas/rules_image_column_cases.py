"""Cases of the rules on columns of images in a table."""

from typing import Any

from tests.schemas.rules_helpers import Case

PHOTO = {"photo": {"type": "image", "size": [32, 32], "color": "rgb"}}
NAMED = {"photo": {"columns": ["photo"]}, "facts": {"columns": ["age", "sex"]}}
SEEN = {"kind": "conv2d", "filters": 4, "kernel_size": 3, "inputs": ["photo"]}
POOLED = {"kind": "global_average_pooling2d", "name": "seen"}
JOINED = {"kind": "concatenate", "inputs": ["seen", "facts"]}
MOBILE = {"kind": "application", "application": "mobilenet", "pooling": "avg", "name": "seen", "inputs": ["photo"]}
BARE: dict[str, Any] = {"kind": "functional", "layers": []}
COLUMN = ("data", "columns", "photo")


def _model(*layers: dict[str, Any], inputs: dict[str, Any] = NAMED, **keys: Any) -> dict[str, Any]:
    return {"model": {"kind": "functional", "inputs": inputs, "layers": list(layers or (SEEN, POOLED, JOINED)), **keys}}


def _table(model: dict[str, Any] | None = None, **keys: Any) -> dict[str, Any]:
    data = {"source": "csv", "files": "t.csv", "target": "y", "columns": PHOTO, **keys}
    return {"data": data, **(_model() if model is None else model)}


def _photo(**options: Any) -> dict[str, Any]:
    return _table(columns={"photo": {**PHOTO["photo"], **options}})


def _rest(source: str) -> dict[str, Any]:
    rest = {"kind": "dense", "units": 3, "name": "rest", "inputs": [source]}
    return _table(_model(SEEN, POOLED, rest, {"kind": "concatenate", "inputs": ["seen", "facts", "rest"]}))


CASES = [
    Case(
        "R765",
        ("model", "kind"),
        _table({"model": {"kind": "sequential", "layers": [{"kind": "dense", "units": 4}]}}),
        _table(),
        received="sequential",
    ),
    Case("R765", ("model", "layers", 2), _rest("input"), _rest("facts")),
    Case(
        "R765",
        ("model", "layers"),
        _table({"model": BARE}),
        _table({"model": BARE}, columns={}),
    ),
    Case(
        "R766",
        ("model", "inputs", "facts", "columns"),
        _table(_model(inputs=NAMED | {"facts": {"columns": ["age", "photo"]}})),
        _table(),
        received="received also age",
    ),
    Case("R767", ("data", "files"), _table(files="https://example.org/t.csv"), _table(files="t/*.csv")),
    Case(
        "R520",
        COLUMN,
        _table(_model(MOBILE, JOINED)),
        _table(_model(MOBILE, JOINED), columns={"photo": PHOTO["photo"] | {"scale": "none"}}),
        received="divided by 255",
    ),
    Case("R293", (*COLUMN, "scale"), _photo(scale="minmax"), _photo(scale="none")),
    Case("R293", (*COLUMN, "missing"), _photo(missing="mode"), _photo(missing="drop")),
    Case("R293", (*COLUMN, "indicator"), _photo(indicator=True), _photo(fit="pad")),
    Case(
        "R293",
        (*COLUMN, "size"),
        _table({"model": BARE}, columns={"photo": {"type": "category", "size": [8, 8]}}),
        _table({"model": BARE}, columns={"photo": {"type": "category"}}),
    ),
    Case("R155", ("model", "layers", 0, "kernel_size"), _photo(size=[2, 2]), _photo(size=[3, 3])),
]
