"""Cases of the rules on parts, shares, scale and batches."""

from typing import Any

from tests.schemas.rules_helpers import Case

D = "data"
S = "splits"


def _splits(train: str, validation: str | None = None, test: str | None = None) -> dict[str, Any]:
    parts = {"train": train, "validation": validation, "test": test}
    return {D: {"source": "tfds", "name": "mnist", "scale": "1/255", S: {k: v for k, v in parts.items() if v}}}


def _tfds(**keys: Any) -> dict[str, Any]:
    return {D: {"source": "tfds", "name": "some_measurements", **keys}}


def _sample(name: str, **keys: Any) -> dict[str, Any]:
    return {D: {"source": "builtin", "name": name, **keys}}


def _fallback(name: str, **keys: Any) -> dict[str, Any]:
    return {"source": "builtin", "name": name, **keys}


CASES = [
    Case(
        "R170",
        (D, S, "validation"),
        _splits("train", "train"),
        _splits("train", "validation"),
        received="'train' for both",
    ),
    Case("R170", (D, S, "validation"), _splits("train[:9] + b", "train[:9]+b"), _splits("train[:9]+b", "train[9:]")),
    Case("R170", (D, S, "test"), _splits("train[:9]", test="train[:9]"), _splits("train[:9]", test="test[:9]")),
    Case(
        "R171",
        (D, S, "validation"),
        _splits("train[:55000]", "train[50000:]"),
        _splits("train[:55000]", "train[55000:]"),
        received="'train[50000:]' and 'train[:55000]'",
    ),
    Case("R171", (D, S, "validation"), _splits("train", "train[90%:]"), _splits("train[:90%]", "train[90%:]")),
    Case("R171", (D, S, "validation"), _splits("train[:-10%]", "train[85%:]"), _splits("train[:-10%]", "train[90%:]")),
    Case(
        "R171",
        (D, S, "validation"),
        _splits("train[:-5000]", "train[-6000:]"),
        _splits("train[:-5000]", "train[-5000:]"),
    ),
    Case(
        "R171",
        (D, S, "test"),
        _splits("train[10:20]", test="train[19:30]"),
        _splits("train[10:20]", test="train[20:30]"),
    ),
    Case(
        "R171",
        (D, S, "validation"),
        _tfds(splits={"validation": "train[:10]"}),
        _splits("train[:55000]", "train[90%:]"),
    ),
    Case(
        "R172", (D, S, "validation"), _splits("train[:90%]", "train[95%:90%]"), _splits("train[:90%]", "train[90%:95%]")
    ),
    Case("R172", (D, S, "train"), _splits("train[100:100]"), _splits("train[100:-100]"), received="train[100:100]"),
    Case(
        "R173",
        (D, S, "train"),
        _sample("iris", splits={"train": "80 steps"}),
        _sample("iris", splits={"train": "80%"}),
        received="80 steps",
    ),
    Case(
        "R173",
        (D, "fallback", S, "test"),
        _tfds(fallback=_fallback("iris", splits={"test": "1 epoch"})),
        _tfds(fallback=_fallback("iris")),
    ),
    Case(
        "R174",
        (D, S, "train"),
        _sample("iris", splits={"train": "90%"}),
        _sample("iris", splits={"train": "90%", "test": "0%"}),
        received="train 90%, validation 10% and test 10%",
    ),
    Case("R174", (D, S, "train"), _sample("iris", splits={"train": "0%"}), _sample("iris", splits={"train": "40%"})),
    Case(
        "R174",
        (D, "fallback", S, "validation"),
        _tfds(fallback=_fallback("iris", splits={"validation": "20%"})),
        _tfds(fallback=_fallback("iris", splits={"validation": "10%"})),
    ),
    Case(
        "R175",
        (D, S, "validation"),
        _splits("train", "test", "test"),
        _splits("train", "test[:50%]", "test[50%:]"),
        "warning",
    ),
    Case("R175", (D, S, "validation"), _splits("train", "test"), _splits("train", "validation"), "warning", "'test'"),
    Case(
        "R175",
        (D, S, "validation"),
        _splits("train", "test[:60%]", "test[50%:]"),
        _splits("train", "valid", "test"),
        "warning",
    ),
    Case("R176", (D, "name"), _sample("mnist-5k"), _sample("mnist-5k", scale="standard"), "warning", "0 to 255"),
    Case("R176", (D, "name"), {D: {"source": "tfds", "name": "cifar10"}}, _tfds(), "warning"),
    Case(
        "R176",
        (D, "fallback", "name"),
        _tfds(fallback=_fallback("digits")),
        _tfds(fallback=_fallback("digits", scale="1/16")),
        "warning",
        "0 to 16",
    ),
    Case(
        "R176",
        (D, "name"),
        _sample("digits"),
        _sample("digits") | {"model": {"layers": [{"kind": "flatten"}, {"kind": "batch_normalization"}]}},
        "warning",
    ),
    Case(
        "R177",
        (D, "batch_size"),
        _sample("iris", batch_size=121),
        _sample("iris", batch_size=120),
        "warning",
        "120 examples",
    ),
    Case(
        "R177",
        (D, "batch_size"),
        _sample("digits", batch_size=1258, splits={"train": "70%", "validation": "15%", "test": "15%"}),
        _sample("digits", batch_size=1257, splits={"train": "70%", "validation": "15%", "test": "15%"}),
        "warning",
        "1,257 examples",
    ),
    Case(
        "R177",
        (D, "batch_size"),
        _sample("iris", batch_size=109, splits={"fold": "1/5"}),
        _sample("iris", batch_size=108, splits={"fold": "1/5"}),
        "warning",
        "108 examples",
    ),
    Case(
        "R177",
        ("data",),
        {D: {"source": "tfds", "name": "mnist", "scale": 0.1, S: {"train": "train[10:20]"}}},
        {D: {"source": "tfds", "name": "mnist", "scale": 0.1, S: {"train": "train[10:]"}}},
        "warning",
    ),
    Case(
        "R177",
        (D, "batch_size"),
        _tfds(batch_size=512, fallback=_fallback("diabetes")),
        _tfds(batch_size=512, fallback=_fallback("mnist-5k", scale="1/255")),
        "warning",
        "diabetes",
    ),
    Case(
        "R177",
        (D, "batch_size"),
        _tfds(batch_size=101, splits={"train": "train[-100:]"}),
        _tfds(batch_size=100, splits={"train": "train[-100:]"}),
        "warning",
        "100 examples",
    ),
    Case(
        "R255",
        (D, "drop_remainder"),
        _sample("iris", batch_size=121, drop_remainder=True),
        _sample("iris", batch_size=120, drop_remainder=True),
        received="120 examples",
    ),
    Case(
        "R255",
        (D, "drop_remainder"),
        _tfds(batch_size=512, drop_remainder=True, scale=1.0, fallback=_fallback("wine")),
        _tfds(batch_size=128, drop_remainder=True, scale=1.0, fallback=_fallback("wine")),
        received="wine",
    ),
    Case(
        "R256",
        (D, "center"),
        _sample("wine", scale="standard", center=True),
        _sample("wine", scale=0.5, center=True),
        received="center: true",
    ),
    Case(
        "R178",
        (D, "fallback", "name"),
        _tfds(scale="1/255", fallback=_fallback("wine")),
        _tfds(scale="1/255", fallback=_fallback("wine", scale=1.0)),
        "warning",
        "wine",
    ),
    Case(
        "R178",
        (D, "fallback", "name"),
        _tfds(scale=0.01, fallback=_fallback("iris")),
        _tfds(scale=0.5, fallback=_fallback("iris")),
        "warning",
    ),
]
