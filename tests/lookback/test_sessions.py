"""Runs of several sessions, some of them killed: how long they took, and what of them still counts."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runner.lookback.methods import methods
from runner.lookback.recorded_run import read_past
from runner.lookback.run_facts import as_mapping, remarks
from tests.lookback.conftest import Recipe
from tests.lookback.written import Written, write

Events = list[dict[str, Any]]


def changed(base: Path, run: Written, change: Callable[[Events], Events]) -> Path:
    folder = write(base, "20260201-000000-aaaaaaaa", run)
    path = folder / "events.jsonl"
    found = change([json.loads(line) for line in path.read_text().splitlines()])
    path.write_text("".join(f"{json.dumps(event)}\n" for event in found))
    return folder


def killed_then_resumed(events: Events) -> Events:
    """The session is killed 3.5 seconds after its start, and goes on 1,000 seconds later from step 20."""
    begin = next(k for k, event in enumerate(events) if event["event"] == "run_started")
    second_epoch = next(k for k, event in enumerate(events) if event.get("step") == 20)
    later = [{**event, "time": event["time"] + 1000} for event in events]
    start = {"event": "stage", "time": later[begin]["time"] - 3, "stage": "build", "message": "starting TensorFlow"}
    again = [event for event in later[begin + 1 :] if event.get("first_step", 20) >= 20 and event.get("epoch", 2) >= 2]
    return [*events[: second_epoch + 2], start, {**later[begin], "resumed_at": 20}, *again]


def test_the_time_of_a_killed_session_counts_until_its_last_event(base: Path) -> None:
    past = read_past(changed(base, Written(), killed_then_resumed))
    assert past.sessions == 2
    # killed: events from 0 to 3 s, whose steps began at 1 - 0.5 s; resumed: 9.5 s in all, 4.25 s of training
    assert (past.elapsed.total, past.elapsed.training) == (3 + 9.5, 2.5 + 4.25)
    assert as_mapping(past)["seconds"] == {"total": 12.5, "training": 6.75}
    said = "6.75s of 12.5s, of a killed session until the last event."
    assert methods(past, None).endswith(f"Training took {said}")


def test_a_killed_run_took_the_time_that_its_record_tells(base: Path, recipe: Recipe) -> None:
    folder = write(base, "20260201-000000-aaaaaaaa", Written(status=None))
    assert "time     4.50s total, 4.00s training, of a killed session" in recipe("show", folder).stdout
    line = next(line for line in recipe("compare", folder, "22222222").stdout.splitlines() if "seconds" in line)
    assert line.split() == ["seconds", "4.50s", "9.50s"]


@pytest.mark.parametrize(
    ("training", "best"),
    [
        ({}, {"epoch": 3, "val_loss": 2 / 30 * 1.25}),
        ({"best": "val_accuracy"}, {"epoch": 3, "val_accuracy": 0.9833}),
        ({"early_stopping": {"monitor": "loss", "restore_best": True}}, {"epoch": 3, "loss": 2 / 30}),
        ({"best": "val_f1"}, None),
    ],
)
def test_a_killed_run_has_the_best_epoch_so_far(base: Path, training: dict[str, Any], best: Any) -> None:
    def worse_at_last(events: Events) -> Events:
        last = next(event for event in reversed(events) if event["event"] == "epoch_ended")
        last["best"] = False
        return events

    folder = changed(base, Written(status=None), worse_at_last)
    lock = json.loads((folder / "lock.json").read_text())
    lock["recipe"]["training"] |= training
    (folder / "lock.json").write_text(json.dumps(lock))
    assert read_past(folder).best == (best and pytest.approx(best, abs=1e-4))


def test_skipped_steps_that_a_resumed_run_makes_again_count_once(base: Path) -> None:
    def skipping(events: Events) -> Events:
        for event in events:
            if event["event"] == "steps":
                event["skipped"] = 1
        return killed_then_resumed(events)

    assert read_past(changed(base, Written(), skipping)).skipped == 4


@pytest.mark.parametrize(("status", "told"), [("finished", [20]), ("interrupted", [20, 40]), (None, [20, 40])])
def test_a_cut_of_the_rate_that_no_step_has_is_not_told(base: Path, status: Any, told: list[int]) -> None:
    def cutting(events: Events) -> Events:
        cut = {"event": "plateau_cut", "epoch": 1, "monitor": "val_loss", "value": 1.0, "best": 1.0, "wait": 2}
        cuts = [{**cut, "time": events[-1]["time"], "step": step, "scale": 10 / step} for step in (20, 40)]
        return [*events[:-1], *cuts, events[-1]] if status else [*events, *cuts]

    past = read_past(changed(base, Written(status=status), cutting))
    said = [text.partition(",")[0] for text in remarks(past) if text.startswith("plateau")]
    assert said == [f"plateau: learning rate x {10 / step:g} from step {step}" for step in told]
    assert methods(past, None).count("a plateau of val_loss") == len(told)


@pytest.mark.parametrize("verb", ["show", "report", "compare", "diff", "diff --format md", "diff --format json"])
def test_a_run_without_a_lock_is_told_so_and_compared_in_what_is_known(base: Path, recipe: Recipe, verb: str) -> None:
    folder = base / "digits_phases/20260101-000000-abcdef01"
    other = folder.with_name("20260101-010000-22222222")
    (folder / "lock.json").unlink()
    name, *options = verb.split()
    if name == "report":
        options = ["--output", "r.html"]
    done = recipe(name, *([folder] if name == "show" else [folder, other]), *options)
    assert done.exit_code == 0
    shown = " ".join((Path("r.html").read_text() if name == "report" else done.stdout).replace("\\", "").split())
    said = "lock.json: recipe, data, versions and machine are not compared"
    assert ("lock.json is missing: recipe, versions and machine are not known" if name == "show" else said) in shown
    assert "schedule.kind" not in shown
    assert "machine are the same" not in shown
    assert "0.025" in shown or name == "show"
    shutil.copy(other / "lock.json", folder)
    assert "not compared" not in recipe("compare", folder, other).stdout
