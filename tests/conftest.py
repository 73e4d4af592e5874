"""What all tests share."""

import compileall
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.pop("GITHUB_ACTIONS", None)  # there the program writes annotations as well; tests that want them set it
settings.register_profile("untimed", deadline=None)  # a busy machine is no fault
settings.load_profile("untimed")

LONGEST = (
    "cli/test_gallery.py", "model/test_applications.py", "sweeps/test_killed.py", "cli/test_workers.py",
    "engine/test_resume.py", "model/test_published.py", "published/test_configurations.py", "inference/test_export.py",
    "cli/test_gallery_of_sources.py", "cli/test_launch.py", "cli/test_run.py", "cli/test_custom_code.py",
    "engine/test_gpu_check.py", "sweeps/test_sweep.py", "bisecting/test_search.py", "test_api.py", "test_notebook.py",
)  # fmt: skip
"""They begin first: a long file that begins last leaves the other processes without work."""


RUNS = Path(__file__).parents[1] / "runs"
HAD_RUNS = RUNS.exists()
"""Somebody has trained here."""


@pytest.fixture(autouse=True)
def _nothing_is_written_into_the_checkout() -> Iterator[None]:
    """A run without a folder of its own goes where the tests are started."""
    yield
    assert HAD_RUNS or not RUNS.exists(), f"this test, or one beside it, trains in {RUNS}"


def pytest_configure(config: pytest.Config) -> None:
    """Compile the program once, before there are workers.

    Where PYTHONDONTWRITEBYTECODE is set, every process of the tests would compile it anew: a third of a small run.
    """
    if not hasattr(config, "workerinput"):
        for package in ("runner", "schemas"):
            compileall.compile_dir(Path(__file__).parents[1] / package, quiet=2)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where slow tests alone are asked for, leave files without any: to import them all takes ten seconds."""
    if config.getoption("markexpr") != "slow" or collection_path.suffix != ".py":
        return None
    return True if "mark.slow" not in collection_path.read_text("utf-8") else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; the order within a file, and of the others, stays."""
    folder = Path(__file__).parent
    places = {folder / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(LONGEST)))
