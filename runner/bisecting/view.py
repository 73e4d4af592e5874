"""A search as text and as JSON."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.text import Text

from runner.bisecting.search import Found, Judged
from runner.bisecting.sides import Between, shown_fields
from runner.lookback.cells import value_text
from runner.record.difference import ABSENT
from runner.sinks import formatting as fmt
from runner.text import printable
from runner.views.lines import Screen, pairs, paragraph
from runner.views.tables import Column, table


def lines(found: Found, between: Between, screen: Screen) -> Iterator[Text]:
    """The trials, and the fields that explain the difference."""
    columns = (Column("fields of the bad recipe"), Column(found.scale.metric, left=False), Column("result"))
    rows = [(_fields(found, each), _value(each), _outcome(each)) for each in found.judged]
    yield from table(screen, columns, rows)
    yield Text()
    if found.why_not:
        yield from paragraph(screen, f"nothing to explain: {printable(found.why_not)}")
        return
    count, names = len(found.minimal), f"{printable(between.good.name)} → {printable(between.bad.name)}"
    explain = "explains" if count == 1 else "explain"
    yield from paragraph(screen, f"{count} of {len(found.changes)} fields {explain} the difference ({names}):")
    yield from pairs(screen, [_change(found, index) for index in found.minimal], indent=2)
    for text in _remarks(found):
        yield from paragraph(screen, text)


def _change(found: Found, index: int) -> tuple[str, str]:
    change = found.changes[index]
    return printable(change.field), f"{printable(value_text(change.good))} → {printable(value_text(change.bad))}"


def _remarks(found: Found) -> Iterator[str]:
    fault, scale = found.at_fault, found.scale
    if fault is None or fault.value is None:
        return
    alone = "alone" if len(found.minimal) == 1 else "together"
    yield (
        f"{alone}: {scale.metric} {_value(fault)}; the good recipe has {_number(scale.good)}, the bad one "
        f"{_number(scale.bad)}, and from {_number(scale.threshold)} on a result is bad"
    )
    if len(found.minimal) > 1:
        yield "without any one of them the result is not bad, or the others cannot be trained"
    if all(len(each.trial.runs) < 2 for each in found.judged):
        yield "each recipe was trained with one seed; --seeds 5 separates the effect of a field from chance"
    close = [each for each in found.judged if each.close]
    if close:
        yield (
            f"{len(close)} of {len(found.judged)} results are within two standard errors of the threshold: other seeds "
            "could say otherwise; --seeds takes more of them"
        )


def _fields(found: Found, each: Judged) -> str:
    chosen = each.trial.chosen
    if len(chosen) == len(found.changes):
        return "all"
    return printable(shown_fields([found.changes[k].field for k in chosen]))


def _value(each: Judged) -> str:
    if each.value is None:
        return ""
    return _number(each.value) + (f" ± {fmt.measure(each.error)}" if each.error else "")


def _number(value: float) -> str:
    return "diverged" if math.isinf(value) else fmt.measure(value)


def _outcome(each: Judged) -> str:
    if each.outcome == "unfit":
        return printable(f"cannot be trained: {each.trial.why}")
    return each.outcome + (", close" if each.close else "")


def as_json(found: Found, between: Between, folder: Path) -> dict[str, Any]:
    """The search as ``--json`` prints it."""
    return {
        "status": "nothing_to_explain" if found.why_not else "explained",
        "message": found.why_not or None,
        "folder": str(folder),
        "good": between.good.name,
        "bad": between.bad.name,
        "metric": found.scale.metric,
        "good_value": found.scale.good,
        "bad_value": found.scale.bad,
        "threshold": found.scale.threshold,
        "fields": [_field(found, index) for index in range(len(found.changes))],
        "minimal": [found.changes[index].field for index in found.minimal],
        "trials": [_trial(found, each) for each in found.judged],
    }


def _field(found: Found, index: int) -> dict[str, Any]:
    change = found.changes[index]
    good, bad = (None if value is ABSENT else value for value in (change.good, change.bad))
    return {"field": change.field, "good": good, "bad": bad, "explains": index in found.minimal}


def _trial(found: Found, each: Judged) -> dict[str, Any]:
    return {
        "fields": [found.changes[index].field for index in each.trial.chosen],
        "outcome": each.outcome,
        "value": each.value,
        "standard_error": each.error,
        "close": each.close,
        "runs": [run.name for run in each.trial.runs],
        "why": each.trial.why or None,
    }
