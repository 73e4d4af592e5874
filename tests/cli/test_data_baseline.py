"""``recipe data baseline``: what a model has to be better than."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from runner.cli import app
from runner.data.access import DataAccess
from runner.data.load import load_data
from runner.engine.loop.baseline import baseline_figures
from runner.source.load import load
from runner.workflows import data_baselines
from runner.workflows.prepare import prepare


def said(*arguments: str) -> dict[str, Any]:
    done = CliRunner().invoke(app, ["data", "baseline", "--json", *arguments])
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_classes_have_the_most_frequent_one_and_a_logistic_regression(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = said("digits_constant")
    assert whole["baselines"]["majority"]["accuracy"] < 0.15
    assert whole["baselines"]["linear"]["accuracy"] > 0.9
    monkeypatch.setattr(data_baselines, "MOST_EXAMPLES", 100)
    part = said("digits_constant")
    assert (part["trained_on"], part["evaluated_on"]) == (100, 100)
    assert 0.6 < part["baselines"]["linear"]["accuracy"] < whole["baselines"]["linear"]["accuracy"]


def test_numbers_have_mean_median_and_least_squares() -> None:
    found = said("autompg_1cycle")["baselines"]
    assert found.keys() == {"mean", "median", "linear"}
    errors = {name: figures["mean_absolute_error"] for name, figures in found.items()}
    assert 2 < errors["linear"] < 3.5 < min(errors["mean"], errors["median"])


def test_windows_of_a_series_have_the_naive_forecasts_of_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``load`` rises by 1/8 an hour, and is up and down by 1: the last value is off by 2 ± 1/8, a day before by 3."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    hours = [f"2026-01-{1 + n // 24:02}T{n % 24:02}:00,{n / 8 + n % 2 * 2}" for n in range(400)]
    Path("s.csv").write_text("\n".join(["when,load", *hours]) + "\n")
    data = "{source: windows, files: s.csv, time: when, target: load, length: 24}"
    model = "model: {kind: sequential, layers: [{kind: flatten}]}"
    Path("s.yaml").write_text(
        f"recipe: 1\nname: s\ntask: regression\ndata: {data}\n{model}\noptimizer: {{kind: adam}}\n"
        "training: {epochs: 1}\n"
    )
    found = said("s.yaml")["baselines"]
    assert found.keys() == {"mean", "median", "last", "seasonal", "linear"}
    assert found["seasonal"] == {"mean_absolute_error": 3, "root_mean_squared_error": 3}
    assert found["last"]["mean_absolute_error"] == pytest.approx(2, abs=0.02)
    assert found["last"]["root_mean_squared_error"] == pytest.approx((4 + 1 / 64) ** 0.5, abs=0.02)
    access = DataAccess().within(tmp_path)
    plan = prepare(load(Path("s.yaml")).recipe, access, print)
    beside = baseline_figures(plan, load_data(plan, access)).forecasts
    for name, figures in beside.items():
        assert found[name]["mean_absolute_error"] == figures["test_mean_absolute_error"]
    monkeypatch.setenv("COLUMNS", "120")
    text = CliRunner().invoke(app, ["data", "baseline", "s.yaml"]).stdout
    assert "always the value of one season before" in text


def test_a_table_gives_what_its_layers_make_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The target follows from a word; a linear model of the word's number could not tell."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    draw = np.random.default_rng(0)
    towns = draw.choice(["a", "b", "c", "d"], 400)
    lines = [f"{town},{draw.normal():.3f},{'yes' if town in 'ad' else 'no'}" for town in towns]
    Path("t.csv").write_text("\n".join(["town,n,kind", *lines]) + "\n")
    found = said("t.csv", "--target", "kind")
    assert found["baselines"]["linear"]["accuracy"] == 1.0
    assert found["baselines"]["majority"]["accuracy"] < 0.7
    text = CliRunner().invoke(app, ["data", "baseline", "t.csv", "--target", "kind"]).stdout
    assert "linear     100.00%  a linear model of the same inputs" in text
