"""``recipe data baseline``: what a model has to be better than."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from runner.cli import app
from runner.workflows import data_baselines


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
