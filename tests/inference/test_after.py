"""What follows a training: each step in its order, recorded, and made once."""

import json
from pathlib import Path
from typing import Any

import pytest

from runner.events import AfterStepEnded
from runner.lookback.recorded_run import read_past
from runner.lookback.watch import watch
from runner.record.directory import RunPaths
from runner.record.events_file import EventsWriter, read_events
from runner.source.load import load
from runner.workflows.after import flips_expected
from tests.cli.program import GALLERY
from tests.inference.trained import RECIPES, program

AFTER = "after: [evaluate, {export: {to: keras}}, report]\n"


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("after") / "iris.yaml"
    path.write_text(RECIPES["iris"].replace("epochs: 12", "epochs: 1") + AFTER)
    return path


def steps(run: Path) -> list[AfterStepEnded]:
    return [event for event in read_events(RunPaths(run).events) if isinstance(event, AfterStepEnded)]


def trained(recipe: Path, run: Path, *arguments: str, status: int = 0) -> dict[str, Any]:
    values = json.loads(program("run", recipe, "--run-dir", run, "--json", *arguments, status=status).stdout)
    assert isinstance(values, dict)
    return values


def test_the_steps_follow_in_their_order(recipe: Path, tmp_path: Path) -> None:
    result = trained(recipe, tmp_path / "run")
    assert result["status"] == "finished"
    assert [(step["step"], step["done"]) for step in result["after"]] == [
        ("evaluate", True),
        ("export keras", True),
        ("report", True),
    ]
    assert result["after"][0]["message"].startswith("15 test examples: loss ")
    assert (tmp_path / "run/export/keras/preprocess.json").exists()
    assert "Evaluation on the test split" in (tmp_path / "run/report.html").read_text()
    assert [event.step for event in steps(tmp_path / "run")] == ["evaluate", "export keras", "report"]
    past = read_past(tmp_path / "run")
    assert past.status == "finished"
    assert [made.step for made in past.after] == ["evaluate", "export keras", "report"]
    ended = watch(tmp_path / "run", lambda _: None, pause=pytest.fail)
    assert ended is not None
    assert "after the training, export keras: keras, " in program("show", tmp_path / "run").stdout
    assert "is finished" in program("resume", tmp_path / "run", status=2).stderr


def test_steps_that_are_missing_are_made_by_resume(recipe: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    assert "after" not in trained(recipe, run, "--no-after")
    assert steps(run) == []
    with EventsWriter(run / "events.jsonl") as record:  # as a process leaves it that is killed after the first step
        record(AfterStepEnded(step="evaluate", done=True, message="", seconds=1.0))
    result = json.loads(program("resume", run, "--json").stdout)
    assert [step["step"] for step in result["after"]] == ["export keras", "report"]
    assert result["status"] == "finished"
    assert "is finished" in program("resume", run, status=2).stderr


def test_a_step_that_fails_is_named_and_the_others_are_made(recipe: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    trained(recipe, run, "--no-after")
    (run / "export").write_text("in the way")
    done = program("resume", run, "--json", status=1)
    assert [step["done"] for step in json.loads(done.stdout)["after"]] == [True, False, True]
    assert "export keras: failed: " in done.stderr
    (run / "export").unlink()
    again = json.loads(program("resume", run, "--json").stdout)
    assert [step["step"] for step in again["after"]] == ["export keras"]


def test_what_follows_is_no_part_of_the_fingerprint(recipe: Path, tmp_path: Path) -> None:
    without = tmp_path / "without.yaml"
    without.write_text(recipe.read_text().replace(AFTER, ""))
    fingerprints = [
        json.loads(program("plan", path, "--json", "--no-shapes").stdout)["fingerprint"] for path in (recipe, without)
    ]
    assert fingerprints[0] == fingerprints[1]


def test_expectations_are_told_with_the_flips_of_an_export(recipe: Path, tmp_path: Path) -> None:
    bounds = "expect={test_accuracy: '>= 0.999', keras_flips: '> 5'}"  # which a sound export misses
    after = "after=[evaluate, {export: {to: keras, check: true}}, report]"
    junit = tmp_path / "junit.xml"
    result = trained(recipe, tmp_path / "run", "--set", bounds, "--set", after, "--junit", junit, status=1)
    assert result["status"] == "expectation_missed"
    assert [step["done"] for step in result["after"]] == [True, False, True]
    flips = {"metric": "keras_flips", "bound": "> 5", "value": 0.0, "met": False}
    assert [each["metric"] for each in result["expectations"]] == ["test_accuracy", "keras_flips"]
    assert result["expectations"][1] == flips
    assert '<testcase classname="iris" name="keras_flips &gt; 5" time="0">' in junit.read_text()
    assert [check.metric for check in read_past(tmp_path / "run").checks] == ["test_accuracy", "keras_flips"]
    checked = program("export", tmp_path / "run", "--to", "keras", "--check", "--json", status=1)
    assert json.loads(checked.stdout)["expectations"] == [flips]


def test_only_the_format_that_is_expected_has_a_bound() -> None:
    recipe = load(GALLERY / "iris_cyclic.yaml", sets=["expect={onnx_flips: '<= 2'}"]).recipe
    assert recipe is not None
    assert flips_expected(recipe, "litert", 0) is None
    assert [check.met for flips in (2, 3) if (check := flips_expected(recipe, "onnx", flips))] == [True, False]
