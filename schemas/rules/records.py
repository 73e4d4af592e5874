"""TFRecord files: what must hold between the features that are declared and those that are named."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemas.data import is_records
from schemas.findings import Finding, Path
from schemas.recipe import Recipe
from schemas.rules.tell import Rule, error, listed

if TYPE_CHECKING:
    from schemas.record_data import RecordData, RecordFeature

_FEATURES: Path = ("data", "features")


def _named(data: "RecordData") -> Iterator[tuple[str, Path]]:
    """Features that the recipe names, with their places."""
    for k, name in enumerate(data.seen):
        yield name, ("data", "inputs") if isinstance(data.inputs, str) else ("data", "inputs", k)
    for k, name in enumerate(data.targets):
        yield name, ("data", "target") if isinstance(data.target, str) else ("data", "target", k)


def features_are_declared_and_named_once(recipe: Recipe) -> Iterator[Finding]:
    """R405: each input and each target is a feature of its own that is declared."""
    data = recipe.data
    if not is_records(data):
        return
    before: list[str] = []
    for name, place in _named(data):
        if name not in data.features:
            yield error("R405", place, f"feature '{name}' is not declared", f"declared are {listed(data.features)}")
        elif name in before:
            yield error("R405", place, f"feature '{name}' is named twice", "name each input once, and another target")
        before.append(name)


def declarations_fit_together(recipe: Recipe) -> Iterator[Finding]:
    """R406: type, shape and encoding of a feature go together, and suit what it is for."""
    data = recipe.data
    if not is_records(data):
        return
    for name, feature in data.features.items():
        path = (*_FEATURES, name)
        wrong = _misfit(feature) or _use(name, feature, data)
        if wrong is not None:
            key, message, help = wrong
            yield error("R406", (*path, key) if key in feature.model_fields_set else path, message, help)


def _misfit(feature: "RecordFeature") -> tuple[str, str, str] | None:
    """Key, message and way out where a declaration contradicts itself."""
    if feature.dtype == "text" and (feature.encoding is not None or feature.shape):
        key = "encoding" if feature.encoding is not None else "shape"
        return key, f"text has no {key}", f"remove `{key}`, or write another dtype"
    if feature.encoding not in ("png", "jpeg"):
        return None
    types = ("uint8", "uint16") if feature.encoding == "png" else ("uint8",)
    if feature.dtype not in types:
        return (
            "dtype",
            f"pixels of {feature.encoding} are of {listed(types)}; received {feature.dtype}",
            "write `uint8`",
        )
    channels = (1, 3, 4) if feature.encoding == "png" else (1, 3)
    if len(feature.shape) != 3 or feature.shape[2] not in channels:
        said = f"an image has the shape [height, width, channels], with {listed(map(str, channels))} channels"
        return "shape", f"{said}; received {list(feature.shape)}", "write `shape: [28, 28, 1]`"
    return None


def _use(name: str, feature: "RecordFeature", data: "RecordData") -> tuple[str, str, str] | None:
    """The same where a feature does not suit what it is named for."""
    image = feature.encoding in ("png", "jpeg")
    if name in data.seen and feature.dtype == "text":
        return "dtype", f"feature '{name}' is an input, and text is for targets", "write `source: text` for texts"
    if name in data.seen and image and len(data.seen) > 1:
        return (
            "encoding",
            f"feature '{name}' is an image, and several inputs are concatenated into one row of numbers",
            ("name the image alone, or leave it out"),
        )
    if name in data.targets and (image or len(feature.shape) > 1):
        key = "encoding" if image else "shape"
        return key, f"feature '{name}' is the target: one value, or a row of them", "name another target"
    return None


RULES: tuple[Rule, ...] = (features_are_declared_and_named_once, declarations_fit_together)
