"""``recipe lr-find``: what it prints, what it writes, and what it leaves alone."""

import csv
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import Result
from typer.testing import CliRunner

from runner.cli import app
from runner.cli.verbs import lr_find
from runner.lr_find.advice import advise
from runner.lr_find.range_test import Found, Range
from runner.lr_find.sweep import growing_rates, median_sweep, sweep_of
from tests.cli.program import LIMIT, environment, recipe, result_of

HEAD = """\
# A recipe with comments.
recipe: 1
name: small
task: classification
seed: 4
data: {source: builtin, name: digits, scale: 1/16}   # small
model:
  kind: sequential
  layers:
    - {kind: flatten}
    - {kind: dense, units: 16, activation: relu, dropout: 0.1}
training: {epochs: 3}
"""
CYCLE = "schedule: {kind: 1cycle,  max_lr: 0.1}  # by feeling\n"


def losses(turn: float, seed: int) -> np.ndarray:
    """A fall to a least loss at ``turn``, then a rise."""
    rates = growing_rates(1e-6, 10.0, 100)
    way = np.clip(np.log10(rates / turn) / 2 + 1, 0, 1)
    noise = 0.01 * np.random.default_rng(seed).normal(size=100)
    return 2.3 - 2 * way + np.where(rates > turn, (rates / turn) ** 2 - 1, 0) + noise


