"""Reading stays cheap. Processor time is measured, which other work on the machine does not change much."""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from runner.source import find, load
from tests.cli.program import GALLERY, REPOSITORY, environment

IMPORTS = "import typer, rich, ruamel.yaml; from pydantic import BaseModel, Field, TypeAdapter"
"""What any program pays that has a command line, models and YAML by these libraries."""


def test_a_thousand_recipes_are_read_in_five_seconds(tmp_path: Path) -> None:
    texts = [path.read_text() for path in find([GALLERY])]
    for number in range(1000):
        (tmp_path / f"r{number}.yaml").write_text(f"{texts[number % len(texts)]}\n# {number}\n")
    files = find([tmp_path])
    started = time.process_time()
    assert all(load(file).ok for file in files)
    assert time.process_time() - started < 5
    assert len(files) == 1000


def test_validating_one_recipe_costs_less_than_twice_the_bare_imports(tmp_path: Path) -> None:
    kept = environment(PYTHONPYCACHEPREFIX=str(tmp_path), PYTHONPATH=str(REPOSITORY))
    kept.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode

    def cost(*arguments: str) -> float:
        def once() -> float:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, *arguments], env=kept, check=True, capture_output=True, cwd=REPOSITORY)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

        return min(once() for _ in range(5))

    bare = cost("-c", IMPORTS)
    ours = cost("-m", "runner", "validate", os.fspath(GALLERY / "mnist_1cycle.yaml"))
    assert ours < 1.8 * bare, f"{ours:.3f} s against {bare:.3f} s"
