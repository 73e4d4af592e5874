"""A small run of every kind of source, with dropout, and with augmentation where its examples are images."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet
from PIL import Image

from runner.data.access import DataAccess
from runner.data.examples import Dataset
from runner.data.placement import placement
from runner.data.sources import source_of
from runner.engine.loop.checkpoint_saver import PeriodicSaver
from runner.engine.loop.signals import StopRequest
from runner.engine.loop.trainer import Trainer
from runner.engine.step.learner import make_learner
from runner.events import Event, Steps
from runner.plan.make_plan import make_plan
from schemas.recipe import Recipe
from tests.data import test_held_images as held_images
from tests.data import test_hub_files as hub_files
from tests.data import test_record_source as records
from tests.data import test_tfds_features as people
from tests.data import test_windows_source as series
from tests.data.test_own_files import IMAGES, NPY, TEXT, arrays, photos, texts
from tests.schemas.rules_helpers import recipe


@dataclass(frozen=True)
class Case:
    """A source, and what is trained on it."""

    write: Callable[[Path], object]
    data: dict[str, Any]
    layers: tuple[dict[str, Any], ...]
    task: str = "classification"
    outputs: dict[str, dict[str, Any]] | None = None
    """Several ones, for ``multi_output``."""
    tied: bool = False
    """Whether the output has the table of the embedding."""
    inputs: dict[str, dict[str, Any]] | None = None
    """Named parts of an example, for a functional model."""


def custom(folder: Path) -> None:
    """A sequence of a person's own."""
    (folder / "resumed.py").write_text(
        "import numpy as np\n"
        "class Rows:\n"
        "    def __len__(self): return 70\n"
        "    def __getitem__(self, k): return np.sin(np.arange(5.) + k), k % 3\n"
        "def load(): return Rows()\n"
    )


def sayings(folder: Path) -> None:
    """A text in which words follow one another by a rule, with some that are rare."""
    draw = np.random.default_rng(4)
    said = (f"{draw.choice(['a', 'the'])} {draw.choice(['cat', 'dog', 'hen'])} sat no{n}." for n in range(150))
    (folder / "sayings.txt").write_text("\n".join(said), encoding="utf-8")


def jpegs(folder: Path) -> None:
    """Files of one size, in a folder for each class."""
    draw = np.random.default_rng(2)
    for n in range(48):
        path = folder / "jpegs" / ("ant", "zebra")[n % 2] / f"{n:02}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        coarse = Image.fromarray(draw.integers(0, 255, (3, 3, 3)).astype(np.uint8))
        coarse.resize((10, 8)).save(path, quality=90)


def cars(folder: Path) -> None:
    """A table with a word, a number and a date, of which some are missing."""
    draw = np.random.default_rng(0)
    lines = ["a,b,town,when,kind"]
    for n, (a, b) in enumerate(draw.normal(size=(60, 2))):
        town, when = ["Rome", "Oslo", ""][n % 3], f"2026-{n % 12 + 1:02}-{n % 28 + 1:02}" if n % 7 else ""
        lines.append(f"{a:.3f},{f'{b:.3f}' if n % 6 else ''},{town},{when},{'uvw'[int(a > 0) + int(a > 1)]}")
    (folder / "t.csv").write_text("\n".join(lines) + "\n")


def cars_in_parquet(folder: Path) -> None:
    """The same table, with its types."""
    cars(folder)
    missing = arrow_csv.ConvertOptions(strings_can_be_null=True)
    parquet.write_table(arrow_csv.read_csv(folder / "t.csv", convert_options=missing), folder / "t.parquet")


def portraits(folder: Path) -> None:
    """The table of cars with a photo each, and a grey one from behind."""
    cars(folder)
    draw = np.random.default_rng(5)
    lines = (folder / "t.csv").read_text().splitlines()
    (folder / "photos").mkdir(exist_ok=True)
    for n in range(len(lines) - 1):
        Image.fromarray(draw.integers(0, 255, (6, 7, 3)).astype(np.uint8)).save(folder / f"photos/{n}.png")
        Image.fromarray(draw.integers(0, 255, (5, 4)).astype(np.uint8)).save(folder / f"photos/{n}-back.png")
    rows = [f"{line},photos/{n}.png,photos/{n}-back.png" for n, line in enumerate(lines[1:])]
    (folder / "t.csv").write_text("\n".join([f"{lines[0]},photo,back", *rows]) + "\n")


COLUMNS = {"b": {"missing": "median", "indicator": True}, "town": {"embed": 2}, "when": {"cyclic": ["weekday"]}}
TABLE = {"target": "kind", "columns": COLUMNS}
PORTRAITS = {"source": "csv", "files": "t.csv", "target": "kind",
             "columns": COLUMNS | {"photo": {"size": [6, 7], "fit": "pad"}, "back": {"type": "image"}}}  # fmt: skip
BRANCHES = {"photo": {"columns": ["photo"]}, "back": {"columns": ["back"]}, "facts": {"columns": ["a", "b", "town"]}}
TWO_BRANCHES = ({"kind": "conv2d", "filters": 2, "kernel_size": 3, "inputs": ["photo"]},
                {"kind": "flatten", "name": "front"}, {"kind": "flatten", "name": "behind", "inputs": ["back"]},
                {"kind": "concatenate", "inputs": ["front", "behind", "facts"]},
                {"kind": "dense", "units": 4}, {"kind": "dropout", "rate": 0.3})  # fmt: skip
WINDOWS = {"source": "windows", "files": "s.csv", "time": "when", "target": ["load", "wind"], "length": 5,
           "horizon": 2, "batch_size": 16}  # fmt: skip
SPLITS = {"train": "train", "test": "test"}
FEATURES = {"source": "tfds", "name": "people", "inputs": ["features/age", "town", "both"],
            "target": ["pay", "features/kind"], "splits": SPLITS}  # fmt: skip
