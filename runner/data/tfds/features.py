"""Features of a prepared dataset by their paths, from its ``features.json``: read as data, with nothing imported."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from runner.data.targets import numbered
from runner.diagnostics.spelling import suggest
from runner.errors import DataError, KeyPath

INPUTS: KeyPath = ("data", "inputs")
TARGET: KeyPath = ("data", "target")
_OWN = "tensorflow_datasets.core.features."
_CLASSES: dict[str, "FeatureKind"] = {
    "image_feature.Image": "image",
    "tensor_feature.Tensor": "number",
    "scalar.Scalar": "number",
    "class_label_feature.ClassLabel": "class",
    "text_feature.Text": "text",
}
_NUMBERS = ("bool", "uint8", "int8", "uint16", "int16", "int32", "uint32", "int64", "uint64",
            "float16", "float32", "float64")  # fmt: skip
_STORED = {"bool": "uint8", **dict.fromkeys(("uint32", "int64", "uint64", "float64"), "float32")}
"""In which types examples are kept where they are not as they are: the model takes float32 in any case."""
_LISTED = 20
FeatureKind = Literal["image", "number", "class", "text"]


@dataclass(frozen=True)
class Feature:
    """A feature that tensorflow-datasets' own plain classes read.

    Attributes:
        path: such as ``features/age``.
        kind: of its values.
        shape: of one value.
        dtype: by its name.
        classes: of a class.
        described: what ``features.json`` says of it.
    """

    path: str
    kind: FeatureKind
    shape: tuple[int, ...]
    dtype: str
    classes: int
    described: Any

    @property
    def stored(self) -> str:
        """Type in which a value is kept that is the only one."""
        return _STORED.get(self.dtype, self.dtype)

    @property
    def width(self) -> int:
        """Numbers that it takes beside others: a class is one-hot."""
        return self.classes if self.kind == "class" else math.prod(self.shape)


@dataclass(frozen=True)
class Selection:
    """What of a dataset is seen and predicted.

    Attributes:
        inputs: one, or several that are put together to a row of numbers.
        targets: a class, or one number or several.
        apart: of several outputs the task of each target; empty of one output.
    """

    inputs: tuple[Feature, ...]
    targets: tuple[Feature, ...]
    apart: Mapping[str, str] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one input."""
        first = self.inputs[0]
        if len(self.inputs) > 1 or first.kind == "class":
            return (sum(feature.width for feature in self.inputs),)
        return first.shape or (1,)

    @property
    def dtype(self) -> str:
        """Of the inputs."""
        alone = len(self.inputs) == 1 and self.inputs[0].kind != "class"
        return self.inputs[0].stored if alone else "float32"

    @property
    def classes(self) -> int | None:
        """Of the target; None: it is numbers, or there are several outputs."""
        if self.apart:
            return None
        return self.targets[0].classes if self.targets[0].kind == "class" else None

    @property
    def names(self) -> tuple[str, ...]:
        """Of several numbers or of the targets of several outputs; empty for a class or for one number."""
        if self.apart:
            return tuple(name for feature in self.targets for name in _numbered(feature))
        if self.classes is not None or sum(feature.width for feature in self.targets) == 1:
            return ()
        return tuple(name for feature in self.targets for name in _numbered(feature))

    @property
    def is_text(self) -> bool:
        """Whether a text alone is seen."""
        return len(self.inputs) == 1 and self.inputs[0].kind == "text"

    @property
    def has_texts(self) -> bool:
        """Whether texts are seen beside other inputs, or several texts."""
        return len(self.inputs) > 1 and any(feature.kind == "text" for feature in self.inputs)

    @property
    def described(self) -> str:
        """Such as ``features/age, features/pay → label``."""
        seen, asked = (", ".join(one.path for one in some) for some in (self.inputs, self.targets))
        return f"{seen} → {asked}"


def _numbered(feature: Feature) -> tuple[str, ...]:
    return numbered(feature.path, 0 if feature.kind == "class" or feature.width == 1 else feature.width)


