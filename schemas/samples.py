"""The built-in samples: data that installed packages ship."""

from typing import NamedTuple


class Sample(NamedTuple):
    """What a sample holds."""

    examples: int
    shape: tuple[int, ...]
    """Of one input."""
    classes: int | None
    """None: regression."""
    image: bool = False
    """Whether values are kept as uint8."""
    targets: tuple[str, ...] = ()
    """Names of the numbers that are predicted, where there are several."""


SAMPLES = {
    "mnist-5k": Sample(5000, (28, 28, 1), 10, image=True),
    "digits": Sample(1797, (8, 8, 1), 10, image=True),
    "iris": Sample(150, (4,), 3),
    "wine": Sample(178, (13,), 3),
    "breast_cancer": Sample(569, (30,), 2),
    "diabetes": Sample(442, (10,), None),
    "autompg": Sample(392, (9,), None),
    "linnerud": Sample(20, (3,), None, targets=("weight", "waist", "pulse")),
    "photos": Sample(520, (32, 32, 3), 2, image=True),
}
"""By the name that a recipe gives."""
