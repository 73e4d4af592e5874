"""``recipe plan``: text that fits, tables, pictures, CSV."""

import csv
import io
import json
import time
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from runner.cli import app
from runner.data.facts import builtin_facts
from runner.events import shortest
from runner.plan.make_plan import make_plan
from runner.plan.plan import Plan
from runner.source.load import load
from tests.cli.program import GALLERY, recipe
from tests.plots.tracks import Svg
from tests.source.samples import small

ELSEWHERE = ("source: tfds", "weights: {run:")
"""What a recipe needs that this machine may not have."""
BUILTIN = sorted(path for path in GALLERY.glob("*.yaml") if not any(word in path.read_text() for word in ELSEWHERE))
DIGITS = {
    "data": "data: {source: builtin, name: digits, scale: 1/16}",
    "model": "model: {kind: sequential, layers: [{kind: flatten}]}",
}
"""A recipe of 1,437 training examples, 45 steps an epoch, that gives no cause for warnings."""
ONE_CYCLE = {"schedule": "schedule: {kind: 1cycle, max_lr: 0.1}", "training": "training: {epochs: 10}"}
MOMENTUM_TABLE = (
    "schedule:\n"
    "  kind: constant\n"
    "  learning_rate: 0.1\n"
    "  momentum: {phases: [{duration: 30%, momentum: {from: 0.95, to: 0.8}}, {duration: 70%, momentum: 0.8}]}"
)
DECAY_TABLE = {
    "schedule": "schedule:\n  kind: 1cycle\n  max_lr: 0.1\n"
    "  weight_decay:\n    phases:\n      - {duration: 30%, weight_decay: {from: 0, to: 0.02}}\n"
    "      - {duration: 70%, weight_decay: 0.02}",
    "optimizer": "optimizer: {kind: adamw}",
    "training": "training: {epochs: 10}",
}
LONG = (
    "schedule:\n  kind: phases\n  phases:\n"
    "    - {name: 'a name of forty characters, at the limit', duration: 50%, learning_rate: 1e-5, purpose: '"
    + "very "
    * 30
    + "long'}\n"
    "    - {name: 学习率, duration: 50%, learning_rate: {from: 1e-5, to: 1.2345e-9}, curve: exponential}"
)


def plan(*arguments: str | Path, width: int = 80, color: str = "never") -> Result:
    """Run the verb in this process, without layer shapes and so without TensorFlow."""
    words = ["plan", *map(str, arguments), "--no-shapes", "--color", color]
    return CliRunner().invoke(app, words, env={"COLUMNS": str(width)})


def written(folder: Path, name: str = "small", **parts: str) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(small(**{**DIGITS, "name": f"name: {name}", **parts}), encoding="utf-8")
    return path


def planned(path: Path) -> Plan:
    loaded = load(path).recipe
    assert loaded is not None
    assert loaded.data.source == "builtin"
    return make_plan(loaded, builtin_facts(loaded.data))


def columns(text: str) -> int:
    """Columns that a line takes, Chinese characters two."""
    return len(text) + sum(1 for character in text if "\u4e00" <= character <= "\u9fff")


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("path", BUILTIN, ids=lambda path: path.stem)
def test_the_gallery_fits_every_width(path: Path, width: int) -> None:
    done = plan(path, width=width)
    assert done.exit_code == 0, done.output
    assert max(columns(line) for line in done.stdout.splitlines()) <= width
    assert not [line for line in done.stdout.splitlines() if line != line.rstrip()]


@pytest.mark.parametrize("width", [40, 60, 80])
def test_long_names_and_purposes_fit_too(tmp_path: Path, width: int) -> None:
    done = plan(written(tmp_path, schedule=LONG, training="training: {epochs: 4}"), width=width)
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert max(columns(line) for line in lines) <= width
    assert sum(line.count("very") for line in lines) == 30