PAY_AND_KIND = {"kind": {"task": "classification", "target": "features/kind"}, "pay": {"task": "regression"}}
PHOTOS = {"source": "tfds", "name": "people", "inputs": "photo", "target": "town", "splits": SPLITS, "scale": "1/255"}
PEOPLE_NOTES = {"source": "tfds", "name": "people", "inputs": "note", "target": "town", "splits": SPLITS, "length": 3}
RECORDS = {"source": "tfrecord", "files": "a-1.tfrecord", "features": records.FEATURES, "inputs": "png",
           "target": ["age", "town"], "scale": "1/255"}  # fmt: skip
TOWN_AND_AGE = {"town": {"task": "classification"}, "years": {"task": "regression", "target": "age"}}
NOTES = {"source": "parquet", "files": "ds/*/*.arrow", "target": "label", "splits": {"by": "file"},
         "columns": {"text": {"output": "multi_hot"}}}  # fmt: skip
HELD = {"source": "images", "files": "ds/*.parquet", "scale": "1/255"}
FLIPPED = {"augment": [{"kind": "flip"}]}
CHANGED = {"augment": [{"kind": "flip"}, {"kind": "crop", "padding": 2}, {"kind": "rotate", "degrees": 20},
                       {"kind": "brightness", "factor": 0.3}, {"kind": "mixup", "alpha": 0.4}]}  # fmt: skip
DROPPED = {"kind": "dropout", "rate": 0.3}
FLAT = ({"kind": "flatten"}, DROPPED)
CONVOLVED = ({"kind": "conv1d", "filters": 2, "kernel_size": 2}, DROPPED, {"kind": "flatten"})
LSTM = {"kind": "lstm", "units": 3, "return_sequences": True}
RECURRENT = ({"kind": "embedding", "output_dim": 4, "mask_zero": True}, DROPPED,
             {"kind": "bidirectional", "layer": LSTM}, {"kind": "gru", "units": 3})  # fmt: skip
WRITING = ({"kind": "embedding", "output_dim": 4}, DROPPED, {"kind": "gru", "units": 4, "return_sequences": True})
CASES = {
    "csv": Case(cars, {"source": "csv", "files": "t.csv", **TABLE}, ({"kind": "dense", "units": 4}, DROPPED)),
    "csv of images": Case(portraits, PORTRAITS, TWO_BRANCHES, inputs=BRANCHES),
    "parquet": Case(cars_in_parquet, {"source": "parquet", "files": "t.parquet", **TABLE}, (DROPPED,)),
    "hugging face": Case(lambda folder: hub_files.save_to_disk(folder / "ds"), NOTES, (DROPPED,)),
    "hugging face images": Case(lambda folder: held_images.hub(folder / "ds"), HELD | FLIPPED, FLAT),
    "text": Case(texts, TEXT, RECURRENT),
    "language model": Case(sayings, {"source": "text", "file": "sayings.txt", "length": 5}, WRITING, "language_model",
                           tied=True),
    "images": Case(photos, IMAGES, FLAT),
    "jpeg": Case(jpegs, {"source": "images", "folder": "jpegs", "scale": "1/255"} | CHANGED, FLAT),
    "windows": Case(series.write, WINDOWS, CONVOLVED, "regression"),
    "tfds": Case(people.prepare, FEATURES, ({"kind": "dense", "units": 3}, DROPPED), "multi_output",
                 PAY_AND_KIND),
    "tfds images": Case(people.prepare, PHOTOS | FLIPPED, FLAT),
    "tfds text": Case(people.prepare, PEOPLE_NOTES, RECURRENT),
    "custom": Case(custom, {"source": "custom", "target": "resumed:load"}, (DROPPED,)),
    "tfrecord": Case(records.write, RECORDS | FLIPPED, FLAT, "multi_output", TOWN_AND_AGE),
    "npz": Case(arrays, NPY, CONVOLVED),
    "builtin": Case(lambda folder: None, {"source": "builtin", "name": "digits", "batch_size": 512, "scale": "1/16"}
                    | FLIPPED, FLAT),
}  # fmt: skip
"""By what they show."""


class Killed(BaseException):
    """The process is gone."""


def session(folder: Path, name: str, *, streamed: bool, kill_at: int | None = None) -> tuple[Trainer, Dataset]:
    """What trains in a folder, and the examples; it ends at a step, where that is wanted."""
    case = CASES[name]
    outputs = {"output": {"tied": case.tied}} if case.outputs is None else {"outputs": case.outputs}
    model = {"kind": "sequential"} if case.inputs is None else {"kind": "functional", "inputs": case.inputs}
    tree = recipe({"task": case.task, "data": {"batch_size": 8, **case.data},
                   "model": {**model, "layers": list(case.layers), **outputs},
                   "optimizer": {"kind": "adam"}, "training": {"epochs": 3, "checkpoint": "4 steps"}})  # fmt: skip
    asked = Recipe.model_validate(tree)
    source = source_of(asked.data, DataAccess(data_dir=folder).within(folder).allowing(folder), asked)
    plan = make_plan(asked, source.facts(lambda message: None))
    whole = plan.data.shared or plan.data.bytes_per_example * plan.data.train
    limit = whole - 1 if streamed else 1 << 30
    dataset = source.load(plan.data, placement(plan.data, limit), asked.seed)
    saver = PeriodicSaver(folder / f"checkpoints-{streamed}-{kill_at is None}", plan)

    def emit(event: Event) -> None:
        if kill_at is not None and isinstance(event, Steps) and event.last_step >= kill_at:
            raise Killed

    return Trainer(plan, make_learner(plan, dataset), dataset, emit, StopRequest(), saver), dataset
