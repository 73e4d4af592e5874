"""A run on any source, killed at a random step, goes on to the same bits: in memory and streamed."""

import random
from pathlib import Path

import numpy as np
import pytest

from runner.data.streaming.block_order import StreamedSplit
from runner.engine.loop.variables import state_dict
from runner.record.checkpoint import newest_checkpoint
from schemas.data import CUSTOM, FILES, RECORDS, SERIES, TABLES
from tests.engine.every_source import CASES, Killed, session
from tests.engine.problem import go_on


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))


def test_no_source_is_left_out() -> None:
    files = {tag for where in (TABLES, RECORDS, FILES, SERIES, CUSTOM) for tag in where.names()}
    assert {case.data["source"] for case in CASES.values()} == {*files, "tfds", "builtin"}


DAILY = {(name, True) for name in CASES} - {
    (name, True) for name in ("parquet", "hugging face images", "images", "text", "tfds text")
}
DAILY |= {("csv", False), ("csv of images", False), ("jpeg", False)}
"""The others have the order of examples, the files or the layers of one of these."""


@pytest.mark.parametrize(
    ("name", "streamed"),
    [
        pytest.param(*case, marks=() if case in DAILY else pytest.mark.slow, id=f"{name}-{how}")
        for name in CASES
        for how, case in (("in memory", (name, False)), ("streamed", (name, True)))
    ],
)
def test_killed_a_run_goes_on_to_the_same_bits(tmp_path: Path, name: str, streamed: bool) -> None:
    CASES[name].write(tmp_path)
    straight, dataset = session(tmp_path, name, streamed=streamed)
    assert isinstance(dataset.train, StreamedSplit) == streamed
    straight.run()
    steps = straight.state.position.step
    kill_at = random.Random(f"{name} {streamed}").randrange(5, steps)
    with pytest.raises(Killed):
        session(tmp_path, name, streamed=streamed, kill_at=kill_at)[0].run()
    checkpoint, _ = newest_checkpoint(tmp_path / f"checkpoints-{streamed}-False")
    assert checkpoint is not None
    assert 0 < checkpoint.step < steps
    going, _ = session(tmp_path, name, streamed=streamed)
    go_on(going, checkpoint)
    going.run()
    wanted, found = state_dict(straight.learner), state_dict(going.learner)
    assert wanted.keys() == found.keys()
    assert [key for key in wanted if not np.array_equal(wanted[key], found[key])] == []
