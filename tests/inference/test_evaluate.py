"""``recipe evaluate``: the figures of the record, those of scikit-learn, and what it refuses."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import mean_absolute_error, precision_recall_fscore_support, r2_score, root_mean_squared_error
from typer.testing import CliRunner

from runner.cli import app
from runner.record.directory import RunDirectory
from runner.record.kept_evaluation import read_evaluation
from tests.inference.trained import Trained, evaluated, program


@pytest.mark.parametrize("name", ["digits", "iris", "cancer", "diabetes"])
def test_the_test_split_has_the_figures_that_the_run_recorded(name: str, request: pytest.FixtureRequest) -> None:
    run: Trained = request.getfixturevalue(name)
    found = evaluated(run.folder)
    recorded = {key.removeprefix("test_"): v for key, v in run.result["metrics"].items() if key.startswith("test_")}
    assert len(recorded) == 2
    assert {key: found["metrics"][key] for key in recorded} == pytest.approx(recorded, abs=1e-6)
    assert found["run_dir"] == str(run.folder)
    assert (found["split"], found["data_changed"]) == ("test", False)


def decisions(run: Trained, x: Any) -> Any:
    outputs = run.outputs(x)
    return (outputs[:, 0] > 0.5).astype(int) if outputs.shape[1] == 1 else outputs.argmax(axis=1)


@pytest.mark.parametrize("name", ["digits", "iris", "cancer"])
def test_the_figures_of_each_class_are_those_of_scikit_learn(name: str, request: pytest.FixtureRequest) -> None:
    run: Trained = request.getfixturevalue(name)
    found, test = evaluated(run.folder), run.split("test")
    count = len(found["classes"])
    wanted = precision_recall_fscore_support(test.y, decisions(run, test.x), labels=range(count), zero_division=0)
    for key, column in zip(("precision", "recall", "f1", "support"), wanted, strict=True):
        assert [row[key] for row in found["classes"]] == pytest.approx(list(column), abs=1e-12)
    assert found["examples"] == len(test)


def test_classes_go_by_the_names_of_the_data(iris: Trained, cancer: Trained, digits: Trained) -> None:
    names = [[row["name"] for row in evaluated(run.folder)["classes"]] for run in (iris, cancer, digits)]
    assert names == [["setosa", "versicolor", "virginica"], ["malignant", "benign"], [str(n) for n in range(10)]]


def test_a_regression_has_errors_in_place_of_classes(diabetes: Trained) -> None:
    found, test = evaluated(diabetes.folder), diabetes.split("test")
    predicted = diabetes.outputs(test.x)[:, 0].astype(np.float64)
    assert found["classes"] == []
    wanted = {
        "mean_absolute_error": mean_absolute_error(test.y, predicted),
        "root_mean_squared_error": root_mean_squared_error(test.y, predicted),
        "r2": r2_score(test.y, predicted),
    }
    assert {key: found["metrics"][key] for key in wanted} == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("split", ["train", "validation"])
def test_other_splits_are_evaluated_too(digits: Trained, split: str) -> None:
    found, examples = evaluated(digits.folder, "--split", split), digits.split(split)
    right = (decisions(digits, examples.x) == examples.y).mean()
    assert (found["examples"], found["split"]) == (len(examples), split)
    assert found["metrics"]["accuracy"] == pytest.approx(right, abs=1e-9)


def test_the_best_model_is_evaluated_where_it_is_asked_for(digits: Trained) -> None:
    by_option = evaluated(digits.folder, "--which", "best", "--split", "validation")
    by_file = evaluated(digits.folder / "best.keras", "--split", "validation")
    assert by_option == by_file
    assert by_option["model"] == "best.keras"
    assert by_option["metrics"]["loss"] == pytest.approx(digits.result["best"]["val_loss"], abs=1e-6)


def test_examples_of_an_archive_are_evaluated(digits: Trained, tmp_path: Path) -> None:
    test = digits.split("test")
    np.savez(tmp_path / "some.npz", x=test.x[:50], y=test.y[:50])
    found = evaluated(digits.folder, "--data", tmp_path / "some.npz")
    assert (found["examples"], found["split"], found["data"]) == (50, None, str(tmp_path / "some.npz"))
    right = (decisions(digits, test.x[:50]) == test.y[:50]).mean()
    assert found["metrics"]["accuracy"] == pytest.approx(right)


def test_rows_have_their_target_last_by_name_or_by_number(iris: Trained, tmp_path: Path) -> None:
    test = iris.split("test")
    words = ("setosa", "versicolor", "virginica")
    lines = [[*map(str, x), words[y] if i % 2 else str(y)] for i, (x, y) in enumerate(zip(test.x, test.y, strict=True))]
    text = "a,b,c,d,kind\n" + "\n".join(map(",".join, lines))
    (tmp_path / "some.csv").write_text(text)
    found, whole = evaluated(iris.folder, "--data", tmp_path / "some.csv"), evaluated(iris.folder)
    assert found["classes"] == whole["classes"]
    assert found["metrics"] == pytest.approx(whole["metrics"])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1,2,3,4,tulip\n", "the target of example 0 must be a class, by name (setosa, versicolor, virginica)"),
        ("1,2,3,4\n", "line 1: a row must have 5 cells"),
        ("a,b,c,d,y\n1,2,x,4,0\n", "line 2, column 3: must be a finite number; received 'x'"),
        ("", "holds no examples"),
    ],
)
def test_unusable_rows_are_refused(iris: Trained, tmp_path: Path, text: str, wanted: str) -> None:
    (tmp_path / "bad.csv").write_text(text)
    assert wanted in program("evaluate", iris.folder, "--data", tmp_path / "bad.csv", status=2).stderr


def test_targets_must_be_as_many_as_examples(digits: Trained, tmp_path: Path) -> None:
    np.savez(tmp_path / "bad.npz", x=np.zeros((3, 8, 8, 1)), y=[1, 2])
    done = program("evaluate", digits.folder, "--data", tmp_path / "bad.npz", status=2)
    assert "y must have one target for each of the 3 examples" in done.stderr


def test_data_that_has_changed_since_is_said(digits: Trained, tmp_path: Path) -> None:
    copy = digits.copied(tmp_path)
    lock = json.loads((copy / "lock.json").read_text())
    lock["data_sha256"]["test"] = "0" * 64
    (copy / "lock.json").write_text(json.dumps(lock))
    done = program("evaluate", copy, "--json")
    assert json.loads(done.stdout)["data_changed"] is True
    assert "note: the test examples are not those that the run had" in done.stderr


def test_other_data_than_the_run_trained_on_is_refused(digits: Trained, tmp_path: Path) -> None:
    copy = digits.copied(tmp_path)
    lock = json.loads((copy / "lock.json").read_text())
    (copy / "lock.json").write_text(json.dumps(lock | {"data": "builtin digits 0"}))
    done = program("evaluate", copy, status=2)
    assert "was trained on builtin digits 0, but the data here is builtin digits 1" in done.stderr


def test_a_run_without_its_model_names_the_one_that_is_there(digits: Trained, tmp_path: Path) -> None:
    copy = digits.copied(tmp_path)
    (copy / "model.keras").unlink()
    done = program("evaluate", copy, status=2)
    assert "model.keras is missing" in done.stderr
    assert "--which best" in done.stderr


def test_the_table_shows_every_class_and_the_means(iris: Trained) -> None:
    shown = program("evaluate", iris.folder).stdout
    assert [line.split()[0] for line in shown.splitlines() if line][3:] == [
        "class", "setosa", "versicolor", "virginica", "mean", "weighted",
    ]  # fmt: skip


def test_a_run_that_its_fallback_trained_is_evaluated_on_the_fallback(digits: Trained, tmp_path: Path) -> None:
    copy = digits.copied(tmp_path)
    text, own = (copy / "resolved.yaml").read_text(), "  source: builtin\n  name: digits\n"
    assert own in text
    instead = "  source: tfds\n  name: mnist\n  fallback: {source: builtin, name: digits}\n"
    (copy / "resolved.yaml").write_text(text.replace(own, instead))
    lock = json.loads((copy / "lock.json").read_text()) | {"fallback": "the hub was out of reach"}
    (copy / "lock.json").write_text(json.dumps(lock))
    assert evaluated(copy)["metrics"] == evaluated(digits.folder)["metrics"]


def test_a_split_that_the_recipe_does_not_have_is_refused(digits: Trained, tmp_path: Path) -> None:
    copy = digits.copied(tmp_path)
    text, own = (copy / "resolved.yaml").read_text(), "  name: digits\n"
    (copy / "resolved.yaml").write_text(
        text.replace(own + "  scale", own + "  splits: {train: 90%, validation: 10%, test: 0%}\n  scale")
    )
    assert "--split test: the recipe has no test examples" in program("evaluate", copy, status=2).stderr


def copied(run: Trained, folder: Path) -> Path:
    """The run as it was before anything was evaluated."""
    return Path(shutil.copytree(run.folder, folder / "run", ignore=shutil.ignore_patterns("evaluation-*")))


def test_predictions_are_kept_for_the_report(digits: Trained, tmp_path: Path) -> None:
    run = copied(digits, tmp_path)
    done = CliRunner().invoke(app, ["evaluate", str(run), "--json"])
    assert done.exit_code == 0, done.output
    kept = read_evaluation(run / "evaluation-test.safetensors")
    result = json.loads(done.stdout)
    assert kept.facts.metrics == result["metrics"]
    arrays = kept.arrays
    assert np.mean(arrays["target"] == arrays["decided"]) == pytest.approx(result["metrics"]["accuracy"])
    assert -np.log(arrays["truth"]).mean() == pytest.approx(result["metrics"]["loss"], rel=1e-4)
    worst = [example.place for example in kept.facts.worst]
    assert worst == np.argsort(arrays["truth"], kind="stable")[:24].tolist()
    assert arrays["images"].shape == (24, 8, 8)
    report = CliRunner().invoke(app, ["report", str(run)])
    assert report.exit_code == 0, report.output
    page = (run / "report.html").read_text()
    assert "Evaluation on the test split" in page
    assert page.count("data:image/png;base64,") == 24


def test_the_best_model_and_other_examples_are_not_kept(iris: Trained, tmp_path: Path) -> None:
    run = copied(iris, tmp_path)
    assert CliRunner().invoke(app, ["evaluate", str(run), "--which", "best"]).exit_code == 0
    (tmp_path / "rows.csv").write_text("a,b,c,d,kind\n5.1,3.5,1.4,0.2,setosa\n")
    assert CliRunner().invoke(app, ["evaluate", str(run), "--data", str(tmp_path / "rows.csv")]).exit_code == 0
    assert not list(run.glob("evaluation-*"))


@pytest.mark.parametrize(("name", "split"), [("diabetes", "validation"), ("flats", "test"), ("reviews", "train")])
def test_every_kind_of_data_is_kept(name: str, split: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    run = copied(request.getfixturevalue(name), tmp_path)
    done = CliRunner().invoke(app, ["evaluate", str(run), "--split", split])
    assert done.exit_code == 0, done.output
    assert "not kept" not in done.stderr
    kept = read_evaluation(run / f"evaluation-{split}.safetensors")
    assert len(kept.facts.worst) == min(24, kept.facts.examples)
    assert bool(kept.facts.worst[0].values) == (name != "diabetes")


@pytest.mark.parametrize(
    ("pattern", "put", "says"),
    [
        ("^", None, "events.jsonl: No such file or directory"),
        (r'("run_ended".*"steps":)\d+', r"\g<1>9000000000000", "the record of the run does not fit: step: "),
        ('"metrics":{', '"metrics":[{', "not an event"),
    ],
)
def test_a_model_is_evaluated_whatever_the_record_says(
    iris: Trained, tmp_path: Path, pattern: str, put: str | None, says: str
) -> None:
    record = (run := copied(iris, tmp_path)) / "events.jsonl"
    text = record.read_text()
    record.unlink()
    if put is not None:
        record.write_text(re.sub(pattern, put, text))
    done = CliRunner().invoke(app, ["evaluate", str(run)])
    assert done.exit_code == 0, done.output
    assert "accuracy" in done.stdout
    assert says in done.stderr.partition("note: the evaluation is not kept for `recipe report`: ")[2]
    assert not list(run.glob("evaluation-*"))


def test_a_run_that_is_being_written_keeps_nothing_and_is_evaluated(iris: Trained, tmp_path: Path) -> None:
    run = copied(iris, tmp_path)
    with RunDirectory(run):
        done = CliRunner().invoke(app, ["evaluate", str(run)])
    assert done.exit_code == 0, done.output
    assert "note: the evaluation is not kept for `recipe report`" in done.stderr
    assert not list(run.glob("evaluation-*"))
