"""Checks an export in a process that has neither Keras nor this package."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from runner.data.examples import Split
from runner.errors import ExportError
from runner.inference import standalone
from runner.inference.export.artefact import metadata_of
from runner.inference.export.raw_rows import write_rows
from runner.inference.export.subject import Subject
from runner.inference.preprocess import Row
from runner.text import printable

MOST = 50_000
"""Examples of the test split that are compared."""


@dataclass(frozen=True)
class Checked:
    """What a check found."""

    examples: int
    """That were compared: of the test split, else the golden ones."""
    decisions: int
    """Of all outputs on those examples."""
    flips: int
    """Decisions, or predicted numbers, that differ from those of Keras."""
    largest_difference: float
    """Of any output."""
    problems: tuple[str, ...]
    """Names and files that are not what was exported."""
    imported: tuple[str, ...]
    """Packages of this program and of the runtimes that the process imported."""
    score_name: str
    """``accuracy``, or ``mean absolute error`` for a regression."""
    score: tuple[float, float] | None
    """On the test split: of Keras, then of the export."""
    bench: dict[str, float] | None
    outputs: dict[str, dict[str, Any]]
    """Of several outputs: flips, largest difference and, on the test split, score of each by name."""

    def passes(self, allowed: int) -> bool:
        """Whether nothing is wrong but so many decisions."""
        return not self.problems and self.flips <= allowed


def check(folder: Path, subject: Subject, *, benched: bool) -> Checked:
    """Run an export on its golden examples and on the test split, against the saved model in Keras.

    Raises:
        ExportError: the process does not come to its end, such as without the runtime.
    """
    with TemporaryDirectory(prefix="recipe-check-") as cases:
        options = ["--bench"] if benched else []
        if subject.test is not None:
            _write_cases(subject, subject.test, Path(cases))
            options += ["--cases", cases]
        report = _run(folder, options)
    parts = [part for part in (report["golden"], report["test"]) if part is not None]
    metadata = metadata_of(folder)
    return Checked(
        examples=parts[-1]["examples"],
        decisions=parts[-1]["examples"] * max(1, len(metadata.get("outputs", ()))),
        flips=max(part["flips"] for part in parts),
        largest_difference=max(part["largest_difference"] for part in parts),
        problems=tuple(map(str, report["problems"])),
        imported=tuple(report["imported"]),
        score_name=_score_name(metadata),
        score=None
        if "score" not in (report["test"] or {})
        else (report["test"]["score_of_keras"], report["test"]["score"]),
        bench=report["bench"],
        outputs={output["name"]: _of_output(output, parts) for output in metadata.get("outputs", ())},
    )


def _score_name(output: Mapping[str, Any]) -> str:
    return "mean absolute error" if output.get("task") == "regression" else "accuracy"


def _of_output(output: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What was found of one of several outputs on the golden examples and on those of the test split."""
    found = [part["outputs"][output["name"]] for part in parts]
    scores = {key: found[-1].get(key) for key in ("score_of_keras", "score")}
    return {
        "flips": max(one["flips"] for one in found),
        "largest_difference": max(one["largest_difference"] for one in found),
        "score_name": _score_name(output),
        **scores,
    }


def _write_cases(subject: Subject, split: Split, folder: Path) -> None:
    """Inputs or raw rows, Keras' outputs and targets, written a batch at a time."""
    count = min(len(split), MOST)

    def written() -> Iterator[list[Row]]:
        place = 0
        files: list[Any] = []
        for cases in subject.cases(split, "test", count):
            arrays = {"outputs": cases.outputs, "y": cases.y} | ({"x": cases.x} if cases.rows is None else {})
            if not files:
                files = [
                    np.lib.format.open_memmap(folder / f"{name}.npy", "w+", array.dtype, (count, *array.shape[1:]))
                    for name, array in arrays.items()
                ]
            for file, array in zip(files, arrays.values(), strict=True):
                file[place : place + len(array)] = array
            place += len(cases.y)
            yield cases.rows or []

    write_rows(folder / standalone.CASES, written())


def _run(folder: Path, options: list[str]) -> dict[str, Any]:
    """The package's own copy of the check, on a folder that may have been changed; ``-I`` shuts this package out."""
    command = [sys.executable, "-I", standalone.__file__, str(folder.resolve()), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        found = json.loads(done.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        last = (done.stderr.strip() or f"it ended with {done.returncode}").splitlines()[-1]
        raise ExportError(f"{folder} cannot be run: {printable(last)}") from None
    assert isinstance(found, dict)
    return found
