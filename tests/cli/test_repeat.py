"""A recipe that stands for several runs."""

import math
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import pytest

from runner import api
from runner.cli.repeated import spread_lines
from runner.data.builtin import load_builtin
from runner.data.facts import builtin_facts
from runner.errors import RunError
from runner.record.repeat_note import read_repeat
from runner.workflows.repeats import Spread, spreads, variants
from schemas.data import BuiltinData, Shares
from schemas.recipe import Recipe
from tests.cli.program import recipe, result_of
from tests.schemas.rules_helpers import BASE

SMALL = ("--set", "training.epochs=2")


def repeated(**repeat: Any) -> Recipe:
    return Recipe.model_validate({**BASE, "seed": 7, "repeat": repeat})


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which one of three folds has trained, and was killed in the middle of another."""
    folder = tmp_path_factory.mktemp("repeat")
    for fold, more in (("1/3", ()), ("2/3", ("--kill-at", "5"))):
        recipe("run", "iris_cyclic", *SMALL, "--set", f"data.splits.fold={fold}", *more, cwd=folder)
    return folder


def test_resuming_trains_what_is_missing_and_gives_the_mean(stopped: Path) -> None:
    repeat = ("--set", "repeat={folds: 3}", "--set", "expect={}")
    done = recipe("run", "iris_cyclic", *SMALL, "--set", "repeat={folds: 3}", "--resume", "--json", cwd=stopped)
    assert done.returncode in (0, 1), done.stderr  # the expectation of the gallery is for more epochs
    assert "run 1 of 3: fold 1/3, finished in runs/iris_cyclic/" in done.stderr
    assert len(list((stopped / "runs/iris_cyclic").iterdir())) == 3
    result = result_of(done)
    values = [run["metrics"]["val_accuracy"] for run in result["runs"]]
    (found,) = result["repeats"]
    assert found["runs"] == ["fold 1/3", "fold 2/3", "fold 3/3"]
    assert found["metrics"]["val_accuracy"] == {
        "mean": pytest.approx(mean(values)),
        "standard_error": pytest.approx(stdev(values) / math.sqrt(3)),
        "minimum": min(values),
        "maximum": max(values),
        "runs": 3,
    }
    notes = [read_repeat(Path(stopped, run["run_dir"])) for run in result["runs"]]
    assert [note.part for note in notes if note is not None and note.runs == 3] == found["runs"]
    assert len({note.key for note in notes if note is not None}) == 1
    refused = recipe("run", "iris_cyclic", *repeat, "--run-dir", "one", cwd=stopped)
    assert refused.returncode == 2
    assert "the recipe repeats" in refused.stderr


def test_each_run_is_a_recipe_of_its_own() -> None:
    assert [(each.name, each.sets) for each in variants(repeated(seeds=2))] == [
        ("seed 7", ("repeat=null", "seed=7")),
        ("seed 8", ("repeat=null", "seed=8")),
    ]
    assert [each.name for each in variants(repeated(seeds=[5, 2]))] == ["seed 5", "seed 2"]
    assert [each.name for each in variants(repeated(folds=2))] == ["fold 1/2", "fold 2/2"]
    assert variants(Recipe.model_validate(BASE)) == []


def test_the_fingerprint_of_a_repeated_recipe_is_that_of_the_run() -> None:
    sets = {"repeat": {"seeds": [42, 43]}}
    first, second = api.repeats("iris_cyclic", sets=sets).values()
    alone = api.plan("iris_cyclic").fingerprint
    assert api.plan(api.load("iris_cyclic", sets=sets)).fingerprint == api.plan(first).fingerprint == alone
    assert api.plan(second).fingerprint != alone
    with pytest.raises(RunError, match="several runs"):
        api.run(api.load("iris_cyclic", sets=sets))


def test_folds_of_a_sample_hold_every_example_out_once() -> None:
    held, tests = [], set()
    for fold in ("1/4", "2/4", "3/4", "4/4"):
        data = BuiltinData(source="builtin", name="diabetes", splits=Shares(fold=fold))
        facts = builtin_facts(data)
        parts = load_builtin(facts, 3, fold)
        assert parts.validation is not None
        assert parts.test is not None
        sizes = (len(parts.train), len(parts.validation), len(parts.test))
        assert sizes == (facts.train, facts.validation, facts.test)
        rows = {x.tobytes() for x in parts.validation.x}
        assert not rows & {x.tobytes() for x in parts.train.x}
        held.append(rows)
        tests.add(parts.test.x.tobytes())
    assert len(set().union(*held)) == sum(map(len, held)) == 442 - 44
    assert len(tests) == 1


def test_only_runs_that_finished_count() -> None:
    results = [
        {"status": "finished", "metrics": {"loss": 1.0, "auc": math.nan}},
        {"status": "expectation_missed", "metrics": {"loss": 3.0, "auc": 0.5}},
        {"status": "diverged", "metrics": {"loss": 1e9}},
    ]
    assert spreads(results) == {"loss": Spread(2.0, 1.0, 1.0, 3.0, 2)}


def test_a_mean_has_the_digits_that_its_error_leaves() -> None:
    found = {"accuracy": Spread(0.98401, 0.00031, 0.9833, 0.9846, 5), "loss": Spread(0.5, 0.0, 0.5, 0.5, 4)}
    assert list(spread_lines(5, found)) == [
        "repeat    mean ± standard error of 5 runs",
        "          accuracy  0.98401 ± 0.00031  0.98330 to 0.98460",
        "          loss      0.5000 ± 0.0000    0.5000 to 0.5000  (4 runs)",
    ]
