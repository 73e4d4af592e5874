"""Cases of the rules on applications of Keras."""

from typing import Any

from tests.schemas.rules_helpers import Case

RESIZING = {"kind": "resizing", "height": 32, "width": 32}
LAYER = ("model", "layers", 1)


def using(application: str, *before: dict[str, Any], scale: Any = None, **keys: Any) -> dict[str, Any]:
    layer = {"kind": "application", "application": application, "pooling": "avg", **keys}
    return {
        "data": {"source": "builtin", "name": "digits", "batch_size": 32, "scale": scale},
        "model": {"kind": "sequential", "layers": [*before, layer]},
    }


def coloured(application: str, source: dict[str, Any] | None = None, **keys: Any) -> dict[str, Any]:
    """The same for images of three channels, and weights of a run."""
    written = using(application, RESIZING, **keys)
    written["data"]["name"] = "photos"
    if source is not None:
        written["model"]["weights"] = source
    return written


CASES = [
    Case(
        "R176",
        ("data", "name"),
        using("mobilenet", RESIZING, preprocessing=False),
        using("mobilenet", RESIZING),
        severity="warning",
    ),
    Case(
        "R520",
        ("data", "scale"),
        using("mobilenet", RESIZING, scale="1/16"),
        using("mobilenet", RESIZING, scale="1/16", preprocessing=False),
        received="`data.scale`",
    ),
    Case(
        "R521",
        (*LAYER, "alpha"),
        using("vgg16", RESIZING, alpha=0.5, preprocessing=False),
        using("mobilenet_v2", RESIZING, alpha=0.5, preprocessing=False),
        received="vgg16 has no argument alpha",
    ),
    Case(
        "R521",
        (*LAYER, "preprocessing"),
        using("efficientnet_b0", RESIZING, preprocessing=False),
        using("efficientnet_v2_b0", RESIZING, preprocessing=False),
        received="efficientnet_b0",
    ),
    Case(
        "R522",
        ("model", "layers", 0, "application"),
        using("mobilenet"),
        using("mobilenet", RESIZING),
        received="8 x 8",
    ),
    Case(
        "R523",
        (*LAYER, "application"),
        using("resnet50", RESIZING),
        using("resnet50_v2", RESIZING),
        received="1 channels",
    ),
    Case(
        "R611",
        (*LAYER, "alpha"),
        coloured("mobilenet", alpha=0.3, weights="imagenet"),
        coloured("mobilenet", alpha=0.5, weights="imagenet"),
        received="no published weights for alpha 0.3",
    ),
    Case(
        "R611",
        (*LAYER, "minimalistic"),
        coloured("mobilenet_v3_small", alpha=0.75, minimalistic=True, weights="imagenet"),
        coloured("mobilenet_v3_small", alpha=1.0, minimalistic=True, weights="imagenet"),
        received="minimalistic true with alpha 0.75",
    ),
    Case(
        "R611",
        (*LAYER, "depth_multiplier"),
        coloured("mobilenet", depth_multiplier=2, weights="imagenet"),
        coloured("mobilenet", depth_multiplier=1, weights="imagenet"),
        received="depth_multiplier 2",
    ),
    Case(
        "R612",
        (*LAYER, "weights"),
        using("mobilenet", RESIZING, weights="imagenet"),
        using("mobilenet", RESIZING, weights="none"),
        received="has 1",
    ),
    Case(
        "R614",
        (*LAYER, "weights"),
        coloured("mobilenet", alpha=0.5, weights="imagenet", source={"run": "base", "layers": ["app*"]}),
        coloured("mobilenet", alpha=0.5, weights="imagenet", source={"run": "base", "layers": ["output"]}),
        received="'application_1'",
    ),
]
