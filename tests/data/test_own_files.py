"""A person's own arrays, images and texts: facts without TensorFlow, examples by position, faults with their place."""

import os
import re
import subprocess
import sys
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from runner.data.access import DataAccess
from runner.data.examples import Dataset, Examples, Split, joined
from runner.data.facts import DataFacts
from runner.data.feed import feed_of
from runner.data.placement import placement
from runner.data.sources import source_of
from runner.data.streaming.block_order import StreamedSplit
from runner.errors import DataError
from runner.plan.make_plan import make_plan
from schemas.recipe import Recipe
from tests.schemas.rules_helpers import recipe

BIG = 1 << 40


class Opened:
    """A recipe's data in a folder."""

    def __init__(self, folder: Path, /, task: str = "classification", seed: int = 1, **data: Any) -> None:
        layers = [{"kind": "flatten"}]
        if data["source"] == "text" and data.get("output", "int") == "int":
            layers = [{"kind": "embedding", "output_dim": 4}, {"kind": "global_max_pooling1d"}]
        tree = recipe({"data": data, "model": {"kind": "sequential", "layers": layers}, "task": task, "seed": seed})
        self.recipe = Recipe.model_validate(tree)
        self.source = source_of(self.recipe.data, DataAccess().within(folder), self.recipe)
        self.facts: DataFacts = self.source.facts(lambda message: None)

    def load(self, limit: int = BIG) -> Dataset:
        return self.source.load(self.facts, placement(self.facts, limit), self.recipe.seed)


def fault(folder: Path, /, *, load: bool = False, **data: Any) -> DataError:
    def opened() -> None:
        found = Opened(folder, **data)
        if load:
            found.load()

    with pytest.raises(DataError) as caught:
        opened()
    return caught.value


def held(split: Split | None) -> Examples:
    assert isinstance(split, Examples)
    return split


def every(split: Split | None) -> tuple[np.ndarray, np.ndarray]:
    """All examples in the files' order, however they are held."""
    assert split is not None
    parts = list(split.blocks(7))
    return np.concatenate([part.x for part in parts]), np.concatenate([part.y for part in parts])


