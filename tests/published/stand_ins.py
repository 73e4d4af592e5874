"""Small data of the names and shapes that the published configurations read: prepared, saved and named as theirs."""

import csv
import datetime
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow_datasets as tfds
from PIL import Image

EXAMPLES = {"train": 24, "test": 8}
_WORDS = ["good", "bad", "film", "plot", "dull", "great", "<br", "/>"]


def write(folder: Path) -> Path:
    """Write all stand-ins; the prepared datasets of tensorflow-datasets lie in the folder that is returned."""
    generator = np.random.default_rng(3)
    _arrays(folder, generator)
    _reviews(folder / "aclImdb", generator)
    _images(folder / "vw_coco2014_96", generator)
    _patients(folder / "heart.csv", generator)
    _passengers(folder / "ridership.csv")
    prepared = folder / "tfds"
    for name, shape in (("cifar10", (32, 32, 3)), ("mnist", (28, 28, 1)), ("fashion_mnist", (28, 28, 1))):
        _prepare(name, shape, prepared, generator)
    return prepared


def _arrays(folder: Path, generator: np.random.Generator) -> None:
    def classes(n: int, count: int) -> Any:
        return np.arange(n) % count

    def values(*shape: int) -> Any:
        return generator.normal(size=shape).astype(np.float32)

    n, m = EXAMPLES["train"], EXAMPLES["test"]
    parts = {"train": n, "validation": m, "test": m}
    inputs = {f"x_{part}": values(size, 49, 10, 1) for part, size in parts.items()}
    targets = {f"y_{part}": classes(size, 12) for part, size in parts.items()}
    np.savez(folder / "speech_commands.npz", **inputs, **targets)
    np.savez(folder / "toy_car.npz", vectors=values(n, 640))
    words = {f"x_{part}": generator.integers(0, 20_000, (size, 200)) for part, size in (("train", n), ("val", m))}
    np.savez(folder / "imdb_200.npz", **words, y_train=classes(n, 2), y_val=classes(m, 2))
    labels = {"y_train": 2 * classes(n, 2) - 1, "y_test": 2 * classes(m, 2) - 1}
    np.savez(folder / "forda.npz", x_train=values(n, 500), x_test=values(m, 500), **labels)


def _reviews(folder: Path, generator: np.random.Generator) -> None:
    for part in ("train", "test"):
        for label in ("neg", "pos"):
            place = folder / part / label
            place.mkdir(parents=True)
            for k in range(EXAMPLES[part] // 2):
                (place / f"{k}_1.txt").write_text(" ".join(generator.choice(_WORDS, 40)))


def _images(folder: Path, generator: np.random.Generator) -> None:
    for label in ("person", "non_person"):
        (folder / label).mkdir(parents=True)
        for k in range(EXAMPLES["train"] // 2):
            pixels = generator.integers(0, 256, (96, 96, 3), np.uint8)
            Image.fromarray(pixels).save(folder / label / f"{k}.png")


def _patients(file: Path, generator: np.random.Generator) -> None:
    numbers = ["age", "trestbps", "chol", "thalach", "oldpeak", "slope"]
    categories = ["sex", "cp", "fbs", "restecg", "exang", "ca"]
    with file.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*numbers, *categories, "thal", "target"])
        for k in range(40):
            values = generator.normal(100, 10, len(numbers)).round(1)
            writer.writerow([*values, *generator.integers(0, 2, len(categories)), ["normal", "fixed"][k % 2], k % 2])


def _passengers(file: Path) -> None:
    first = datetime.date(2016, 1, 1)
    with file.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["date", "rail"])
        for day in range(1247):
            weekly = 0.5 + 0.2 * math.sin(2 * math.pi * day / 7)
            writer.writerow([(first + datetime.timedelta(day)).isoformat(), f"{weekly:.4f}"])


def _prepare(name: str, shape: tuple[int, ...], folder: Path, generator: np.random.Generator) -> None:
    """As tensorflow-datasets itself prepares it, with few examples of noise."""
    features = tfds.features.FeaturesDict({
        "image": tfds.features.Image(shape=shape),
        "label": tfds.features.ClassLabel(num_classes=10),
    })  # fmt: skip

    def examples(count: int) -> Iterator[tuple[int, dict[str, Any]]]:
        for k in range(count):
            yield k, {"image": generator.integers(0, 256, shape, np.uint8), "label": k % 10}

    class StandIn(tfds.core.GeneratorBasedBuilder, skip_registration=True):
        """Of the test."""

        VERSION = tfds.core.Version("3.0.2" if name == "cifar10" else "3.0.1")

        def _info(self) -> Any:
            return self.dataset_info_from_configs(features=features, supervised_keys=("image", "label"))

        def _split_generators(self, manager: Any) -> Any:
            return {part: examples(count) for part, count in EXAMPLES.items()}

        def _generate_examples(self) -> Any:
            raise AssertionError

    StandIn.name = name
    StandIn(data_dir=str(folder)).download_and_prepare()
