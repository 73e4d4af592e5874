"""Reading stays cheap. Processor time is measured, which other work on the machine does not change much."""

import time
from pathlib import Path

from runner.source import find, load
from tests.benchmarks.start import MOST, least
from tests.cli.program import GALLERY

SLACK = 1.6
"""Above what is wanted, which ``make bench`` shows."""

FURTHER = 0.08
"""Of the bare imports: a recipe more, with the kinds that it is the first to name."""


def test_a_thousand_recipes_are_read_in_five_seconds(tmp_path: Path) -> None:
    texts = [path.read_text() for path in find([GALLERY])]
    for number in range(1000):
        (tmp_path / f"r{number}.yaml").write_text(f"{texts[number % len(texts)]}\n# {number}\n")
    files = find([tmp_path])
    started = time.process_time()
    assert all(load(file).ok for file in files)
    assert time.process_time() - started < 5
    assert len(files) == 1000


def test_validating_costs_about_twice_the_bare_imports(tmp_path: Path) -> None:
    """What is wanted is for ``make bench`` to show; a test that fails by a noisy machine shows nothing."""
    found = least(10, bytecode=str(tmp_path))
    bare, one = found["bare imports"], found["one recipe"]
    assert one / bare <= SLACK * MOST["one recipe"], found
    further = (found["the gallery"] - one) / (len(list(GALLERY.glob("*.yaml"))) - 1)
    assert further / bare <= FURTHER, found
