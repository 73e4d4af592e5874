"""A small sweep for real: its trials are runs, and what follows from them."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
from typer.testing import CliRunner

from runner import api
from runner.cli.program import app
from runner.data.access import DataAccess
from runner.errors import RecipeError
from runner.events import Event
from runner.lookback.run_list import listing
from runner.record.directory import RunPaths
from runner.sweeps import claims, standing
from runner.sweeps.claims import Claims, Left
from runner.sweeps.definition import Definition
from runner.sweeps.journal import Journal
from runner.sweeps.table import rows
from runner.sweeps.unit import Subject
from runner.workflows.selftest import compare
from tests.sweeps.made import recipe_of, written

PRUNED = {"pruned", "finished"}


@dataclass(frozen=True)
class Here:
    """A folder in which a sweep of seven trials has ended, some of them early."""

    folder: Path
    file: Path
    swept: api.Swept


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Here]:
    folder = tmp_path_factory.mktemp("sweep")
    file = written(folder, epochs=3, pruner="median", trials=8)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield Here(folder, file, api.sweep(file))


def test_each_trial_is_a_run_and_some_end_early(here: Here) -> None:
    trials = here.swept.trials
    assert here.swept.status == "finished"
    assert [each["trial"] for each in trials] == list(range(8))
    assert {each["state"] for each in trials} == PRUNED
    listed = {run.path.rpartition("/")[2]: run for run in listing(Path("runs"))}
    assert len(listed) == 8
    for each in trials:
        (name,) = each["runs"]
        assert listed[name].status == each["state"]
        if each["state"] == "finished":
            assert listed[name].entry.metrics["val_loss"] == each["value"]
    assert here.swept.best is not None
    assert here.swept.best["value"] == min(each["value"] for each in trials if each["state"] == "finished")
    assert set(here.swept.importance) == {"optimizer.learning_rate", "model.layers.0.units"}


def test_a_finished_sweep_trains_nothing_more(here: Here) -> None:
    seen: list[Event] = []
    again = api.sweep(here.file, emit=seen.append)
    assert (seen, again) == ([], here.swept)


def test_the_best_recipe_gives_the_best_result_again(here: Here) -> None:
    assert here.swept.best_recipe is not None
    text = here.swept.best_recipe.read_text()
    assert "# what is searched" in text
    assert "sweep:" not in text
    assert here.swept.best is not None
    assert api.run(here.swept.best_recipe).metrics["val_loss"] == here.swept.best["value"]


@pytest.mark.parametrize("state", sorted(PRUNED))
def test_a_run_that_its_worker_ends_while_another_looks_at_it_is_over(
    here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    """The journal is as it was before that worker noted the end; the other one sees the run still train, once."""
    number = [each["state"] for each in here.swept.trials].index(state)
    folder = Path(shutil.copytree(here.swept.sweep_dir, tmp_path / "sweep"))
    lines = (folder / "journal.jsonl").read_text().splitlines(keepends=True)
    ended = [json.loads(line)["op_code"] for line in lines].index
    at = -1
    for _ in range(number + 1):
        at = ended(6, at + 1)
    (folder / "journal.jsonl").write_text("".join(lines[:at]))
    real, seen = standing.settled, [None]
    monkeypatch.setattr(claims, "settled", lambda *asked: seen.pop() if seen else real(*asked))
    subject = Subject(here.file, (), None, {}, DataAccess(), allow_code=False, force=False)
    definition = Definition(recipe_of(here.file))
    with Journal(folder, definition) as journal:
        assert Claims(journal, definition, subject).claim(only=number) is Left.NOTHING
        found = rows(folder, definition, journal.trials())[number]
    assert (found.state, found.value) == (state, here.swept.trials[number]["value"])


def test_a_pruned_trial_revived_ends_with_the_bits_of_one_that_was_never_pruned(here: Here) -> None:
    trial = next(each for each in here.swept.trials if each["state"] == "pruned")
    run = here.swept.sweep_dir / trial["runs"][0]
    revived = api.resume(run)
    assert revived.status == "finished"
    straight = api.run(api.load(here.file, sets={"sweep": None, **trial["values"]}))
    assert [each.differing for each in compare(RunPaths(straight.run_dir), RunPaths(run)) if each.differing] == []
    after = api.sweep(here.file).trials
    mine = after[trial["trial"]]
    assert (mine["state"], mine["value"]) == ("revived", straight.metrics["val_loss"])
    assert len(after) == 8


def test_more_trials_go_on_where_the_others_ended(here: Here) -> None:
    more = api.sweep(here.file, sets={"sweep.trials": 9})
    assert len(more.trials) == 9
    assert [each["values"] for each in more.trials[:8]] == [each["values"] for each in here.swept.trials]


def test_a_trial_that_repeats_has_the_mean_of_its_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = written(tmp_path, epochs=1, sampler="random", trials=1)
    file.write_text(file.read_text() + "repeat: {seeds: 2}\n")
    (trial,) = api.sweep(file, sweep_dir="here").trials
    results = [run.entry for run in listing(tmp_path) if "here" in run.name]
    assert len(trial["runs"]) == len(results) == 2
    assert {entry.seed for entry in results} == {42, 43}
    assert trial["value"] == mean(
        entry.metrics["val_loss"] for entry in sorted(results, key=lambda each: each.seed or 0)
    )


def test_a_trial_whose_values_do_not_fit_fails_and_the_sweep_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = written(tmp_path, epochs=1, sampler="grid", trials=None, rate="{choice: [0.01]}")
    losses = "training.loss: {choice: [mean_squared_error, sparse_categorical_crossentropy]}"
    file.write_text(file.read_text().replace("model.layers.0.units: {int: [4, 16], step: 4}", losses))
    failed, fine = api.sweep(file).trials
    assert (failed["state"], failed["runs"], fine["state"]) == ("failed", [], "finished")
    assert "mean_squared_error" in failed["why"]
    assert len(list(Path("runs/irises-sweep").glob("2*"))) == 1


def test_a_recipe_without_a_sweep_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="has no `sweep`"):
        api.sweep("iris_cyclic")


def test_an_edited_recipe_does_not_go_on_as_the_same_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = written(tmp_path, epochs=1, trials=2)

    def edit(event: Event) -> None:
        file.write_text(file.read_text().replace("epochs: 1", "epochs: 2"))

    with pytest.raises(RecipeError, match="has changed since this process began"):
        api.sweep(file, emit=edit)


def test_the_names_of_the_definition_are_plain_json(here: Here) -> None:
    found: Any = json.loads((here.swept.sweep_dir / "sweep.json").read_text())
    assert found["ranges"]["optimizer.learning_rate"] == {"log": [1e-3, 0.5]}
    assert found["objective"] == "val_loss"
    assert "trials" not in found


def test_without_optuna_the_package_to_install_is_named(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(RecipeError, match="needs the package optuna") as missing:
        api.sweep(here.file)
    assert missing.value.help == ("`pip install 'recipe-runner[search]'`",)


def test_what_follows_a_training_is_made_for_the_best_trial_and_once(here: Here, tmp_path: Path) -> None:
    file = tmp_path / here.file.name
    file.write_text(here.file.read_text() + "after: [report]\n")
    seen: list[Event] = []
    swept = api.sweep(file, emit=seen.append)
    assert [type(event).__name__ for event in seen] == ["AfterStepEnded"]
    assert swept.best is not None
    reports = [path.parent.name for path in here.swept.sweep_dir.glob("*/report.html")]
    assert reports == swept.best["runs"]
    api.sweep(file, emit=seen.append)
    assert len(seen) == 1


def test_a_sweep_is_shown_by_its_folder_without_its_recipe(here: Here) -> None:
    shown = CliRunner().invoke(app, ["show", "irises-sweep"], env={"COLUMNS": "200"})
    assert shown.exit_code == 0, shown.output
    (best,) = [line.split() for line in shown.stdout.splitlines() if line.split()[1:2] == ["best"]]
    assert here.swept.best is not None
    assert best[0] == str(here.swept.best["trial"])
    assert "importance of each range" in shown.stdout
    assert f"best recipe: {here.swept.best_recipe}" in shown.stdout
    values = json.loads(CliRunner().invoke(app, ["show", "runs/irises-sweep", "--json"]).stdout)
    assert values["best"] == here.swept.best
    assert values["importance"] == here.swept.importance


def test_the_report_of_a_sweep_has_a_line_for_each_trial(here: Here) -> None:
    done = CliRunner().invoke(app, ["report", "irises-sweep"])
    assert done.exit_code == 0, done.output
    page = Path(done.stdout.strip()).read_text()
    assert done.stdout.strip() == "runs/irises-sweep/report.html"
    assert page.startswith("<!doctype html>")
    assert "<script" not in page
    wide, narrow = page.split('<svg class="parallel narrow"')
    lines = re.findall(r'<polyline class="(line-.)" points="([^"]+)"', wide)
    assert narrow.count("<polyline") == len(lines)
    trials = len(json.loads(CliRunner().invoke(app, ["show", "irises-sweep", "--json"]).stdout)["trials"])
    assert len(lines) == trials
    assert [look for look, _ in lines].count("line-2") == 1
    ends = [float(points.split()[-1].split(",")[1]) for _, points in lines]
    assert ends == sorted(ends, reverse=True)
    assert all(len(points.split()) == 3 for _, points in lines)
    assert page.count("<tr>") == trials + 1
    headings = re.findall(r'<th(?: class="number")? scope="col">([^<]+)<', page.replace("<wbr>", ""))
    assert headings == CliRunner().invoke(app, ["show", "irises-sweep"]).stdout.split("\n")[0].split()


def test_the_folder_of_a_sweep_may_be_anybodys(here: Here, tmp_path: Path) -> None:
    folder = tmp_path / "<b>sweep"
    folder.mkdir()
    for text in ("[]", "{}", "null", '{"recipe": {"recipe": 1}, "repeat": null}', "[" * 100_000):
        (folder / "sweep.json").write_text(text)
        done = CliRunner().invoke(app, ["show", str(folder)])
        assert done.exit_code == 2, text[:50]
        assert "does not say what a sweep searches" in " ".join(done.stderr.split())
    recipe = json.loads((here.swept.sweep_dir / "sweep.json").read_text())
    recipe["recipe"]["name"] = "<script>"
    (folder / "sweep.json").write_text(json.dumps(recipe))
    assert CliRunner().invoke(app, ["report", str(folder)]).exit_code == 2
