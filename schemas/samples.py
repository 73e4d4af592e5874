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
    features: tuple[str, ...] = ()
    """Names of the numbers of an input, where it is a row of them."""


_WINE = (
    "alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium", "total_phenols", "flavanoids",
    "nonflavanoid_phenols", "proanthocyanins", "color_intensity", "hue", "od280/od315_of_diluted_wines", "proline",
)  # fmt: skip
_CARS = (
    "cylinders", "displacement", "horsepower", "weight", "acceleration", "model_year", "usa", "europe", "japan",
)  # fmt: skip
_PATIENTS = ("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6")
_FLOWERS = ("sepal_length", "sepal_width", "petal_length", "petal_width")
_MEASURES = (
    "radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave points", "symmetry",
    "fractal dimension",
)  # fmt: skip
_CELLS = tuple(form.format(name) for form in ("mean {}", "{} error", "worst {}") for name in _MEASURES)


SAMPLES = {
    "mnist-5k": Sample(5000, (28, 28, 1), 10, image=True),
    "digits": Sample(1797, (8, 8, 1), 10, image=True),
    "iris": Sample(150, (4,), 3, features=_FLOWERS),
    "wine": Sample(178, (13,), 3, features=_WINE),
    "breast_cancer": Sample(569, (30,), 2, features=_CELLS),
    "diabetes": Sample(442, (10,), None, features=_PATIENTS),
    "autompg": Sample(392, (9,), None, features=_CARS),
    "linnerud": Sample(20, (3,), None, targets=("weight", "waist", "pulse"), features=("chins", "situps", "jumps")),
    "photos": Sample(520, (32, 32, 3), 2, image=True),
}
"""By the name that a recipe gives."""
