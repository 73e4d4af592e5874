"""``recipe schema`` and ``recipe explain``."""

import json
from typing import Annotated

import typer

from runner.cli.common import fail
from runner.diagnostics import explain as page_of
from runner.diagnostics import registry, suggest


def schema() -> None:
    """Print the JSON Schema (2020-12) of the recipe language, for editors."""
    from schemas.export import json_schema

    print(json.dumps(json_schema(), indent=2, ensure_ascii=False))


def explain(
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help="A code such as R012.")] = None,
) -> None:
    """Explain a diagnostic: what, why, a wrong and a right example. Without CODE, list them."""
    if code is None:
        for page in registry().values():
            print(f"{page.code}  {page.title}")
        return
    text = page_of(code.upper())
    if text is None:
        near = suggest(code.upper(), list(registry()))
        fail(f"no diagnostic {code!r}", [f"did you mean {near!r}?" if near else "`recipe explain` lists them"])
    print(text, end="")
