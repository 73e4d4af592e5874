"""source: tfds with features that the recipe names: any structure, by paths, from metadata alone."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow_datasets as tfds

from runner.data.access import DataAccess
from runner.data.examples import Dataset
from runner.data.facts import DataFacts
from runner.data.placement import Placement, Window
from runner.data.sources import source_of
from runner.data.sources.text import TextDetails
from runner.data.streaming.block_order import StreamedSplit, collected
from runner.errors import DataError
from runner.inference.class_names import class_names
from schemas.recipe import Recipe

IN_MEMORY, STREAMED = Placement(None, True, 0), Placement(Window(5, 2), False, 0)
PARTS = ("train", "validation", "test")
NUMBERS = {"train": 40, "test": 12}


def example(k: int) -> dict[str, Any]:
    return {
        "photo": np.full((4, 3, 3), k, np.uint8),
        "features": {"age": k / 2, "visits": k * 3, "deep": {"scan": np.arange(6).reshape(2, 3) + k}, "kind": k % 3},
        "married": k % 2 == 0,
        "town": k % 3,
        "pay": float(100 * k),
        "both": np.array([k, -k], np.float64),
        "note": f"number {k}",
        "visited": [k, k],
        "marks": np.array([k % 2, k % 3 == 0, k % 5 == 0], np.bool_),
    }


def prepare(folder: Path, name: str = "people", version: str = "1.0.0", keys: tuple[str, str] | None = None) -> None:
    """Written by tensorflow-datasets itself, as a dataset of a name that it may or may not ship."""
    shapes = tfds.features
    scan, kind = shapes.Tensor(shape=(2, 3), dtype=np.int64), shapes.ClassLabel(names=["a", "b", "c"])
    features = shapes.FeaturesDict({
        "photo": shapes.Image(shape=(4, 3, 3)),
        "features": {"age": np.float32, "visits": np.int64, "deep": {"scan": scan}, "kind": kind},
        "married": np.bool_,
        "town": shapes.ClassLabel(names=["Rome", "Oslo", "Lima"]),
        "pay": np.float32,
        "both": shapes.Tensor(shape=(2,), dtype=np.float64, encoding="zlib"),
        "note": shapes.Text(),
        "visited": shapes.Sequence(np.int32),
        "marks": shapes.Tensor(shape=(3,), dtype=np.bool_),
    })  # fmt: skip

    class Made(tfds.core.GeneratorBasedBuilder, skip_registration=True):
        """Of the test."""

        VERSION = tfds.core.Version(version)

        def _info(self) -> Any:
            return self.dataset_info_from_configs(features=features, supervised_keys=keys)

        def _split_generators(self, manager: Any) -> Any:
            return {part: ((k, example(k)) for k in range(count)) for part, count in NUMBERS.items()}

        def _generate_examples(self) -> Any:
            raise AssertionError

    Made.name = name
    Made(data_dir=str(folder)).download_and_prepare()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("features")
    prepare(folder)
    return folder


OUTPUTS = {
    "kind": {"task": "classification", "target": "features/kind"},
    "pay": {"task": "regression"},
    "married": {"task": "regression"},
}


def source(folder: Path, task: str = "regression", **data: Any) -> Any:
    splits = {"train": "train[:30]", "validation": "train[30:]", "test": "test"}
    tree = {
        "recipe": 1,
        "name": "t",
        "task": task,
        "data": {"source": "tfds", "name": "people", "splits": splits, **data},
        "model": {"kind": "sequential", "layers": [], **({"outputs": OUTPUTS} if task == "multi_output" else {})},
        "training": {"epochs": 1},
    }
    recipe = Recipe.model_validate(tree)
    return source_of(recipe.data, DataAccess(data_dir=folder, download=False), recipe)


def facts(folder: Path, **data: Any) -> DataFacts:
    found = source(folder, **data).facts(lambda _: None)
    assert isinstance(found, DataFacts)
    return found


def loaded(folder: Path, where: Placement, **data: Any) -> Dataset:
    found = source(folder, **data)
    result = found.load(found.facts(lambda _: None), where, 0)
    assert isinstance(result, Dataset)
    return result


@pytest.fixture(scope="module")
def orders(folder: Path) -> dict[str, list[int]]:
    """Which examples each part has, by the pay of them."""
    dataset = loaded(folder, IN_MEMORY, inputs="features/age", target="pay")
    return {part: [round(pay / 100) for pay in getattr(dataset, part).y] for part in PARTS}


CASES: dict[str, tuple[Any, Any, Any, Any]] = {
    "a nested number": ("features/age", "pay", lambda k: [k / 2], lambda k: 100 * k),
    "an image": ("photo", "town", lambda k: example(k)["photo"], lambda k: k % 3),
    "a tensor in depth": ("features/deep/scan", "pay", lambda k: np.arange(6).reshape(2, 3) + k, lambda k: 100 * k),
    "numbers and classes": (
        ["features/visits", "town", "married", "both"],
        "pay",
        lambda k: [3 * k, k % 3 == 0, k % 3 == 1, k % 3 == 2, k % 2 == 0, k, -k],
        lambda k: 100 * k,
    ),
    "a class alone": ("town", "pay", lambda k: [k % 3 == 0, k % 3 == 1, k % 3 == 2], lambda k: 100 * k),
    "several targets": ("features/age", ["pay", "both"], lambda k: [k / 2], lambda k: [100 * k, k, -k]),
    "a compressed row": ("both", "town", lambda k: [k, -k], lambda k: k % 3),
}  # fmt: skip


@pytest.mark.parametrize(("name", "where"), [(name, IN_MEMORY) for name in CASES] + [("several targets", STREAMED)])
def test_what_is_planned_is_what_is_read(
    folder: Path, orders: dict[str, list[int]], name: str, where: Placement
) -> None:
    inputs, target, x_of, y_of = CASES[name]
    task = "classification" if target == "town" else "regression"
    found = facts(folder, inputs=inputs, target=target, task=task)
    assert (found.train, found.validation, found.test) == (30, 10, 12)
    dataset = loaded(folder, where, inputs=inputs, target=target, task=task)
    for part in PARTS:
        split = getattr(dataset, part)
        if isinstance(split, StreamedSplit):
            split = collected(split)
        assert np.array_equal(split.x, np.array([x_of(k) for k in orders[part]], split.x.dtype))
        assert np.array_equal(split.y, np.array([y_of(k) for k in orders[part]], split.y.dtype))
        assert split.x.shape[1:] == found.shape
        assert split.x.itemsize == found.bytes_per_value


def test_facts_name_what_is_predicted(folder: Path) -> None:
    several = facts(folder, inputs="features/age", target=["pay", "both"])
    assert several.targets == ("pay", "both[0]", "both[1]")
    assert several.remarks == (("features", "features/age → pay, both"),)
    assert facts(folder, inputs="photo", target="town").classes == 3
    other = loaded(folder, STREAMED, inputs="features/visits", target="pay").train.digest()
    assert loaded(folder, STREAMED, inputs="features/age", target="pay").train.digest() != other


@pytest.mark.parametrize("where", [IN_MEMORY, STREAMED])
def test_each_of_several_outputs_has_a_feature_of_its_own(
    folder: Path, orders: dict[str, list[int]], where: Placement
) -> None:
    """Classes by their numbers beside numbers, in the order of ``target``."""
    asked = {"inputs": "features/age", "target": ["pay", "features/kind", "married"], "task": "multi_output"}
    found = facts(folder, **asked)
    assert found.targets == ("pay", "features/kind", "married")
    assert found.target_classes == ((), ("a", "b", "c"), ())
    dataset = loaded(folder, where, **asked)
    for part in PARTS:
        split = getattr(dataset, part)
        split = collected(split) if isinstance(split, StreamedSplit) else split
        assert np.array_equal(split.y, np.float32([[100 * k, k % 3, k % 2 == 0] for k in orders[part]]))
    with pytest.raises(
        DataError, match=r"'both' has the shape \(2,\); each output predicts a class, one number, or labels"
    ):
        facts(folder, **asked | {"target": ["pay", "features/kind", "both"]})


def test_classes_have_the_names_of_the_feature_that_is_predicted(folder: Path) -> None:
    for target, names in (
        ("town", ("Rome", "Oslo", "Lima")),
        ("features/kind", ("a", "b", "c")),
        ("pay", ("0", "1", "2")),
    ):
        data = source(folder, inputs="photo", target=target).data
        assert class_names(data, "1.0.0", 3, DataAccess(data_dir=folder)) == names


@pytest.mark.parametrize(
    ("inputs", "target", "said"),
    [
        ("features/agee", "pay", "feature 'features/agee' is not in the dataset; it has"),
        ("features", "pay", "feature 'features' is not in the dataset"),
        (["note", "town"], "pay", "write `output: multi_hot` or `output: tf_idf`"),
        ("pay", "note", "'note' is a text; a target is"),
        ("visited", "pay", "Sequence"),
        (["photo", "pay"], "town", "'photo' is an image, and several inputs"),
        ("pay", "photo", "a target is a class, a number, or a row of numbers"),
        ("pay", ["town", "both"], "'town' is a class, and several targets are numbers"),
        (None, None, "does not declare its input and target"),
        ("photo", None, "write `target`: it has the features"),
    ],
)
def test_a_feature_that_cannot_be_used_is_told_by_the_plan(folder: Path, inputs: Any, target: Any, said: str) -> None:
    with pytest.raises(DataError) as caught:
        facts(folder, inputs=inputs, target=target)
    assert said in " ".join([str(caught.value), *caught.value.help])


@pytest.mark.parametrize(
    ("where", "output", "ngrams"),
    [(IN_MEMORY, None, None), (STREAMED, None, None), (IN_MEMORY, "multi_hot", None), (IN_MEMORY, None, 2)],
)
def test_texts_are_encoded_by_the_words_of_the_training_part(
    folder: Path,
    orders: dict[str, list[int]],
    where: Placement,
    output: str | None,
    ngrams: int | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As Keras does with the same vocabulary."""
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path))
    asked = {"inputs": "note", "target": ["pay", "features/kind"], "task": "multi_output", "output": output}
    asked["ngrams"] = ngrams
    found = facts(folder, **asked)
    assert isinstance(found.details, TextDetails)
    words = found.details.encoding.words
    pairs = {f"number {k}" for k in orders["train"]} if ngrams else set()
    assert (words[0], set(words[1:])) == ("number", {str(k) for k in orders["train"]} | pairs)
    length = None if output else 3 if ngrams else 2
    layer = keras.layers.TextVectorization(
        vocabulary=list(words), output_mode=output or "int", output_sequence_length=length, ngrams=ngrams
    )
    dataset = loaded(folder, where, **asked)
    for part in PARTS:
        split = getattr(dataset, part)
        split = collected(split) if isinstance(split, StreamedSplit) else split
        assert np.array_equal(split.x, layer([example(k)["note"] for k in orders[part]]))
        assert np.array_equal(split.y, np.float32([[100 * k, k % 3] for k in orders[part]]))


