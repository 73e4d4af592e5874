"""Workers of a sweep that die, and workers that share one."""

import signal
from pathlib import Path

import pytest

from tests.cli.program import LIMIT, wait_for
from tests.sweeps.killed import died, differences, disturbed, fault, finished, prepared, runs_in, table, worker


@pytest.mark.slow
def test_a_sweep_whose_workers_are_killed_equals_one_that_is_left_alone(tmp_path: Path) -> None:
    straight = prepared(tmp_path / "straight", trials=8)
    other = prepared(tmp_path / "disturbed", trials=8)
    finished(worker(straight))
    assert disturbed(other, kills=4, seed=3) == 4
    assert list(differences(straight, other)) == []
    assert {each["state"] for each in table(other)} >= {"finished"}


@pytest.mark.slow
def test_a_hyperband_sweep_survives_kills_too(tmp_path: Path) -> None:
    straight = prepared(tmp_path / "straight", trials=8, pruner="hyperband")
    other = prepared(tmp_path / "disturbed", trials=8, pruner="hyperband")
    finished(worker(straight))
    assert disturbed(other, kills=3, seed=5) == 3
    assert list(differences(straight, other)) == []


@pytest.mark.slow
def test_two_workers_share_a_sweep_and_one_takes_over_what_the_other_leaves(tmp_path: Path) -> None:
    folder = prepared(tmp_path / "shared", trials=8, pruner="none")
    mortal = worker(folder, **fault(lines=5))  # those of the first trial that it trains are more
    wait_for(lambda: bool(runs_in(folder)) or mortal.poll() is not None)
    other = worker(folder)
    assert died(mortal)
    third = worker(folder)
    finished(other)
    finished(third)
    trials = table(folder)
    assert [each["trial"] for each in trials] == list(range(8))
    assert {each["state"] for each in trials} == {"finished"}
    assert [len(each["runs"]) for each in trials] == [1] * 8
    assert len(runs_in(folder)) == 8


@pytest.mark.slow
def test_a_signal_saves_and_says_how_to_go_on(tmp_path: Path) -> None:
    folder = prepared(tmp_path / "stopped", trials=2, pruner="none")
    sets = ("--set", "training.epochs=20000")
    process = worker(folder, *sets)
    assert process.stderr is not None
    for line in process.stderr:
        if "begins" in line:
            break
    (run,) = runs_in(folder)
    wait_for(lambda: (run / "checkpoints").exists() or process.poll() is not None)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=LIMIT)
    assert process.returncode == 143
    assert "`recipe sweep digits.yaml --set training.epochs=20000` goes on" in said
    assert '"status":"terminated"' in (run / "events.jsonl").read_text()
