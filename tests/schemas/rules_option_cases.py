"""Cases of the rules on what shapes an update, and on the length of a run."""

from typing import Any

from tests.schemas.rules_helpers import REGRESSION, Case

T = "training"


def training(**keys: Any) -> dict[str, Any]:
    return {T: keys}


IRIS = {"data": {"source": "builtin", "name": "iris"}}
CASES = [
    Case("R162", (T,), training(epochs=None), training(epochs=None, steps=100)),
    Case("R162", (T,), training(epochs=None, time_limit="1 hour"), training(time_limit="1 hour")),
    Case("R163", (T, "clip"), training(clip={}), training(clip={"value": 0.5}), received="none"),
    Case(
        "R163",
        (T, "clip"),
        training(clip={"norm": 1.0, "global_norm": 1.0}),
        training(clip={"global_norm": 1.0}),
        received="norm and global_norm",
    ),
    Case(
        "R164",
        (T, "label_smoothing"),
        {**REGRESSION, **training(label_smoothing=0.1)},
        {**REGRESSION, **training(label_smoothing=0.0)},
    ),
    Case(
        "R164",
        (T, "label_smoothing"),
        training(label_smoothing=0.1, loss="huber"),
        training(label_smoothing=0.1, loss="sparse_categorical_crossentropy"),
        received="huber",
    ),
    Case(
        "R165",
        (T, "class_weight"),
        {**REGRESSION, **training(class_weight="balanced")},
        training(class_weight="balanced"),
    ),
    Case(
        "R166",
        (T, "class_weight", "3"),
        {**IRIS, **training(class_weight={"0": 1.0, "3": 2.0})},
        {**IRIS, **training(class_weight={"0": 1.0, "2": 2.0})},
        received="0 to 2; received 3",
    ),
    Case("R167", (T, "accumulate"), training(accumulate=33), training(accumulate=32), received="32; received 33"),
    Case(
        "R168",
        ("hardware", "precision"),
        {"hardware": {"device": "cpu", "precision": "mixed_float16"}},
        {"hardware": {"device": "cpu", "precision": "mixed_bfloat16"}},
        severity="warning",
    ),
    Case(
        "R168",
        ("hardware", "xla"),
        {"hardware": {"device": "cpu", "xla": "on"}},
        {"hardware": {"device": "cpu", "xla": "off"}},
        severity="warning",
    ),
    Case(
        "R169",
        ("hardware", "xla"),
        {"hardware": {"strategy": "mirrored", "xla": "on"}},
        {"hardware": {"strategy": "mirrored", "xla": "auto"}},
        received="mirrored",
    ),
]