class Faked:
    """``lr-find`` in this process, on made-up losses; remembers what was asked for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.turn: float | None = 0.12
        self.asked: list[Any] = []
        monkeypatch.setattr(lr_find, "_test", self._test)

    def _test(self, loaded: Any, plan: Any, data_dir: Any, swept: Any, **options: Any) -> Found:
        self.asked.append(swept)
        rates, seeds = growing_rates(1e-6, 10.0, 100), [plan.recipe.seed + k for k in range(swept.repeats)]
        made = {seed: losses(self.turn, seed) if self.turn else np.ones(100) for seed in seeds}
        sweeps = {seed: sweep_of(rates, values) for seed, values in made.items()}
        median = median_sweep(rates, list(sweeps.values()))
        each = [advise(sweep) for sweep in sweeps.values()]
        return Found(plan, Range(1e-6, 10.0, 100), 0.9, sweeps, each, median, advise(median))

    def __call__(self, *arguments: str | Path) -> Result:
        return CliRunner().invoke(app, ["lr-find", *map(str, arguments)])


@pytest.fixture
def faked(monkeypatch: pytest.MonkeyPatch) -> Faked:
    return Faked(monkeypatch)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def write(text: str, name: str = "small.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def test_the_text_has_the_rules_the_curve_and_one_recommendation(faked: Faked, write: Any) -> None:
    done = faked(write(HEAD + CYCLE))
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("small: 100 steps of 32 examples (diverging after ")
    assert [line.split()[0] for line in lines[-7:-2]] == ["steepest", "valley", "minimum/10", "minimum/3", "minimum"]
    assert "* recommended: 0.012, a tenth of the rate at the minimum of the loss" in done.stdout
    assert "schedule.max_lr" in done.stdout
    assert sum("┤" in line for line in lines) == 3
    assert any("\u2801" <= character <= "\u28ff" for character in done.stdout)
    assert max(map(len, lines)) <= 80


def test_several_seeds_give_a_spread(faked: Faked, write: Any) -> None:
    done = faked(write(HEAD + CYCLE), "--repeats", "3", "--seed", "11")
    assert "median of 3 seeds from 11" in " ".join(done.stdout.split())
    assert "of the seeds" in done.stdout
    assert " to " in next(line for line in done.stdout.splitlines() if line.startswith("minimum/10 *"))


def test_csv_has_a_row_for_each_step_that_counts(faked: Faked, write: Any) -> None:
    done = faked(write(HEAD + CYCLE), "--format", "csv")
    rows = list(csv.DictReader(done.stdout.splitlines()))
    assert done.stdout.splitlines()[0] == "step,learning_rate,loss,smoothed"
    assert [int(row["step"]) for row in rows] == list(range(len(rows)))
    assert float(rows[0]["learning_rate"]) == 1e-6
    assert all(float(row["loss"]) > 0 for row in rows)
    assert "recommended: 0.012" in done.stderr


def test_csv_of_several_seeds_has_the_band(faked: Faked, write: Any) -> None:
    done = faked(write(HEAD + CYCLE), "--format", "csv", "--repeats", "3")
    rows = list(csv.DictReader(done.stdout.splitlines()))
    assert list(rows[0]) == ["step", "learning_rate", "loss", "smoothed", "smoothed_min", "smoothed_max"]
    assert all(float(row["smoothed_min"]) <= float(row["smoothed_max"]) for row in rows)


@pytest.mark.parametrize("option", [["--json"], ["--format", "json"]])
def test_json_has_everything(faked: Faked, write: Any, option: list[str]) -> None:
    found = json.loads(faked(write(HEAD + CYCLE), "--repeats", "2", *option).stdout)
    assert (found["learning_rate"], found["rule"], found["key"]) == (0.012, "minimum/10", "schedule.max_lr")
    assert (found["steps"], found["stopped"], found["momentum"]) == (100, "diverging", 0.9)
    assert found["counted"] == len(found["curve"]["loss"]) == len(found["curve"]["smoothed"])
    assert [one["seed"] for one in found["seeds"]] == [4, 5]
    assert len(found["seeds"][1]["curve"]["learning_rate"]) > 50


def test_no_clear_suggestion_exits_1_with_the_reason_and_writes_nothing(faked: Faked, write: Any) -> None:
    faked.turn = None
    path = write(HEAD + CYCLE)
    done = faked(path, "--apply")
    assert done.exit_code == 1
    assert "no clear suggestion: the loss never falls below its initial value of 1" in done.stdout
    assert path.read_text() == HEAD + CYCLE


@pytest.mark.parametrize("ending", ["svg", "png", "SVG"])
def test_a_picture_is_drawn_the_same_every_time(faked: Faked, write: Any, tmp_path: Path, ending: str) -> None:
    path, pictures = write(HEAD + CYCLE), [tmp_path / f"one.{ending}", tmp_path / f"two.{ending}"]
    for picture in pictures:
        assert faked(path, "--plot", picture, "--repeats", "3").exit_code == 0
    first, second = (picture.read_bytes() for picture in pictures)
    assert first == second
    assert first.startswith(b"\x89PNG" if ending == "png" else b"<?xml")
    if ending == "svg":
        assert b"recommended 0.012" in first


SCHEDULES = {
    "constant": ("learning_rate", "{kind: constant, learning_rate: 0.3}"),
    "power": ("initial_lr", "{kind: power, initial_lr: 0.3, decay_every: 2 epochs}"),
    "exponential": ("initial_lr", "{kind: exponential, initial_lr: 0.3, decay_every: 2 epochs}"),
    "linear": ("initial_lr", "{kind: linear, initial_lr: 0.3}"),
    "polynomial": ("initial_lr", "{kind: polynomial, initial_lr: 0.3}"),
    "inverse_sqrt": ("initial_lr", "{kind: inverse_sqrt, initial_lr: 0.3, decay_every: 2 epochs}"),
    "cosine": ("initial_lr", "{kind: cosine, initial_lr: 0.3}"),
    "cosine_restarts": ("initial_lr", "{kind: cosine_restarts, initial_lr: 0.3, first_period: 1 epoch}"),
    "cyclic": ("max_lr", "{kind: cyclic, min_lr: 0.001, max_lr: 0.3, half_cycle: 1 epoch}"),
    "wsd": ("max_lr", "{kind: wsd, max_lr: 0.3}"),
    "1cycle": ("max_lr", "{kind: 1cycle, max_lr: 0.3}"),
    "plateau": ("learning_rate", "{kind: plateau, learning_rate: 0.3}"),
    "plateau_base": ("base.initial_lr", "{kind: plateau, base: {kind: cosine, initial_lr: 0.3}}"),
}


@pytest.mark.parametrize("kind", SCHEDULES)
def test_apply_changes_the_schedules_own_key_and_nothing_else(faked: Faked, write: Any, kind: str) -> None:
    key, schedule = SCHEDULES[kind]
    text = f"{HEAD}schedule: {schedule}   # by feeling\r\n# the end"
    path = write(text)
    path.write_bytes(text.encode())
    done = faked(path, "--apply")
    assert done.exit_code == 0
    assert path.read_bytes().decode() == text.replace("lr: 0.3", "lr: 0.012").replace("rate: 0.3", "rate: 0.012")
    assert f"schedule.{key} is now 0.012" in done.stderr


def test_apply_gives_an_optimizer_without_a_schedule_its_rate(faked: Faked, write: Any) -> None:
    path = write(HEAD + "optimizer: {kind: sgd}  # plain\n")
    assert faked(path, "--apply").exit_code == 0
    assert path.read_text() == HEAD + "optimizer: {kind: sgd, learning_rate: 0.012}  # plain\n"


def test_apply_with_a_seed_of_its_own_is_for_the_recipe_as_it_stands(faked: Faked, write: Any) -> None:
    path = write(HEAD + CYCLE)
    assert faked(path, "--apply", "--seed", "9").exit_code == 0
    assert path.read_text() == HEAD + CYCLE.replace("0.1}", "0.012}")


def test_a_warning_that_comes_with_the_suggestion_is_told(faked: Faked, write: Any) -> None:
    path = write(HEAD + CYCLE.replace("max_lr", "initial_lr: 0.05, max_lr"))
    done = faked(path, "--apply")
    assert done.exit_code == 0
    assert "initial_lr should be below max_lr; received 0.05 and 0.012" in done.stderr
    assert "max_lr: 0.012}" in path.read_text()


def test_nothing_is_written_into_a_recipe_that_is_not_valid_by_itself(
    faked: Faked, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = HEAD.replace("epochs: 3", "epochs: 0") + CYCLE
    path = write(text)
    monkeypatch.setenv("RECIPE__TRAINING__EPOCHS", "3")
    done = faked(path, "--apply")
    assert done.exit_code == 2
    assert "the recipe is not valid by itself; nothing was written" in done.stderr
    assert path.read_text() == text


REFUSED = [
    pytest.param(
        "schedule: {kind: piecewise, boundaries: [1 epoch], values: [0.1, 0.01]}\n", [], "has several", id="piecewise"
    ),
    pytest.param(
        "schedule: {kind: phases, phases: [{name: all, duration: 100%, learning_rate: 0.1}]}\n",
        [],
        "has several",
        id="phases",
    ),
    pytest.param(CYCLE, ["--set", "training.epochs=2"], "cannot be combined with --set", id="set"),
    pytest.param("", [], "comes from no file", id="no-optimizer"),
]


@pytest.mark.parametrize(("schedule", "options", "reason"), REFUSED)
def test_apply_refuses_before_anything_is_tested(
    faked: Faked, write: Any, schedule: str, options: list[str], reason: str
) -> None:
    path = write(HEAD + schedule)
    done = faked(path, "--apply", *options)
    assert done.exit_code == 2
    assert reason in done.stderr
    assert faked.asked == []
    assert path.read_text() == HEAD + schedule


def test_the_fallback_is_tested_aloud_but_has_no_say_in_the_recipe(
    faked: Faked, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = lr_find.plan_of
    monkeypatch.setattr(
        lr_find, "plan_of", lambda *given, **named: replace(real(*given, **named), fallback="the hub is far")
    )
    path = write(HEAD + CYCLE)
    done = faked(path, "-q")
    assert done.exit_code == 0
    assert "warning: testing on builtin digits 1 instead of builtin digits: the hub is far" in done.stderr
    done = faked(path, "--apply")
    assert (done.exit_code, path.read_text()) == (2, HEAD + CYCLE)
    assert "--apply cannot use a result from builtin digits 1" in done.stderr


@pytest.mark.parametrize("schedule", [CYCLE, "optimizer: {kind: sgd}\n"])
def test_apply_does_not_write_into_a_base(faked: Faked, write: Any, schedule: str) -> None:
    base = write(HEAD + schedule, "base.yaml")
    path = write("extends: base.yaml\nname: above\n")
    done = faked(path, "--apply")
    assert done.exit_code == 2
    assert f"comes from {base}:13" in done.stderr
    assert (faked.asked, base.read_text()) == ([], HEAD + schedule)


def test_apply_writes_what_the_recipe_says_itself_above_a_base(faked: Faked, write: Any) -> None:
    write(HEAD + CYCLE, "base.yaml")
    path = write("extends: base.yaml\nschedule:\n  max_lr: 0.5  # mine\n")
    assert faked(path, "--apply").exit_code == 0
    assert path.read_text() == "extends: base.yaml\nschedule:\n  max_lr: 0.012  # mine\n"


def test_apply_names_the_variable_that_the_rate_comes_from(
    faked: Faked, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECIPE__SCHEDULE__MAX_LR", "0.2")
    done = faked(write(HEAD + CYCLE), "--apply")
    assert done.exit_code == 2
    assert "comes from RECIPE__SCHEDULE__MAX_LR" in done.stderr


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--min-lr", "1", "--max-lr", "0.1"], "--max-lr must be above --min-lr; received 0.1 and 1"),
        (["--min-lr", "0"], "min-lr"),
        (["--steps", "19"], "steps"),
        (["--plot", "curve.pdf"], "takes a .svg or .png file"),
        (["--plot", "nowhere/curve.svg"], "in an existing folder"),
        (["--seed", "-1"], "seed"),
    ],
)
def test_options_that_cannot_be_exit_2_before_anything_is_tested(
    faked: Faked, write: Any, options: list[str], reason: str
) -> None:
    done = faked(write(HEAD + CYCLE), *options)
    assert done.exit_code == 2
    assert reason in done.stderr
    assert faked.asked == []


def test_a_real_test_suggests_and_writes_only_what_was_asked(write: Any, tmp_path: Path) -> None:
    path = write(HEAD + CYCLE)
    options = ["--json", "--apply", "--plot", tmp_path / "curve.svg", "-q"]
    done = recipe("lr-find", path, *options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = result_of(done)
    assert (found["steps"], found["momentum"], found["rule"]) == (100, 0.95, "minimum/3")
    assert 1e-3 < found["learning_rate"] < 1
    assert path.read_text() == HEAD + CYCLE.replace("0.1}", f"{found['learning_rate']}}}")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["curve.svg", "small.yaml"]
    assert "Traceback" not in done.stderr


def test_ctrl_c_exits_130_and_leaves_nothing(write: Any, tmp_path: Path) -> None:
    path = write(HEAD + CYCLE)
    command = [sys.executable, "-m", "runner", "lr-find", str(path), "--steps", "10000000", "--max-lr", "1e-5"]
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    while "testing up to" not in process.stderr.readline():
        assert process.poll() is None
    time.sleep(1)  # in the midst of it, or before: the rest takes minutes
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=LIMIT)
    assert (process.returncode, output) == (130, "")
    assert "Traceback" not in errors
    assert list(tmp_path.iterdir()) == [path]
