"""Tracks to draw, compiled as they would be for a recipe, and what a picture holds."""

import io
import re
from typing import Any
from xml.etree import ElementTree

import matplotlib.image
import numpy as np

from runner.plots.sampled_steps import Track, kind_of
from tests.plan.schedule_helpers import compiled, parsed

_SVG = "{http://www.w3.org/2000/svg}"
ONE_CYCLE: dict[str, Any] = {"kind": "1cycle", "max_lr": 0.1}
PLATEAU: dict[str, Any] = {"kind": "plateau", "learning_rate": 0.01, "patience": 2, "factor": 0.5}
COSINE: dict[str, Any] = {"kind": "cosine", "initial_lr": 0.05, "warmup": {"duration": "5%"}}
PIECEWISE: dict[str, Any] = {"kind": "piecewise", "boundaries": ["3 epochs", "7 epochs"], "values": [0.1, 0.01, 0.001]}


def track(
    name: str = "run", steps: int = 4300, per_epoch: int = 430, base_momentum: float | None = 0.9, **keys: Any
) -> Track:
    """A track of a schedule."""
    schedule = compiled(steps, per_epoch, base_momentum, **keys)
    return Track(name, kind_of(parsed(**keys)), schedule, steps, per_epoch)


def pixels(picture: bytes) -> "np.typing.NDArray[np.uint8]":
    """Red, green and blue of a PNG."""
    return (matplotlib.image.imread(io.BytesIO(picture), format="png")[:, :, :3] * 255).round().astype(np.uint8)


def share_of(color: str, image: "np.typing.NDArray[np.uint8]") -> float:
    """Share of the pixels in exactly this colour."""
    return float((image == np.array([int(color[k : k + 2], 16) for k in (1, 3, 5)])).all(axis=2).mean())


def edges(image: "np.typing.NDArray[np.uint8]") -> "list[np.typing.NDArray[np.uint8]]":
    """The four borders, a few pixels wide."""
    return [image[:4], image[-4:], image[:, :4], image[:, -4:]]


class Svg:
    """A picture's parts."""

    def __init__(self, picture: bytes) -> None:
        self.root = ElementTree.fromstring(picture)

    @property
    def texts(self) -> list[str]:
        """Everything that can be read on it."""
        return ["".join(element.itertext()).strip() for element in self.root.iter(f"{_SVG}text")]

    @property
    def curves(self) -> list[str]:
        """Ids of what is drawn from samples."""
        pattern = re.compile(r"(learning-rate|momentum|soonest-cuts)(-\d+)?")
        return [element.attrib["id"] for element in self.root.iter() if pattern.fullmatch(element.attrib.get("id", ""))]

    def points(self, curve: str) -> list[tuple[float, float]]:
        """Corners of a curve, in the picture's units."""
        (group,) = (element for element in self.root.iter() if element.attrib.get("id") == curve)
        path = next(group.iter(f"{_SVG}path")).attrib["d"]
        numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path)]
        return list(zip(numbers[::2], numbers[1::2], strict=True))
