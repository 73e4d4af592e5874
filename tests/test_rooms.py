"""The directions between the rooms, as pyproject.toml states them."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def test_no_room_imports_what_it_must_not_know() -> None:
    done = subprocess.run([LINT_IMPORTS, "--no-cache"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_every_room_is_named_in_a_contract() -> None:
    rooms = {path.name for path in (REPOSITORY / "runner").iterdir() if (path / "__init__.py").exists()}
    contracts = (REPOSITORY / "pyproject.toml").read_text().split("[tool.importlinter]")[1]
    assert {room for room in rooms if f"runner.{room}" not in contracts} == set()
