"""Outputs of two classes and of labels decide by thresholds of their own, wherever the model is used."""

import json
import zipfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sklearn.metrics as sk

from runner import api
from runner.data.access import DataAccess
from runner.data.load import load_data
from runner.data.tabular.prepared import PreparedTable
from runner.errors import ModelUnusable
from runner.events import EpochEnded
from runner.inference import standalone
from runner.inference.output_rows import columns_of
from runner.plan.plan import Plan
from runner.sinks.formatting import measure
from runner.source.load import load
from runner.workflows.prepare import prepare
from tests.inference.test_export import needs_extra
from tests.inference.test_export_raw import RUNTIMES
from tests.inference.trained import program, rows

RECIPE = """\
recipe: 1
name: patients
task: multi_output
seed: 5
data:
  {source: csv, files: t.csv, target: [days, sick, wet, cold], batch_size: 32,
   splits: {train: 50%, validation: 25%, test: 25%}}
model:
  kind: functional
  layers: [{kind: dense, units: 8, activation: relu}]
  outputs:
    ill: {task: binary, target: sick, threshold: f1, class_weight: {"1": 2},
          metrics: [accuracy, f1, auc, balanced_accuracy, calibration_error]}
    days: {task: regression}
    sky: {task: multi_label, target: [cold, wet], threshold: balanced_accuracy,
          metrics: [accuracy, f1_macro, f1_micro, precision, pr_auc]}
    town: {task: binary, target: kind, threshold: 0.3}
optimizer: {kind: adam, learning_rate: 0.01}
training: {epochs: 2, checkpoint: 1 epochs}
""".replace("wet, cold], batch", "wet, cold, kind], batch")
SKY = ("cold", "wet")
BY = {"ill": "f1", "sky": "balanced_accuracy"}


def write(folder: Path, rows: int = 400) -> None:
    """Numbers of patients from which follow days, an illness that few have, and two labels."""
    draw = np.random.default_rng(1)
    lines = ["a,b,days,sick,wet,cold,kind"]
    for a, b, c, d in draw.normal(size=(rows, 4)):
        sick, wet = ("yes" if a + 0.7 * c > 0.9 else "no"), ("true" if a + b + d / 2 > 0.5 else "false")
        lines.append(f"{a:.3f},{b:.3f},{2 * b + c / 9:.3f},{sick},{wet},{int(b + c / 2 > 0.8)},{'xy'[int(b < d)]}")
    (folder / "t.csv").write_text("\n".join(lines) + "\n")
    (folder / "r.yaml").write_text(RECIPE)


class Trained:
    """A finished run, and what it says of its rows."""

    def __init__(self, folder: Path, result: dict[str, Any]) -> None:
        self.folder, self.run, self.result = folder, folder / "run", result
        self.threshold = result["threshold"]

    @cached_property
    def told(self) -> list[dict[str, str]]:
        """Predictions of the whole table, row by row."""
        return rows(program("predict", self.run, self.folder / "t.csv").stdout)

    @cached_property
    def plan(self) -> Plan:
        recipe = load(self.folder / "r.yaml").recipe
        assert recipe is not None
        return prepare(recipe, DataAccess().within(self.folder), print)

    def split(self, name: str) -> tuple[Any, Mapping[str, Any]]:
        """Targets of a split by name, and the probabilities that ``predict`` tells of its rows."""
        details = self.plan.data.details
        assert isinstance(details, PreparedTable)
        y = getattr(load_data(self.plan, DataAccess().within(self.folder)), name).y
        told = [self.told[n] for n in details.parts[name]]
        ill = np.array([float(row["ill_probability"]) for row in told])
        found = {
            "ill": np.where([row["ill"] == "yes" for row in told], ill, 1 - ill),
            "days": np.array([float(row["days"]) for row in told]),
            "sky": np.array([[float(row[f"sky_{label}"]) for label in SKY] for row in told]),
        }
        days, sick, wet, cold, _ = y.T
        return {"days": days, "ill": sick.astype(int), "sky": np.stack([cold, wet], axis=1).astype(int)}, found


