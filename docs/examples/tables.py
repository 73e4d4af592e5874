"""Write the tables of the examples as CSV files, from data that installed packages ship.

Run as ``python docs/examples/tables.py FOLDER``.
"""

import csv
import importlib.util
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

CARS = ("cylinders", "displacement", "horsepower", "weight", "acceleration", "model_year", "origin")
ORIGINS = {1: "usa", 2: "europe", 3: "japan"}
CELLS = ("radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave_points",
         "symmetry", "fractal_dimension")  # fmt: skip


def shipped(package: str, file: str) -> Path:
    """A file that a package ships; the package is not imported."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.submodule_search_locations is None:
        raise SystemExit(f"package {package!r} is not installed")
    return Path(next(iter(spec.submodule_search_locations)), file)


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write one table."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def autompg(folder: Path) -> None:
    """Fuel consumption of 392 cars; where they were made is a word."""
    table = np.genfromtxt(shipped("mlxtend", "data/data/autompg.csv.gz"), delimiter=",")
    rows = ([row[-1], *(f"{value:g}" for value in row[:6]), ORIGINS[int(row[6])]] for row in table)
    write(folder / "autompg.csv", ("mpg", *CARS), rows)


def breast_cancer(folder: Path) -> None:
    """569 cell samples, malignant or benign; each has a number that says nothing."""
    table = np.loadtxt(shipped("sklearn", "datasets/data/breast_cancer.csv"), delimiter=",", skiprows=1)
    header = ("sample", *(f"{kind} {name}" for kind in ("mean", "error", "worst") for name in CELLS), "diagnosis")
    names = ("malignant", "benign")
    rows = ([1000 + n, *(f"{v:g}" for v in row[:-1]), names[int(row[-1])]] for n, row in enumerate(table))
    write(folder / "breast_cancer.csv", header, rows)


if __name__ == "__main__":
    for make in (autompg, breast_cancer):
        make(Path(sys.argv[1]))
