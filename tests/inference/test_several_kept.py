"""What an evaluation keeps of several outputs, and what report and comparison make of it."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sklearn.metrics as sk

from runner.lookback.evaluated import Evaluated, evaluated
from runner.lookback.recorded_run import read_past
from runner.numerals import measure
from runner.record.kept_evaluation import KeptEvaluation, path_of, read_evaluation
from tests.inference.trained import Trained, program

NAMES = ("ill", "days", "sky", "kind")
LABELS = ("cold", "wet")


@pytest.fixture(scope="module")
def run(clinic: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy, with an evaluation of its test part; its data is where it trained."""
    folder = clinic.copied(tmp_path_factory.mktemp("kept"))
    (folder.parent / "t.csv").write_bytes((clinic.folder.parent / "t.csv").read_bytes())
    program("evaluate", folder)
    return folder


@pytest.fixture(scope="module")
def kept(run: Path) -> KeptEvaluation:
    return read_evaluation(path_of(run, "test"))


@pytest.fixture(scope="module")
def shown(run: Path) -> dict[str, Evaluated]:
    found, remark = evaluated(read_past(run))
    assert found is not None
    assert not remark
    return dict(found.outputs)


def test_targets_and_predictions_of_each_are_kept(clinic: Trained, kept: KeptEvaluation) -> None:
    """Their figures, as scikit-learn computes them, are those that the run recorded."""
    parts = kept.outputs
    assert tuple(parts) == NAMES
    assert {name: part.facts.task for name, part in parts.items()} == {
        "ill": "classification", "days": "regression", "sky": "multi_label", "kind": "classification",
    }  # fmt: skip
    arrays = {name: part.arrays for name, part in parts.items()}
    sky = arrays["sky"]["probability"] > np.float32(0.4)
    days = arrays["days"]["target"], arrays["days"]["predicted"]
    wanted = {
        "ill_accuracy": sk.accuracy_score(arrays["ill"]["target"], arrays["ill"]["decided"]),
        "ill_loss": -np.log(arrays["ill"]["truth"]).mean(),
        "days_mean_absolute_error": sk.mean_absolute_error(*days),
        "sky_accuracy": (arrays["sky"]["target"] == sky).mean(),
        "sky_loss": np.mean([sk.log_loss(arrays["sky"]["target"][:, k], arrays["sky"]["probability"][:, k])
                             for k in range(2)]),
        "kind_accuracy": sk.accuracy_score(arrays["kind"]["target"], arrays["kind"]["decided"]),
        "kind_loss": -np.log(arrays["kind"]["truth"]).mean(),
    }  # fmt: skip
    for name, value in wanted.items():
        assert clinic.result["metrics"][f"test_{name}"] == pytest.approx(value, rel=1e-5), name
        output, _, figure = name.partition("_")
        assert parts[output].facts.metrics[figure] == pytest.approx(value, rel=1e-5), name
    assert parts["days"].facts.metrics["r2"] == pytest.approx(sk.r2_score(*days), rel=1e-5)
    assert [parts[name].facts.threshold for name in NAMES] == [0.3, None, (0.4, 0.4), None]


def test_the_worst_of_each_are_those_with_its_largest_losses(kept: KeptEvaluation, clinic: Trained) -> None:
    lines = (clinic.folder.parent / "t.csv").read_text().splitlines()
    heading = lines[0].split(",")
    for name, part in kept.outputs.items():
        arrays, worst = part.arrays, part.facts.worst
        if name == "days":
            badness = np.abs(arrays["predicted"] - arrays["target"])[:, 0]
        elif name == "sky":
            right = np.where(arrays["target"] > 0, arrays["probability"], 1 - arrays["probability"])
            badness = -np.log(right).mean(axis=1)
        else:
            badness = -arrays["truth"]
        places = [example.place for example in worst]
        assert len(places) == 24
        assert np.min(badness[places]) >= np.max(np.delete(badness, places))
        row = dict(zip(heading, lines[int(worst[0].name.split()[-1].rstrip(")"))].split(","), strict=True))
        there = [label for label, is_there in (("cold", row["cold"] == "1"), ("wet", row["wet"] == "true")) if is_there]
        targets = {"ill": row["sick"], "days": None, "kind": row["kind"], "sky": ", ".join(there) or "-"}
        assert targets[name] is None or worst[0].target == targets[name]
        if name == "sky":
            shares = arrays["probability"][worst[0].place]
            assert worst[0].said == f"cold {shares[0]:.1%}, wet {shares[1]:.1%}"
        assert worst[0].values["a"] == f"{float(row['a']):.6g}"