def selected(
    features: Any, inputs: Sequence[str], targets: Sequence[str], apart: Mapping[str, str] | None = None
) -> Selection:
    """The features that a recipe names.

    Args:
        features: what ``features.json`` holds.
        inputs: their paths.
        targets: their paths.
        apart: of several outputs the task of each target.

    Raises:
        DataError: one is not there, or not of a form that can be seen or predicted, alone or beside the others.
    """
    table = dict(_leaves(features, ""))
    seen = tuple(_found(table, path, INPUTS) for path in inputs)
    asked = tuple(_found(table, path, TARGET) for path in targets)
    if len(seen) > 1:
        for feature in seen:
            if feature.kind == "image":
                message = f"{feature.path!r} is an image, and several inputs are concatenated into one row of numbers"
                raise DataError(message, "name the image alone, or leave it out", path=INPUTS)
    for feature in asked:
        _check_target(feature, alone=len(asked) == 1, apart=apart or {})
    return Selection(seen, asked, apart or {})


def feature_paths(features: Any) -> list[str]:
    """Paths of all features of a ``features.json``."""
    return [path for path, _ in _leaves(features, "")]


def _check_target(feature: Feature, *, alone: bool, apart: Mapping[str, str]) -> None:
    if feature.kind == "text":
        message = f"{feature.path!r} is a text; a target is a class, a number, or a row of numbers"
        raise DataError(message, "name another feature", path=TARGET)
    labels = apart.get(feature.path) == "multi_label"
    if apart and not labels and feature.kind != "class" and (feature.kind == "image" or feature.width > 1):
        message = f"{feature.path!r} has the shape {feature.shape}; each output predicts a class, one number, or labels"
        raise DataError(message, "name another feature, or write `task: multi_label` for labels", path=TARGET)
    if labels and feature.kind == "class" and feature.classes != 2:
        message = f"{feature.path!r} has {feature.classes} classes; a label is 0 or 1"
        raise DataError(message, "write `task: classification` for the output", path=TARGET)
    if feature.kind == "image" or len(feature.shape) > 1:
        message = f"{feature.path!r} has the shape {feature.shape}; a target is a class, a number, or a row of numbers"
        raise DataError(message, "name another feature", path=TARGET)
    if feature.kind == "class" and not alone and not apart:
        message = f"{feature.path!r} is a class, and several targets are numbers"
        ways = ("name one class, or numbers alone", "or write `task: multi_output`, with an output for each target")
        raise DataError(message, *ways, path=TARGET)


def _leaves(node: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every feature that has no others in it, by its path."""
    inner = node.get("featuresDict", {}).get("features") if isinstance(node, dict) else None
    if isinstance(inner, dict):
        for name, below in inner.items():
            yield from _leaves(below, f"{path}/{name}" if path else name)
    elif path:
        yield path, node


def _found(table: dict[str, Any], path: str, place: KeyPath) -> Feature:
    if path not in table:
        meant = suggest(path, table)
        below = [name for name in table if name.startswith(f"{path}/")]
        listed = ", ".join(map(repr, [*table][:_LISTED])) + (", …" if len(table) > _LISTED else "")
        ways = [f"{path!r} contains other features: {', '.join(below[:_LISTED])}"] if below else []
        ways += [f"did you mean {meant!r}?"] if meant and not below else []
        raise DataError(f"feature {path!r} is not in the dataset; it has {listed}", *ways, path=place)
    return feature_of(path, table[path], place)


def feature_of(path: str, described: Any, place: KeyPath) -> Feature:
    """A feature by what ``features.json`` says of it.

    Raises:
        DataError: it is not of a plain class, of fixed size, or of numbers.
    """
    name = str(described.get("pythonClassName", ""))
    kind = _CLASSES.get(name.removeprefix(_OWN)) if name.startswith(_OWN) else None
    if kind is None:
        raise DataError(
            f"feature {path!r} is of the class {name!r}, which is not one of tensorflow-datasets' plain ones: Image, "
            "Tensor, Scalar, ClassLabel and Text; code that a dataset's folder names is not imported",
            path=place,
        )
    try:
        if kind == "class":
            return Feature(path, kind, (), "int64", int(described["classLabel"]["numClasses"]), described)
        if kind == "text":
            return Feature(path, kind, (), "string", 0, described)
        kept = described["image" if kind == "image" else "tensor"]
        shape = tuple(int(side) for side in kept.get("shape", {}).get("dimensions", ()))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(f"features.json says of {path!r} what cannot be read: {error!r}", path=place) from error
    dtype = str(kept.get("dtype", "uint8"))
    if any(side < 1 for side in shape):
        raise DataError(f"feature {path!r} has no fixed size: {shape}", "prepare it with one", path=place)
    if dtype not in _NUMBERS:
        raise DataError(f"feature {path!r} holds values of type {dtype}, not numbers", path=place)
    return Feature(path, kind, shape, dtype, 0, described)