def test_one_cycle_has_the_four_rows_of_the_design(tmp_path: Path) -> None:
    lines = plan(written(tmp_path, **ONE_CYCLE)).stdout.splitlines()
    (begin,) = (k for k, line in enumerate(lines) if line.startswith("phase  "))
    rows = [line.split("  ") for line in lines[begin + 1 :] if line[:1].isalpha()][:4]
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    assert cells == [
        ["start", "0", "0.01", "0.95"],
        ["first half", "0–202", "4.51", "0.01 → 0.1", "0.95 → 0.85", "linear"],
        ["second half", "203–404", "4.49", "0.1 → 0.01", "0.85 → 0.95", "linear"],
        ["final", "405–449", "1.00", "0.01 → 1e-05", "0.95", "linear"],
    ]
    assert "  a low rate and a high momentum" in lines
    assert "  comes back down: stabilises, while momentum recovers" in lines


def test_the_start_follows_a_warmup(tmp_path: Path) -> None:
    schedule = "schedule: {kind: 1cycle, max_lr: 0.1, momentum: fixed, warmup: {duration: 1 epoch}}"
    lines = plan(written(tmp_path, schedule=schedule, training="training: {epochs: 10}")).stdout.splitlines()
    order = [line.split()[0] for line in lines if line.startswith(("warmup ", "start ", "first half "))]
    assert order == ["warmup", "start", "first"]
    assert any(line.split() == ["start", "45", "0.01", "0"] for line in lines)


def test_the_options_of_an_update_are_shown_where_they_are_not_the_defaults(tmp_path: Path) -> None:
    training = (
        "training: {epochs: 10, accumulate: 4, clip: {global_norm: 1}, ema: {decay: 0.99}, class_weight: {'1': 2}, "
        "loss: {kind: categorical_focal_crossentropy, gamma: 3}}"
    )
    parts = {**ONE_CYCLE, "optimizer": "optimizer: {kind: sgd, nesterov: true, weight_decay: 0.001}"}
    shown = " ".join(plan(written(tmp_path, **{**parts, "training": training}), width=200).stdout.split())
    assert "optimizer sgd; weight decay 0.001, nesterov" in shown
    for option in ("accumulate 4", "clip (global norm 1)", "ema (decay 0.99)", "class weight (1: 2)",
                   "loss categorical_focal_crossentropy (gamma 3)"):  # fmt: skip
        assert option in shown
    plain = plan(written(tmp_path, **parts), width=200).stdout
    assert "\ntraining" not in plain


def test_a_momentum_with_other_boundaries_has_a_table_of_its_own(tmp_path: Path) -> None:
    text = plan(written(tmp_path, schedule=MOMENTUM_TABLE, training="training: {epochs: 10}")).stdout
    assert "steps    epochs  momentum    curve" in text
    assert "0–134      3.00  0.95 → 0.8  linear" in text
    assert "135–449    7.00  0.8         constant" in text
    assert text.count("curve\n") == 2
    assert plan(written(tmp_path, **ONE_CYCLE)).stdout.count("curve\n") == 1


def test_a_driven_weight_decay_is_a_column_and_a_table(tmp_path: Path) -> None:
    text = plan(written(tmp_path, **DECAY_TABLE), width=100).stdout
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "phase steps epochs learning rate momentum weight decay curve" in lines
    assert "start 0 0.01 0.95 0" in lines
    assert any(line.endswith("0.95 → 0.85 0 → 0.02 linear") for line in lines)
    assert "steps epochs weight decay curve" in lines
    assert "135–449 7.00 0.02 constant" in lines
    assert "weight decay" not in plan(written(tmp_path, **ONE_CYCLE), width=100).stdout


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_driven_weight_decay_fits_every_width(tmp_path: Path, width: int) -> None:
    lines = plan(written(tmp_path, **DECAY_TABLE), width=width).stdout.splitlines()
    assert max(map(columns, lines)) <= width


def test_many_phases_are_shortened(tmp_path: Path) -> None:
    schedule = "schedule: {kind: cyclic, min_lr: 0, max_lr: 0.1, half_cycle: 1 steps}"
    text = plan(written(tmp_path, schedule=schedule, training="training: {epochs: 10}")).stdout
    assert "… 438 more" in text
    assert text.count("sweeps the range of useful learning rates") == 1


