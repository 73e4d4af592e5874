"""Which steps MLflow gets of a run: by default, as its recipe says, and later by ``recipe track``."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from runner.cli import app
from runner.events import Event, Stage
from runner.record.events_file import read_events
from runner.workflows.trackers import tracker_sinks
from schemas.recipe import Recipe
from tests.cli.program import GALLERY
from tests.lookback.written import Written, write
from tests.schemas.rules_helpers import recipe
from tests.sinks.mlflow_stub import MlflowStub
from tests.sinks.mlflow_values import wanted
from tests.sinks.script import started, whole_run


@pytest.mark.parametrize(
    ("tracking", "epochs", "every"),
    [("mlflow", 3, 1), ("mlflow", 6, 2), ({"mlflow": {"every": "30 steps"}}, 3, 30), ({"mlflow": {}}, 6, 2)],
)
def test_a_run_sends_the_steps_that_its_recipe_chooses_and_says_so(
    stub: MlflowStub, tmp_path: Path, tracking: object, epochs: int, every: int
) -> None:
    said: list[Event] = []
    (sink,) = tracker_sinks(Recipe.model_validate(recipe({"tracking": [tracking]})), said.append)
    given = [started(epochs, run_dir=str(tmp_path)), *list(whole_run(epochs))[1:]]
    for event in given:
        sink(event)
    assert stub.metrics == wanted(given, every)
    text = f"MLflow gets 1 step of {every}, and every epoch; `mlflow: {{every: 1 steps}}` sends all"
    assert [event.message for event in said if isinstance(event, Stage)] == ([text] if every > 1 else [])


def test_track_sends_what_the_recipe_chose_and_all_steps_where_it_is_told(
    stub: MlflowStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = write(tmp_path / "runs", "20260101-000000-abcdef01", Written())
    text = (GALLERY / "digits_phases.yaml").read_text()
    (folder / "resolved.yaml").write_text(f"{text}\ntracking: [{{mlflow: {{every: 5 steps}}}}]\n")
    given = list(read_events(folder / "events.jsonl"))
    assert track().exit_code == 0
    assert stub.metrics == wanted(given, every=5)
    assert track("--every", "1 steps").exit_code == 0
    assert stub.metrics == wanted(given)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--to", "mlflow", "--every", "5"), "error: --every 5: a duration needs its unit: '45%', '3 epochs' or"),
        (("--every", "5 steps"), "error: --every is for mlflow; tensorboard gets every step"),
    ],
)
def test_an_interval_that_cannot_be_is_refused(options: tuple[str, ...], said: str) -> None:
    done = CliRunner().invoke(app, ["track", *options])
    assert (done.exit_code, done.stderr.startswith(said)) == (2, True), done.stderr


def track(*options: str) -> Result:
    return CliRunner().invoke(app, ["track", "latest", "--to", "mlflow", *options])
