"""Which steps MLflow gets, and how a plan says it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from runner.cli import app
from runner.plan.tracked import MOST_POINTS, sent_interval
from schemas.quantities import parse_duration
from tests.source.samples import small

RECIPE = {
    "data": "data: {source: builtin, name: digits, scale: 1/16}",
    "model": "model: {kind: sequential, layers: [{kind: flatten}]}",
}


@pytest.mark.parametrize(
    ("steps", "interval"),
    [(0, 1), (1, 1), (320, 1), (321, 2), (640, 2), (641, 5), (1_601, 10), (3_201, 20), (10**9, 5 * 10**6)],
)
def test_a_curve_has_as_many_points_as_the_page_shows_at_round_steps(steps: int, interval: int) -> None:
    assert sent_interval(None, steps, 100) == interval
    assert len(range(0, steps, interval)) <= MOST_POINTS


@pytest.mark.parametrize(
    ("every", "interval"), [("1 steps", 1), ("30 steps", 30), ("2 epochs", 86), ("1%", 52), ("0 steps", 1)]
)
def test_the_recipe_chooses_by_steps_epochs_or_share(every: str, interval: int) -> None:
    assert sent_interval(parse_duration(every), 5_160, 43) == interval


@pytest.mark.parametrize(
    ("tracking", "epochs", "shown"),
    [
        ("[tensorboard, mlflow]", 7, "tensorboard, every step; mlflow, every step"),
        ("[mlflow]", 200, "mlflow, 1 step of 50 and every epoch"),
        ("[{mlflow: {every: 1 epochs}}]", 20, "mlflow, 1 step of 45 and every epoch"),
        ("[{mlflow: {artifacts: [model, best]}}]", 7, "mlflow, every step, with model, best"),
        ("[{mlflow: {}}]", 200, "mlflow, 1 step of 50 and every epoch"),
    ],
)
def test_the_plan_says_it(tmp_path: Path, tracking: str, epochs: int, shown: str) -> None:
    path = tmp_path / "r.yaml"
    training = f"training: {{epochs: {epochs}}}"
    path.write_text(small(**RECIPE, training=training, expect=f"tracking: {tracking}"))
    words = ["plan", str(path), "--no-shapes"]
    done = CliRunner().invoke(app, words, env={"COLUMNS": "120"})
    assert done.exit_code == 0, done.output
    assert [line.split(maxsplit=1)[1] for line in done.output.splitlines() if line.startswith("tracking")] == [shown]
