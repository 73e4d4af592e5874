"""What the terminal shows, at 40, 80 and 120 columns. ``RECIPE_GOLDEN=write`` writes the expected texts anew."""

import os
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.lookback.conftest import Recipe

GOLDEN = Path(__file__).with_name("golden")
VIEWS = {
    "runs": ("runs",),
    "runs_by_loss": ("runs", "--sort", "test_loss", "--name", "digits_ph*"),
    "show": ("show", "latest~2"),
    "compare": ("compare", "latest~2", "latest~1"),
    "compare_lengths": ("compare", "latest~2", "latest~1", "latest"),
    "diff": ("diff", "latest~2", "latest~1"),
}


@pytest.mark.parametrize("columns", [40, 80, 120])
@pytest.mark.parametrize("view", VIEWS)
def test_a_view_is_as_it_was_looked_at(base: Path, recipe: Recipe, view: str, columns: int) -> None:
    done = recipe(*VIEWS[view], columns=columns)
    assert done.exit_code == 0, done.output
    text = done.stdout.split("\nfiles  ")[0]  # whose sizes are not what this is about
    path = GOLDEN / f"{view}_{columns}.txt"
    if os.environ.get("RECIPE_GOLDEN") == "write":
        path.write_text(text)
    assert text == path.read_text()


@pytest.mark.parametrize("columns", [40, 80, 120])
@pytest.mark.parametrize("view", [view for view in VIEWS if view != "show"])
def test_no_line_is_wider_than_the_screen(base: Path, recipe: Recipe, view: str, columns: int) -> None:
    lines = recipe(*VIEWS[view], columns=columns).stdout.splitlines()
    assert max(map(cell_len, lines)) <= columns
    assert not any(line.endswith(" ") for line in lines)
