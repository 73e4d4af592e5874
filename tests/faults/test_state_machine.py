"""Kill, resume, corrupt and edit in any order: the run ends as one that nothing but the edits happened to.

In one process, for speed: the state of the disk at a moment is kept, and put back when the run has ended.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from runner.data.access import DataAccess
from runner.data.facts import builtin_facts
from runner.engine.loop.resume_policy import Policy
from runner.engine.start import start_tensorflow
from runner.events import Event, RunEnded, Steps
from runner.plan.make_plan import make_plan
from runner.record.checkpoint import newest_checkpoint
from runner.record.directory import RunDirectory, RunPaths, open_explicit
from runner.workflows.resume_point import fresh, from_checkpoint
from runner.workflows.run import RunRequest, run
from schemas.data import BuiltinData
from schemas.hardware import Hardware
from schemas.recipe import Recipe
from tests.faults.program import checkpoints_of, damage, differing, outcome

pytestmark = pytest.mark.slow

STEPS = 40
SWEEP = "RECIPE_SWEEP" in os.environ
LEARNING_RATES = (0.05, 0.1, 0.02)


class Killed(BaseException):
    """The process is gone."""


def recipe(learning_rate: float) -> Recipe:
    return Recipe.model_validate(
        {
            "recipe": 1, "name": "machine", "task": "classification", "seed": 3,
            "data": {"source": "builtin", "name": "iris", "batch_size": 16},
            "model": {"kind": "sequential", "layers": [{"kind": "dense", "units": 5, "dropout": 0.2}]},
            "optimizer": {"kind": "sgd"},
            "schedule": {"kind": "plateau", "learning_rate": learning_rate, "patience": 1, "min_delta": 0.02},
            "training": {"epochs": 5, "checkpoint": "3 steps", "early_stopping": {"patience": 4}},
        }
    )  # fmt: skip


def train(folder: Path, learning_rate: float, policy: Policy | None, kill_at: int | None = None) -> bool:
    """One session, of a new run or of one that goes on; False when it was killed."""
    data = BuiltinData.model_validate({"source": "builtin", "name": "iris", "batch_size": 16})
    plan = make_plan(recipe(learning_rate), builtin_facts(data))
    begun = folder.exists()
    kept = folder.with_name("kept")

    def watch(event: Event) -> None:
        if kill_at is not None and isinstance(event, Steps) and event.last_step >= kill_at:
            shutil.copytree(folder, kept)
            raise Killed

    order = RunRequest(
        origins={},
        plan=plan,
        written="",
        resolved="",
        access=DataAccess(folder),
        open_directory=lambda _: RunDirectory(folder) if begun else open_explicit(folder),
        start=from_checkpoint(policy) if begun else fresh,
    )
    try:
        ended: RunEnded = run(order, watch)
    except Killed:
        if kept.exists():
            shutil.rmtree(folder)
            kept.rename(folder)
        return False
    assert ended.status == "finished", ended.message
    return True


class Life(RuleBasedStateMachine):
    """A run, and beside it one that only the edits happen to."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp())
        self.run, self.calm = self.place / "run", self.place / "calm"
        self.learning_rate = LEARNING_RATES[0]
        self.over = False

    def teardown(self) -> None:
        """Let both come to their end, and compare."""
        if self.run.exists() and not self.over:
            self.go_on(None)
        if self.over:
            if not self.calm.exists() or not (self.calm / "model.keras").exists():
                train(self.calm, self.learning_rate, None)
            assert differing(outcome(self.run), outcome(self.calm)) == []
        shutil.rmtree(self.place)

    def go_on(self, kill_at: int | None, policy: Policy | None = None) -> None:
        self.over = train(self.run, self.learning_rate, policy, kill_at)

    @precondition(lambda self: not self.over)
    @rule(step=st.integers(0, STEPS - 1))
    def is_killed(self, step: int) -> None:
        self.go_on(step)

    @precondition(lambda self: not self.over and len(checkpoints_of(self.run)) > 1)
    @rule(how=st.sampled_from(["torn", "flipped", "empty"]))
    def is_corrupted(self, how: str) -> None:
        damage(checkpoints_of(self.run)[0], how)

    @precondition(lambda self: not self.over and checkpoints_of(self.run))
    @rule(
        rate=st.sampled_from(LEARNING_RATES),
        policy=st.sampled_from(["continue", "rescale", "restart"]),
        step=st.integers(0, STEPS - 1),
    )
    def is_edited(self, rate: float, policy: Policy, step: int) -> None:
        """From the same checkpoint on, the calm one goes on to its end at once."""
        if rate == self.learning_rate:
            return
        self.learning_rate = rate
        shutil.rmtree(self.calm, ignore_errors=True)
        shutil.copytree(self.run, self.calm)
        assert train(self.calm, rate, policy)
        self.go_on(step, policy)


@pytest.fixture(scope="module", autouse=True)
def _tensorflow() -> None:
    start_tensorflow(Hardware(device="cpu"))


def test_whatever_happens_in_between_a_run_ends_the_same() -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=100 if SWEEP else 4,
            stateful_step_count=6,
            deadline=None,
            derandomize=not SWEEP,
            phases=(Phase.generate,),  # to shrink a failure would take many minutes
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_restarted_run_that_is_killed_goes_on_with_its_own_checkpoints(tmp_path: Path) -> None:
    """They are of earlier steps than those of the recipe as it was."""
    folder, calm = tmp_path / "run", tmp_path / "calm"
    assert not train(folder, 0.05, None, kill_at=30)
    shutil.copytree(folder, calm)
    assert train(calm, 0.1, "restart")
    assert not train(folder, 0.1, "restart", kill_at=0), "before its first checkpoint of its own"
    assert not train(folder, 0.1, None, kill_at=10)
    assert train(folder, 0.1, None)
    assert differing(outcome(folder), outcome(calm)) == []
    found, _ = newest_checkpoint(RunPaths(folder).checkpoints(1))
    assert found is not None
    assert found.step == STEPS


def test_a_change_of_recipe_that_is_killed_before_its_papers_are_written_never_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, calm = tmp_path / "run", tmp_path / "calm"
    assert train(calm, 0.05, None)
    assert not train(folder, 0.05, None, kill_at=30)
    before = [path.read_bytes() for path in checkpoints_of(folder)]

    def killed(path: Path, content: str, folder: object) -> None:
        if path.name == "lock.json":
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("runner.record.directory.write_atomic", killed)
        assert not train(folder, 0.1, "restart")
    assert [path.read_bytes() for path in checkpoints_of(folder)] == before
    assert train(folder, 0.05, None)
    assert differing(outcome(folder), outcome(calm)) == []
