"""What one answer, or a naive forecast, comes to: the same from memory and from what is read as it trains."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runner.data.access import DataAccess
from runner.data.examples import AssembledExamples, Examples, labels
from runner.data.placement import placement
from runner.data.sources import source_of
from runner.data.streaming.block_order import StreamedSplit
from runner.engine.loop.baseline import Baseline, baseline_figures
from runner.plan.make_plan import make_plan
from runner.plan.plan import Plan
from schemas.recipe import Recipe
from tests.data import test_windows_source as series
from tests.engine.every_source import CASES
from tests.schemas.rules_helpers import recipe

THIRDS = {"train": "40%", "validation": "30%", "test": "30%"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def loaded(
    folder: Path, task: str, data: dict[str, Any], outputs: dict[str, Any] | None = None, *, streamed: bool
) -> tuple[Plan, Any]:
    errors = {"metrics": ["mean_absolute_error", "mean_squared_error"]} if task == "regression" else {}
    several = {"outputs": outputs} if outputs is not None else {}
    layers = [{"kind": "flatten"}] if data["source"] == "windows" else [{"kind": "dense", "units": 2}]
    tree = recipe({"task": task, "data": {"batch_size": 8, **data}, "optimizer": {"kind": "adam"},
                   "model": {"kind": "sequential", "layers": layers, **several},
                   "training": {"epochs": 1, **errors}})  # fmt: skip
    asked = Recipe.model_validate(tree)
    source = source_of(asked.data, DataAccess(data_dir=folder).within(folder).allowing(folder), asked)
    plan = make_plan(asked, source.facts(lambda message: None))
    where = placement(plan.data, 1 if streamed else 1 << 30)
    return plan, source.load(plan.data, replace(where, evaluation=not streamed), asked.seed)


@pytest.mark.parametrize("name", CASES)
def test_a_stream_has_the_figures_of_memory(folder: Path, name: str) -> None:
    case = CASES[name]
    case.write(folder)
    plan, resident = loaded(folder, case.task, case.data, case.outputs, streamed=False)
    _, streamed = loaded(folder, case.task, case.data, case.outputs, streamed=True)
    assert isinstance(streamed.train, StreamedSplit)
    assert isinstance(resident.train, Examples | AssembledExamples)
    for part in ("train", "validation", "test"):
        if getattr(resident, part) is not None:
            np.testing.assert_array_equal(labels(getattr(streamed, part)), getattr(resident, part).y)
    found, wanted = baseline_figures(plan, streamed), baseline_figures(plan, resident)
    assert bool(wanted.constant) != bool(wanted.forecasts)
    assert found.constant == pytest.approx(wanted.constant, rel=1e-12)
    assert found.forecasts.keys() == wanted.forecasts.keys()
    for forecast, figures in wanted.forecasts.items():
        assert found.forecasts[forecast] == pytest.approx(figures, rel=1e-12)


def test_targets_of_records_are_read_without_their_images(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = CASES["tfds images"]
    case.write(folder)
    _, streamed = loaded(folder, case.task, case.data, case.outputs, streamed=True)
    monkeypatch.setattr("runner.data.tfds.ranges.taken", None)
    assert len(labels(streamed.train)) == len(streamed.train)


def forecasts(folder: Path, **data: Any) -> Baseline:
    plan, dataset = loaded(folder, "regression", {"source": "windows", "files": "s.csv", "time": "when",
                                                 "splits": THIRDS, **data}, streamed=True)  # fmt: skip
    return baseline_figures(plan, dataset)


def test_naive_forecasts_of_a_series_are_those_by_hand(folder: Path) -> None:
    """`load` rises by 1/8 an hour: the last value is off by 1/8, 2/8 and 3/8, that of a day before by 3."""
    series.write(folder)
    found = forecasts(folder, target="load", length=24, horizon=3).forecasts
    assert found.keys() == {"last", "seasonal", "mean"}
    assert found["last"]["test_mean_absolute_error"] == pytest.approx(0.25)
    assert found["last"]["test_mean_squared_error"] == pytest.approx((1 + 4 + 9) / 64 / 3)
    assert found["seasonal"]["val_mean_absolute_error"] == pytest.approx(3)
    assert found["mean"]["test_mean_absolute_error"] > 5
    assert forecasts(folder, target="load", length=23).forecasts.keys() == {"last", "mean"}


def test_a_season_repeats_beyond_its_length_and_of_several_targets_each_has_its_own(folder: Path) -> None:
    wave = [f"2026-01-{1 + n // 24:02}T{n % 24:02},{n % 24},{-(n % 24)}" for n in range(24 * 20)]
    (folder / "s.csv").write_text("\n".join(["when,a,b", *wave]) + "\n")
    found = forecasts(folder, target=["a", "b"], length=30, horizon=50, columns={}).forecasts
    assert found["seasonal"] == dict.fromkeys(found["seasonal"], 0.0)
    assert found["last"]["test_mean_absolute_error"] > 1


def test_a_missing_value_gives_way_to_the_last_there_is(folder: Path) -> None:
    lines = series.lines()
    gone = {row: ",".join([lines[row - 1].split(",")[0], "", *lines[row - 1].split(",")[2:]]) for row in (195,)}
    series.write(folder, gone)
    found = forecasts(
        folder, target="load", inputs=["wind"], length=4, columns={"load": {"missing": "drop"}}
    ).forecasts["last"]
    # the window whose last seen row is 195 is off by 2/8, every other one by 1/8
    assert 1 / 8 < found["test_mean_absolute_error"] < 2 / 8
