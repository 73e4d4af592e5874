"""Write the data of the recipes in ``recipes/sources``: a function for each recipe, the same data on every machine.

Run as ``python docs/examples/own_data.py FOLDER [NAME…]``, NAME being that of a recipe, such as ``from_csv``; then
``recipe run from_csv --root FOLDER``.
"""

import io
import json
import math
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FOOD = ("the soup", "a warm bread", "this old cheese", "the fish", "our salad", "every cake")
SKY = ("the rain", "a cold wind", "this long storm", "the fog", "our first snow", "every cloud")
BOTH = ("was better than last year", "is what we talked about", "came late in the evening", "made us stay", "is gone")
EXTRA = ("she said", "as I remember", "on a Sunday", "in the north", "for two days", "with all of us")
HUB_FEATURES: dict[str, dict[str, object]] = {
    "text": {"dtype": "string", "_type": "Value"},
    "label": {"names": ["food", "weather"], "_type": "ClassLabel"},
}


def from_csv(folder: Path) -> None:
    """``cars.csv``: 392 cars with a word, numbers and missing values; mlxtend ships the numbers."""
    import tables

    tables.autompg(folder)
    (folder / "autompg.csv").rename(folder / "cars.csv")


def from_csv_outputs(folder: Path) -> None:
    """``traits.csv``: of each of the 392 cars four numbers, and what follows from those that are left out."""
    import csv

    from_csv(folder)
    with (folder / "cars.csv").open(newline="") as file, (folder / "traits.csv").open("w", newline="") as written:
        writer = csv.writer(written)
        known = ("displacement", "horsepower", "weight", "model_year", "mpg")
        writer.writerow([*known, "made", "quick", "large"])
        for car in csv.DictReader(file):
            traits = (float(car["acceleration"]) < 14, int(float(car["cylinders"])) > 4)
            made = "home" if car["origin"] == "usa" else "abroad"
            writer.writerow([*(car[name] for name in known), made, *("yes" if there else "no" for there in traits)])


def from_parquet(folder: Path) -> None:
    """``cells.parquet``: 569 samples that scikit-learn ships."""
    import pyarrow.csv
    import pyarrow.parquet
    import tables

    tables.breast_cancer(folder)
    pyarrow.parquet.write_table(pyarrow.csv.read_csv(folder / "breast_cancer.csv"), folder / "cells.parquet")


def digits() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """1,797 digits of 8 × 8 pixels from 0 to 16, and which they are; scikit-learn ships them."""
    import tables

    table = np.loadtxt(tables.shipped("sklearn", "datasets/data/digits.csv.gz"), delimiter=",").astype(np.uint8)
    return table[:, :-1].reshape(-1, 8, 8, 1), table[:, -1]


def from_npz(folder: Path) -> None:
    """``digits.npz``: arrays of images and of labels."""
    images, labels = digits()
    np.savez_compressed(folder / "digits.npz", images=images, labels=labels)


def from_images(folder: Path) -> None:
    """``photos``: 320 patches of scikit-learn's two photographs, in a folder for each."""
    import tables
    from PIL import Image

    for name in ("china", "flower"):
        (folder / "photos" / name).mkdir(parents=True, exist_ok=True)
        with Image.open(tables.shipped("sklearn", f"datasets/images/{name}.jpg")) as photo:
            corners = ((x, y) for y in range(0, photo.height - 39, 40) for x in range(0, photo.width - 39, 40))
            for x, y in corners:
                photo.crop((x, y, x + 40, y + 40)).save(folder / "photos" / name / f"{y:03}_{x:03}.png")


def sentences(count: int) -> Iterator[tuple[str, int]]:
    """Made-up sentences about food (0) or the weather (1), among words that say nothing of it."""
    chosen = random.Random(0)
    for n in range(count):
        subject = chosen.choice(SKY if n % 2 else FOOD)
        yield f"{chosen.choice(EXTRA)}, {subject} {chosen.choice(BOTH)} {chosen.choice(EXTRA)}.", n % 2


def from_text(folder: Path) -> None:
    """``notes``: 400 text files, in a folder for each class."""
    for n, (text, label) in enumerate(sentences(400)):
        path = folder / "notes" / ("food", "weather")[label] / f"{n:03}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def from_text_language(folder: Path) -> None:
    """``sayings.txt``: 1,000 made-up sentences, one after another."""
    lines = (f"{text[0].upper()}{text[1:]}\n" for text, _ in sentences(1000))
    (folder / "sayings.txt").write_text("".join(lines), encoding="utf-8")


