"""The verbs ``recipe schema`` and ``recipe explain``."""

import json
import re
import sys
from typing import Annotated

import typer

from runner.cli import options
from runner.cli.common import fail, use_color
from runner.cli.streams import output_width
from runner.diagnostics import explain as page_of
from runner.diagnostics import registry, suggest
from runner.views.lines import stdout_screen
from runner.wrapping import wrapped


def schema() -> None:
    """Print the JSON Schema (2020-12) of the recipe language, for editors."""
    from schemas.export import json_schema

    print(json.dumps(json_schema(), indent=2, ensure_ascii=False))


def explain(
    word: Annotated[
        str | None,
        typer.Argument(
            metavar="[WORD]", help="For example R012, `dropout`, `training.epochs`, schedule.1cycle, layer.KIND."
        ),
    ] = None,
    color: options.ColorOption = "auto",
) -> None:
    """Explain a diagnostic or a word of the recipe language: a key, a kind, or a value that a key accepts.

    Without WORD, list them all.
    """
    if word is None:
        _list_all(color)
    elif _CODE.fullmatch(word):
        _explain_code(word)
    else:
        topic, _, kind = word.partition(".")
        if not _is_kind_topic(topic.lower(), kind):
            _explain_word(word, color)
        elif topic.lower() == "schedule":
            _explain_schedule(kind, color)
        else:
            _explain_part(topic.lower(), kind, color)


_CODE = re.compile(r"[Rr]\d+")


def _list_all(color: options.Color) -> None:
    from runner.explain.words import overview

    screen = stdout_screen(color=use_color(color, sys.stdout))
    screen.print(overview(screen))
    print("\nDiagnostics")
    for page in registry().values():
        print("\n".join(wrapped(f"{page.code}  {page.title}", output_width(), hang=len(page.code) + 2)))


def _explain_code(code: str) -> None:
    text = page_of(code.upper(), stdout_screen(color=False).width)
    if text is None:
        near = suggest(code.upper(), list(registry()))
        fail(f"no diagnostic {code!r}", [f"did you mean {near!r}?" if near else "`recipe explain` lists them"])
    print(text, end="")


def _is_kind_topic(topic: str, kind: str) -> bool:
    """Whether the pages of schedules, layers and kinds are meant, rather than a key of theirs."""
    if topic not in ("schedule", "layer", "model"):
        return False
    from runner.explain.word_index import index

    return not kind or topic == "layer" or f"{topic}.{kind}" not in index().keys or f"{topic}.{kind}" in index().kinds


def _explain_word(word: str, color: options.Color) -> None:
    from runner.explain.words import near, pages

    screen = stdout_screen(color=use_color(color, sys.stdout))
    lines = pages(word, screen)
    names = _kind_named(word)
    if names:
        explain(names, color)
    elif lines:
        screen.print(lines)
    else:
        _refuse_what_keras_has(word)
        found = near(word)
        fail(
            f"no word {word!r} in the recipe language",
            [f"did you mean {found!r}?" if found else "`recipe explain` lists all words"],
        )


def _kind_named(word: str) -> str | None:
    """The kind of schedule, layer or model that a word names unambiguously."""
    from runner.explain.word_index import index

    places = index().places(word)
    unambiguous = len(places) == 1 and places[0] != word and places[0] in index().kinds
    return places[0] if unambiguous and places[0].startswith(("schedule.", "layer.", "model.")) else None


def _refuse_what_keras_has(word: str) -> None:
    """Say why a layer of Keras is not part of the language, if the word is one."""
    from schemas.layers.catalogue.refused import reason

    why = reason(word)
    if why is not None:
        fail(f"{word!r} is a layer of Keras that no recipe can have", [why])


def _explain_schedule(kind: str, color: options.Color) -> None:
    from runner.explain.schedule_help import overview, page
    from runner.explain.words import keys_below
    from runner.explain.words import page as of_word
    from schemas.schedule import kinds

    screen = stdout_screen(color=use_color(color, sys.stdout))
    if not kind:
        screen.print(overview(screen))
        screen.print(keys_below("schedule", screen))
    elif kind.lower() in kinds():
        screen.print(page(kind.lower(), screen))
    elif kind.lower() == "custom":
        screen.print(of_word(f"schedule.{kind.lower()}", screen))
    else:
        near = suggest(kind, list(kinds()))
        help = f"did you mean 'schedule.{near}'?" if near else "`recipe explain schedule` lists them"
        fail(f"no kind of schedule {kind!r}", [help])


def _explain_part(topic: str, kind: str, color: options.Color) -> None:
    from runner.explain.model_help import overview, page, parts
    from runner.explain.words import keys_below

    screen = stdout_screen(color=use_color(color, sys.stdout))
    if not kind:
        screen.print(overview(topic, screen))
        screen.print(keys_below("model.layers" if topic == "layer" else topic, screen))
    elif kind.lower() in parts(topic):
        screen.print(page(topic, kind.lower(), screen))
    else:
        _refuse_what_keras_has(kind)
        near = suggest(kind, list(parts(topic)))
        help = f"did you mean '{topic}.{near}'?" if near else f"`recipe explain {topic}` lists them"
        fail(f"no kind of {topic} {kind!r}", [help])
