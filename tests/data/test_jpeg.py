"""A JPEG file has the same pixels through every source: those of Pillow, by which `predict` reads it too."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_datasets as tfds
from PIL import Image

from runner.data.access import DataAccess
from runner.data.pixels.decode import decoded
from runner.data.placement import Placement
from runner.data.sources import source_of
from runner.inference.inputs.images import decode
from runner.inference.inputs.taken import Taken
from schemas.recipe import Recipe
from tests.schemas.rules_helpers import recipe

SIZE = (16, 12)


def picture() -> bytes:
    """Coarse colours, of which the two transforms make different pixels."""
    draw = np.random.default_rng(3).integers(0, 255, (3, 4, 3)).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(draw).resize((SIZE[1], SIZE[0])).save(stream, "jpeg", quality=90, subsampling=0)
    return stream.getvalue()


def first_input(folder: Path, data: dict[str, Any]) -> Any:
    model = {"kind": "sequential", "layers": [{"kind": "flatten"}]}
    asked = Recipe.model_validate(recipe({"data": data, "model": model}))
    source = source_of(asked.data, DataAccess(data_dir=folder).within(folder), asked)
    return source.load(source.facts(lambda message: None), Placement(None, True, 0), 0).train.x[0]  # type: ignore[attr-defined]


def in_folder(folder: Path) -> dict[str, Any]:
    for name in ("ant", "zebra"):
        (folder / "photos" / name).mkdir(parents=True)
        (folder / "photos" / name / "1.jpg").write_bytes(picture())
    return {"source": "images", "folder": "photos", "splits": {"train": "100%", "validation": "0%", "test": "0%"}}


def in_records(folder: Path) -> dict[str, Any]:
    with tf.io.TFRecordWriter(str(folder / "a.tfrecord")) as writer:
        for kind in (0, 1):
            held = {"image": tf.train.Feature(bytes_list=tf.train.BytesList(value=[picture()])),
                    "kind": tf.train.Feature(int64_list=tf.train.Int64List(value=[kind]))}  # fmt: skip
            writer.write(tf.train.Example(features=tf.train.Features(feature=held)).SerializeToString())
    features = {"image": {"dtype": "uint8", "shape": [*SIZE, 3], "encoding": "jpeg"}, "kind": {"dtype": "int64"}}
    return {"source": "tfrecord", "files": "a.tfrecord", "features": features, "inputs": "image", "target": "kind",
            "splits": {"train": "100%", "validation": "0%", "test": "0%"}}  # fmt: skip


def prepared(folder: Path) -> dict[str, Any]:
    features = tfds.features.FeaturesDict({
        "image": tfds.features.Image(shape=(*SIZE, 3), encoding_format="jpeg"),
        "label": tfds.features.ClassLabel(num_classes=2),
    })  # fmt: skip

    class Photos(tfds.core.GeneratorBasedBuilder, skip_registration=True):  # type: ignore[misc]
        VERSION = tfds.core.Version("1.0.0")
        name = "photos"

        def _info(self) -> Any:
            return self.dataset_info_from_configs(features=features, supervised_keys=("image", "label"))

        def _split_generators(self, manager: Any) -> Any:
            return {"train": self._generate_examples()}

        def _generate_examples(self) -> Any:
            yield from ((kind, {"image": io.BytesIO(picture()), "label": kind}) for kind in (0, 1))

    Photos.pkg_dir_path = folder
    Photos(data_dir=str(folder)).download_and_prepare()
    return {"source": "tfds", "name": "photos", "splits": {"train": "train", "validation": None, "test": None}}


@pytest.mark.parametrize("write", [in_folder, in_records, prepared])
def test_every_source_gives_the_pixels_of_pillow(tmp_path: Path, write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    wanted = np.asarray(Image.open(io.BytesIO(picture())))
    fast = tf.io.decode_jpeg(picture(), 3, dct_method="INTEGER_FAST").numpy()
    assert (fast != wanted).any()
    np.testing.assert_array_equal(first_input(tmp_path, write(tmp_path)), wanted)


def test_a_file_that_is_predicted_has_the_pixels_that_trained() -> None:
    np.testing.assert_array_equal(decode(picture(), "p.jpg", Taken((*SIZE, 3))), decoded(picture(), 3).numpy())


def test_grey_pixels_stay_what_they_are() -> None:
    shades, stream = np.arange(256, dtype=np.uint8).repeat(64).reshape(2048, 8), io.BytesIO()
    Image.fromarray(shades).save(stream, "jpeg", quality=100)
    wanted = np.asarray(Image.open(stream))
    np.testing.assert_array_equal(decoded(stream.getvalue(), 1).numpy()[..., 0], wanted)
