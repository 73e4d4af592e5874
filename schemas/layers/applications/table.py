"""What the installed Keras says of its applications, as ``make catalogue`` wrote it down."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

Mode = Literal["caffe", "tf", "torch", "inside"]
"""How an application wants its pixels; ``inside``: it scales them itself."""


class Facts(NamedTuple):
    """An application without its top, with Keras' defaults and three channels."""

    arguments: Mapping[str, Any]
    """Arguments of its own with their defaults, such as ``alpha``."""
    least: int
    """Smallest side of an image."""
    mode: Mode
    optional_preprocessing: bool
    """Whether it can leave out the preprocessing that it has inside."""
    channels: int
    """Of the output."""
    parameters: int
    layers: int
    """Number of layers, with the input layer, as in Keras' ``base.layers``."""


@cache
def applications() -> Mapping[str, Facts]:
    """Every application by the language's name."""
    # beside this module, in a wheel too
    found = json.loads(Path(__file__).with_name("keras.json").read_text("utf-8"))["applications"]
    return {name: Facts(**facts) for name, facts in found.items()}
