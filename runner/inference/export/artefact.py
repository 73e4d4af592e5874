"""The folder of an export: the model, what its inputs and outputs mean, and examples of both."""

import json
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.disk.atomic import fsync_directory, write_atomic
from runner.errors import ExportError
from runner.inference import preprocess, standalone
from runner.inference.evaluation import first_examples
from runner.inference.export.formats import FORMATS, Format
from runner.inference.export.raw_rows import write_rows
from runner.inference.export.subject import Subject
from runner.inference.opened import TrainedRun
from runner.inference.output_rows import OutputColumns
from runner.measures.decisions import Threshold
from schemas.model_outputs import OutputTask

Array = NDArray[Any]
GOLDEN = 32
"""Examples that an export carries."""
_CANDIDATES = 4096
"""Examples that the golden ones are chosen from, so that every class is among them where there is room."""


_MEANINGS: dict[OutputTask, str] = {
    "classification": "probability of each class",
    "binary": "probability of the second class",
    "multi_label": "probability of each label",
    "regression": "predicted number",
}
"""Of what one of several outputs gives."""


def is_artefact(folder: Path) -> bool:
    """Whether the folder holds an export."""
    return (folder / standalone.METADATA).is_file()


def metadata_of(folder: Path) -> dict[str, Any]:
    """What an export says of itself.

    Raises:
        ExportError: it cannot be read.
    """
    try:
        found = json.loads((folder / standalone.METADATA).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ExportError(f"{folder / standalone.METADATA} cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise ExportError(f"{folder / standalone.METADATA} cannot be read: it is not a JSON object")
    return found


@contextmanager
def making(folder: Path, *, force: bool) -> Iterator[Path]:
    """Give a temporary folder that takes this one's place when the block ends well.

    Raises:
        ExportError: something is there, and there is no ``force``; only another export is replaced.
        OSError: a file cannot be written; the error names it in ``folder``.
    """
    if folder.exists() and not (folder.is_dir() and ((force and is_artefact(folder)) or not any(folder.iterdir()))):
        what = "an export" if is_artefact(folder) else "something else"
        way = "--force replaces it, --check checks it" if is_artefact(folder) else "name another folder with --output"
        raise ExportError(f"{folder} already exists and is {what}", way)
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = folder.with_name(f".tmp-{secrets.token_hex(4)}-{folder.name}")
    temporary.mkdir()
    try:
        yield temporary
        if folder.exists():
            shutil.rmtree(folder)
        temporary.rename(folder)
    except BaseException as error:
        shutil.rmtree(temporary, ignore_errors=True)
        if isinstance(error, OSError) and str(error.filename).startswith(str(temporary)):
            wanted = str(error.filename).replace(str(temporary), str(folder), 1)
            raise OSError(error.errno, error.strerror, wanted) from error
        raise
    fsync_directory(folder.parent)


def describe(run: TrainedRun, subject: Subject, form: Format, folder: Path, *, int8: bool) -> None:
    """Write the papers of an export whose model is in the folder: metadata, golden examples, and the check.

    Args:
        run: the trained run.
        subject: what of it is exported.
        form: of the export.
        folder: of the export.
        int8: whether the weights are in 8 bits.
    """
    units = subject.whole.output_shape[-1]
    names, targets = run.class_names(units), run.target_names(units)
    if subject.raw is not None:
        shutil.copyfile(preprocess.__file__, folder / standalone.PREPROCESS)
    metadata: dict[str, Any] = {
        "version": 1,
        "format": form,
        "model": FORMATS[form].model,
        "int8": int8,
        "recipe": run.recipe.name,
        "fingerprint": run.lock.get("fingerprint"),
        "which": run.which,
        "task": run.recipe.task,
        "class_names": list(names),
        **({"target_names": list(targets)} if targets else {}),
        "threshold": _threshold(run, units) if run.has_labels or (names and units == 1) else None,
        "input": _input(run, subject),
        "output": {"shape": [None, units], "dtype": "float32", "meaning": _meaning(run, units)},
        **({"outputs": [_output(output) for output in subject.outputs]} if subject.outputs else {}),
        "packages": {name: version(name) for name in ("tensorflow", "keras")},
        "sha256": standalone.hashes(folder, FORMATS[form].model),
    }
    if subject.raw is not None:
        metadata["raw"] = subject.raw
    write_atomic(folder / standalone.METADATA, json.dumps(metadata, indent=2) + "\n")
    _write_golden(subject, metadata, folder)
    shutil.copyfile(standalone.__file__, folder / "check.py")


def _output(output: OutputColumns) -> dict[str, Any]:
    """An output of several: an array of its name in the exported model, and columns among those of all."""
    labels = output.task == "multi_label"
    decides = output.threshold if output.threshold is not None else (0.5,) * len(output.classes) if labels else 0.5
    return {
        "name": output.name,
        "task": output.task,
        "columns": [output.first, output.stop],
        "shape": [None, output.stop - output.first],
        "class_names": [] if labels else list(output.classes),
        **({"target_names": list(output.classes)} if labels else {}),
        "threshold": decides if labels or output.task == "binary" else None,
        "meaning": _MEANINGS[output.task],
    }


def _threshold(run: TrainedRun, units: int) -> Threshold:
    found = run.threshold(units)
    return 0.5 if found is None else found


def _input(run: TrainedRun, subject: Subject) -> dict[str, Any]:
    if subject.raw is not None:
        return _raw_input(subject.model, subject.raw)
    model, scale = subject.model, run.scale
    stored = first_examples(subject.golden, 1).x.dtype
    return {
        "shape": [None, *model.input_shape[1:]],
        "dtype": "float32",
        "stored_as": str(stored),
        "scaling": f"inside the model ({scale})" if scale is not None else "none",
        "layout": "height, width, channels" if len(model.input_shape) == 4 else "as in the data",
    }


def _raw_input(model: Any, raw: dict[str, Any]) -> dict[str, Any]:
    """``preprocess.py`` makes what the model takes; filling and scaling are inside the model."""
    if raw["takes"] != "numbers":
        return {"made_by": standalone.PREPROCESS, "takes": raw["takes"], "scaling": "inside the model"}
    shape = [None, *model.input_shape[1:]]
    return {"made_by": standalone.PREPROCESS, "shape": shape, "dtype": "float32", "scaling": "inside the model"}


def _meaning(run: TrainedRun, units: int) -> str:
    if run.recipe.task == "multi_output":
        return "the columns of all outputs beside one another, as `outputs` has them"
    if run.recipe.task == "regression":
        return "predicted number" if units == 1 else "predicted number of each target"
    if run.has_labels:
        return "probability of each label"
    return "probability of class 1" if units == 1 else "probability of each class"


def _write_golden(subject: Subject, metadata: dict[str, Any], folder: Path) -> None:
    found = list(subject.cases(subject.golden, subject.part, _CANDIDATES))
    outputs = np.concatenate([cases.outputs for cases in found])
    arrays: dict[str, Array] = {}
    parts = [part for part in standalone.parts_of(metadata) if part["class_names"]]
    decided = [standalone.decide(outputs[:, slice(*part["columns"])], part["threshold"]) for part in parts]
    chosen = _of_every_class(decided) if parts else np.arange(min(GOLDEN, len(outputs)))
    for part, numbers in zip(parts, decided, strict=True):
        words = np.array(part["class_names"], dtype=np.str_)
        arrays[standalone.key_of(part, "class_name")] = words[numbers[chosen]]
        arrays[standalone.key_of(part, "class_names")] = words
    for part in standalone.parts_of(metadata):
        if part["task"] == "multi_label":
            arrays[standalone.key_of(part, "target_names")] = np.array(part["target_names"], dtype=np.str_)
    if subject.outputs:
        arrays["output_names"] = np.array([output.name for output in subject.outputs], dtype=np.str_)
    x = np.concatenate([cases.x for cases in found])[chosen]
    np.savez(folder / standalone.GOLDEN, x=x, outputs=outputs[chosen], **arrays)  # type: ignore[arg-type]
    if subject.raw is not None:
        rows = [row for cases in found for row in cases.rows or []]
        write_rows(folder / standalone.ROWS, [[rows[k] for k in chosen]])


def _of_every_class(decided: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Rows in which each class is decided for as often as there is room: the first of every class, then the second.

    Args:
        decided: of each output that has classes, the class of every row.
    """
    first = np.min([_occurrence(one) for one in decided], axis=0)
    return np.sort(np.argsort(first, kind="stable")[:GOLDEN])


def _occurrence(decided: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many rows before each have its class."""
    occurrence = np.zeros(len(decided), np.int64)
    for number in np.unique(decided):
        members = np.flatnonzero(decided == number)
        occurrence[members] = np.arange(len(members))
    return occurrence
