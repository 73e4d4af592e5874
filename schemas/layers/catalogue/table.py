"""What the installed Keras says of its layers, as ``make catalogue`` wrote it down."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypedDict


class KerasLayer(TypedDict):
    """A layer of Keras by its signature."""

    says: str
    required: list[str]
    optional: dict[str, Any]


@cache
def layers() -> Mapping[str, KerasLayer]:
    """Every layer of Keras by name."""
    # beside this module, in a wheel too
    found: Mapping[str, KerasLayer] = json.loads(Path(__file__).with_name("keras.json").read_text("utf-8"))["layers"]
    return found