def test_options_of_texts_are_for_texts(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path))
    with pytest.raises(DataError, match="length is for an input of text, and the input is 'photo'"):
        facts(folder, inputs="photo", target="pay", length=3)
    with pytest.raises(DataError, match="scale would change the numbers of the words of 'note'"):
        facts(folder, inputs="note", target="pay", scale="1/255")
    alone = facts(folder, inputs="note", target="town", task="classification")
    assert (alone.classes, alone.class_names) == (3, ("Rome", "Oslo", "Lima"))
    assert facts(folder, inputs="note", target=["pay", "features/visits"]).targets == ("pay", "features/visits")


def test_a_shipped_name_in_another_version_is_planned_and_run_alike(tmp_path: Path) -> None:
    """Its builder makes no such version; the metadata tells all that reading takes."""
    prepare(tmp_path, "mnist", "77.0.0", keys=("photo", "town"))
    found = facts(tmp_path, name="mnist", task="classification")
    assert (found.version, found.shape, found.classes) == ("77.0.0", (4, 3, 3), 3)
    assert len(loaded(tmp_path, IN_MEMORY, name="mnist", task="classification").train) == 30


def test_files_of_another_format_are_refused_by_the_plan(folder: Path, tmp_path: Path) -> None:
    version = tmp_path / "people" / "1.0.0"
    version.mkdir(parents=True)
    for name in ("dataset_info.json", "features.json"):
        (version / name).write_text((folder / "people" / "1.0.0" / name).read_text())
    info = json.loads((version / "dataset_info.json").read_text())
    (version / "dataset_info.json").write_text(json.dumps(info | {"fileFormat": "array_record"}))
    with pytest.raises(DataError, match="files of format array_record"):
        facts(tmp_path, inputs="photo", target="town", task="classification")


def test_facts_need_no_tensorflow(folder: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from runner.data.tfds.metadata import tfds_facts; "
        "from schemas.data import TfdsData; "
        "data = TfdsData(source='tfds', name='people', inputs=('features/age', 'town'), target='pay'); "
        f"facts = tfds_facts(data, Path({str(folder)!r})); assert facts.shape == (4,), facts.shape; "
        "assert not {'tensorflow', 'tensorflow_datasets'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
