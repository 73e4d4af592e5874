"""What a notebook shows: plans, results and evaluations as HTML, and a run while it trains."""

import base64
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from runner.events import Sink, Status
from runner.plan.plan import Plan
from runner.record.earlier_events import events_before
from runner.sinks import formatting as fmt
from runner.sinks.notes import OUTCOMES
from runner.sinks.plain_lines import PlainSink
from runner.text import printable

if TYPE_CHECKING:
    from runner.inference.evaluation import Evaluation

_FIGURES = ("precision", "recall", "f1")
_PICTURE = "display:block;max-width:100%;margin-top:1em"


class Result(Protocol):
    """How a run ended, as :class:`runner.api.Result` says it."""

    @property
    def status(self) -> Status:
        """How."""

    @property
    def run_dir(self) -> Path:
        """Its folder."""

    @property
    def metrics(self) -> Mapping[str, float]:
        """Its figures."""

    @property
    def values(self) -> Mapping[str, Any]:
        """All that ``--json`` prints."""


def register_html() -> None:
    """Let IPython show plans, results and evaluations as HTML; nothing where no IPython runs."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return
    formatter = shell.display_formatter.formatters["text/html"]
    formatter.for_type(Plan, plan_html)
    formatter.for_type_by_name("runner.api.results", "Result", result_html)
    formatter.for_type_by_name("runner.inference.evaluation", "Evaluation", evaluation_html)


def display_of_runs() -> Sink:
    """In the kernel of a notebook its cell; elsewhere a line an epoch on standard error."""
    if _in_kernel():
        from runner.sinks.notebook import NotebookSink

        return NotebookSink(events_before)
    return PlainSink(sys.stderr)


def _in_kernel() -> bool:
    """Whether IPython runs here and can show HTML."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    return hasattr(get_ipython(), "kernel")


def plan_html(plan: Plan) -> str:
    """What ``recipe plan`` says without the shapes of layers, and the picture of its schedule."""
    from runner.plots.sampled_steps import track_of
    from runner.plots.schedule_plot import schedule_picture
    from runner.sinks.notebook import WIDTH, html_lines
    from runner.views.lines import Screen
    from runner.views.plan_text import plan_lines

    lines = plan_lines(plan, None, Screen(WIDTH, unicode=True, color=True), curve=False)
    picture = base64.b64encode(schedule_picture(track_of(plan), "svg")).decode("ascii")
    title = escape(f"schedule of {printable(plan.recipe.name)}")
    image = f'<img style="{_PICTURE}" alt="{title}" src="data:image/svg+xml;base64,{picture}"/>'
    return f"{html_lines(lines)}\n{image}"


def result_html(result: Result) -> str:
    """How a run ended: its metrics, its expectations and its folder."""
    values = result.values
    rows = [(name, fmt.measure(value)) for name, value in result.metrics.items()]
    rows += [(f"{each['metric']} {each['bound']}", _verdict(each["met"])) for each in values["expectations"]]
    said = [OUTCOMES[result.status], values.get("message"), str(result.run_dir)]
    return _titled(", ".join(filter(None, said)), _table(("metric", "value"), rows))


def _verdict(met: bool | None) -> str:
    return {None: "not tested", True: "met", False: "missed"}[met]


def evaluation_html(found: "Evaluation") -> str:
    """The metrics of an evaluation, and a row for each class or for each of several targets."""
    measures = ", ".join(f"{name} {fmt.measure(value)}" for name, value in found.metrics.items())
    tables = []
    if found.classes:
        rows = [
            (each.name, *(f"{getattr(each, key):.4f}" for key in _FIGURES), f"{each.support:,}")
            for each in found.classes
        ]
        tables.append(_table(("class", *_FIGURES, "support"), rows))
    if found.targets:
        names = list(found.targets[0][1])
        rows = [(name, *(fmt.measure(errors[key]) for key in names)) for name, errors in found.targets]
        tables.append(_table(("target", *names), rows))
    return _titled(f"{found.examples:,} examples: {measures}", "".join(tables))


def _titled(title: str, body: str) -> str:
    return f"<div><p>{escape(printable(title))}</p>{body}</div>"


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table that leaves its style to the notebook; text is escaped, and figures stand on the right."""
    head = "".join(_cells("th", heading))
    body = "".join(f"<tr>{''.join(_cells('td', row))}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(tag: str, texts: Sequence[str]) -> Iterator[str]:
    for place, text in enumerate(texts):
        side = "right" if place else "left"
        yield f'<{tag} style="text-align:{side}">{escape(printable(text))}</{tag}>'
