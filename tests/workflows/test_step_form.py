"""The form of a step that is faster here: tried once, kept, followed, and never tried where that cannot pay."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from runner.data.cache import VARIABLE
from runner.data.facts import DataFacts
from runner.engine import start
from runner.engine.loop import form_trial
from runner.engine.loop.other_work import busy_seconds
from runner.plan.make_plan import make_plan
from runner.plan.plan import Plan
from runner.plan.threads import VARIABLES, other_parts, threads_for
from runner.record import tried_forms
from runner.record.tried_forms import Tried, keep, key_of, tried_before
from runner.workflows import step_form
from runner.workflows.step_form import with_faster_form, with_recorded_form, with_tried_form
from schemas.recipe import Recipe
from tests.cli.program import recipe, wait_for

RECIPE: dict[str, Any] = {
    "recipe": 1,
    "name": "small",
    "task": "classification",
    "data": {"source": "builtin", "name": "iris", "batch_size": 64},
    "model": {"kind": "sequential", "layers": [{"kind": "dense", "units": 8}]},
    "training": {"epochs": 2},
    "hardware": {"threads": 2},
}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache folder that is not there yet, and nothing remembered."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    tried_forms._kept.clear()
    yield tmp_path / "cache" / "step-forms"
    tried_forms._kept.clear()


def plan(batch_size: int = 64, data: Mapping[str, Any] | None = None, **overrides: Any) -> Plan:
    own = {**RECIPE, "data": {**RECIPE["data"], "batch_size": batch_size}, **overrides}
    return make_plan(Recipe.model_validate(own), DataFacts("builtin", "iris", "1", 150, 0, 0, (4,), 3, **(data or {})))


def layers(*kinds: str) -> dict[str, Any]:
    return {"model": {"kind": "sequential", "layers": [{"kind": kind} for kind in kinds]}}


@pytest.mark.parametrize(
    ("case", "other"),
    [
        ({}, 1),
        ({"hardware": {"threads": 8}, "batch_size": 200}, 8),
        ({"hardware": {"threads": 8}, "batch_size": 40}, 2),
        ({"batch_size": 31}, None),
        ({"hardware": {"threads": 1}}, None),
        ({"hardware": {"threads": 2, "xla": "on"}}, None),
        (layers("batch_normalization"), None),
    ],
)
def test_a_second_form_is_another_number_of_parts_with_examples_enough(case: dict[str, Any], other: int | None) -> None:
    assert other_parts(plan(**case)) == other


@pytest.mark.parametrize(("whole", "parts"), [(0.89, 1), (0.91, 2), (2.0, 2)])
def test_the_usual_form_stays_unless_the_other_is_clearly_faster(whole: float, parts: int) -> None:
    keep(plan(), Tried({2: 1.0, 1: whole}), pytest.fail)
    found = with_tried_form(plan())
    assert (found.parts, found.parts_tried, threads_for(found).towers) == (parts, True, parts)
    assert with_recorded_form(plan(), {"computation": {"parts": 2}}).parts == 2
    assert with_tried_form(replace(plan(), parts=2)).parts == 2  # what a lock says rules


def test_what_was_tried_is_kept_for_later_processes(cache: Path) -> None:
    keep(plan(), Tried({2: 1.0, 1: 0.5}), pytest.fail)
    tried_forms._kept.clear()
    assert tried_before(plan()) == Tried({2: 1.0, 1: 0.5})
    assert [path.suffix for path in cache.iterdir()] == [".json"]


def test_runs_that_differ_in_what_is_no_matter_share_a_trial() -> None:
    same = plan(seed=9, training={"epochs": 50}, schedule={"kind": "constant", "learning_rate": 0.5})
    assert key_of(same) == key_of(plan())
    others = [plan(32), plan(optimizer={"kind": "adam"}), plan(hardware={"threads": 3}), plan(**layers("flatten"))]
    assert len({key_of(each) for each in (plan(), *others)}) == 5


@pytest.mark.parametrize(
    "rubbish",
    [
        b"", b"\xff", b"[]", b"{}", b'{"seconds": 5}', b'{"seconds": {"one": 1}}', b'{"seconds": {"1": "x", "2": 1}}',
        b'{"seconds": {"1": NaN, "2": 1}}', b'{"seconds": {"1": -1, "2": 1}}', b'{"seconds": {"2": 1}}', b"[" * 4000,
    ],
)  # fmt: skip
def test_a_file_that_is_no_trial_is_as_good_as_none_and_replaced(rubbish: bytes, cache: Path) -> None:
    keep(plan(), Tried({2: 1.0, 1: 0.5}), pytest.fail)
    (path,) = cache.iterdir()
    path.write_bytes(rubbish)
    tried_forms._kept.clear()
    assert tried_before(plan()) is None
    assert with_tried_form(plan()).parts is None
    keep(plan(), Tried({2: 1.0, 1: 0.5}), pytest.fail)
    assert json.loads(path.read_bytes()) == {"seconds": {"2": 1.0, "1": 0.5}}


def test_a_process_follows_its_trial_where_no_file_can_be_written(cache: Path) -> None:
    cache.parent.write_text("a file where the folder would be")
    told: list[str] = []
    keep(plan(), Tried({2: 1.0, 1: 0.5}), told.append)
    assert "cannot be kept for later runs" in told[0]
    assert with_tried_form(plan()).parts == 1


def trying(monkeypatch: pytest.MonkeyPatch, result: list[float] | Exception) -> list[list[int]]:
    """Trials that find this; gives the parts of the forms that are tried."""
    asked: list[list[int]] = []

    def seconds_a_step(plan: Plan, forms: Any) -> list[float]:
        asked.append([form.towers for form in forms])
        if isinstance(result, Exception):
            raise result
        return result

    monkeypatch.setattr(form_trial, "seconds_a_step", seconds_a_step)
    monkeypatch.setattr(step_form, "_worth_a_trial", lambda plan: True)
    return asked


def test_a_trial_is_made_once_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, told = trying(monkeypatch, [0.004, 0.002]), list[str]()
    assert [with_faster_form(plan(), told.append).parts for _ in range(2)] == [1, 1]
    assert asked == [[2, 1]]
    assert told[1:] == ["a step takes with the batch in 2 parts 4 ms, whole 2 ms: it is computed whole"]
    assert with_faster_form(plan(31), pytest.fail).parts is None  # there is one form alone
    assert with_faster_form(replace(plan(seed=4), parts=2), pytest.fail).parts == 2


def test_a_trial_that_fails_decides_nothing(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    trying(monkeypatch, form_trial.TrialFailed("other work keeps the processors busy"))
    told: list[str] = []
    assert with_faster_form(plan(), told.append).parts is None
    assert told[1] == "not tried: other work keeps the processors busy; the batch is computed in 2 parts, as is usual"
    assert not cache.exists()


def test_only_a_long_run_in_a_process_without_tensorflow_is_worth_a_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    long, unwanted = plan(training={"epochs": 2000}), lambda *, own_code: pytest.fail("TensorFlow is not needed")
    monkeypatch.setattr(start, "import_tensorflow", unwanted)
    monkeypatch.setattr(step_form, "least_seconds", lambda plan: 61.0)
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setitem(sys.modules, "tensorflow", ModuleType("tensorflow"))
    assert not step_form._worth_a_trial(long)  # what has started TensorFlow cannot be forked
    monkeypatch.delitem(sys.modules, "tensorflow")
    monkeypatch.setattr(step_form, "least_seconds", lambda plan: 59.0)
    assert not step_form._worth_a_trial(long)
    monkeypatch.setattr(start, "import_tensorflow", lambda *, own_code: None)
    monkeypatch.setattr(start, "sees_gpu", lambda: False)
    monkeypatch.setattr(step_form, "least_seconds", lambda plan: 61.0)
    assert step_form._worth_a_trial(long)
    monkeypatch.setattr(start, "sees_gpu", lambda: True)
    assert not step_form._worth_a_trial(long)
    assert step_form._worth_a_trial(plan(training={"epochs": 2000}, hardware={"threads": 2, "device": "cpu"}))
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    monkeypatch.setattr(start, "sees_gpu", lambda: False)
    assert not step_form._worth_a_trial(long)


@pytest.mark.parametrize(
    "facts",
    [
        {"classes": None},
        {"classes": None, "targets": ("a", "b")},
        {"classes": None, "targets": ("a", "b"), "labels": True},
        {"classes": None, "targets": ("a", "b"), "target_classes": (("x", "y", "z"), ())},
        {"weighted": True, "bytes_per_value": 1},
    ],
)
def test_made_up_examples_have_shapes_and_types_of_the_data(facts: dict[str, Any]) -> None:
    data = replace(plan().data, **facts)
    made = form_trial.made_up(data, 6)
    assert made.x.shape == (6, 4)
    assert made.x.dtype == (np.uint8 if data.bytes_per_value == 1 else np.float32)
    assert made.y.shape == ((6, 2) if data.targets else (6,))
    assert (made.weight is not None) is data.weighted


def test_a_run_and_its_plan_follow_what_was_tried(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(json.dumps(RECIPE))
    planned = recipe("plan", "small.yaml", "--json", "--no-shapes", cwd=tmp_path)
    assert "parts" not in json.loads(planned.stdout)
    from runner.cli.run_jobs import read_recipe  # the plan that the program makes of it
    from tests.cli.test_run_jobs import TERMINAL, WANTED

    loaded = read_recipe(tmp_path / "small.yaml", WANTED, TERMINAL, quiet=True)
    from runner.cli.planning import plan_of

    keep(plan_of(loaded, WANTED.data(loaded), "never"), Tried({2: 1.0, 1: 0.5}), pytest.fail)
    done = recipe("run", "small.yaml", "--run-dir", "run", "--progress", "plain", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "run" / "lock.json").read_text())["computation"]["parts"] == 1
    assert "a batch is computed whole, as a trial on this machine chose" in " ".join(done.stderr.split())
    shown = recipe("plan", "small.yaml", "--no-shapes", cwd=tmp_path).stdout
    assert "whole, as a trial on this machine chose" in " ".join(shown.split())


def test_the_work_of_processors_is_counted_without_their_idle_time(tmp_path: Path) -> None:
    stat = tmp_path / "stat"
    stat.write_text(
        "cpu  9 9 9 9 9 9 9 9 9 9\n"
        "cpu0 100 20 3 5000 700 40 6 1 50 60\n"
        "cpu1 1000 0 0 0 0 0 0 0 0 0\n"
        "cpu10 7 7 7 7 7 7 7 7 7 7\n"
        "intr 5 5\n"
    )
    ticks = os.sysconf("SC_CLK_TCK")
    assert busy_seconds(stat, {0}) == (100 + 20 + 3 + 40 + 6 + 1) / ticks
    assert busy_seconds(stat, {0, 1}) == (170 + 1000) / ticks
    assert busy_seconds(tmp_path / "none", {0}) == 0.0
    before = busy_seconds()
    wait_for(lambda: busy_seconds() > before)


@pytest.mark.parametrize(
    ("processors", "threads", "taken", "busy"),
    [
        (2, 2, 0.3, False),
        (2, 2, 0.5, True),
        (8, 2, 6.3, False),
        (8, 2, 6.5, True),
        (2, 8, 0.3, False),
        (2, 1, 1.1, False),
    ],
)
def test_a_trial_needs_the_processors_of_its_threads(
    monkeypatch: pytest.MonkeyPatch, processors: int, threads: int, taken: float, busy: bool
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(processors)))
    with pytest.raises(form_trial.TrialFailed, match="other work") if busy else nullcontext():
        form_trial._require_processors(threads, taken)


REAL = """
import sys
from runner.engine import start
from runner.engine.loop import form_trial
from runner.engine.loop.other_work import busy_seconds
from runner.workflows import step_form
from tests.workflows.test_step_form import RECIPE, plan
form_trial.BUSY, step_form.LEAST_SECONDS = float("inf"), 0.0
found = step_form.with_faster_form(plan(training={"epochs": 300}), print)
from tensorflow.python.eager import context
print(found.parts, found.parts_tried, context.context()._context_handle)
"""


@pytest.mark.slow
def test_a_real_trial_times_both_forms_and_leaves_tensorflow_unstarted(cache: Path) -> None:
    done = subprocess.run([sys.executable, "-c", REAL], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    *told, last = done.stdout.splitlines()
    assert told[0] == "trying a step with the batch whole and in parts"
    assert told[1].startswith("a step takes with the batch in 2 parts ")
    (path,) = cache.iterdir()
    seconds = json.loads(path.read_text())["seconds"]
    assert set(seconds) == {"1", "2"}
    assert all(0 < each < 60 for each in seconds.values())
    assert last == f"{1 if seconds['1'] < 0.9 * seconds['2'] else 2} True None"
