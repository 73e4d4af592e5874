"""Weights that Keras publishes for its applications, as ``make catalogue`` wrote them down."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from schemas.layers.shape import Misfit


class PublishedFile(NamedTuple):
    """A file of weights of an application without its top, as Keras' own function asks for it."""

    file: str
    """Its name in the folder ``models`` of Keras' cache."""
    address: str
    hash: str | None
    """MD5 or SHA-256 in hexadecimal digits; None where Keras states none."""
    arguments: Mapping[str, Any]
    """Arguments of the application that the weights are for, such as ``alpha``."""
    side: int | None
    """Side of the square images that the file is for; None: for all others."""


@cache
def published_files() -> Mapping[str, tuple[PublishedFile, ...]]:
    """The files of every application by the language's name."""
    # beside this module, in a wheel too
    found = json.loads(Path(__file__).with_name("weights.json").read_text("utf-8"))["imagenet"]
    return {name: tuple(PublishedFile(**row) for row in rows) for name, rows in found.items()}


def published_file(application: str, arguments: Mapping[str, Any], sides: Sequence[int | None]) -> PublishedFile:
    """The file that Keras takes for images of these sides.

    Args:
        application: its name.
        arguments: all of its own, such as ``alpha``, with their values.
        sides: height and width of the images; None where one is not known.

    Raises:
        Misfit: R611, there are no weights for these arguments.
    """
    rows = published_files()[application]
    settled = ""
    for key, value in arguments.items():
        fitting = tuple(row for row in rows if row.arguments[key] == value)
        if not fitting:
            there = sorted({row.arguments[key] for row in rows})
            raise Misfit(
                "R611",
                key,
                f"{application} has no published weights for {key} {_text(value)}{settled}",
                f"take {' or '.join(map(_text, there))}, or begin with fresh weights: `weights: none`",
            )
        rows, settled = fitting, f"{settled or ' with'} {key} {_text(value)}"
    square = sides[0] if sides[0] == sides[1] else None
    return next(row for wanted in (square, None) for row in rows if row.side == wanted)


def _text(value: Any) -> str:
    return json.dumps(value)
