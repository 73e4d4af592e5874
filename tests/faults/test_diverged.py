"""A loss that is not finite: what is said, what is kept, how to go on."""

import csv
import json
import math
import re
from pathlib import Path

from runner.record.checkpoint import newest_checkpoint
from runner.record.directory import RunPaths
from tests.faults.program import RECIPE, program, resume, run

DIVERGING = RECIPE.replace(
    "{kind: 1cycle, max_lr: 0.01}",
    "{kind: piecewise, values: [0.01, 1.0e+6], boundaries: [30 steps]}",
).replace("optimizer: {kind: adam}", "optimizer: {kind: sgd}")


def rows_of(folder: Path) -> list[list[str]]:
    """The executed curve."""
    printed = program("history", folder.name, "--format", "csv", cwd=folder.parent).stdout
    return list(csv.reader(printed.splitlines()))[1:]


def test_a_loss_that_is_not_finite_names_step_batch_and_rate_and_the_last_good_checkpoint_goes_on(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "run"
    done = run(folder, "--json", text=DIVERGING)
    assert done.returncode == 1, done.stderr
    result = json.loads(done.stdout)
    assert result["status"] == "diverged"
    step = next(number for number, row in enumerate(rows_of(folder)) if not math.isfinite(float(row[5])))
    place = f"step {step} (epoch 3, batch {step - 23} of 12), learning rate 1e+06"
    assert re.fullmatch(rf"loss is (nan|inf) at {re.escape(place)}", result["message"])
    advice = (
        "`recipe resume run --set 'schedule.values=[…]' --policy continue` continues after step 28 at a smaller rate"
    )
    assert advice in done.stderr
    assert "Traceback" not in done.stderr
    checkpoint, broken = newest_checkpoint(RunPaths(folder).checkpoints())
    assert checkpoint is not None
    assert (checkpoint.step, broken) == (28, [])
    smaller = ("--set", "schedule.values=[0.01, 0.001]", "--policy", "continue")
    again = resume(folder, "--json", *smaller)
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["status"] == "finished"
    rows = rows_of(folder)
    assert [int(row[0]) for row in rows] == list(range(60))
    assert [float(row[3]) for row in rows] == [0.01] * 30 + [0.001] * 30
