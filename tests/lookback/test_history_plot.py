"""``recipe history`` as a plot: on the terminal, and as a picture."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.cells import cell_len

from tests.lookback.conftest import Recipe
from tests.lookback.written import Written, write

OLDEST = "digits_phases/20260101-000000-abcdef01"


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_steps_and_epochs_are_drawn_within_the_screen(base: Path, recipe: Recipe, columns: int) -> None:
    done = recipe("history", OLDEST, "--format", "plot", columns=columns)
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert max(map(cell_len, lines)) <= columns
    by_epoch = " by epoch" if columns > 40 else ""
    heads = [line for before, line in zip(["", *lines], lines, strict=False) if not before]
    assert heads == [
        "learning rate", "momentum", "loss, logarithmic", "loss by epoch: A training, B validation",
        f"accuracy{by_epoch}: A training, B validation",
    ]  # fmt: skip
    assert any(line.endswith("AB") for line in lines)
    alone = recipe("history", OLDEST, "--format", "plot", "--epochs", columns=columns).stdout.splitlines()
    assert alone == lines[lines.index(heads[3]) :]


def test_a_picture_has_the_same_panels(base: Path, recipe: Recipe, tmp_path: Path) -> None:
    done = recipe("history", OLDEST, "--plot", tmp_path / "a.svg")
    assert (done.exit_code, done.stdout) == (0, ""), done.output
    text = (tmp_path / "a.svg").read_text()
    ids = {element.get("id") for element in ElementTree.fromstring(text).iter()}
    assert {"learning-rate-1", "momentum-1", "loss-1", "loss-by-epoch-2", "accuracy-by-epoch-2"} <= ids
    assert recipe("history", OLDEST, "--plot", tmp_path / "b.svg", "--dark", "--epochs").exit_code == 0
    dark = (tmp_path / "b.svg").read_text()
    assert "#12161b" in dark
    assert "learning-rate-1" not in dark


def test_what_cannot_be_drawn_is_refused(base: Path, recipe: Recipe, tmp_path: Path) -> None:
    run = write(base, "20260102-000000-44444444", Written(done=0, status=None))
    for arguments, says in (
        (("--format", "plot"), "has not made a step"),
        (("--format", "plot", "--epochs"), "has not made two epochs"),
        (("--plot", tmp_path / "a.svg"), "has not made a step"),
        (("--plot", tmp_path / "a.gif"), "a picture is a .svg or a .png file"),
    ):
        done = recipe("history", run, *arguments)
        assert (done.exit_code, done.stdout) == (2, "")
        assert says in done.stderr
    assert not list(tmp_path.glob("a.*"))
