"""``recipe runs`` of a folder with ten thousand runs, each a copy of one that was trained."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.process import waited
from tests.cli.program import GALLERY, REPOSITORY, environment

RUNS = 10_000
RECIPES = 20
"""Names under which the copies lie."""
AT_MOST = 1.0
"""Seconds that are wanted."""
_LOADED = "import sys; from runner.cli import main\ntry: main()\nfinally: assert 'tensorflow' not in sys.modules"


def make(folder: Path, count: int) -> Path:
    """Train one run and copy it; each has a record of its own, the other files are hard links.

    Returns:
        The folder of all runs.
    """
    origin, runs = folder / "origin", folder / "runs"
    recipe = os.fspath(GALLERY / "digits_constant.yaml")
    command = ("-m", "runner", "run", recipe, "--run-dir", os.fspath(origin), "--progress", "none", "-q")
    short = ("--set", "training={epochs: 3}", "--set", "expect={}")
    variables = environment(PYTHONPATH=os.fspath(REPOSITORY), TF_CPP_MIN_LOG_LEVEL="3")
    subprocess.run([sys.executable, *command, *short], env=variables, check=True, capture_output=True, cwd=folder)
    files = [path.name for path in origin.iterdir() if path.is_file()]
    for k in range(count):
        copy = runs / f"recipe_{k % RECIPES}" / f"20260101-{k // 3600:02}{k // 60 % 60:02}{k % 60:02}-{k:08x}"
        copy.mkdir(parents=True)
        for name in files:
            if name == "events.jsonl":
                shutil.copyfile(origin / name, copy / name)
            else:
                os.link(origin / name, copy / name)
    return runs


def seconds(runs: Path, count: int) -> tuple[float, float]:
    """Seconds of the whole process: the first time, and again with what the first time has noted.

    Raises:
        AssertionError: it did not list each run, or TensorFlow was imported.
    """
    command = ("-m", "runner", "runs", os.fspath(runs))
    index = runs / ".index.json"
    index.unlink(missing_ok=True)
    first, again = waited(command)[0], waited(command)[0]
    listed = subprocess.run(
        [sys.executable, "-c", _LOADED, "runs", os.fspath(runs)],
        env=environment(PYTHONPATH=os.fspath(REPOSITORY)), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert len(listed.stdout.splitlines()) == count + 1, listed.stderr
    return first, again