def test_the_curve_is_drawn_and_ascii_alone_where_stdout_has_no_more(tmp_path: Path) -> None:
    path = written(tmp_path, **ONE_CYCLE, description="description: η₀ wie in der Übung")
    assert "⠤" in plan(path).stdout
    done = recipe("plan", path, "--no-shapes", cwd=tmp_path, PYTHONIOENCODING="ascii", COLUMNS="60")
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    assert "0.01 -> 0.1" in done.stdout
    assert "lr0 wie in der \\xdcbung" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 60


def test_colours_only_where_they_are_wanted(tmp_path: Path) -> None:
    path = written(tmp_path, **ONE_CYCLE)
    assert "\x1b[" not in plan(path).stdout
    assert "\x1b[1m" in plan(path, color="always").stdout


def test_several_recipes_are_compared_in_rows_and_curves(tmp_path: Path) -> None:
    first = written(tmp_path, "first", **ONE_CYCLE)
    second = written(tmp_path, "second", schedule="schedule: {kind: cosine, initial_lr: 0.1}")
    lines = plan(first, second, width=100).stdout.splitlines()
    assert lines[0].split("  ")[0] == "recipe"
    assert lines[1].split()[:5] == ["first", "1cycle", "450", "10", "32"]
    assert "0.01 → 0.1 → 1e-05" in lines[1]
    assert "0.1 → 0" in lines[2]
    assert [line for line in lines if line.startswith(("first:", "second:"))] == [
        "first: 1cycle, momentum 0.95 → 0.85 → 0.95",
        "second: cosine, momentum 0",
    ]
    values = json.loads(plan(first, second, "--json").stdout)
    assert [item["name"] for item in values["plans"]] == ["first", "second"]


def test_json_has_the_tables(tmp_path: Path) -> None:
    values = json.loads(plan(written(tmp_path, schedule=MOMENTUM_TABLE), "--json").stdout)
    assert [row["name"] for row in values["phases"]] == ["constant"]
    assert [(row["start"], row["stop"]) for row in values["momentum_table"]] == [(0, 14), (14, 45)]
    assert values["plateau"] is None
    assert "weight_decay_table" not in values
    assert all("weight_decay" not in row for row in values["phases"])


def test_json_has_the_table_of_a_driven_weight_decay(tmp_path: Path) -> None:
    values = json.loads(plan(written(tmp_path, **DECAY_TABLE), "--json").stdout)
    assert [(row["start"], row["stop"]) for row in values["weight_decay_table"]] == [(0, 135), (135, 450)]
    assert values["phases"][-1]["weight_decay"] == [0.02, 0.02]


