"""A run on a person's own files, killed, goes on to the same bits: in memory and streamed, through recurrent layers."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runner.data.access import DataAccess
from runner.data.placement import placement
from runner.data.sources import source_of
from runner.engine.loop.checkpoint_saver import PeriodicSaver
from runner.engine.loop.signals import StopRequest
from runner.engine.loop.trainer import Trainer
from runner.engine.loop.variables import state_dict
from runner.engine.step.learner import make_learner
from runner.events import Event, Steps
from runner.plan.plan import make_plan
from runner.record.checkpoint import newest_checkpoint
from schemas.recipe import Recipe
from tests.data import test_record_source as records
from tests.data import test_tfds_features as people
from tests.data import test_windows_source as series
from tests.data.test_own_files import IMAGES, NPY, TEXT, arrays, photos, texts
from tests.engine.problem import go_on
from tests.schemas.rules_helpers import recipe

WINDOWS = {
    "source": "windows",
    "files": "s.csv",
    "time": "when",
    "target": ["load", "wind"],
    "length": 5,
    "horizon": 2,
    "batch_size": 16,
}
FEATURES = {
    "source": "tfds",
    "name": "people",
    "inputs": ["features/age", "town", "both"],
    "target": "pay",
    "splits": {"train": "train", "test": "test"},
}


def custom(folder: Path) -> None:
    """A sequence of a person's own."""
    (folder / "resumed.py").write_text(
        "import numpy as np\n"
        "class Rows:\n"
        "    def __len__(self): return 70\n"
        "    def __getitem__(self, k): return np.sin(np.arange(5.) + k), k % 3\n"
        "def load(): return Rows()\n"
    )


RECORDS = {
    "source": "tfrecord",
    "files": "a-1.tfrecord",
    "features": records.FEATURES,
    "inputs": "png",
    "target": "town",
    "scale": "1/255",
}
DROPPED = {"kind": "dropout", "rate": 0.3}
LSTM = {"kind": "lstm", "units": 3, "return_sequences": True}
CASES: dict[str, tuple[Any, dict[str, Any], list[dict[str, Any]]]] = {
    "text": (texts, TEXT, [{"kind": "embedding", "output_dim": 4, "mask_zero": True}, DROPPED,
                           {"kind": "bidirectional", "layer": LSTM}, {"kind": "gru", "units": 3}]),
    "images": (photos, IMAGES, [{"kind": "flatten"}, DROPPED]),
    "windows": (series.write, WINDOWS, [{"kind": "conv1d", "filters": 2, "kernel_size": 2}, DROPPED,
                                        {"kind": "flatten"}]),
    "tfds": (people.prepare, FEATURES, [{"kind": "dense", "units": 3}, DROPPED]),
    "custom": (custom, {"source": "custom", "target": "resumed:load"}, [DROPPED]),
    "tfrecord": (records.write, RECORDS, [{"kind": "flatten"}, DROPPED]),
    "arrays": (arrays, NPY, [{"kind": "conv1d", "filters": 2, "kernel_size": 2}, DROPPED, {"kind": "flatten"}]),
}  # fmt: skip


class Killed(BaseException):
    """The process is gone."""


def trainer(folder: Path, name: str, *, streamed: bool, kill_at: int | None = None) -> Trainer:
    """A session in a folder: from its newest checkpoint on, where it has one."""
    _, data, layers = CASES[name]
    task = "regression" if name in ("windows", "tfds") else "classification"
    tree = recipe({"task": task, "data": {"batch_size": 8, **data}, "model": {"kind": "sequential", "layers": layers},
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

    return Trainer(plan, make_learner(plan, dataset), dataset, emit, StopRequest(), saver)


@pytest.mark.parametrize("streamed", [False, True], ids=["in memory", "streamed"])
@pytest.mark.parametrize("name", CASES)
def test_killed_a_run_goes_on_to_the_same_bits(tmp_path: Path, name: str, streamed: bool) -> None:
    CASES[name][0](tmp_path)
    straight = trainer(tmp_path, name, streamed=streamed)
    straight.run()
    with pytest.raises(Killed):
        trainer(tmp_path, name, streamed=streamed, kill_at=9).run()
    checkpoint, _ = newest_checkpoint(tmp_path / f"checkpoints-{streamed}-False")
    assert checkpoint is not None
    assert checkpoint.step == 8
    going = trainer(tmp_path, name, streamed=streamed)
    go_on(going, checkpoint)
    going.run()
    wanted, found = state_dict(straight.learner), state_dict(going.learner)
    assert wanted.keys() == found.keys()
    assert [key for key in wanted if not np.array_equal(wanted[key], found[key])] == []
