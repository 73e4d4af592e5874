"""What a search concludes from results, and that its runs are trained once."""

import json
import math
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runner.bisecting.ddmin import Changes
from runner.bisecting.in_process import Emitting
from runner.bisecting.search import Found, search
from runner.bisecting.sides import Between
from runner.bisecting.trials import Stopped, Trial, Trials
from runner.bisecting.view import as_json, lines
from runner.errors import RunError
from runner.events import Event, Stage
from runner.views.lines import Screen
from tests.bisecting.made import Told, between, written
from tests.cli.program import recipe, result_of

OTHER = {"seed": "2", "training": "{epochs: 3}", "optimizer": "{kind: sgd, learning_rate: 0.2}"}
"""Three fields: seed, optimizer.learning_rate, training.epochs."""


def found(folder: Path, losses: Callable[[Changes], list[float]], seeds: int = 1, **more: Any) -> tuple[Found, Between]:
    asked = between(folder, seeds, **OTHER)
    told: Any = Told(losses)
    return search(asked, told, **more), asked


def text(result: tuple[Found, Between]) -> str:
    return "\n".join(line.plain for line in lines(*result, Screen(100, unicode=True, color=False)))


def test_the_field_that_makes_the_result_bad_is_named_with_both_values(tmp_path: Path) -> None:
    result = found(tmp_path, lambda chosen: [2.0 if 1 in chosen else 1.0])
    assert result[0].scale.metric == "val_loss"
    shown = text(result)
    assert "1 of 3 fields explains the difference (good → bad):\n  optimizer.learning_rate  0.1 → 0.2" in shown
    assert "from 1.5000 on a result is bad" in " ".join(shown.split())
    assert "--seeds 5" in shown
    values = as_json(*result, tmp_path)
    assert (values["status"], values["minimal"]) == ("explained", ["optimizer.learning_rate"])
    json.dumps(values, allow_nan=False)


def test_fields_that_act_only_together_are_all_named(tmp_path: Path) -> None:
    result = found(tmp_path, lambda chosen: [2.0 if {0, 2} <= set(chosen) else 1.0])
    assert result[0].minimal == (0, 2)
    assert "without any one of them" in text(result)


def test_fields_that_do_not_go_together_are_neither_good_nor_bad(tmp_path: Path) -> None:
    result = found(tmp_path, lambda chosen: [] if chosen == (1,) else [2.0 if 1 in chosen else 1.0])
    assert 1 in result[0].minimal
    assert len(result[0].minimal) == 2
    assert "cannot be trained: they do not fit" in text(result)


def test_a_run_that_diverged_is_infinitely_bad(tmp_path: Path) -> None:
    result, _ = found(tmp_path, lambda chosen: [math.inf if 2 in chosen else 5.0 + len(chosen)])
    assert result.minimal == (2,)
    assert result.scale.threshold == math.inf


def test_equal_results_explain_nothing(tmp_path: Path) -> None:
    result = found(tmp_path, lambda chosen: [1.0])
    assert result[0].minimal == ()
    assert "nothing to explain: both have val_loss 1" in text(result)


def test_a_difference_within_the_noise_of_seeds_is_not_explained(tmp_path: Path) -> None:
    noise = [-1.0, 0.0, 1.0]
    near, _ = found(tmp_path, lambda chosen: [5 + 0.5 * len(chosen) / 2 + each for each in noise], seeds=3)
    assert "less than two standard errors" in near.why_not
    far, asked = found(tmp_path, lambda chosen: [5 + 9 * (0 in chosen) + each for each in noise], seeds=3)
    assert [asked.changes[k].field for k in far.minimal] == ["optimizer.learning_rate"]


def test_a_result_near_the_threshold_is_said_to_be_close(tmp_path: Path) -> None:
    result = found(tmp_path, lambda chosen: [len(chosen) + each for each in (-0.6, 0.6)], seeds=2)
    assert [each.close for each in result[0].judged if len(each.trial.chosen) == 1] == [True]
    assert "within two standard errors of the threshold" in text(result)


@pytest.mark.parametrize("threshold", [0.5, 2.5, 1.0])
def test_a_threshold_beyond_the_results_is_refused(tmp_path: Path, threshold: float) -> None:
    with pytest.raises(RunError, match="must be between"):
        found(tmp_path, lambda chosen: [2.0 if 1 in chosen else 1.0], threshold=threshold)


def test_recipes_that_are_alike_and_metrics_that_are_missing_are_refused(tmp_path: Path) -> None:
    told: Any = Told(lambda chosen: [1.0])
    with pytest.raises(RunError, match="the same values"):
        search(between(tmp_path), told)
    with pytest.raises(RunError, match="has no test_f1"):
        found(tmp_path, lambda chosen: [1.0], metric="test_f1")


class Interrupting(Emitting):
    """Ends the third run by a signal, within its first epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.began_runs: list[tuple[Changes, bool]] = []
        self.left = 3

    def began(self, chosen: Changes, index: int, directory: Path, *, goes_on: bool) -> None:
        self.began_runs.append((chosen, goes_on))

    def event(self, event: Event) -> None:
        if isinstance(event, Stage) and event.stage == "compile" and len(self.began_runs) == self.left:
            signal.raise_signal(signal.SIGINT)

    def ended(self, trial: Trial, *, trained: bool) -> None:
        pass


@pytest.mark.slow
def test_runs_are_trained_once_and_a_killed_search_goes_on(tmp_path: Path) -> None:
    asked, watcher = (
        between(tmp_path, training="{epochs: 1}", optimizer="{kind: sgd, learning_rate: 1e-5}"),
        Interrupting(),
    )
    with pytest.raises(Stopped):
        search(asked, Trials(tmp_path / "runs", asked, watcher))
    watcher.left = 0
    first = search(asked, Trials(tmp_path / "runs", asked, watcher))
    assert [asked.changes[k].field for k in first.minimal] == ["optimizer.learning_rate"]
    chosen = [each for each, _ in watcher.began_runs]
    assert chosen == [(), (0, 1), (0,), (0,)][: len(chosen)]
    assert [goes_on for _, goes_on in watcher.began_runs] == [False, False, False, True][: len(chosen)]
    again = search(asked, Trials(tmp_path / "runs", asked, watcher))
    assert (again, len(watcher.began_runs)) == (first, len(chosen))


@pytest.mark.slow
def test_the_verb_trains_each_recipe_with_the_threads_that_it_needs(tmp_path: Path) -> None:
    good = written(tmp_path, "good", training="{epochs: 1}")
    bad = written(tmp_path, "bad", training="{epochs: 1}", optimizer="{kind: sgd, learning_rate: 1e-5}")
    bad.write_text(bad.read_text().replace("batch_size: 30", "batch_size: 32"))  # in parts, where there are two cores
    done = recipe("bisect", good, bad, "--metric", "val_loss", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    result = result_of(done)
    assert result["minimal"] == ["optimizer.learning_rate"]
    assert [each["field"] for each in result["fields"]] == ["data.batch_size", "optimizer.learning_rate"]
    names = [run for trial in result["trials"] for run in trial["runs"]]
    assert sorted(names) == sorted(path.name for path in (tmp_path / "runs/irises-bisect").iterdir())
    again = recipe("bisect", good, bad, "--metric", "val_loss", "--json", "-q", cwd=tmp_path)
    assert (result_of(again), again.stderr) == (result, "")
    alike = recipe("bisect", good, f"runs/irises-bisect/{names[0]}", cwd=tmp_path)
    assert alike.returncode == 2
    assert "the same values in every field" in alike.stderr
