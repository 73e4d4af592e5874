"""Which function compiles which kind."""

from typing import assert_never

from runner.plan.schedules import cycles, formulas, one_cycle, tables
from runner.plan.schedules.body import Body
from runner.plan.schedules.stretch import Stretch
from schemas.schedule import (
    BaseSchedule,
    Constant,
    Cosine,
    CosineRestarts,
    Cyclic,
    Exponential,
    InverseSqrt,
    Linear,
    OneCycle,
    Phases,
    Piecewise,
    Polynomial,
    Power,
    Wsd,
)


def compile_body(schedule: BaseSchedule, stretch: Stretch, base_momentum: float | None) -> Body:
    """Compile a schedule over its own steps, without its warm-up.

    Raises:
        ScheduleError: when it does not fit the steps there are.
    """
    match schedule:
        case Constant():
            return formulas.constant(schedule, stretch)
        case Power():
            return formulas.power(schedule, stretch)
        case Exponential():
            return formulas.exponential(schedule, stretch)
        case Piecewise():
            return tables.piecewise(schedule, stretch)
        case Linear():
            return formulas.linear(schedule, stretch)
        case Polynomial():
            return formulas.polynomial(schedule, stretch)
        case InverseSqrt():
            return formulas.inverse_sqrt(schedule, stretch)
        case Cosine():
            return formulas.cosine(schedule, stretch)
        case CosineRestarts():
            return cycles.cosine_restarts(schedule, stretch)
        case Cyclic():
            return cycles.cyclic(schedule, stretch)
        case Wsd():
            return tables.wsd(schedule, stretch)
        case OneCycle():
            return one_cycle.one_cycle(schedule, stretch, base_momentum)
        case Phases():
            return tables.phases(schedule, stretch, base_momentum)
        case _:
            assert_never(schedule)