@pytest.fixture(scope="module")
def patients(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    folder = tmp_path_factory.mktemp("patients")
    write(folder)
    done = program("run", folder / "r.yaml", "--run-dir", folder / "run", "--progress", "none", "--json")
    return Trained(folder, json.loads(done.stdout))


def _best(figure: Any, y: Any, p: Any) -> float:
    return max(figure(y, p > t) for t in (0, *p))


def test_each_is_the_best_on_validation_and_saved_with_run_and_model(patients: Trained) -> None:
    y, p = patients.split("validation")
    chosen = patients.threshold
    assert chosen.keys() == {"ill", "sky", "town"}
    assert chosen["town"] == 0.3
    assert sk.f1_score(y["ill"], p["ill"] > chosen["ill"]) == pytest.approx(_best(sk.f1_score, y["ill"], p["ill"]))
    for k, bound in enumerate(chosen["sky"]):
        best = _best(sk.balanced_accuracy_score, y["sky"][:, k], p["sky"][:, k])
        assert sk.balanced_accuracy_score(y["sky"][:, k], p["sky"][:, k] > bound) == pytest.approx(best)
    assert len({chosen["ill"], *chosen["sky"], 0.5}) == 4  # else the tests below would see no difference
    written = (patients.run / "threshold.json").read_text()
    with zipfile.ZipFile(patients.run / "model.keras") as archive:
        assert json.loads(written) == json.loads(archive.read("threshold.json")) == {"threshold": chosen}


@pytest.mark.parametrize("split", ["validation", "test"])
def test_figures_are_those_of_scikit_learn_and_evaluate_has_the_same(patients: Trained, split: str) -> None:
    y, p = patients.split(split)
    ill, sky = p["ill"] > patients.threshold["ill"], p["sky"] > np.array(patients.threshold["sky"])
    wanted = {
        "ill_accuracy": sk.accuracy_score(y["ill"], ill),
        "ill_f1": sk.f1_score(y["ill"], ill),
        "ill_auc": sk.roc_auc_score(y["ill"], p["ill"]),
        "ill_balanced_accuracy": sk.balanced_accuracy_score(y["ill"], ill),
        "ill_loss": sk.log_loss(y["ill"], p["ill"]),
        "days_mean_absolute_error": sk.mean_absolute_error(y["days"], p["days"]),
        "sky_loss": np.mean([sk.log_loss(y["sky"][:, k], p["sky"][:, k]) for k in range(2)]),
        "sky_accuracy": (sky == y["sky"]).mean(),
        "sky_f1_macro": sk.f1_score(y["sky"], sky, average="macro"),
        "sky_f1_micro": sk.f1_score(y["sky"], sky, average="micro"),
        "sky_precision": sk.precision_score(y["sky"], sky, average="macro"),
        "sky_pr_auc": sk.average_precision_score(y["sky"], p["sky"]),
    }
    found = json.loads(program("evaluate", patients.run, "--split", split, "--json").stdout)
    prefix = {"validation": "val_", "test": "test_"}[split]
    for name, value in wanted.items():
        assert patients.result["metrics"][f"{prefix}{name}"] == pytest.approx(value, abs=1e-6), name
        assert found["metrics"][name] == pytest.approx(value, abs=1e-6), name
    of = {output["name"]: output for output in found["outputs"]}
    assert {name: output["threshold"] for name, output in of.items()} == patients.threshold
    assert [row["name"] for row in of["ill"]["classes"]] == ["no", "yes"]
    assert [row["f1"] for row in of["sky"]["classes"]] == pytest.approx(sk.f1_score(y["sky"], sky, average=None))
    text = program("evaluate", patients.run, "--split", split).stdout
    assert "above which the class is yes" in text
    assert f"{patients.threshold['sky'][1]:.4f} wet" in text


def test_rows_of_a_file_are_evaluated_with_their_labels_as_words(patients: Trained, tmp_path: Path) -> None:
    parts = [json.loads(program("evaluate", patients.run, "--split", part, "--json").stdout)
             for part in ("train", "validation", "test")]  # fmt: skip
    whole = json.loads(program("evaluate", patients.run, "--data", patients.folder / "t.csv", "--json").stdout)
    for name in ("ill_accuracy", "sky_accuracy", "sky_loss"):
        mean = sum(part["metrics"][name] * part["examples"] for part in parts) / whole["examples"]
        assert whole["metrics"][name] == pytest.approx(mean, rel=1e-5)
    (tmp_path / "wrong.csv").write_text("a,b,days,sick,wet,cold,kind\n0,0,1,yes,maybe,0,x\n")
    told = program("evaluate", patients.run, "--data", tmp_path / "wrong.csv", status=2).stderr
    assert "column 'wet': must be a label, 0 or 1, no or yes, false or true; received 'maybe'" in told


def test_predictions_are_decided_by_them(patients: Trained) -> None:
    first = patients.told[0]
    names = ["id", "ill", "ill_probability", "days", "sky", "sky_cold", "sky_wet", "town", "town_probability"]
    assert list(first) == names
    _, p = patients.split("validation")
    details = patients.plan.data.details
    assert isinstance(details, PreparedTable)
    told = [patients.told[n] for n in details.parts["validation"]]
    assert [row["ill"] for row in told] == np.array(["no", "yes"])[(p["ill"] > patients.threshold["ill"]) * 1].tolist()
    for row, there in zip(told, p["sky"] > np.array(patients.threshold["sky"]), strict=True):
        assert row["sky"] == "; ".join(label for label, found in zip(SKY, there, strict=True) if found)


def test_a_run_shows_them_and_how_they_were_chosen(patients: Trained, tmp_path: Path) -> None:
    shown = json.loads(program("show", patients.run, "--json").stdout)
    assert (shown["threshold"], shown["threshold_by"]) == (patients.threshold, BY)
    text = " ".join(program("show", patients.run).stdout.split())
    assert f"ill {measure(patients.threshold['ill'])}, chosen on validation by f1, above which" in text
    low, high = sorted(patients.threshold["sky"])
    said = f"sky {measure(low)} to {measure(high)}, chosen on validation by balanced_accuracy, one for each of 2 labels"
    assert said in text
    program("report", patients.run, "--output", tmp_path / "report.html")
    assert said in (tmp_path / "report.html").read_text()
    planned = json.loads(program("plan", patients.folder / "r.yaml", "--json", "--no-shapes").stdout)["outputs"]
    assert [(one["task"], one.get("threshold")) for one in planned] == [
        ("binary", "f1"), ("regression", None), ("multi_label", "balanced_accuracy"), ("binary", 0.3),
    ]  # fmt: skip


def test_a_step_tells_labels_and_classes_by_name(patients: Trained) -> None:
    shown = json.loads(program("inspect", patients.run, "--step", "0", "--json").stdout)
    example = shown["examples"][0]
    assert example["target"].startswith("days ")
    assert "wet " in example["target"]
    said = [part.split()[0] for part in example["model"].replace("cold, wet", "cold").split(", ")]
    assert said == ["ill", "days", "sky", "town"]


def test_checks_and_baselines_are_made_of_each_output(patients: Trained) -> None:
    found = json.loads(program("data", "baseline", patients.folder / "r.yaml", "--json").stdout)["baselines"]
    y, _ = patients.split("test")
    train, _ = patients.split("train")
    common = train["sky"].mean(axis=0) > 0.5
    assert found["majority"]["sky_accuracy"] == pytest.approx((y["sky"] == common).mean())
    assert found["linear"]["sky_accuracy"] > found["majority"]["sky_accuracy"]
    assert found["linear"]["ill_accuracy"] > found["majority"]["ill_accuracy"] == pytest.approx((y["ill"] == 0).mean())
    assert patients.result["baseline"]["test_sky_accuracy"] == found["majority"]["sky_accuracy"]
    shown = program("data", "show", patients.folder / "r.yaml").stdout
    assert "wet: 1" in shown
    assert "sick: yes" in shown


def test_labels_that_are_rare_are_told_by_their_column(tmp_path: Path) -> None:
    write(tmp_path)
    lines = (tmp_path / "t.csv").read_text().splitlines()
    fewer = [line.replace(",true,", ",false,") if k > 9 else line for k, line in enumerate(lines)]
    (tmp_path / "t.csv").write_text("\n".join(fewer) + "\n")
    found = json.loads(program("data", "check", tmp_path / "r.yaml", "--json").stdout)["findings"]
    told = [one["message"] for one in found if one["kind"] == "class"]
    assert any(text.startswith("wet: 1 class has") for text in told), found


def test_an_export_has_them_and_counts_flips_by_them(patients: Trained, tmp_path: Path) -> None:
    target = tmp_path / "exported"
    done = program("export", patients.run, "--to", "keras", "--output", target, "--check", "--json")
    check = json.loads(done.stdout)["check"]
    assert (check["flips"], check["problems"]) == (0, [])
    metadata = json.loads((target / "preprocess.json").read_text())
    assert {one["name"]: one["threshold"] for one in metadata["outputs"]} == {**patients.threshold, "days": None}
    for name, figure in (("ill", "accuracy"), ("sky", "accuracy"), ("days", "mean_absolute_error")):
        assert check["outputs"][name]["score"] == pytest.approx(patients.result["metrics"][f"test_{name}_{figure}"])
    with np.load(target / "golden.npz") as golden:
        decided = np.array(["no", "yes"])[(golden["outputs"][:, 0] > patients.threshold["ill"]) * 1]
        assert (golden["ill.class_name"] == decided).all()
    metadata["outputs"][2]["target_names"] = ["warm", "wet"]
    (target / "preprocess.json").write_text(json.dumps(metadata))
    (problem,) = standalone.check(target, None, benched=False)["problems"]
    assert problem.startswith("sky: label 0 was exported as 'cold', and preprocess.json calls it 'warm'")


def test_flips_are_those_at_the_threshold() -> None:
    """Of two softmax units as of one: what lies on another side of it is decided otherwise."""
    outputs = [
        {"name": "ill", "task": "binary", "columns": [0, 1], "threshold": 0.3, "class_names": ["no", "yes"]},
        {"name": "sky", "task": "multi_label", "columns": [1, 3], "threshold": [0.2, 0.9], "class_names": []},
        {"name": "sort", "task": "classification", "columns": [3, 5], "threshold": 0.7, "class_names": ["a", "b"]},
    ]
    wanted = np.array([[0.29, 0.1, 0.8, 0.4, 0.6], [0.6, 0.3, 0.95, 0.2, 0.8]], np.float32)
    other = np.array([[0.31, 0.1, 0.7, 0.25, 0.75], [0.4, 0.25, 0.85, 0.1, 0.9]], np.float32)
    y = np.array([[0, 0, 0, 0], [1, 1, 1, 1]], np.float32)
    found = standalone.compared(lambda _: other, wanted, wanted, {"int8": False, "outputs": outputs}, y)
    assert {name: one["flips"] for name, one in found["outputs"].items()} == {"ill": 1, "sky": 1, "sort": 1}
    assert found["outputs"]["sky"]["score_of_keras"] == 1
    assert found["outputs"]["sky"]["score"] == pytest.approx(0.75)
    assert (found["outputs"]["sort"]["score_of_keras"], found["outputs"]["sort"]["score"]) == (1, 0.5)
    with pytest.raises(ValueError, match="divides two classes; there are 3"):
        standalone.decide(np.zeros((1, 3)), 0.3)


def test_thresholds_of_another_model_are_refused(patients: Trained) -> None:
    model = patients.plan.recipe.model
    names = patients.plan.output_names
    assert [one.threshold for one in columns_of(model, names, {"ill": 0.2, "sky": 0.4})] == [
        0.2, None, (0.4, 0.4), None,
    ]  # fmt: skip
    for wrong in ({"sky": (0.1, 0.2, 0.3)}, {"ill": (0.1, 0.2)}, {"days": 0.3}):
        with pytest.raises(ModelUnusable, match="thresholds that are saved"):
            columns_of(model, names, wrong)  # type: ignore[arg-type]


def test_a_resumed_run_chooses_the_same(patients: Trained, tmp_path: Path) -> None:
    """Stopped after its first epoch, it goes on to the same thresholds and figures."""
    write(tmp_path)
    stream = api.stream(tmp_path / "r.yaml", run_dir=tmp_path / "run")
    for event in stream:
        if isinstance(event, EpochEnded):
            break
    stream.close()
    kept = json.loads((tmp_path / "run" / "threshold.json").read_text())
    assert kept == {"threshold": {"town": 0.3}}  # what is chosen is chosen at the end
    program("resume", tmp_path / "run", "--progress", "none")
    shown, straight = (json.loads(program("show", run, "--json").stdout) for run in (tmp_path / "run", patients.run))
    assert (shown["threshold"], shown["metrics"]) == (straight["threshold"], straight["metrics"])


@pytest.mark.slow
def test_repeated_runs_choose_each_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path)
    more = ("--set", "repeat={seeds: 2}", "--progress", "none", "--json")
    found = json.loads(program("run", tmp_path / "r.yaml", *more).stdout)
    chosen = [run["threshold"] for run in found["runs"]]
    assert len({json.dumps(one) for one in chosen}) == 2
    assert "test_sky_f1_macro" in found["repeats"][0]["metrics"]


@needs_extra
@pytest.mark.slow
@pytest.mark.parametrize("to", ["onnx", "litert"])
def test_other_formats_decide_by_them(patients: Trained, tmp_path: Path, to: str) -> None:
    done = program("export", patients.run, "--to", to, "--output", tmp_path / "out", "--check", "--json")
    check = json.loads(done.stdout)["check"]
    assert (check["flips"], check["problems"], check["imported"]) == (0, [], [RUNTIMES[to]])
    assert check["outputs"]["ill"]["score"] == pytest.approx(patients.result["metrics"]["test_ill_accuracy"])
