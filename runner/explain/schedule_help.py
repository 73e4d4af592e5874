"""``recipe explain schedule.KIND``: formula, boundary behaviour, keys, an example and its curve.

All facts come from elsewhere: formulas, behaviour and sources from the docstrings of ``runner.curves``; keys, bounds
and defaults from ``schemas.schedule``; and the curve from the code that trains.
"""

import inspect
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from rich.text import Text

from runner import curves
from runner.explain.key_help import Key, keys_of
from runner.plan.schedule import compile_schedule
from runner.plan.schedules.kinds import COMPILERS
from runner.plots.sampled_steps import Track, kind_of
from runner.plots.terminal import Size, draw_track
from runner.source.editing.emit import to_yaml
from runner.views.lines import Screen, pairs, paragraph
from runner.views.plan_text import drawing
from schemas.schedule import CurveBase, Schedule, ScheduleBase, kinds

_SYMBOLS = (
    "t is the optimizer step, counted from 0 after any warm-up; N is the number of steps; η is the learning rate."
)
_EPOCHS, _STEPS_PER_EPOCH = 10, 100
"""Length of the examples."""
_MOMENTUM = 0.9


class _Explained(NamedTuple):
    """Functions whose docstrings explain a kind."""

    formula: Callable[..., object]
    more: Callable[..., object] | None
    title: str
    """What ``more`` is about."""


def _explained(model: type[ScheduleBase]) -> _Explained:
    if not issubclass(model, CurveBase):
        return _Explained(curves.scaled, curves.PlateauState.update, "Rule")
    compiler = COMPILERS[model]
    return _Explained(compiler.curve, compiler.momentum_curve, "Momentum")


def overview(screen: Screen) -> list[Text]:
    """Every kind with its first sentence."""
    rows = [(f"schedule.{kind}", _plain(inspect.getdoc(model) or "")) for kind, model in kinds().items()]
    return pairs(screen, rows)


def page(kind: str, screen: Screen) -> Iterator[Text]:
    """Explain a kind.

    Args:
        kind: one of ``schemas.schedule.kinds()``.
        screen: to fit on.
    """
    model = kinds()[kind]
    explained = _explained(model)
    formula, behaviour, source = _documented(explained.formula)
    yield Text(f"schedule.{kind}", "bold")
    yield from paragraph(screen, _plain(inspect.getdoc(model) or ""))
    yield from _section(screen, "Formula", [formula, _SYMBOLS])
    yield from _section(screen, "Boundaries", behaviour)
    if explained.more is not None:
        rule, more, _ = _documented(explained.more)
        yield from _section(screen, explained.title, [rule, *more])
    own, shared = _keys(model)
    yield from _heading("Keys")
    yield from pairs(screen, [(key.name, key.text) for key in own], indent=2)
    yield from _heading("Keys of any kind")
    yield from pairs(screen, [(key.name, key.text) for key in shared], indent=2)
    yield from _example(kind, screen)
    yield from _section(screen, "Source", [source])


def _keys(model: type[ScheduleBase]) -> tuple[list[Key], list[Key]]:
    found = keys_of(model)
    inherited = ScheduleBase.model_fields.keys() - inspect.get_annotations(model).keys()
    own = [key for key in found if key.name.partition(".")[0] not in inherited and key.name != "kind"]
    # Keys repeated on every page are described briefly.
    return own, [key for key in found if key.name.partition(".")[0] in inherited and key.name.count(".") < 2]


def _example(kind: str, screen: Screen) -> Iterator[Text]:
    yield from _heading("Example")
    written = {"kind": kind, **kinds()[kind].example}
    yield from (Text(f"  {screen.text(line)}") for line in to_yaml({"schedule": written}).splitlines())
    yield Text()
    yield from drawing(draw_track(example_track(kind), Size(min(screen.width, 72)), screen.glyphs), screen)


def example_track(kind: str) -> Track:
    """The example of a kind over ten epochs of a hundred steps; with momentum where the kind itself moves it."""
    schedule = TypeAdapter[Any](Schedule).validate_python({"kind": kind, **kinds()[kind].example})
    steps = _EPOCHS * _STEPS_PER_EPOCH
    moves = isinstance(schedule, CurveBase) and any(schedule.momenta())
    momentum = _MOMENTUM if moves else None
    compiled = compile_schedule(schedule, steps=steps, steps_per_epoch=_STEPS_PER_EPOCH, base_momentum=momentum)
    return Track(kind, kind_of(schedule), compiled, steps, _STEPS_PER_EPOCH)


def _documented(function: Callable[..., object]) -> tuple[str, list[str], str]:
    """Formula, further paragraphs and source of a curve's docstring."""
    before, _, after = (inspect.getdoc(function) or "").partition("\n\nArgs:\n")
    first, *rest = before.split("\n\n")
    return _plain(first), [_plain(text) for text in rest], _plain(after.partition("\nSource: ")[2].partition("\n\n")[0])


def _plain(text: str) -> str:
    return " ".join(text.replace("``", "").split())


def _heading(title: str) -> Iterator[Text]:
    yield Text()
    yield Text(title, "bold")


def _section(screen: Screen, title: str, paragraphs: list[str]) -> Iterator[Text]:
    if not paragraphs:
        return
    yield from _heading(title)
    for text in paragraphs:
        yield from paragraph(screen, text, indent=2)
