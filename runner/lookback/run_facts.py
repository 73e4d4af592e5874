"""What a run came to, in facts that the terminal, the report and JSON share."""

import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from runner import numerals
from runner.events import ExpectationChecked
from runner.lookback.cells import plural, size_text
from runner.lookback.listing_view import when
from runner.lookback.papers import Papers
from runner.lookback.recorded_run import Past
from runner.record.checkpoint import list_checkpoints
from runner.record.directory import RunPaths
from runner.record.kept_evaluation import SPLITS
from runner.sinks import formatting as fmt
from runner.sinks.notes import OUTCOMES
from runner.text import one_line, printable

_FILES = (
    *("recipe.yaml", "resolved.yaml", "lock.json", "events.jsonl", "model.keras", "best.keras", "report.html"),
    "tags.json",
    *(f"evaluation-{split}.safetensors" for split in SPLITS),
)


def outcome(past: Past) -> str:
    """How the run ended, in words."""
    words = {**dict[str, str](OUTCOMES.items()), "killed": "killed: its record has no end"}
    message = past.ended.message if past.ended is not None else None
    said = words.get(past.status, past.status)
    return f"{said}: {printable(message)}" if message else said


def about(past: Past) -> Iterator[tuple[str, str]]:
    """Labels and texts: what was run, on what, and how long it took."""
    run = past.started
    yield "result", outcome(past)
    if past.tags.tags:
        yield "tags", ", ".join(past.tags.tags)
    if past.tags.note is not None:
        yield "note", one_line(past.tags.note)
    yield "recipe", f"{printable(run.recipe)}, seed {run.seed}, fingerprint {printable(run.fingerprint[:8])}"
    counts = ", ".join(f"{name} {count:,}" for name, count in past.papers.examples.items())
    yield "data", printable(f"{run.data}{f' ({counts})' if counts else ''}, batches of {run.batch_size:,}")
    if past.fallback is not None:
        yield "fallback", printable(f"in place of {past.fallback.wanted}: {past.fallback.reason}")
    yield "model", plural(run.parameters, "parameter")
    yield from _began_with(past.papers)
    yield "steps", f"{past.steps:,} of {run.steps:,}, {run.steps_per_epoch:,} per epoch"
    if past.device is not None:
        yield "device", printable(f"{past.device.device}, {past.device.description}")
    yield "started", f"{when(past.begun)}{f', {past.sessions} sessions' if past.sessions > 1 else ''}"
    yield "time", past.elapsed.text


def _began_with(papers: Papers) -> Iterator[tuple[str, str]]:
    """The weights with which the run began, where they were not fresh."""
    source = papers.weights
    if source is not None:
        yield "weights", printable(f"from {source['run']}, {source['which']} model{_digest(source)}")
    for each in papers.published:
        yield f"weights of {printable(each['layer'])}", printable(f"{each['weights']}, {each['file']}{_digest(each)}")


def _digest(of: Mapping[str, str]) -> str:
    return f" (SHA-256 {of['sha256'][:12]}…)"


class PhaseFacts(NamedTuple):
    """A phase: its steps, and the values that were executed at its two ends."""

    name: str
    start: int
    stop: int
    rate: tuple[float, float] | None
    """None where the run did not come that far."""
    momentum: tuple[float, float] | None


def phases(past: Past) -> list[PhaseFacts]:
    """The phases as planned, with what was executed in them."""
    curves, found = past.curves, []
    for name, start, stop in past.phase_rows():
        first, last = bisect_left(curves.steps, start), bisect_left(curves.steps, stop) - 1
        ends = (first, last) if first <= last else None
        rate = ends and (curves.learning_rate[first], curves.learning_rate[last])
        momentum = ends and (curves.momentum[first], curves.momentum[last])
        known = momentum if momentum and not any(map(math.isnan, momentum)) else None
        found.append(PhaseFacts(name, start, stop, rate, known))
    return found


