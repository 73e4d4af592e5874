"""A threshold that is chosen on validation decides wherever the model is used."""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sklearn.metrics as sk

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
