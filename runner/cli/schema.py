"""``recipe schema`` and ``recipe explain``."""

import json
import sys
from typing import Annotated

import typer

from runner.cli import options
from runner.cli.common import fail, use_color
from runner.cli.lines import stdout_screen
from runner.diagnostics import explain as page_of
from runner.diagnostics import registry, suggest


def schema() -> None:
    """Print the JSON Schema (2020-12) of the recipe language, for editors."""
    from schemas.export import json_schema

    print(json.dumps(json_schema(), indent=2, ensure_ascii=False))


def explain(
    code: Annotated[
        str | None,
        typer.Argument(metavar="[CODE]", help="Such as R012, `schedule`, schedule.KIND, layer.KIND, model.KIND."),
    ] = None,
    color: options.ColorOption = "auto",
) -> None:
    """Explain a diagnostic, or a kind of schedule, layer or model.

    Without CODE, list the diagnostics; with `schedule`, `layer` or `model`, the kinds.
    """
    if code is None:
        for page in registry().values():
            print(f"{page.code}  {page.title}")
        return
    topic, _, kind = code.partition(".")
    if topic.lower() == "schedule":
        _explain_schedule(kind, color)
        return
    if topic.lower() in ("layer", "model"):
        _explain_part(topic.lower(), kind, color)
        return
    text = page_of(code.upper())
    if text is None:
        near = suggest(code.upper(), list(registry()))
        fail(f"no diagnostic {code!r}", [f"did you mean {near!r}?" if near else "`recipe explain` lists them"])
    print(text, end="")


def _explain_schedule(kind: str, color: options.Color) -> None:
    from runner.cli.explain_schedule import models, overview, page

    screen = stdout_screen(color=use_color(color, sys.stdout))
    if not kind:
        screen.print(overview(screen))
    elif kind.lower() in models():
        screen.print(page(kind.lower(), screen))
    else:
        near = suggest(kind, list(models()))
        help = f"did you mean 'schedule.{near}'?" if near else "`recipe explain schedule` lists them"
        fail(f"no kind of schedule {kind!r}", [help])


def _explain_part(topic: str, kind: str, color: options.Color) -> None:
    from runner.cli.explain_parts import overview, page, parts

    screen = stdout_screen(color=use_color(color, sys.stdout))
    if not kind:
        screen.print(overview(topic, screen))
    elif kind.lower() in parts(topic):
        screen.print(page(topic, kind.lower(), screen))
    else:
        near = suggest(kind, list(parts(topic)))
        help = f"did you mean '{topic}.{near}'?" if near else f"`recipe explain {topic}` lists them"
        fail(f"no kind of {topic} {kind!r}", [help])
