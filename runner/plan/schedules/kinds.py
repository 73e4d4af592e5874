"""The compiler of every kind."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from runner.plan.schedules import cycles, formulas, one_cycle, tables
from runner.plan.schedules.body import Body
from runner.plan.schedules.compiler import Compiler
from runner.plan.schedules.stretch import Stretch
from schemas.schedule import Curve, CurveBase
from schemas.schedule.curve_kinds import is_custom

COMPILERS: Mapping[type[CurveBase], Compiler[Any]] = {
    **formulas.COMPILERS,
    **cycles.COMPILERS,
    **tables.COMPILERS,
    **one_cycle.COMPILERS,
}
"""By the class of the kind; a test holds this to have every kind of the language but that of custom code."""


def compile_body(schedule: Curve, stretch: Stretch, base_momentum: float | None) -> Body:
    """Compile a schedule over its own steps, without its warm-up.

    Raises:
        ScheduleError: when it does not fit the steps there are.
    """
    if is_custom(schedule):
        from runner.plan.schedules.custom import custom

        return custom(schedule, stretch)
    compiler = COMPILERS[type(schedule)]
    body = compiler.body(schedule, stretch)
    return (
        body
        if compiler.momentum is None
        else replace(body, momentum=compiler.momentum(schedule, stretch, base_momentum))
    )