def way(ends: tuple[float, float] | None) -> str:
    """``0.01 → 0.1``; one value where it stays, and a dash where there is none."""
    return "–" if ends is None else numerals.way(*ends)


def verdict(check: ExpectationChecked) -> str:
    """Whether an expectation was met, and by what value."""
    if check.met is None:
        return "not tested"
    return f"{'met' if check.met else 'missed'}, {fmt.measure(check.value)}"


def remarks(past: Past) -> list[str]:
    """Why the schedule or the length of the run changed, and what is not known of the run."""
    found = [] if past.papers.found else ["lock.json is missing: recipe, versions and machine are not known"]
    found += [
        f"plateau: learning rate x {fmt.rate(cut.scale)} from step {cut.step:,}, "
        f"{printable(cut.monitor)} {fmt.measure(cut.value)} after a best of {fmt.measure(cut.best)}"
        for cut in past.acting_cuts
    ]
    if past.early is not None:
        best = fmt.best_epoch(past.early.best_epoch + 1, {past.early.monitor: past.early.best})
        found.append(f"stopped early: best {best}, no better for {plural(past.early.wait, 'epoch')}")
    if past.skipped:
        found.append(f"{plural(past.skipped, 'step')} left the weights alone: a gradient was not finite")
    for made in past.after:
        outcome = printable(made.message) if made.done else f"failed: {printable(made.message)}"
        found.append(f"after the training, {printable(made.step)}: {outcome}")
    return found


def files(past: Past) -> list[tuple[str, str]]:
    """The files of the run, and their sizes."""
    found = [(name, size_text(path.stat().st_size)) for name in _FILES if (path := past.path / name).is_file()]
    checkpoints = list_checkpoints(RunPaths(past.path).checkpoints())
    return [*found, ("checkpoints/", plural(len(checkpoints), "file"))] if checkpoints else found


def as_mapping(past: Past) -> dict[str, Any]:
    """The run as an object for JSON."""
    run = past.started
    return {
        "run": past.name,
        "run_dir": str(past.path),
        "name": run.recipe,
        "status": past.status,
        "message": past.ended.message if past.ended is not None else None,
        "started": past.begun,
        "sessions": past.sessions,
        "tags": past.tags.tags,
        "note": past.tags.note,
        "fingerprint": run.fingerprint,
        "seed": run.seed,
        "data": run.data,
        "fallback": past.fallback.wanted if past.fallback is not None else None,
        "device": past.device.device if past.device is not None else None,
        "steps": past.steps,
        "planned_steps": run.steps,
        "epochs": len(past.epochs),
        "parameters": run.parameters,
        **({"weights": dict(past.papers.weights)} if past.papers.weights is not None else {}),
        **({"published": [dict(each) for each in past.papers.published]} if past.papers.published else {}),
        "seconds": {"total": past.elapsed.total, "training": past.elapsed.training},
        **({"killed_sessions": past.elapsed.killed} if past.elapsed.killed else {}),
        "metrics": past.metrics,
        **({"baseline": past.baseline} if past.baseline else {}),
        **({"naive_forecasts": past.naive_forecasts} if past.naive_forecasts else {}),
        **_threshold(past),
        "best": past.best,
        "phases": [row._asdict() for row in phases(past)],
        "expectations": [
            {"metric": c.metric, "expectation": c.expectation, "value": c.value, "met": c.met} for c in past.checks
        ],
        "warnings": list(past.warnings),
        "remarks": remarks(past),
        "packages": dict(past.papers.packages),
        "host": dict(past.papers.host),
        "files": [name for name, _ in files(past)],
    }


def _threshold(past: Past) -> dict[str, Any]:
    """What the final model decides by, and by what that was chosen; nothing where the recipe asks for none."""
    end = past.ended
    if end is None or end.threshold is None or end.threshold == ():
        return {}
    return {"threshold": end.threshold, **({"threshold_by": end.threshold_by} if end.threshold_by is not None else {})}
