"""Events in words: the text above, between and below the rows of the table in the live and plain displays.

All text returned by this module is printable and uncoloured.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from os.path import relpath
from pathlib import Path
from typing import TextIO

from runner.events import (
    DeviceChosen,
    EarlyStopped,
    Evaluated,
    Event,
    ExpectationChecked,
    FallbackUsed,
    PhaseRow,
    Planned,
    PlateauCut,
    RunEnded,
    RunStarted,
    Status,
    Warned,
)
from runner.measures.constant_answers import FORECASTS, meanings_of, of_last_part
from runner.sinks import formatting as fmt
from runner.text import one_line, printable
from runner.wrapping import LABEL, terminal_columns, wrapped

Lines = Iterator[tuple[str, str]]
"""Pairs of label and text."""

_WIDTH = 80
"""Width to which header and summary are wrapped without a terminal."""

_PHASES = 20
"""Maximum number of phases named in the header; `recipe plan` lists all."""

OUTCOMES: dict[Status, str] = {
    "running": "still running",
    "finished": "finished",
    "failed": "failed",
    "diverged": "diverged",
    "interrupted": "interrupted",
    "terminated": "terminated",
    "pruned": "ended early by its sweep",
    "expectation_missed": "finished, but missed an expectation",
}


def width_of(stream: TextIO) -> int:
    """Columns to which header and summary are wrapped on a stream: never more than without a terminal."""
    return min(terminal_columns(stream) or _WIDTH, _WIDTH)


def laid_out(lines: Iterable[tuple[str, str]], width: int) -> Iterator[str]:
    """Put labels to the left of texts, and wrap long texts under themselves.

    Words longer than a line, such as paths, are not broken, so that they can be copied.
    """
    for label, text in lines:
        if label == "run":
            yield from _path(label, text, width)
            continue
        for index, part in enumerate(wrapped(text, max(20, width - LABEL))):
            yield f"{label if index == 0 else '':<{LABEL}}{part}"


def _path(label: str, text: str, width: int) -> Iterator[str]:
    """A path in one piece, for copying; on the line of its label only if both fit."""
    if LABEL + fmt.width(text) <= width:
        yield f"{label:<{LABEL}}{text}"
    else:
        yield from (label, text)


def planned(plan: Planned | RunStarted) -> Lines:
    """Facts about a run that are known before TensorFlow is started."""
    yield from _subject(plan)
    yield from _length(plan)


def _subject(plan: Planned | RunStarted) -> Lines:
    yield "recipe", f"{printable(plan.recipe)}, seed {plan.seed}, fingerprint {printable(plan.fingerprint[:8])}"
    yield "data", f"{printable(plan.data)}, batches of {fmt.count(plan.batch_size)}"


def _length(plan: Planned | RunStarted) -> Lines:
    epochs = f"{fmt.count(plan.epochs)} epoch{'s' if plan.epochs != 1 else ''}"
    yield "steps", f"{fmt.count(plan.steps)} in {epochs}, {fmt.count(plan.steps_per_epoch)} per epoch"
    if plan.phases:
        yield "schedule", _phases(plan.phases)


def _phases(rows: Sequence[PhaseRow]) -> str:
    named = [f"{printable(row.name)} {fmt.count(row.stop - row.start)}" for row in rows]
    if len(named) <= _PHASES:
        return f"{', '.join(named)} steps"
    return f"{', '.join(named[: _PHASES - 1])} steps, and {fmt.count(len(named) - _PHASES + 1)} more phases"


def header(run: RunStarted, *, after_plan: bool = False) -> Lines:
    """The header of a run; after :func:`planned`, only the facts that it did not include."""
    if not after_plan:
        yield from _subject(run)
    yield "model", f"{fmt.count(run.parameters)} parameters"
    if not after_plan:
        yield from _length(run)
    if run.resumed_at:
        yield "resumed", f"after {fmt.count(run.resumed_at)} steps"
    yield "run", place(run.run_dir)


def place(path: str) -> str:
    """The shortest form of the path from the working directory."""
    inside = Path(path).is_absolute() and Path(path).is_relative_to(Path.cwd())
    return printable(relpath(path) if inside else path)


def device(event: DeviceChosen) -> tuple[str, str]:
    """The device that the run computes on."""
    described = printable(event.description)
    text = described if event.device.lower() in described.lower() else f"{printable(event.device)}, {described}"
    return "device", f"{text} (no GPU: {one_line(event.reason)})" if event.reason else text


def alert(event: Event) -> tuple[str, str] | None:
    """Warnings and failures, which every display shows; None for other events."""
    match event:
        case Warned():
            return "warning", one_line(event.message)
        case FallbackUsed():
            used, wanted, reason = map(one_line, (event.used, event.wanted, event.reason))
            return "fallback", f"training on {used} instead of {wanted}: {reason}"
        case _:
            return None


def between_rows(event: Event) -> str | None:
    """Changes of the schedule or of the run's length, and evaluations within an epoch; None for other events."""
    match event:
        case PlateauCut():
            why = f"{printable(event.monitor)} {fmt.measure(event.value)}, best {fmt.measure(event.best)}"
            return f"plateau: rate x{fmt.rate(event.scale)}; {why}, wait {event.wait}"
        case Evaluated() if event.step is not None:
            mark = ", best so far" if event.best else ""
            return f"step {fmt.count(event.step)}: {_measures(event.metrics)}{mark}"
        case EarlyStopped():
            best = fmt.best_epoch(event.best_epoch + 1, {event.monitor: event.best})
            return f"stopped early: best {best}, wait {event.wait}"
        case _:
            return None