@pytest.mark.parametrize("every", [1, 7, 45, 1000])
def test_csv_equals_what_trains(tmp_path: Path, every: int) -> None:
    path = written(tmp_path, **ONE_CYCLE)
    done = plan(path, "--format", "csv", "--every", str(every))
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    steps = np.unique([*range(0, 450, every), 449])
    schedule = planned(path).schedule
    values = schedule.evaluate(steps)
    rates, momenta = values["learning_rate"], values["momentum"]
    assert [int(row["step"]) for row in rows] == steps.tolist()
    assert [float(row["learning_rate"]) for row in rows] == list(shortest(rates))
    assert [float(row["momentum"]) for row in rows] == list(shortest(momenta))
    assert [int(row["epoch"]) for row in rows] == [step // 45 + 1 for step in steps.tolist()]
    assert [row["phase"] for row in rows] == [schedule.phases[k].name for k in schedule.phase_at(steps)]


def test_a_hundred_million_steps_are_planned_and_drawn_at_once(tmp_path: Path) -> None:
    path = written(tmp_path, schedule=ONE_CYCLE["schedule"], training="training: {epochs: 1000000}")
    path.write_text(path.read_text().replace("scale: 1/16}", "scale: 1/16, batch_size: 15}"))
    picture = tmp_path / "picture.svg"
    plan(path, "--plot", picture)  # imports
    begin = time.process_time()
    done = plan(path, "--plot", picture)
    assert time.process_time() - begin < 3
    assert "96,000,000 = 1,000,000 epochs" in done.stdout
    rows = plan(path, "--format", "csv", "--every", "10000000").stdout.splitlines()
    assert len(rows) == 12


@pytest.mark.parametrize("name", ["picture.svg", "picture.PNG"])
def test_a_picture_is_written_and_named(tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    done = plan(written(tmp_path, **ONE_CYCLE), "--plot", target)
    assert done.exit_code == 0
    assert f"picture: {target}" in done.stderr
    assert target.read_bytes().startswith(b"<?xml" if name.endswith("svg") else b"\x89PNG")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_several_recipes_share_a_picture(tmp_path: Path) -> None:
    files = [written(tmp_path, name, **ONE_CYCLE) for name in ("one", "two", "three")]
    assert plan(*files, "--plot", tmp_path / "all.svg", "--x", "epochs").exit_code == 0
    svg = Svg((tmp_path / "all.svg").read_bytes())
    assert len([curve for curve in svg.curves if curve.startswith("learning-rate")]) == 3
    assert {f"{name}: 1cycle, 10 epochs" for name in ("one", "two", "three")} <= set(svg.texts)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--plot", "picture.gif"), "--plot takes a .svg or .png file; received 'picture.gif'"),
        (("--plot", "no-such-folder/picture.svg"), "the picture cannot be written"),
    ],
)
def test_a_picture_that_cannot_be_is_refused(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    done = plan(written(tmp_path, **ONE_CYCLE), *arguments)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stdout == ""


def test_csv_of_several_recipes_is_refused(tmp_path: Path) -> None:
    files = [written(tmp_path, name, **ONE_CYCLE) for name in ("one", "two")]
    done = plan(*files, "--format", "csv")
    assert done.exit_code == 2
    assert "one recipe" in done.stderr


def test_layers_and_memory_are_shown_with_shapes(tmp_path: Path) -> None:
    done = recipe("plan", GALLERY / "digits_linear.yaml", cwd=tmp_path, COLUMNS="80")
    assert done.returncode == 0, done.stderr
    (row,) = (line for line in done.stdout.splitlines() if line.startswith("dense        128"))
    assert row.split() == ["dense", "128", "8,320", "8,192", "model.layers.1"]
    assert "multiply-adds  17,024 per example, forward" in done.stdout
    assert "parameters     17,226" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_a_graph_says_whose_output_a_layer_takes_where_it_is_not_the_one_above() -> None:
    plan = recipe("plan", GALLERY / "digits_residual.yaml", cwd=GALLERY, COLUMNS="80")
    rows = {line.split("  ")[0]: line for line in plan.stdout.splitlines()}
    assert rows["layer"].split() == ["layer", "output", "parameters", "adds", "inputs"]
    assert rows["add_1"].endswith("stem, learned_1")
    shortcut = ["conv2d", "shortcut_2", "4", "x", "4", "x", "32", "544", "8,192", "block_1"]
    assert rows["conv2d shortcut_2"].split() == shortcut
    assert rows["conv2d learned_2"].split()[-2:] == ["9,248", "147,456"]
    assert "too narrow for: from" in rows
    layers = json.loads(recipe("plan", GALLERY / "digits_residual.yaml", "--json", cwd=GALLERY).stdout)["layers"]
    assert [layer["inputs"] for layer in layers if layer["kind"] == "add"] == [
        ["stem", "learned_1"],
        ["shortcut_2", "learned_2"],
    ]


def test_layers_of_a_block_are_below_its_name_with_their_sums() -> None:
    done = recipe("plan", GALLERY / "digits_resnet.yaml", cwd=GALLERY, COLUMNS="110")
    lines = done.stdout.splitlines()
    start = next(k for k, line in enumerate(lines) if line.startswith("basic_1 "))
    cells = [line.split() for line in lines[start : start + 9]]
    assert cells[0][-2:] == ["4,736", "294,912"]
    assert [line[: len(line) - len(line.lstrip())] for line in lines[start : start + 9]] == [
        *("", "  ", "    ", "    ", "  ", "  ", "    ", "    ", "  "),
    ]
    assert [line[0] for line in cells] == [
        *("basic_1", "convolution_1", "conv2d_1", "batch_normalization_1", "activation_1"),
        *("convolution_2", "conv2d_1", "batch_normalization_1", "add_1"),
    ]
    assert cells[-1][-2:] == ["activation_1,", "convolution_2"]
    found = json.loads(recipe("plan", GALLERY / "digits_resnet.yaml", "--json", cwd=GALLERY).stdout)
    assert found["multiply_adds"] == sum(layer["multiply_adds"] for layer in found["layers"]) == 1_648_256


def test_the_graph_of_a_model_is_drawn(tmp_path: Path) -> None:
    done = recipe("plan", GALLERY / "digits_resnet.yaml", "--graph", "m.svg", "--dark", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "picture: m.svg" in done.stderr
    svg = (tmp_path / "m.svg").read_text()
    assert "176,090 parameters, 1,648,256 multiply-adds per example" in svg
    assert ">stem</text>" in svg
    assert "8 x 8 x 16 · 144 parameters · 9,216 multiply-adds" in svg


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--graph", "m.png"), "--graph takes a .svg file; received 'm.png'"),
        (("--graph", "m.svg", "--no-shapes"), "which --no-shapes leaves out"),
        (("r.yaml", "--graph", "m.svg"), "one recipe, but several are given"),
    ],
)
def test_a_graph_that_cannot_be_is_refused(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    done = plan(written(tmp_path, **ONE_CYCLE), *arguments)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stdout == ""


def test_a_recipe_of_the_gallery_is_meant_by_its_name(tmp_path: Path) -> None:
    by_name, by_path = (
        recipe("plan", file, "--no-shapes", cwd=tmp_path) for file in ("digits_linear", GALLERY / "digits_linear.yaml")
    )
    assert by_name.returncode == 0, by_name.stderr
    assert by_name.stdout == by_path.stdout
    wrong = recipe("plan", "digits_lin", "--no-shapes", cwd=tmp_path)
    assert wrong.returncode == 2
    assert "did you mean 'digits_linear'?" in wrong.stderr


def test_a_plan_says_when_the_validation_examples_are_evaluated(tmp_path: Path) -> None:
    usual = plan(written(tmp_path, **ONE_CYCLE))
    assert "\nvalidation " not in usual.stdout
    training = "training: {epochs: 10, validation: {every: 2 epochs, between: 10%}}"
    path = written(tmp_path, **{**ONE_CYCLE, "training": training})
    told = plan(path, width=120).stdout
    assert "all 180 examples every 90 steps and at the end, 18 at the end of the other epochs" in told
    assert json.loads(plan(path, "--json").stdout)["validation"] == {"every": 90, "part": 18}


def test_a_part_that_is_larger_than_the_validation_part_is_told_at_its_line(tmp_path: Path) -> None:
    fallback = "data: {source: tfds, name: mnist, splits: {train: train, validation: test}, scale: 1/255, "
    fallback += "fallback: {source: builtin, name: digits}}"
    training = "training: {epochs: 10, validation: {every: 2 epochs, between: 500 examples}}"
    path = written(tmp_path, **{**ONE_CYCLE, "data": fallback, "training": training})
    told = plan(path, "--data-dir", tmp_path / "nowhere")
    assert told.exit_code == 2
    line = path.read_text().splitlines().index(training) + 1
    column = training.index("500") + 1
    assert f"{path.name}:{line}:{column}" in told.stderr.replace("\n", "")


def test_groups_are_shown_with_factor_and_rate_of_each_row(tmp_path: Path) -> None:
    rows = "[{duration: 1 step, factor: 0}, {duration: 119 steps, factor: {from: 0.5, to: 1}}]"
    path = tmp_path / "grouped.yaml"
    path.write_text(
        "recipe: 1\nname: grouped\ntask: classification\ndata: {source: builtin, name: iris, batch_size: 10}\n"
        "model: {kind: sequential, layers: [{kind: dense, units: 3, name: stem}]}\n"
        "optimizer: {kind: sgd, learning_rate: 0.5}\ntraining: {epochs: 10}\n"
        f"groups: {{base: {{layers: [stem], factor: {{phases: {rows}}}}}}}\n"
    )
    lines = plan(path, width=80).stdout.splitlines()
    start = next(k for k, line in enumerate(lines) if line.startswith("group "))
    assert [line.split() for line in lines[start + 1 : start + 4]] == [
        ["base", "0", "0.08", "0", "frozen", "constant"],
        ["1–119", "9.92", "0.5", "→", "1", "0.25", "→", "0.5", "linear"],
        ["base:", "stem"],
    ]
