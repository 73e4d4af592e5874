"""A threshold that is chosen on validation decides wherever the model is used."""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sklearn.metrics as sk

from runner.data.access import DataAccess
from runner.data.load import load_data
from runner.data.tabular.prepared import PreparedTable
from runner.sinks.formatting import measure
from runner.source.load import load
from runner.workflows.prepare import prepare
from tests.inference.trained import Trained, evaluated, program, rows


def _probabilities(run: Trained, split: str) -> tuple[Any, Any]:
    examples = run.split(split)
    return examples.y, 1 / (1 + np.exp(-run.outputs(examples.x)[:, 0].astype(np.float64)))


def test_it_is_the_best_on_validation_and_saved_with_run_and_model(threshold: Trained) -> None:
    y, p = _probabilities(threshold, "validation")
    chosen = threshold.result["threshold"]
    best = max(sk.f1_score(y, p > t) for t in np.linspace(0, 1, 2001))
    assert sk.f1_score(y, p > chosen) == pytest.approx(best)
    assert best > sk.f1_score(y, p > 0.5) + 0.01  # else the tests below would see no difference
    assert json.loads((threshold.folder / "threshold.json").read_text()) == {"threshold": chosen}
    with zipfile.ZipFile(threshold.folder / "model.keras") as archive:
        assert json.loads(archive.read("threshold.json")) == {"threshold": chosen}


def test_a_run_shows_its_number_and_how_it_was_chosen(threshold: Trained) -> None:
    chosen = threshold.result["threshold"]
    shown = json.loads(program("show", threshold.folder, "--json").stdout)
    assert (shown["threshold"], shown["threshold_by"]) == (chosen, "f1")
    assert threshold.result["threshold_by"] == "f1"
    text = " ".join(program("show", threshold.folder).stdout.split())
    assert f"threshold {measure(chosen)}, chosen on validation by f1, above which" in text


@pytest.mark.parametrize("split", ["validation", "test"])
def test_the_final_figures_are_by_it_and_evaluate_has_the_same(threshold: Trained, split: str) -> None:
    y, p = _probabilities(threshold, split)
    decided = p > threshold.result["threshold"]
    prefix = {"validation": "val_", "test": "test_"}[split]
    found = evaluated(threshold.folder, "--split", split)
    wanted = {"accuracy": sk.accuracy_score(y, decided), "f1": sk.f1_score(y, decided), "auc": sk.roc_auc_score(y, p)}
    for name, value in wanted.items():
        assert threshold.result["metrics"][f"{prefix}{name}"] == pytest.approx(value, abs=1e-6)
        assert found["metrics"][name] == pytest.approx(value, abs=1e-6)
    assert found["threshold"] == threshold.result["threshold"]
    assert found["classes"][1]["f1"] == pytest.approx(wanted["f1"])
    assert "threshold" in program("evaluate", threshold.folder).stdout


def test_predict_decides_by_it_unless_another_is_given(threshold: Trained, tmp_path: Path) -> None:
    examples = threshold.split("validation")
    _, p = _probabilities(threshold, "validation")
    np.save(tmp_path / "x.npy", examples.x)
    names = np.array(["malignant", "benign"])
    for options, bound in (([], threshold.result["threshold"]), (["--threshold", "0.9"], 0.9)):
        told = rows(program("predict", threshold.folder, tmp_path / "x.npy", *options).stdout)
        assert [row["class"] for row in told] == names[(p > bound).astype(int)].tolist()


def test_an_export_decides_by_it(threshold: Trained, tmp_path: Path) -> None:
    target = tmp_path / "exported"
    program("export", threshold.folder, "--to", "keras", "--output", target)
    chosen = threshold.result["threshold"]
    assert json.loads((target / "preprocess.json").read_text())["threshold"] == chosen
    with np.load(target / "golden.npz") as golden:
        decided = np.array(["malignant", "benign"])[(golden["outputs"][:, 0] > chosen) * 1]
        assert (golden["class_name"] == decided).all()


def test_a_threshold_that_is_no_number_is_none(threshold: Trained, tmp_path: Path) -> None:
    run = threshold.copied(tmp_path)
    with zipfile.ZipFile(run / "model.keras") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(run / "model.keras", "w") as archive:
        for name, content in (members | {"threshold.json": b'{"threshold": "0.2"}'}).items():
            archive.writestr(name, content)
    assert "threshold" not in evaluated(run)


def test_each_label_has_its_own(rain: Trained, tmp_path: Path) -> None:
    table = (rain.folder.parent / "weather.csv").read_text().splitlines()
    told = rows(program("predict", rain.folder, rain.folder.parent / "weather.csv").stdout)
    chosen = rain.result["threshold"]
    assert len(set(chosen)) == 2
    assert 0.5 not in chosen
    assert len(told) == len(table) - 1
    for row in told:
        there = [name for name, bound in zip(("wet", "cold"), chosen, strict=True) if float(row[name]) > bound]
        assert row["labels"].split("; ") == (there or [""])
    for path, content in ((rain.folder / "threshold.json", None), (rain.folder / "model.keras", "threshold.json")):
        text = path.read_text() if content is None else zipfile.ZipFile(path).read(content)
        assert json.loads(text) == {"threshold": chosen}
    program("export", rain.folder, "--to", "keras", "--output", tmp_path / "out")
    assert json.loads((tmp_path / "out" / "preprocess.json").read_text())["threshold"] == chosen


@pytest.mark.parametrize("split", ["validation", "test"])
def test_figures_of_labels_are_by_their_thresholds(rain: Trained, split: str) -> None:
    y, p = _of_labels(rain, split)
    decided = p > np.array(rain.result["threshold"])
    found = evaluated(rain.folder, "--split", split)
    wanted = {"accuracy": (decided == y).mean(), "f1_macro": sk.f1_score(y, decided, average="macro"),
              "f1_micro": sk.f1_score(y, decided, average="micro")}  # fmt: skip
    prefix = {"validation": "val_", "test": "test_"}[split]
    for name, value in wanted.items():
        assert rain.result["metrics"][f"{prefix}{name}"] == pytest.approx(value, abs=1e-6)
        assert found["metrics"][name] == pytest.approx(value, abs=1e-6)
    assert found["threshold"] == rain.result["threshold"]
    if split == "validation":
        for k in range(2):
            best = max(sk.f1_score(y[:, k], p[:, k] > t) for t in np.linspace(0, 1, 2001))
            assert sk.f1_score(y[:, k], decided[:, k]) == pytest.approx(best)
        assert wanted["f1_macro"] > sk.f1_score(y, p > 0.5, average="macro")
    assert "wet" in program("evaluate", rain.folder).stdout.split("threshold")[1].splitlines()[0]


def _of_labels(run: Trained, split: str) -> tuple[Any, Any]:
    """Labels of a split, and the probabilities that ``recipe predict`` tells of its rows."""
    recipe, access = load(run.folder / "resolved.yaml").recipe, DataAccess().within(run.folder.parent)
    assert recipe is not None
    plan = prepare(recipe, access, print)
    examples, details = getattr(load_data(plan, access), split), plan.data.details
    assert isinstance(details, PreparedTable)
    told = rows(program("predict", run.folder, run.folder.parent / "weather.csv").stdout)
    return examples.y, np.array([[float(told[n][name]) for name in ("wet", "cold")] for n in details.parts[split]])
