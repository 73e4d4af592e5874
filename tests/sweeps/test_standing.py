"""How a trial stands, by the records of its runs."""

from pathlib import Path
from typing import Any

import pytest
from optuna.trial import FrozenTrial, TrialState

from runner.events import RunEnded, RunStarted, Status
from runner.sweeps.standing import FAILED, Settled, settled
from tests.sweeps.made import definition, trial

FIRST, SECOND = "20260101-000000-00000001", "20260101-000000-00000002"


def recorded(folder: Path, name: str, status: Status | None, loss: float = 0.5) -> None:
    """The record of a run that has ended so; None: that was killed."""
    (folder / name).mkdir()
    events: list[Any] = [
        RunStarted(
            recipe="irises", run_dir=name, fingerprint="0" * 64, seed=1, steps=9, epochs=3, steps_per_epoch=3,
            batch_size=30, parameters=9, data="iris", phases=(), metrics=("loss",),
        )
    ]  # fmt: skip
    if status is not None:
        events.append(
            RunEnded(
                status=status, message="why", steps=9, seconds_total=1, seconds_training=1, metrics={"val_loss": loss},
                best=None,
            )
        )  # fmt: skip
    (folder / name / "events.jsonl").write_text("".join(f"{event.to_json()}\n" for event in events))


def running(folder: Path, *names: str) -> FrozenTrial:
    """A trial with these runs, of which an epoch has been reported."""
    made = trial(definition(folder), 0, {0: 0.75}, TrialState.RUNNING)
    made.user_attrs = {"runs": list(names)}
    return made


@pytest.mark.parametrize(
    ("status", "end"),
    [
        ("finished", Settled(TrialState.COMPLETE, 0.5)),
        ("expectation_missed", Settled(TrialState.COMPLETE, 0.5)),
        ("pruned", Settled(TrialState.PRUNED, 0.75, "why")),
        ("diverged", Settled(TrialState.FAIL, None, "why")),
        ("failed", None),  # of a full disk, say: it goes on
        ("interrupted", None),
        ("terminated", None),
        (None, None),
    ],
)
def test_the_record_of_a_run_says_how_its_trial_has_ended(
    tmp_path: Path, status: Status | None, end: Settled | None
) -> None:
    recorded(tmp_path, FIRST, status)
    assert settled(tmp_path, running(tmp_path, FIRST), "val_loss", 1) == end


def test_a_run_that_has_just_failed_here_has_failed(tmp_path: Path) -> None:
    recorded(tmp_path, FIRST, "failed")
    found = settled(tmp_path, running(tmp_path, FIRST), "val_loss", 1, FAILED)
    assert found == Settled(TrialState.FAIL, None, "why")
    recorded(tmp_path, SECOND, None)  # killed: nothing has failed
    assert settled(tmp_path, running(tmp_path, SECOND), "val_loss", 1, FAILED) is None


def test_a_trial_of_several_runs_has_their_mean_once_all_have_ended(tmp_path: Path) -> None:
    recorded(tmp_path, FIRST, "finished", 0.5)
    assert settled(tmp_path, running(tmp_path, FIRST), "val_loss", 2) is None
    recorded(tmp_path, SECOND, "finished", 0.25)
    both = running(tmp_path, FIRST, SECOND)
    assert settled(tmp_path, both, "val_loss", 2) == Settled(TrialState.COMPLETE, 0.375)


def test_a_result_that_is_not_finite_is_none(tmp_path: Path) -> None:
    recorded(tmp_path, FIRST, "finished", float("nan"))
    found = settled(tmp_path, running(tmp_path, FIRST), "val_loss", 1)
    assert found is not None
    assert found.state == TrialState.FAIL
    assert "not finite" in found.why


def test_a_name_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    recorded(tmp_path, "elsewhere", "finished")
    inner = tmp_path / "sweep"
    inner.mkdir()
    assert settled(inner, running(tmp_path, "../elsewhere"), "val_loss", 1) is None