def epoch(split: Split, seed: int, number: int, start: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Examples of an epoch from a step on, in batches of five."""
    feed, taken = feed_of(split), []
    for first in range(start, len(split), 5):
        taken.append(feed.take(seed, number, first, min(first + 5, len(split))))
    feed.close()
    assert all(isinstance(part, Examples) for part in taken)
    return np.concatenate([part.x for part in taken]), np.concatenate([part.y for part in taken])  # type: ignore[union-attr]


# --- arrays

X = np.random.default_rng(0).integers(0, 255, (60, 4, 3)).astype(np.uint8)
Y = np.arange(60) % 3
NPZ: dict[str, Any] = {"source": "npz", "file": "a.npz", "inputs": "x", "target": "y"}
NPY: dict[str, Any] = {"source": "npz", "inputs": "x.npy", "target": "y.npy"}


def arrays(folder: Path, **values: Any) -> Path:
    values = {"x": X, "y": Y, **values}
    np.savez_compressed(folder / "a.npz", **values)
    for name, array in values.items():
        np.save(folder / f"{name}.npy", array)
    return folder


@pytest.mark.parametrize("data", [NPZ, NPY], ids=["npz", "npy"])
def test_arrays_are_divided_with_every_class_in_its_share(tmp_path: Path, data: dict[str, Any]) -> None:
    found = Opened(arrays(tmp_path), **data)
    facts = found.facts
    assert (facts.train, facts.validation, facts.test) == (48, 6, 6)
    assert (facts.shape, facts.classes, facts.class_names, facts.bytes_per_value) == ((4, 3), 3, ("0", "1", "2"), 1)
    train = held(found.load().train)
    assert (train.x.dtype, train.y.dtype) == (np.uint8, np.int32)
    assert np.bincount(train.y).tolist() == [16, 16, 16]
    rows = {row.tobytes(): label for row, label in zip(X, Y, strict=True)}
    assert all(rows[row.tobytes()] == label for row, label in zip(train.x, train.y, strict=True))


def test_parts_may_have_arrays_of_their_own(tmp_path: Path) -> None:
    arrays(tmp_path, x_train=X[:40], y_train=Y[:40], x_test=X[40:], y_test=Y[40:])
    own = {part: {"inputs": f"x_{part}", "target": f"y_{part}"} for part in ("train", "test")}
    found = Opened(tmp_path, source="npz", file="a.npz", **own)
    assert (found.facts.train, found.facts.validation, found.facts.test) == (36, 4, 20)
    assert np.array_equal(held(found.load().test).x, X[40:])


def test_a_class_that_no_training_example_has_is_told_with_its_example(tmp_path: Path) -> None:
    arrays(tmp_path, x_test=X[:9], y_test=np.array([0, 1, 2, 7, 0, 1, 2, 0, 1]))
    error = fault(tmp_path, **NPZ, test={"inputs": "x_test", "target": "y_test"})
    assert "array 'y_test', example 3: its class '7' is in test, and no example of it trains" in str(error)


def test_numbers_are_targets_of_a_regression(tmp_path: Path) -> None:
    found = Opened(arrays(tmp_path, y=np.linspace(0, 1, 60)[:, None]), task="regression", **NPZ)
    assert (found.facts.classes, held(found.load().train).y.dtype, held(found.load().train).y.ndim) == (
        None,
        np.float32,
        1,
    )


def test_words_are_classes(tmp_path: Path) -> None:
    assert Opened(arrays(tmp_path, y=np.array(["b", "a", "c"])[Y]), **NPZ).facts.class_names == ("a", "b", "c")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"y": np.linspace(0, 1, 60)}, "example 1: the label .* is not a whole number"),
        ({"y": np.eye(3)[Y]}, "one target for each example"),
        ({"y": Y[:59]}, "'x' has 60, 'y' has 59"),
        ({"y": np.arange(60)}, "60 different values for 60 examples"),
        ({"x": np.array(["a"] * 60)}, "array 'x' holds text"),
        ({"x": np.zeros((60, 0), np.float32)}, "no values"),
        ({"x": np.where(np.arange(60) == 7, np.nan, 1.0)}, "nan in example 7 is not a finite number"),
        ({"x": np.where(np.arange(60) == 8, 1e300, 1.0)}, "1e\\+300 in example 8 is not a finite number"),
        ({"x": np.full(60, 2**40)}, "1099511627776 in example . does not fit into int32"),
        ({"y": np.array([{}] * 60, object)}, "Python objects"),
    ],
    ids=["fractions", "one-hot", "lengths", "many", "text", "empty", "nan", "large", "wide", "objects"],
)
def test_arrays_that_cannot_be_used_are_named(tmp_path: Path, values: dict[str, Any], said: str) -> None:
    error = fault(arrays(tmp_path, **values), load=True, **NPZ)
    assert re.search(said, str(error)), str(error)
    assert error.path[0] == "data"


def test_a_name_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    error = fault(arrays(tmp_path), **NPZ | {"inputs": "xx"})
    assert "array 'xx' not found in a.npz; it has 'x', 'y'" in str(error)
    assert "no such file" in str(fault(tmp_path, **NPY | {"target": "z.npy"}))
    assert fault(tmp_path, **NPY | {"target": "../z.npy"}).code == "R290"


def test_an_npz_file_beyond_the_limit_is_refused_and_npy_files_are_read_by_position(tmp_path: Path) -> None:
    arrays(tmp_path)
    with pytest.raises(DataError, match="npz file is not read by position"):
        Opened(tmp_path, **NPZ).load(200)
    found = Opened(tmp_path, **NPY)
    streamed, resident = found.load(200), found.load()
    assert isinstance(streamed.train, StreamedSplit)
    for one, other in zip(every(streamed.train), every(resident.train), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize(("data", "limit"), [(NPZ, BIG), (NPY, BIG), (NPY, 1)], ids=["npz", "npy", "streamed"])
def test_arrays_of_weights_go_with_the_examples(tmp_path: Path, data: dict[str, Any], limit: int) -> None:
    weight = np.arange(60) / 8
    arrays(tmp_path, w=weight)
    found = Opened(tmp_path, **data, weight="w" if data is NPZ else "w.npy")
    assert found.facts.weighted
    (train,) = [joined(list(found.load(limit).train.blocks(7)))]
    rows = {row.tobytes(): k for k, row in enumerate(X)}
    assert train.weight is not None
    assert (train.weight * 8).tolist() == [rows[row.tobytes()] for row in train.x]


def test_a_part_without_weights_has_ones(tmp_path: Path) -> None:
    arrays(tmp_path, w=np.arange(60) / 8, x_test=X, y_test=Y)
    found = Opened(tmp_path, source="npz", file="a.npz", train={"inputs": "x", "target": "y", "weight": "w"},
                   test={"inputs": "x_test", "target": "y_test"})  # fmt: skip
    data = found.load()
    assert held(data.test).weight.tolist() == [1] * 60  # type: ignore[union-attr]
    assert held(data.validation).weight.max() > 1  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("weight", "says"),
    [
        (np.where(np.arange(60) == 7, np.nan, 1), "array 'w', example 7: the weight is missing"),
        (np.where(np.arange(60) == 7, -1, 1), "array 'w', example 7: the weight -1 is not a finite number of 0"),
        (np.ones((60, 2)), "array 'w' must have one number for each example; it has float64 of (60, 2)"),
        (np.array(["a"] * 60), "array 'w' must have one number for each example"),
        (np.ones(59), "arrays have as many examples as each other"),
        (np.zeros(60), "all examples that train have the weight 0"),
    ],
)
def test_weights_that_cannot_act_are_named(tmp_path: Path, weight: Any, says: str) -> None:
    arrays(tmp_path, w=weight)
    assert says in str(fault(tmp_path, **NPZ, weight="w"))


@pytest.mark.parametrize("limit", [BIG, 1])
def test_rows_of_targets_are_numbers_or_labels(tmp_path: Path, limit: int) -> None:
    draw = np.random.default_rng(3)
    arrays(tmp_path, z=draw.normal(size=(60, 4)), l=draw.integers(0, 2, (60, 3)).astype(bool))
    numbers = Opened(tmp_path, **{**NPY, "target": "z.npy"}, task="regression")
    labels = Opened(tmp_path, **{**NPY, "target": "l.npy"}, task="multi_label")
    for found, dtype in ((numbers, np.float32), (labels, np.uint8)):
        x, y = every(found.load(limit).train)
        assert (x.shape, y.shape, y.dtype) == ((48, 4, 3), (48, len(found.facts.targets)), dtype)
        assert found.facts.task == found.recipe.task
    assert (numbers.facts.targets, labels.facts.targets) == (("0", "1", "2", "3"), ("0", "1", "2"))


@pytest.mark.parametrize(
    ("task", "target", "says"),
    [
        ("multi_label", np.arange(180).reshape(60, 3) % 3, "array 'y', example 0: the label 2 is neither 0 nor 1"),
        ("multi_label", np.arange(60) % 2, "array 'y' must have two labels or more for each example"),
        (
            "regression",
            np.where(np.arange(180).reshape(60, 3) == 22, np.inf, 1),
            "array 'y', example 7: the target inf",
        ),
        ("regression", np.zeros((60, 2, 2)), "array 'y' must have one target for each example"),
        ("classification", np.eye(3, dtype=int)[np.arange(60) % 3], "array 'y' must have one target"),
    ],
)
def test_rows_of_targets_that_cannot_be_used_are_named(tmp_path: Path, task: str, target: Any, says: str) -> None:
    assert says in str(fault(arrays(tmp_path, y=target), **NPZ, task=task))


def test_parts_have_as_many_targets(tmp_path: Path) -> None:
    arrays(tmp_path, z=np.zeros((60, 4)), v=np.zeros((60, 3)))
    data = {"source": "npz", "file": "a.npz", "train": {"inputs": "x", "target": "z"}}
    message = str(fault(tmp_path, **data, test={"inputs": "x", "target": "v"}, task="regression"))
    assert message == "targets of all parts must be alike; 'z' has the shape (60, 4), 'v' has (60, 3)"


# --- images


def photos(folder: Path, **size: Any) -> Path:
    generator = np.random.default_rng(1)
    for name in ("zebra", "ant"):
        for k in range(20):
            shape = (12, 10, 3) if size or k % 2 else (10, 14, 3)
            path = folder / "photos" / name / f"{k:02}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(generator.integers(0, 255, shape).astype(np.uint8)).save(path)
    return folder


IMAGES: dict[str, Any] = {"source": "images", "folder": "photos", "size": [8, 6], "scale": "1/255"}


def test_images_are_decoded_once_into_small_numbers(tmp_path: Path) -> None:
    found = Opened(photos(tmp_path), **IMAGES)
    assert (found.facts.train, found.facts.validation, found.facts.test) == (32, 4, 4)
    assert (found.facts.shape, found.facts.class_names) == ((8, 6, 3), ("ant", "zebra"))
    train = held(found.load().train)
    assert (train.x.shape, train.x.dtype, np.bincount(train.y).tolist()) == ((32, 8, 6, 3), np.uint8, [16, 16])


@pytest.mark.parametrize("kind", ["images", "npy", "text"])
def test_what_is_streamed_goes_on_from_any_step_to_the_same_bits(tmp_path: Path, kind: str) -> None:
    if kind == "images":
        data = IMAGES
        photos(tmp_path)
    elif kind == "npy":
        data = NPY
        arrays(tmp_path)
    else:
        data = {"source": "text", "file": "t.csv", "length": 4}
        texts(tmp_path)
    found = Opened(tmp_path, **data)
    limit = found.facts.bytes_per_example * 40
    split = found.load(limit - found.facts.bytes_per_example * 20).train
    assert isinstance(split, StreamedSplit)
    whole = epoch(split, 3, 1)
    rest = epoch(found.load(limit - found.facts.bytes_per_example * 20).train, 3, 1, start=15)
    assert all(np.array_equal(one[15:], other) for one, other in zip(whole, rest, strict=True))
    assert not np.array_equal(whole[0], epoch(split, 3, 2)[0])
    resident = every(found.load().train)
    assert sorted(map(bytes, whole[0])) == sorted(map(bytes, resident[0]))


def test_images_that_cannot_be_decoded_are_named_or_left_out(tmp_path: Path) -> None:
    photos(tmp_path)
    broken = tmp_path / "photos/ant/03.png"
    broken.write_bytes(broken.read_bytes()[:-150])
    (tmp_path / "photos/ant/04.png").write_text("no image")
    assert "04.png is not an image" in str(fault(tmp_path, **IMAGES))
    (tmp_path / "photos/ant/04.png").unlink()
    assert "03.png cannot be decoded" in str(fault(tmp_path, load=True, **IMAGES))
    (tmp_path / "photos/ant/04.png").write_text("no image")
    found = Opened(tmp_path, **IMAGES, on_error="skip")
    assert (found.facts.train + found.facts.validation + found.facts.test, len(found.facts.left_out)) == (38, 2)
    plan = make_plan(found.recipe, found.facts)
    (warning,) = [warning for warning in plan.warnings if warning.code == "R319"]
    assert warning.message.startswith("2 files are left out: 03.png cannot be decoded")
    assert len(held(found.load().train)) == found.facts.train


def test_sizes_colors_and_folders_are_checked(tmp_path: Path) -> None:
    photos(tmp_path)
    error = fault(tmp_path, source="images", folder="photos", scale="1/255")
    assert "different sizes" in str(error)
    assert "size: [height, width]" in error.help[0]
    assert Opened(tmp_path, **IMAGES, color="grey").facts.shape == (8, 6, 1)
    (tmp_path / "photos/empty").mkdir()
    assert "class folder photos/empty has no" in str(fault(tmp_path, **IMAGES))


def test_images_of_a_table_are_found_by_its_columns(tmp_path: Path) -> None:
    photos(tmp_path)
    rows = [f"photos/{name}/{k:02}.png,{name}" for name in ("ant", "zebra") for k in range(10)]
    (tmp_path / "t.csv").write_text("\n".join(["file,kind", *rows]) + "\n")
    table = {"source": "images", "file": "t.csv", "path": "file", "target": "kind", "size": [8, 6]}
    assert Opened(tmp_path, **table).facts.class_names == ("ant", "zebra")
    error = fault(tmp_path, **table | {"path": "files"})
    assert "column 'files' not found in t.csv; it has 'file', 'kind'" in str(error)
    assert error.path == ("data", "path")
    (tmp_path / "t.csv").write_text("\n".join(["file,kind", *rows, "photos/ant/99.png,ant"]) + "\n")
    assert "row 21" in str(fault(tmp_path, **table))


@pytest.mark.parametrize("when", ["load", "read"])
def test_an_image_that_changes_after_the_plan_is_noticed(tmp_path: Path, when: str) -> None:
    found = Opened(photos(tmp_path), **IMAGES)
    split = found.load(1500).train if when == "read" else None
    for path in tmp_path.glob("photos/*/*.png"):
        os.utime(path, ns=(1, 1))
    with pytest.raises(DataError, match=r"\.png has changed since the run was planned"):
        found.load() if split is None else every(split)


def test_the_hash_follows_content_names_and_labels_and_nothing_else(tmp_path: Path) -> None:
    before = Opened(photos(tmp_path), **IMAGES).facts.sha256
    for path in tmp_path.glob("photos/*/*.png"):
        os.utime(path, ns=(1, 1))
    assert Opened(tmp_path, **IMAGES).facts.sha256 == before
    path = tmp_path / "photos/ant/00.png"
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)
    assert Opened(tmp_path, **IMAGES).facts.sha256 != before


# --- texts

GOOD, BAD = ["A good film", "good, very good", "so fine a plot"], ["a bad film", "bad bad plot", "dull and bad"]


def texts(folder: Path, extra: str = "") -> Path:
    rows = [
        f'"{text} {k}",{label}' for k in range(10) for label, some in (("pos", GOOD), ("neg", BAD)) for text in some
    ]
    (folder / "t.csv").write_text("\n".join(["text,label", *rows]) + "\n" + extra)
    return folder


TEXT: dict[str, Any] = {"source": "text", "file": "t.csv", "length": 4}


def test_the_vocabulary_is_of_the_training_part_alone(tmp_path: Path) -> None:
    found = Opened(texts(tmp_path), **TEXT)
    details: Any = found.facts.details
    seen = {word for k in details.parts["train"] for word in details.texts[k].lower().replace(",", "").split()}
    assert set(details.encoding.words) == seen
    assert found.facts.vocabulary == len(seen) + 2
    train = held(found.load().train)
    assert (train.x.shape, train.x.dtype, found.facts.class_names) == ((48, 4), np.int32, ("neg", "pos"))


@pytest.mark.parametrize(("output", "dtype"), [("multi_hot", np.uint8), ("tf_idf", np.float32)])
def test_a_text_may_be_one_value_for_each_word(tmp_path: Path, output: str, dtype: type) -> None:
    found = Opened(texts(tmp_path), source="text", file="t.csv", output=output, vocabulary=5)
    train = held(found.load().train)
    assert (train.x.shape, train.x.dtype) == ((48, 6), dtype)


def test_texts_of_folders_are_read(tmp_path: Path) -> None:
    for label, some in (("pos", GOOD), ("neg", BAD)):
        for k in range(5):
            path = tmp_path / "t" / label / f"{k}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(some[k % 3])
    found = Opened(tmp_path, source="text", folder="t", splits={"validation": "0%", "test": "20%"})
    assert (found.facts.train, found.facts.validation, found.facts.test) == (8, 0, 2)


def test_faults_of_texts_have_their_row(tmp_path: Path) -> None:
    texts(tmp_path, "x,\n")
    assert "t.csv: row 61: the label is missing" in str(fault(tmp_path, **TEXT))
    error = fault(tmp_path, **TEXT, text="sentence")
    assert "column 'sentence' not found in t.csv; it has 'text', 'label'" in str(error)
    assert error.path == ("data", "text")
    (tmp_path / "t.csv").write_text("review,label\ngood,1\n")
    assert fault(tmp_path, **TEXT).path == ("data", "file")  # the key of the column is left out


def test_an_embedding_has_a_row_for_each_number(tmp_path: Path) -> None:
    found = Opened(texts(tmp_path), **TEXT)
    plan = make_plan(found.recipe, found.facts)
    assert plan.layers[0].layer.keras_arguments()["input_dim"] == found.facts.vocabulary
    small = Recipe.model_validate(
        found.recipe.model_dump()
        | {
            "model": {
                "kind": "sequential",
                "layers": [{"kind": "embedding", "input_dim": 9, "output_dim": 4}, {"kind": "flatten"}],
            }
        }
    )
    with pytest.raises(DataError, match="input_dim must be at least") as caught:
        make_plan(small, found.facts)
    assert caught.value.path == ("model", "layers", 0, "input_dim")


def test_facts_need_no_tensorflow(tmp_path: Path) -> None:
    arrays(photos(texts(tmp_path)))
    code = (
        "import sys; from pathlib import Path; import runner.data.sources as sources; "
        "from runner.data.access import DataAccess; from schemas.recipe import Recipe; "
        "from tests.schemas.rules_helpers import recipe\n"
        f"for data in {[NPZ, NPY, IMAGES, TEXT]!r}:\n"
        "    asked = Recipe.model_validate(recipe({'data': data}))\n"
        f"    access = DataAccess().within(Path({str(tmp_path)!r}))\n"
        "    assert sources.source_of(asked.data, access, asked).facts(print).train\n"
        "print(sorted({'tensorflow', 'keras'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_an_endless_reader_ends_when_nobody_listens(tmp_path: Path) -> None:
    found = Opened(photos(tmp_path), **IMAGES)
    split = found.load(1500).train
    assert isinstance(split, StreamedSplit)
    endless = split.read((0, 4) for _ in iter(int, 1))
    assert [len(part) for part in islice(endless, 3)] == [4, 4, 4]
    endless.close()  # type: ignore[attr-defined]


def test_weights_of_texts_are_a_column(tmp_path: Path) -> None:
    lines = ["text,label,w", *(f"word{n} and more,{'ab'[n % 2]},{n / 2}" for n in range(40))]
    (tmp_path / "t.csv").write_text("\n".join(lines) + "\n")
    found = Opened(tmp_path, source="text", file="t.csv", weight="w")
    details = found.facts.details
    for limit in (BIG, 1):
        (part,) = found.load(limit).train.blocks(100)
        assert part.weight is not None
        assert part.weight.tolist() == [n / 2 for n in details.parts["train"]]  # type: ignore[attr-defined]
    (tmp_path / "t.csv").write_text("\n".join([*lines[:3], "more,a,heavy", *lines[4:]]) + "\n")
    wrong = fault(tmp_path, source="text", file="t.csv", weight="w")
    assert (str(wrong), wrong.path) == ("t.csv: row 3: the weight 'heavy' is not a number", ("data", "weight"))