def from_hugging_face(folder: Path) -> None:
    """``notes_hub``: the layout that ``DatasetDict.save_to_disk`` of the library ``datasets`` writes."""
    import pyarrow as pa

    rows = list(sentences(400))
    for part, chosen in (("train", rows[:280]), ("validation", rows[280:340]), ("test", rows[340:])):
        place = folder / "notes_hub" / part
        place.mkdir(parents=True, exist_ok=True)
        table = pa.table({"text": [text for text, _ in chosen], "label": pa.array([n for _, n in chosen], pa.int64())})
        table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": HUB_FEATURES}})})
        name = "data-00000-of-00001.arrow"
        with pa.OSFile(str(place / name), "wb") as file, pa.ipc.new_stream(file, table.schema) as stream:
            stream.write_table(table)
        (place / "state.json").write_text(json.dumps({"_data_files": [{"filename": name}], "_split": part}))
        (place / "dataset_info.json").write_text(json.dumps({"features": HUB_FEATURES}))


def from_hub_images(folder: Path) -> None:
    """``digits_hub``: Parquet files as the hub has them, with a PNG file and a class in each row."""
    import pyarrow as pa
    import pyarrow.parquet

    images, labels = digits()
    names = {"names": [f"digit {n}" for n in range(10)], "_type": "ClassLabel"}
    said = json.dumps({"info": {"features": {"image": {"_type": "Image"}, "label": names}}})
    (folder / "digits_hub").mkdir(exist_ok=True)
    for part, chosen in (("train", slice(0, 1400)), ("test", slice(1400, None))):
        held = [{"bytes": png(image), "path": None} for image in images[chosen]]
        kind = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
        table = pa.table({"image": pa.array(held, kind), "label": pa.array(labels[chosen], pa.int64())})
        path = folder / "digits_hub" / f"{part}-00000-of-00001.parquet"
        pyarrow.parquet.write_table(table.replace_schema_metadata({"huggingface": said}), path)


def png(image: NDArray[np.uint8]) -> bytes:
    """A grey image as a PNG file."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(image[:, :, 0]).save(file, "png")
    return file.getvalue()


def from_windows(folder: Path) -> None:
    """``load.csv``: 60 days of hours; a load with a daily and a weekly rhythm, and noise."""
    drawn, start = np.random.default_rng(0), np.datetime64("2026-01-05T00:00")
    rows = ["hour,load,temperature"]
    for n in range(60 * 24):
        day, week = math.sin(2 * math.pi * n / 24), math.sin(2 * math.pi * n / 168)
        warm = 8 + 4 * day + drawn.normal()
        load = 50 + 12 * day + 5 * week - 0.5 * warm + drawn.normal()
        rows.append(f"{start + np.timedelta64(n, 'h')},{load:.2f},{warm:.2f}")
    (folder / "load.csv").write_text("\n".join(rows) + "\n")


def from_tfrecord(folder: Path) -> None:
    """``digits-train.tfrecord`` and ``digits-test.tfrecord``: images as PNG files, labels as integers."""
    import tensorflow as tf

    images, labels = digits()
    for part, chosen in (("train", slice(0, 1400)), ("test", slice(1400, None))):
        with tf.io.TFRecordWriter(str(folder / f"digits-{part}.tfrecord")) as writer:
            for image, label in zip(images[chosen], labels[chosen], strict=True):
                content = tf.train.Feature(bytes_list=tf.train.BytesList(value=[png(image)]))
                number = tf.train.Feature(int64_list=tf.train.Int64List(value=[int(label)]))
                feature = tf.train.Features(feature={"image": content, "label": number})
                writer.write(tf.train.Example(features=feature).SerializeToString())


def from_tfds(folder: Path) -> None:
    """``tfds/cars``: a dataset with nested features, as tensorflow-datasets prepares it."""
    import csv

    import tensorflow_datasets as tfds

    from_csv(folder)
    with (folder / "cars.csv").open(newline="") as file:
        cars = list(csv.DictReader(file))
    known = ("displacement", "weight", "acceleration", "model_year")
    numbers = {name: tfds.features.Scalar(np.float32) for name in (*known, "mpg")}
    features = {"numbers": numbers, "origin": tfds.features.ClassLabel(names=["usa", "europe", "japan"])}

    examples = [{"numbers": {name: float(car[name]) for name in numbers}, "origin": car["origin"]} for car in cars]
    tfds.dataset_builders.store_as_tfds_dataset(
        "cars",
        "1.0.0",
        features=tfds.features.FeaturesDict(features),
        split_datasets={"train": list(enumerate(examples))},
        data_dir=str(folder / "tfds"),
    )


MAKERS: dict[str, Callable[[Path], None]] = {
    make.__name__: make
    for make in (
        from_csv,
        from_csv_outputs,
        from_parquet,
        from_npz,
        from_images,
        from_text,
        from_text_language,
        from_hugging_face,
        from_hub_images,
        from_windows,
        from_tfrecord,
        from_tfds,
    )
}
"""What writes the data of a recipe, by the recipe's name."""


if __name__ == "__main__":
    where = Path(sys.argv[1])
    where.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[2:] or MAKERS:
        MAKERS[name](where)
