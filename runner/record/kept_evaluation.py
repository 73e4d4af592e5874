"""What an evaluation leaves in a run's folder: a decision and a prediction for every example, and the worst of them.

``evaluation-test.safetensors`` is one file, so that figures and predictions cannot be of two evaluations. Its metadata
has the facts as JSON and a SHA-256 of facts and arrays, as a checkpoint's. It may come from a stranger.

| task | arrays of n examples |
|---|---|
| classification | ``target``, ``decided`` int32 ``(n,)``; ``confidence``, ``truth`` float32 ``(n,)``: probabilities |
| regression | ``target``, ``predicted`` float32 ``(n, k)`` |
| multi_label | ``target`` uint8 ``(n, k)``; ``probability`` float32 ``(n, k)`` |
| multi_output | those of each output by the task of it, as ``OUTPUT.target`` |

``images`` uint8 ``(m, height, width)`` or ``(m, height, width, 3)`` are the m worst examples, where they are images.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import save

from runner.errors import RunError
from runner.fields import Count, Finite, FiniteReals, Metrics, Name, Positive, Text, misfit
from runner.record.checkpoint import read_sealed
from runner.record.tensor_file import Arrays, digest_of
from runner.text import argument, printable

SPLITS = ("test", "validation", "train")
"""In the order in which a reader wants them."""
BYTES_AT_MOST = 1 << 26
"""Of the arrays."""
WORST = 24
"""Examples that are kept with their names and their pictures."""
LONGEST_SIDE = 96
"""Pixels of a kept picture."""
_TEXT_AT_MOST = 1 << 22
_NAMES_AT_MOST = 100_000
_OUTPUTS_AT_MOST = 100
_SHAPES: Mapping[str, Mapping[str, tuple[str, int]]] = {
    "classification": {"target": ("int32", 1), "decided": ("int32", 1), "confidence": ("float32", 1),
                       "truth": ("float32", 1)},
    "regression": {"target": ("float32", 2), "predicted": ("float32", 2)},
    "multi_label": {"target": ("uint8", 2), "probability": ("float32", 2)},
}  # fmt: skip
"""Type and number of axes of each array, by task."""


class _Facts(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KeptExample(_Facts):
    """One of the worst examples."""

    place: Count
    name: Name
    target: Name
    said: Name
    values: Annotated[dict[Name, Name], Field(max_length=40)] = Field(default_factory=dict)
    """Cells of a row, the beginning of a text."""


class _Judged(_Facts):
    names: Annotated[tuple[Name, ...], Field(max_length=_NAMES_AT_MOST)] = ()
    """Of classes, labels or predicted numbers."""
    threshold: Finite | FiniteReals | None = None
    """Probability above which the second of two classes is decided for, or a label, or one for each; None: one half."""
    metrics: Metrics
    worst: Annotated[tuple[KeptExample, ...], Field(max_length=WORST)] = ()


class OutputFacts(_Judged):
    """The figures of one of several outputs."""

    output: Name
    task: Literal["classification", "regression", "multi_label"]


class EvaluationFacts(_Judged):
    """What was evaluated, and the figures."""

    version: Literal[1] = 1
    fingerprint: Name
    step: Count
    """Steps that the run had made."""
    split: Literal["train", "validation", "test"]
    task: Literal["classification", "regression", "multi_label", "multi_output"]
    data: Text
    data_sha256: Name
    """Of the split, by which two evaluations are known to be of the same examples."""
    examples: Positive
    outputs: Annotated[tuple[OutputFacts, ...], Field(max_length=_OUTPUTS_AT_MOST)] = ()
    """Of ``multi_output``, whose names, thresholds and worst examples are with them."""


@dataclass(frozen=True)
class KeptEvaluation:
    """An evaluation, written or read back."""

    facts: EvaluationFacts
    arrays: Arrays

    @property
    def outputs(self) -> Mapping[str, "KeptEvaluation"]:
        """Each output by name, as if there were no other; a single one has the name ``""``."""
        if self.facts.task != "multi_output":
            return {"": self}
        own: dict[str, dict[str, Any]] = {one.output: {} for one in self.facts.outputs}
        for name, array in self.arrays.items():
            output, _, rest = name.partition(".")
            own[output][rest] = array
        return {one.output: KeptEvaluation(_alone(self.facts, one), own[one.output]) for one in self.facts.outputs}


def beside(facts: EvaluationFacts, parts: Mapping[str, Arrays]) -> KeptEvaluation:
    """An evaluation of several outputs.

    Args:
        facts: with those of each output.
        parts: the arrays of each.
    """
    arrays = {f"{output}.{name}": array for output, own in parts.items() for name, array in own.items()}
    return KeptEvaluation(facts, arrays)


def _alone(whole: EvaluationFacts, one: OutputFacts) -> EvaluationFacts:
    own: dict[str, Any] = {name: getattr(one, name) for name in ("task", "names", "threshold", "metrics", "worst")}
    return whole.model_copy(update={**own, "outputs": ()})


def path_of(root: Path, split: str) -> Path:
    """Where the evaluation of a split is in a run."""
    return root / f"evaluation-{split}.safetensors"


def to_bytes(kept: KeptEvaluation) -> bytes:
    """The content of the file."""
    facts = kept.facts.model_dump_json()
    arrays = {name: np.ascontiguousarray(array) for name, array in kept.arrays.items()}
    return save(arrays, {"evaluation": facts, "sha256": digest_of(facts, arrays)})


def read_evaluation(path: Path) -> KeptEvaluation:
    """Read an evaluation, and hold it to what one writes.

    Raises:
        FileNotFoundError: there is none.
        RunError: it is torn, altered or not an evaluation.
        NotPlain: it is a link, a FIFO or a device.
        OSError: it cannot be read.
    """
    if path.stat().st_size > BYTES_AT_MOST + 2 * _TEXT_AT_MOST:
        raise _broken(path, f"more than {BYTES_AT_MOST + 2 * _TEXT_AT_MOST:,} bytes")
    try:
        text, arrays = read_sealed(path, "evaluation")
        facts = EvaluationFacts.model_validate_json(text)
    except ValidationError as error:
        raise _broken(path, misfit(error)) from error
    except (SafetensorError, KeyError, ValueError, RecursionError) as error:
        raise _broken(path, str(error)) from error
    kept = KeptEvaluation(facts, arrays)
    fault = _fault(kept)
    if fault is not None:
        raise _broken(path, fault)
    return kept


def _broken(path: Path, fault: str) -> RunError:
    message = f"{printable(str(path))} is not the evaluation of a run: {printable(fault)}"
    return RunError(message, f"delete it; `recipe evaluate {argument(path.parent)}` makes it again")


def _fault(kept: KeptEvaluation) -> str | None:
    """What of the arrays is not as the facts say."""
    facts = kept.facts
    if facts.task != "multi_output":
        return "it names outputs, and its task is another" if facts.outputs else _output_fault(facts, kept.arrays)
    known = {one.output for one in facts.outputs}
    if not known or len(known) < len(facts.outputs) or facts.names or facts.worst or facts.threshold is not None:
        return f"its outputs are {', '.join(one.output for one in facts.outputs) or 'none'}"
    if any(name.partition(".")[0] not in known for name in kept.arrays):
        return f"its arrays are {', '.join(sorted(kept.arrays))}"
    faults = ((name, _output_fault(one.facts, one.arrays)) for name, one in kept.outputs.items())
    return next((f"{name}: {fault}" for name, fault in faults if fault is not None), None)


def _output_fault(facts: EvaluationFacts, arrays: Arrays) -> str | None:
    wanted = _SHAPES[facts.task]
    if set(arrays) - {"images"} != set(wanted):
        return f"its arrays are {', '.join(sorted(arrays))}"
    for name, (kind, axes) in wanted.items():
        array = arrays[name]
        if array.dtype != kind or array.ndim != axes or len(array) != facts.examples:
            return f"{name} is {array.dtype} {array.shape}, of {facts.examples:,} examples"
        if axes == 2 and array.shape[1] != max(len(facts.names), 1):
            return f"{name} has {array.shape[1]:,} columns for {len(facts.names):,} names"
    if isinstance(facts.threshold, tuple) and (facts.task != "multi_label" or len(facts.threshold) != len(facts.names)):
        return f"there are {len(facts.threshold):,} thresholds for {len(facts.names):,} names"
    if facts.task == "classification":
        for name in ("target", "decided"):
            if arrays[name].min() < 0 or arrays[name].max() >= len(facts.names):
                return f"{name} has a class that is none of {len(facts.names):,}"
    return _images_fault(facts, arrays.get("images"))


def _images_fault(facts: EvaluationFacts, images: Any) -> str | None:
    if images is None:
        return None
    colours = images.shape[3:] in ((), (3,))
    fits = images.ndim in (3, 4) and colours and len(images) == len(facts.worst) and 0 not in images.shape
    if images.dtype != "uint8" or not fits or max(images.shape[1:3]) > LONGEST_SIDE:
        return f"images are {images.dtype} {images.shape}, of {len(facts.worst)} examples"
    return None
