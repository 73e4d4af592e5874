"""Writes ``schemas/layers/applications/weights.json`` from the installed Keras; ``make catalogue`` runs it."""

import itertools
import json
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import keras
import pytest
from keras.src.utils import file_utils

from runner.model.build import without_weights
from schemas.layers.applications.names import KERAS
from tests.model.keras_applications import functions, least_side, quick_facts

TABLE = Path(str(files("schemas.layers.applications").joinpath("weights.json")))
TRIED: dict[str, tuple[Any, ...]] = {
    "minimalistic": (False, True),
    "depth_multiplier": (1, 2),
    "alpha": tuple(round(0.05 * k, 2) for k in range(1, 41)),
}
"""Arguments with which weights are asked for: Keras refuses those that it has none for. In this order they are told."""


class Asked(Exception):
    """Keras asks for a file."""

    def __init__(self, file: str, address: str, *, cache_subdir: str, file_hash: str | None = None) -> None:
        super().__init__(file)
        assert cache_subdir == "models"
        self.row = {"file": file, "address": address, "hash": file_hash}


@contextmanager
def nothing_fetched() -> Iterator[None]:
    """While the block runs, Keras raises :class:`Asked` in place of looking for a file."""

    def get_file(*arguments: Any, **named: Any) -> None:
        raise Asked(*arguments, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file_utils, "get_file", get_file)
        yield


class Answer(NamedTuple):
    """What Keras says when it is asked for published weights."""

    row: dict[str, Any]
    sides: list[int]
    """Sides of square images that have files of their own, if this is the file for all others."""


def asked(name: str, height: int, width: int, **arguments: Any) -> Answer | None:
    """The file that Keras takes; None: it has no weights for these arguments."""
    with nothing_fetched(), without_weights(), warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            functions()[KERAS[name]](include_top=False, weights="imagenet", input_shape=(height, width, 3), **arguments)
        except Asked as found:
            said = (re.search(r"not in \[([\d, ]+)\]", str(warning.message)) for warning in told)
            return Answer(found.row, [int(side) for match in said if match for side in match[1].split(",")])
        except ValueError as error:
            if "imagenet weights are being loaded" in str(error):
                return None
            raise
    raise ValueError(f"{name}: Keras has asked for no file")


def rows(name: str) -> Iterator[dict[str, Any]]:
    """All files of an application."""
    own = [key for key in TRIED if key in quick_facts(name)["arguments"]]
    least = max(33, least_side(KERAS[name]))
    for values in itertools.product(*(TRIED[key] for key in own)):
        arguments = dict(zip(own, values, strict=True))
        found = asked(name, least, least + 1, **arguments)
        if found is None:
            continue
        yield {**found.row, "arguments": arguments, "side": None}
        for side in found.sides:
            square = asked(name, side, side, **arguments)
            assert square is not None
            yield {**square.row, "arguments": arguments, "side": side}


def table() -> str:
    """The whole table, one file a line."""
    parts = []
    for name in sorted(KERAS):
        lines = ",\n".join(f"    {json.dumps(row)}" for row in rows(name))
        parts.append(f"  {json.dumps(name)}: [\n{lines}\n  ]")
    return f'{{"keras": {json.dumps(keras.__version__)}, "imagenet": {{\n' + ",\n".join(parts) + "\n}}\n"


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
