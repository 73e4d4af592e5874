"""The report of one run or several: one HTML file, without network and without scripts."""

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files as resources
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from runner.lookback.cells import value_text
from runner.lookback.compare_view import results, unmarked
from runner.lookback.differ import not_compared, of_run, rows
from runner.lookback.grid import letters_of
from runner.lookback.recorded_run import Past
from runner.lookback.report_charts import comparison_charts
from runner.lookback.report_page import page_of
from runner.plots.style import DARK, LIGHT
from runner.text import printable

_TEMPLATES = ("report.html.j2", "sweep.html.j2", "evaluation.html.j2", "macros.html.j2", "head.html.j2")


def render(pasts: Sequence[Past]) -> str:
    """The HTML of a report."""
    letters = letters_of(len(pasts))
    pages = [page_of(past, letter) for past, letter in zip(pasts, letters, strict=True)]
    return page(
        "report.html.j2",
        title=pages[0].name if len(pages) == 1 else f"{len(pages)} runs compared",
        pages=pages,
        images=any(page.evaluated.has_images for page in pages if page.evaluated),
        comparison=_comparison(pasts, letters) if len(pasts) > 1 else None,
    )


def page(template: str, **values: Any) -> str:
    """The HTML of a page: one of the templates, with the style sheet of all of them.

    Args:
        template: its name.
        values: what it shows; texts are escaped.
    """
    environment = Environment(
        loader=DictLoader({name: _template(name) for name in _TEMPLATES}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = _style(environment)
    return environment.get_template(template).render(
        # our own file, and the hash that lets the browser use it and no other
        style=Markup(style),
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        **values,
    )


def _template(name: str) -> str:
    return (resources("runner.lookback") / "templates" / name).read_text(encoding="utf-8")


def _style(environment: Environment) -> str:
    """The style sheet, with the colours of all other pictures."""
    return environment.from_string(_template("report.css.j2")).render(light=LIGHT, dark=DARK)


def _comparison(pasts: Sequence[Past], letters: Sequence[str]) -> dict[str, Any]:
    sides = [of_run(past) for past in pasts]
    differing = [row for row in rows(sides) if row.part != "result"]
    return {
        "letters": letters,
        "differs": [(row.part, printable(row.field), [value_text(v) for v in row.values]) for row in differing],
        "not_compared": not_compared(sides),
        "results": results(pasts),
        "unmarked": unmarked(pasts),
        "charts": comparison_charts(pasts, letters),
    }
