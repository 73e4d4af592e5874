"""Cases of the rules on random changes of images."""

from typing import Any

from tests.schemas.rules_helpers import Case

D, A = "data", ("data", "augment")


def digits(*augment: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {D: {"source": "builtin", "name": "digits", "scale": "1/16", "augment": list(augment), **keys}}


def crop(**keys: Any) -> dict[str, Any]:
    return digits({"kind": "crop", **keys})


def mixup(off_after: str, **training: Any) -> dict[str, Any]:
    return {**digits({"kind": "mixup", "off_after": off_after}), "training": {"epochs": 12, **training}}


def ages(kind: str, **keys: Any) -> dict[str, Any]:
    data = {"source": "images", "file": "a.csv", "scale": "1/255", "augment": [{"kind": kind}], **keys}
    return {"task": "regression", D: data}


FLIP, MIXUP = {"kind": "flip"}, {"kind": "mixup"}
CASES = [
    Case("R280", A, {D: {"source": "builtin", "name": "iris", "augment": [FLIP]}}, digits(FLIP), received="shape 4"),
    Case("R280", A, {D: {"source": "text", "folder": "t", "augment": [FLIP]}}, digits(FLIP), received="texts"),
    Case("R281", (*A, 0, "off_after"), mixup("12 epochs"), mixup("11.9 epochs"), "warning", "12 epochs"),
    Case("R281", (*A, 0, "off_after"), mixup("0%"), mixup("1%"), "warning", "never acts"),
    Case("R282", (*A, 0, "size"), crop(size=[9, 8]), crop(size=[8, 8]), received="9 × 8"),
    Case("R282", (*A, 0, "size"), crop(size=[10, 11], padding=1), crop(size=[10, 10], padding=1), received="11"),
    Case("R283", (*A, 0, "kind"), crop(), crop(padding=1)),
    Case("R283", (*A, 0, "padding"), crop(padding=0), crop(size=[7, 7])),
    Case("R283", (*A, 0, "kind"), digits({"kind": "translate"}), digits({"kind": "translate", "width": 0.1})),
    Case("R284", (*A, 1, "kind"), digits(MIXUP, FLIP), digits(FLIP, MIXUP, {"kind": "cutmix"}), received="mixup"),
    Case("R285", (*A, 0, "kind"), ages("cutmix"), ages("flip"), received="cutmix"),
    Case("R286", (*A, 0, "area"), digits({"kind": "erase", "area": [0.3, 0.1]}),
         digits({"kind": "erase", "area": [0.1, 0.1]}), received="[0.3, 0.1]"),
    Case("R287", (*A, 1, "kind"), digits(FLIP, {"kind": "rand_augment"}),
         {D: {"source": "builtin", "name": "mnist-5k", "scale": "1/255", "augment": [{"kind": "rand_augment"}]}},
         received="0 to 16"),
]  # fmt: skip
