"""What follows a training that came to its end."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Items, Node


class ExportOptions(Node):
    """An export of the final model into the run's folder ``export``."""

    to: Literal["keras", "savedmodel", "onnx", "litert", "openvino"]
    """Format of the exported model."""
    check: bool = False
    """Whether to run the export without Keras on the test examples and count the decisions that change."""
    allow_flips: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0
    """Number of changed decisions that ``check`` accepts; the step fails if there are more."""
    int8: bool = False
    """Whether to quantise weights to 8 bits; only for ``litert``."""


class ExportStep(Node):
    """An export as one of the steps after a training."""

    export: ExportOptions
    """The format, and whether the export is checked."""


AfterStep = Literal["evaluate", "report"] | ExportStep
After = Annotated[Items[AfterStep], Field(min_length=1, max_length=20)]
