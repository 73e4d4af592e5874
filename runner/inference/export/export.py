"""Exports a trained run's model in a format, and checks what was exported."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner.errors import ExportError
from runner.inference.evaluation import first_examples
from runner.inference.export.artefact import describe, making, metadata_of
from runner.inference.export.checking import Checked, check
from runner.inference.export.convert import convert
from runner.inference.export.formats import FORMATS, Format
from runner.inference.export.subject import subject_of
from runner.inference.opened import TrainedRun
from runner.plan.plan import Plan

_REPRESENTATIVE = 500
"""Training inputs by which the ranges of an 8-bit model are chosen."""


@dataclass(frozen=True)
class Order:
    """What is to be exported, and where it goes."""

    form: Format
    folder: Path
    int8: bool = False
    force: bool = False
    check: bool = False
    bench: bool = False


@dataclass(frozen=True)
class Exported:
    """What was exported."""

    folder: Path
    octets: int
    written: bool
    """False: the export was there already, and was only checked."""
    checked: Checked | None


def default_folder(run: TrainedRun, form: Format, *, int8: bool) -> Path:
    """Within the run: deleting a run deletes its exports."""
    return run.paths.root / "export" / (f"{form}-int8" if int8 else form)


def export(run: TrainedRun, plan: Plan, order: Order) -> Exported:
    """Export, unless what is to be checked already exists; then check and time it, where that is asked for.

    An 8-bit model is always compared, because what it costs is not known otherwise.

    Raises:
        ExportError: the model cannot be exported, or something else is in its place.
        ModelUnusable: the run has no such model.
        DataError: the data cannot be read.
    """
    if plan.data.next_token:
        raise ExportError(
            "a language model has no export: the steps from a text to its next token are Keras' own",
            f"{run.model_file} opens in plain Keras; it takes texts and gives the probabilities of the next token",
        )
    there = order.folder.exists() and order.check and not order.force
    if there:
        _require_same(run, order)
    subject = subject_of(run, plan, order.form)
    if not there:
        with making(order.folder, force=order.force) as temporary:
            inputs = first_examples(subject.train, _REPRESENTATIVE).x if order.int8 else None
            source = None if run.recipe.model.output.logits else run.model_file
            convert(subject.model, source, order.form, temporary, inputs)
            describe(run, subject, order.form, temporary, int8=order.int8)
    checked = None
    if order.check or order.bench or order.int8:
        checked = check(order.folder, subject, benched=order.bench)
    return Exported(order.folder, _size(order), not there, checked)


def _require_same(run: TrainedRun, order: Order) -> None:
    """What is there must be an export of this run in this format.

    Raises:
        ExportError: it is not.
    """
    found = metadata_of(order.folder)
    wanted: dict[str, Any] = {
        "format": order.form, "int8": order.int8, "fingerprint": run.lock.get("fingerprint"), "which": run.which
    }  # fmt: skip
    for key, value in wanted.items():
        if found.get(key) != value:
            raise ExportError(
                f"{order.folder} already exists, and its {key} is {found.get(key)!r} and not {value!r}",
                "name another folder with --output, or use --force to replace it",
            )


def _size(order: Order) -> int:
    path = order.folder / FORMATS[order.form].model
    return (
        sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) if path.is_dir() else path.stat().st_size
    )