def thresholds(end: RunEnded) -> Iterator[str]:
    """What a model decides by, and how that was chosen, where the recipe asks for it; a line for each output."""
    found, by = end.threshold, end.threshold_by
    if isinstance(found, dict):
        figures = by if isinstance(by, dict) else {}
        yield from (f"{printable(name)} {_threshold(one, figures.get(name))}" for name, one in found.items())
    elif found is not None and found != ():
        yield _threshold(found, by if isinstance(by, str) else None)


def _threshold(found: float | tuple[float, ...], by: str | None) -> str:
    """Such as ``0.3712, chosen on validation by f1, above which …``."""
    if found == ():
        return "-"
    chosen = f", chosen on validation by {printable(by)}" if by is not None else ""
    if isinstance(found, tuple):
        return f"{fmt.measure(min(found))} to {fmt.measure(max(found))}{chosen}, one for each of {len(found)} labels"
    return f"{fmt.measure(found)}{chosen}, above which a prediction is class 1 or a label applies"


def summary(run: RunStarted | None, checks: Iterable[ExpectationChecked], end: RunEnded) -> Lines:
    """The result of the run."""
    yield "result", OUTCOMES[end.status] + (f": {one_line(end.message)}" if end.message else "")
    tested = {name.removeprefix("test_"): value for name, value in end.metrics.items() if name.startswith("test_")}
    others = {name: value for name, value in end.metrics.items() if not name.startswith("test_")}
    if tested:
        yield "test", _measures(tested)
    if others:
        yield "metrics", _measures(others)
    for text in baselines(end.baseline or {}, end.naive_forecasts or {}):
        yield "baseline", text
    for text in thresholds(end):
        yield "threshold", text
    if end.best:
        yield "best", _best(end.best)
        yield from (("note", text) for text in _risen(end.best, end.metrics))
    yield from expectations(checks)
    total, training = fmt.seconds(end.seconds_total), fmt.seconds(end.seconds_training)
    yield "time", f"{total} total, {training} training, {fmt.count(end.steps)} step{'' if end.steps == 1 else 's'}"
    if run:
        yield "run", place(run.run_dir)


def baselines(figures: Mapping[str, float], forecasts: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """What one answer to all examples comes to: ``test_accuracy 0.1136, always the most frequent answer``.

    Of a series each naive forecast: ``test_mean_absolute_error 0.41, always the last value that is seen``.
    """
    if figures:
        last = of_last_part(figures)
        yield ", ".join(filter(None, [_measures(last), meanings_of(last)]))
    for name, own in forecasts.items():
        yield ", ".join([_measures(of_last_part(own)), FORECASTS.get(name, printable(name))])


def expectations(checks: Iterable[ExpectationChecked]) -> Lines:
    """Each expectation of the recipe with the measured value."""
    for check in checks:
        yield "expected", f"{printable(check.metric)} {printable(check.expectation)}: {_verdict(check)}"


def _measures(metrics: Mapping[str, float]) -> str:
    return ", ".join(f"{printable(name)} {fmt.measure(value)}" for name, value in metrics.items())


def _best(best: Mapping[str, float | int]) -> str:
    figures = {name: value for name, value in best.items() if name != "epoch"}
    return fmt.best_epoch(int(best["epoch"]) + 1, figures) if "epoch" in best else _measures(figures)


def _risen(best: Mapping[str, float | int], final: Mapping[str, float]) -> Iterator[str]:
    """What to do about a validation loss that is a tenth or more above its least at the end."""
    for name, least in best.items():
        if name.endswith("loss") and "epoch" in best and final.get(name, least) > max(1.1 * least, 0.0):
            epoch = f"epoch {fmt.count(int(best['epoch']) + 1)}"
            yield (
                f"{printable(name)} has risen to {fmt.measure(final[name])} since {epoch}; "
                "`evaluate`, `predict` and `export` use the model of that epoch with --which best"
            )


def _verdict(check: ExpectationChecked) -> str:
    if check.met is None:
        return "not tested"
    return f"{'met' if check.met else 'missed'} ({fmt.measure(check.value)})"
