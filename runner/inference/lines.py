"""Results as lines of text."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

_FIGURES = ("precision", "recall", "f1")
_LONGEST = 24
"""Characters of a class name that are shown."""


def _number(value: float) -> str:
    return f"{value:.4f}" if math.isfinite(value) and (value == 0 or 1e-3 <= abs(value) < 1e5) else f"{value:.4g}"


def evaluation_lines(result: Mapping[str, Any]) -> Iterator[str]:
    """An evaluation, as ``recipe evaluate --json`` has it, for a person."""
    where = f"{result['data']}, {result['split']}" if result["split"] else result["data"]
    yield f"run       {result['run_dir']}, {result['model']}"
    yield f"data      {where}: {result['examples']:,} examples"
    yield "result    " + ", ".join(f"{name} {_number(value)}" for name, value in result["metrics"].items())
    if "threshold" in result:
        yield f"threshold {_threshold(result)}"
    if result["classes"]:
        yield ""
        yield from _class_lines(result["classes"])
    for output in result.get("outputs", ()):
        yield ""
        if "threshold" in output:
            yield f"threshold {_threshold(output)}"
        yield from _class_lines(output["classes"], _shortened(output["name"]))
    if result.get("targets"):
        yield ""
        yield from _target_lines(result["targets"])


def _threshold(result: Mapping[str, Any]) -> str:
    found, names = result["threshold"], [str(row["name"]) for row in result["classes"]]
    if isinstance(found, float):
        return f"{_number(found)}, above which the class is {names[1]}"
    return ", ".join(f"{_number(one)} {_shortened(name)}" for one, name in zip(found, names, strict=True))


def _class_lines(classes: list[dict[str, Any]], heading: str = "class") -> Iterator[str]:
    names = [_shortened(str(row["name"])) for row in classes]
    width = max(len("weighted mean"), len(heading), *map(len, names))
    yield f"{heading:{width}}  {'precision':>9}  {'recall':>9}  {'f1':>9}  {'support':>9}"
    for name, row in zip(names, classes, strict=True):
        yield _line(name, width, [row[key] for key in _FIGURES], row["support"])
    support = sum(row["support"] for row in classes)
    for name, weights in (("mean", [1] * len(classes)), ("weighted mean", [row["support"] for row in classes])):
        total = sum(weights)
        means = [sum(w * row[key] for w, row in zip(weights, classes, strict=True)) / total for key in _FIGURES]
        yield _line(name, width, means, support)


def _target_lines(targets: list[dict[str, Any]]) -> Iterator[str]:
    """Errors of each of several targets; their means over the targets stand among the metrics."""
    names = [_shortened(str(row["name"])) for row in targets]
    width = max(len("target"), *map(len, names))
    figures = [name for name in targets[0] if name != "name"]
    yield f"{'target':{width}}  " + "  ".join(name.replace("_", " ") for name in figures)
    for name, row in zip(names, targets, strict=True):
        yield f"{name:{width}}  " + "  ".join(f"{_number(row[figure]):>{len(figure)}}" for figure in figures)


def _line(name: str, width: int, figures: list[float], support: int) -> str:
    cells = "  ".join(f"{value:9.4f}" for value in figures)
    return f"{name:{width}}  {cells}  {support:9,}"


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"


def export_lines(result: Mapping[str, Any]) -> Iterator[str]:
    """An export, as ``recipe export --json`` has it, for a person."""
    found = "" if result["written"] else " (was there already)"
    yield f"export    {result['path']}, {result['format']}, {_size(result['bytes'])}{found}"
    check = result["check"]
    if check is not None:
        yield f"check     {check['flips']:,} of {check['decisions']:,} decisions flipped"
        yield f"          largest difference of an output {check['largest_difference']:.3g}"
        yield f"          run by {', '.join(check['imported']) or 'NumPy'}"
        if check["score"] is not None:
            yield f"          {_scores(check)}"
        for name, found in check["outputs"].items():
            scores = f"; {_scores(found)}" if found["score"] is not None else ""
            yield f"          {name}: {found['flips']:,} of {check['examples']:,} flipped{scores}"
        yield from (f"wrong     {problem}" for problem in check["problems"])
    bench = result["bench"]
    if bench is not None:
        median, high = bench["latency_ms"], bench["latency_p95_ms"]
        yield f"bench     {median:.3f} ms for one example (95th percentile {high:.3f} ms)"
        yield f"          {bench['examples_per_second']:,.0f} examples a second in batches"


def _scores(found: Mapping[str, Any]) -> str:
    before, after = found["score_of_keras"], found["score"]
    return f"{found['score_name']} {before:.4f} in Keras, {after:.4f} exported ({after - before:+.4f})"


def _size(octets: int) -> str:
    return f"{octets:,} bytes" if octets < 10_000 else f"{octets / 1024:,.0f} KiB"