def test_the_report_has_matrix_calibration_residuals_and_labels(
    run: Path, kept: KeptEvaluation, shown: dict[str, Evaluated], tmp_path: Path
) -> None:
    arrays = {name: part.arrays for name, part in kept.outputs.items()}
    for name in ("ill", "kind"):
        matrix = shown[name].matrix
        assert matrix is not None
        counts = sk.confusion_matrix(arrays[name]["target"], arrays[name]["decided"])
        assert [cell.text for cell in matrix.cells] == [str(n) for n in counts.ravel() if n]
        assert shown[name].calibration.startswith("Expected calibration error")
    assert [name for _, name in shown["kind"].matrix.names] == ["p", "q", "r"]  # type: ignore[union-attr]
    (residuals,) = shown["days"].residuals
    errors = (arrays["days"]["predicted"] - arrays["days"]["target"])[:, 0].astype(np.float64)
    assert residuals[0] == "days"
    assert float(residuals[1]) == pytest.approx(errors.mean(), abs=1e-3)
    there = arrays["sky"]["probability"] > np.float32(0.4)
    f1 = sk.f1_score(arrays["sky"]["target"], there, average=None)
    assert [float(row[3]) for row in shown["sky"].labels] == pytest.approx(f1, abs=1e-4)
    assert not np.allclose(f1, sk.f1_score(arrays["sky"]["target"], arrays["sky"]["probability"] > 0.5, average=None))
    program("report", run, "--output", tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text()
    assert re.findall(r"<h3>Output (\w+)</h3>", text) == list(NAMES)
    for part in ("confusion matrix of 3 classes", "days: distribution of residuals", '<th scope="col">label</th>'):
        assert part in text, part


def test_runs_are_compared_output_by_output(clinic: Trained, run: Path, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes((clinic.folder.parent / "t.csv").read_bytes())
    (tmp_path / "recipe.yaml").write_bytes((clinic.folder.parent / "recipe.yaml").read_bytes())
    other = tmp_path / "other"
    sets = ("--set", "optimizer.learning_rate=0.05", "--set", "after=[evaluate]")
    program("run", tmp_path / "recipe.yaml", *sets, "--run-dir", other, "--progress", "none")
    first, second = (read_evaluation(path_of(one, "test")) for one in (run, other))
    found: list[dict[str, Any]] = json.loads(program("compare", run, other, "--json").stdout)["paired"]
    assert [pair["output"] for pair in found] == list(NAMES)
    one, two = first.outputs["kind"].arrays, second.outputs["kind"].arrays
    right = [(each["target"] == each["decided"]).mean() for each in (one, two)]
    assert found[3]["difference"] == pytest.approx(right[1] - right[0])
    assert (found[3]["test"], found[1]["score"]) == ("McNemar", "absolute error")
    there = [(part.outputs["sky"].arrays["probability"] > np.float32(0.4)) for part in (first, second)]
    shares = [(each == (first.outputs["sky"].arrays["target"] > 0)).mean() for each in there]
    assert found[2]["difference"] == pytest.approx(shares[1] - shares[0])
    text = " ".join(program("compare", run, other).stdout.split())
    assert re.search(r"on the same 100 test examples: days absolute error [+-]", text)


def test_a_step_has_the_worst_examples_of_each_output(clinic: Trained) -> None:
    """Their losses by the formulas, from what the model is said to have predicted."""
    orders = set()
    for name in NAMES:
        options = ("inspect", clinic.folder, "--step", "3", "--by", name, "--json")
        found = json.loads(program(*options).stdout)["examples"]
        losses = [example["losses"][name] for example in found]
        assert losses == sorted(losses, reverse=True)
        orders.add(tuple(example["place"] for example in found))
        for example in found:
            assert example["loss"] == pytest.approx(sum(example["losses"].values()), rel=1e-5)
    assert len(orders) == len(NAMES)
    for example in found:  # "ill no 54.6%, days 0.4, sky cold, kind p 36.0%"
        targets, said = (dict(part.split(" ", 1) for part in example[key].split(", ") if " " in part)
                         for key in ("target", "model"))  # fmt: skip
        error = float(said["days"]) - float(targets["days"])
        assert example["losses"]["days"] == pytest.approx(error**2, abs=2e-3)
        kind, share = said["kind"].split()
        if kind == targets["kind"]:
            assert example["losses"]["kind"] == pytest.approx(-np.log(float(share.rstrip("%")) / 100), abs=2e-3)
    worst = measure(max(example["losses"]["sky"] for example in found))  # shown on a screen that is too narrow for all
    assert worst in program("inspect", clinic.folder, "--step", "3", "--by", "sky").stdout
    assert worst not in program("inspect", clinic.folder, "--step", "3").stdout
    told = program("inspect", clinic.folder, "--step", "3", "--by", "rain", status=2).stderr
    assert "--by rain: the run has no such output" in told
    assert "one of ill, days, sky, kind" in told


def test_a_step_of_a_run_with_one_output_has_no_losses_of_outputs(iris: Trained) -> None:
    found = json.loads(program("inspect", iris.folder, "--step", "0", "--json").stdout)
    assert "losses" not in found["examples"][0]
    told = program("inspect", iris.folder, "--step", "0", "--by", "x", status=2).stderr
    assert "leave out --by" in told
