"""Runs that predict several numbers or labels: predicted with, evaluated, exported."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sklearn.metrics

from tests.inference.trained import Trained, evaluated, program, rows


def table(run: Trained) -> list[dict[str, str]]:
    with (run.folder.parent / "weather.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def by_keras(run: Trained) -> Any:
    """What the saved model makes of the file's rows."""
    taken = {name: np.array([[row[name]] for row in table(run)], np.float32) for name in ("pressure", "wind")}
    return np.asarray(run.model(taken, training=False))


def truth(run: Trained, *names: str) -> Any:
    said = {"yes": 1.0, "no": 0.0}
    return np.array([[said.get(row[name]) if row[name] in said else float(row[name]) for name in names]
                     for row in table(run)])  # fmt: skip


def test_every_number_has_a_column(hours: Trained) -> None:
    found = rows(program("predict", hours.folder, hours.folder.parent / "weather.csv").stdout)
    assert list(found[0]) == ["id", "sun", "id_2"]
    outputs = np.array([[float(row["sun"]), float(row["id_2"])] for row in found])
    np.testing.assert_allclose(outputs, by_keras(hours), rtol=1e-5, atol=1e-6)


def test_labels_that_are_there_are_named_and_each_has_its_probability(weather: Trained) -> None:
    data = weather.folder.parent / "weather.csv"
    wanted = 1 / (1 + np.exp(-by_keras(weather)))
    for threshold in (0.5, 0.3):
        found = rows(program("predict", weather.folder, data, "--threshold", str(threshold)).stdout)
        assert list(found[0]) == ["id", "labels", "wet", "cold"]
        p = np.array([[float(row["wet"]), float(row["cold"])] for row in found])
        np.testing.assert_allclose(p, wanted, rtol=1e-5)
        for row, (wet, cold) in zip(found, p > threshold, strict=True):
            assert row["labels"] == "; ".join(["wet"] * bool(wet) + ["cold"] * bool(cold))
    error = program("predict", weather.folder, data, "--top-k", "1", status=2).output
    assert "--top-k is for classes, and this run has labels" in error


def test_samples_spread_for_every_target(hours: Trained, weather: Trained) -> None:
    for run, names in ((hours, ("sun", "id")), (weather, ("wet", "cold"))):
        done = program(
            "predict", run.folder, run.folder.parent / "weather.csv", "--mc-samples", "5", "--format", "json"
        )
        row = json.loads(done.stdout)[0]
        assert [name for name in row if name.startswith(("mean_", "std_"))] == [
            f"{what}_{name}" for what in ("mean", "std") for name in names
        ]
        assert row[f"std_{names[0]}"] > 0


def test_errors_are_told_of_each_target_and_of_all(hours: Trained) -> None:
    found = evaluated(hours.folder, "--split", "test")
    assert found["metrics"]["loss"] == hours.result["metrics"]["test_loss"]
    assert found["metrics"]["mean_absolute_error"] == hours.result["metrics"]["test_mean_absolute_error"]
    whole = evaluated(hours.folder, "--data", hours.folder.parent / "weather.csv")
    y, p = truth(hours, "sun", "id"), by_keras(hours)
    assert whole["metrics"]["r2"] == pytest.approx(sklearn.metrics.r2_score(y, p), rel=1e-5)
    for k, name in enumerate(("sun", "id")):
        each = whole["targets"][k]
        assert each["name"] == name
        assert each["r2"] == pytest.approx(sklearn.metrics.r2_score(y[:, k], p[:, k]), rel=1e-5)
        assert each["mean_absolute_error"] == pytest.approx(np.abs(y - p)[:, k].mean(), rel=1e-5)
    text = program("evaluate", hours.folder).stdout
    assert "target  mean absolute error  root mean squared error" in text


def test_labels_are_told_one_by_one(weather: Trained) -> None:
    found = evaluated(weather.folder, "--split", "test")
    assert found["metrics"]["accuracy"] == weather.result["metrics"]["test_accuracy"]
    whole = evaluated(weather.folder, "--data", weather.folder.parent / "weather.csv")
    y, p = truth(weather, "wet", "cold"), by_keras(weather) > 0
    for average in ("micro", "macro"):
        assert whole["metrics"][f"f1_{average}"] == pytest.approx(sklearn.metrics.f1_score(y, p, average=average))
    assert [row["name"] for row in whole["classes"]] == ["wet", "cold"]
    wanted = sklearn.metrics.precision_recall_fscore_support(y, p)
    keys = ("precision", "recall", "f1", "support")
    np.testing.assert_allclose([[row[key] for row in whole["classes"]] for key in keys], wanted)


@pytest.mark.parametrize(("label", "says"), [("maybe", "row 2, column 'wet': must be a label"), ("", "left out")])
def test_a_target_of_a_file_that_is_none_is_named_or_left_out(
    weather: Trained, tmp_path: Path, label: str, says: str
) -> None:
    (tmp_path / "more.csv").write_text(f"pressure,wind,wet,cold\n1,1,yes,1\n1,1,{label},0\n")
    done = program("evaluate", weather.folder, "--data", tmp_path / "more.csv", status=2 if label else 0)
    assert says in done.output


@pytest.mark.parametrize("name", ["hours", "weather"])
def test_an_export_decides_the_same_without_keras(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    run = request.getfixturevalue(name)
    folder = tmp_path / "out"
    done = json.loads(
        program("export", run.folder, "--to", "savedmodel", "--output", folder, "--check", "--json").stdout
    )
    assert (done["check"]["flips"], done["check"]["problems"]) == (0, [])
    assert done["check"]["score"] == pytest.approx(done["check"]["score_of_keras"], rel=1e-6)
    metadata = json.loads((folder / "preprocess.json").read_text())
    if name == "hours":
        assert (metadata["target_names"], metadata["threshold"]) == (["sun", "id"], None)
        assert metadata["output"]["meaning"] == "predicted number of each target"
    else:
        assert (metadata["target_names"], metadata["threshold"]) == (["wet", "cold"], 0.5)
        assert metadata["output"]["meaning"] == "probability of each label"
        assert done["check"]["score"] == pytest.approx(run.result["metrics"]["test_accuracy"], rel=1e-6)
