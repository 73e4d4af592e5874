"""Sample pictures of data on a grid, each with its label."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from runner.plots.canvas import Form, render
from runner.plots.style import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ACROSS, _MOST = 8, 40
_SIDE = 0.9
"""Of a picture with its label, in inches."""
_LONGEST = 16


def example_grid(images: NDArray[Any], labels: Sequence[str], title: str, form: Form) -> bytes:
    """A picture of up to 40 images.

    Args:
        images: shape ``(n, height, width)`` or ``(n, height, width, channels)``, in any range: the smallest number of
            all becomes black and the largest white. Of other than three channels the first is shown.
        labels: of the images.
        title: above them.
        form: ``svg`` or ``png``.
    """
    shown = _in_unit_range(images[:_MOST])
    down = math.ceil(len(shown) / _ACROSS)

    def draw(figure: "Figure", theme: Theme) -> None:
        figure.suptitle(title.replace("$", r"\$"), color=theme.ink, fontsize=10)
        for place, (image, label) in enumerate(zip(shown, labels, strict=False)):
            axes = figure.add_subplot(down, _ACROSS, place + 1)
            axes.imshow(image, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
            axes.set_title(_cut(label), fontsize=6, color=theme.muted, pad=2)
            axes.axis("off")

    return render(draw, form, height=down * _SIDE + 0.6, title=title, description=f"{len(shown)} pictures")


def _in_unit_range(images: NDArray[Any]) -> NDArray[Any]:
    values = images.astype(np.float64)
    if values.ndim == 4 and values.shape[-1] != 3:
        values = values[..., 0]
    low, high = values.min(), values.max()
    scaled: NDArray[Any] = (values - low) / (high - low if high > low else 1.0)
    return scaled


def _cut(label: str) -> str:
    short = label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}…"
    return short.replace("$", r"\$")
