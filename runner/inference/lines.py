"""Results as lines of text."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.text import Text

from runner.numerals import measure, short
from runner.sinks.notes import laid_out
from runner.text import printable
from runner.views.lines import Screen
from runner.views.tables import Column, table

_FIGURES = ("precision", "recall", "f1")


def evaluation_lines(result: Mapping[str, Any], screen: Screen) -> Iterator[Text]:
    """An evaluation, as ``recipe evaluate --json`` has it, for a person."""
    where = f"{result['data']}, {result['split']}" if result["split"] else result["data"]
    figures = ", ".join(f"{name} {measure(value)}" for name, value in result["metrics"].items())
    rows = [
        ("run", f"{result['run_dir']}, {result['model']}"),
        ("data", f"{where}: {result['examples']:,} {'sequences' if 'surprises' in result else 'examples'}"),
        ("result", figures),
        *([("threshold", _threshold(result))] if "threshold" in result else []),
    ]
    yield from _labelled(rows, screen)
    if result["classes"]:
        yield Text()
        yield from _class_lines(result["classes"], "class", screen)
    for output in result.get("outputs", ()):
        yield Text()
        if "threshold" in output:
            yield from _labelled([("threshold", _threshold(output))], screen)
        yield from _class_lines(output["classes"], output["name"], screen)
    if result.get("targets"):
        yield from _target_lines(result["targets"], screen)
    if "surprises" in result:
        yield from _surprise_lines(result["surprises"], screen)


def _labelled(rows: Sequence[tuple[str, str]], screen: Screen) -> Iterator[Text]:
    return map(Text, laid_out([(label, screen.text(printable(text))) for label, text in rows], screen.width))


def _threshold(result: Mapping[str, Any]) -> str:
    found, names = result["threshold"], [str(row["name"]) for row in result["classes"]]
    if isinstance(found, float):
        return f"{measure(found)}, above which the class is {names[1]}"
    return ", ".join(f"{measure(one)} {name}" for one, name in zip(found, names, strict=True))


def _class_lines(classes: Sequence[Mapping[str, Any]], heading: str, screen: Screen) -> Iterator[Text]:
    """A row for each class, and their means."""
    rows = [_row(row["name"], [row[key] for key in _FIGURES], row["support"]) for row in classes]
    support = sum(row["support"] for row in classes)
    for name, weights in (("mean", [1] * len(classes)), ("weighted mean", [row["support"] for row in classes])):
        total = sum(weights)
        means = [sum(w * row[key] for w, row in zip(weights, classes, strict=True)) / total for key in _FIGURES]
        rows.append(_row(name, means, support))
    columns = [Column(printable(heading), least=16), *(Column(name, left=False) for name in _FIGURES)]
    columns.append(Column("support", left=False, leaves=1))
    yield from table(screen, columns, rows)


def _row(name: object, figures: Sequence[float], support: int) -> tuple[str, ...]:
    return (printable(str(name)), *map(measure, figures), f"{support:,}")


def _target_lines(targets: Sequence[Mapping[str, Any]], screen: Screen) -> Iterator[Text]:
    """Errors of each of several targets; their means over the targets stand among the metrics."""
    figures = [name for name in targets[0] if name != "name"]
    columns = [Column("target"), *(Column(name.replace("_", " "), left=False) for name in figures)]
    rows = [(printable(str(row["name"])), *(measure(row[figure]) for figure in figures)) for row in targets]
    yield Text()
    yield from table(screen, columns, rows)


def _surprise_lines(surprises: Sequence[Mapping[str, Any]], screen: Screen) -> Iterator[Text]:
    """The sequences with the highest loss, by the token of each that was expected least."""
    columns = [
        Column("highest loss", left=False),
        Column("after", leaves=1),
        Column("came"),
        Column("p", left=False),
        Column("expected"),
        Column("p", left=False),
    ]
    rows = [
        (
            measure(row["loss"]),
            printable(row["before"]),
            _token(row["token"]),
            measure(row["probability"]),
            _token(row["expected"]),
            measure(row["expected_probability"]),
        )
        for row in surprises
    ]
    yield Text()
    yield from table(screen, columns, rows)


def _token(token: str) -> str:
    """A token; a blank is quoted, because it would not be seen."""
    return printable(token) if token.strip() or "\n" in token else f"'{token}'"


def export_lines(result: Mapping[str, Any]) -> Iterator[str]:
    """An export, as ``recipe export --json`` has it, for a person."""
    found = "" if result["written"] else " (was there already)"
    yield f"export    {result['path']}, {result['format']}, {_size(result['bytes'])}{found}"
    check = result["check"]
    if check is not None:
        yield f"check     {check['flips']:,} of {check['decisions']:,} decisions flipped"
        yield f"          largest difference of an output {short(check['largest_difference'])}"
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
    return f"{found['score_name']} {measure(before)} in Keras, {measure(after)} exported ({after - before:+.4f})"


def _size(octets: int) -> str:
    return f"{octets:,} bytes" if octets < 10_000 else f"{octets / 1024:,.0f} KiB"
