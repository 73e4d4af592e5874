"""Schedules: what the learning rate and the momentum do over the steps of a run.

t is the optimizer step, 0-based; a curve is evaluated before the step it applies to. Formulas are in
``runner.curves``; here are the names, the bounds and the defaults.
"""

from typing import Annotated, get_args

from pydantic import Field

from schemas.schedule.base import CurveBase, ScheduleBase, Warmup
from schemas.schedule.cycles import CosineRestarts, Cyclic
from schemas.schedule.facts import Length, MomentumValue, Order, Way
from schemas.schedule.formulas import Constant, Cosine, Exponential, InverseSqrt, Linear, Polynomial, Power, Stairs
from schemas.schedule.momentum import MomentumPhase, MomentumPhases
from schemas.schedule.one_cycle import CycleDown, CycleFinal, CyclePart, CycleUp, MomentumRange, OneCycle
from schemas.schedule.plateau import BaseSchedule, Curve, Plateau
from schemas.schedule.tables import Phase, Phases, Piecewise, Wsd
from schemas.schedule.ways import CurveShape, Ends, FromTo, MomentumFromTo, WeightDecayFromTo, ends
from schemas.schedule.weight_decay import WeightDecayPhase, WeightDecayPhases

__all__ = [
    "BaseSchedule",
    "Constant",
    "Cosine",
    "CosineRestarts",
    "Curve",
    "CurveBase",
    "CurveShape",
    "CycleDown",
    "CycleFinal",
    "CyclePart",
    "CycleUp",
    "Cyclic",
    "Ends",
    "Exponential",
    "FromTo",
    "InverseSqrt",
    "Length",
    "Linear",
    "MomentumFromTo",
    "MomentumPhase",
    "MomentumPhases",
    "MomentumRange",
    "MomentumValue",
    "OneCycle",
    "Order",
    "Phase",
    "Phases",
    "Piecewise",
    "Plateau",
    "Polynomial",
    "Power",
    "Schedule",
    "ScheduleBase",
    "Stairs",
    "Warmup",
    "Way",
    "WeightDecayFromTo",
    "WeightDecayPhase",
    "WeightDecayPhases",
    "Wsd",
    "ends",
    "kinds",
]

Schedule = Annotated[Curve | Plateau, Field(discriminator="kind")]


def kinds() -> dict[str, type[ScheduleBase]]:
    """The class of every kind, in the order of the language."""
    union, *_ = get_args(Schedule)
    return {get_args(cls.model_fields["kind"].annotation)[0]: cls for cls in get_args(union)}
