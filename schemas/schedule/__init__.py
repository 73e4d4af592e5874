"""Schedules: what the learning rate and the momentum do over the steps of a run.

t is the optimizer step, 0-based; a curve is evaluated before the step it applies to. Formulas are in
``runner.curves``; here are the names, the bounds and the defaults.
"""

from typing import Annotated

from pydantic import Field

from schemas.schedule.base import ScheduleBase, Warmup
from schemas.schedule.cycles import CosineRestarts, Cyclic
from schemas.schedule.formulas import Constant, Cosine, Exponential, InverseSqrt, Linear, Polynomial, Power
from schemas.schedule.momentum import MomentumPhase, MomentumPhases
from schemas.schedule.one_cycle import CycleDown, CycleFinal, CycleUp, MomentumRange, OneCycle
from schemas.schedule.plateau import BaseSchedule, Curve, Plateau
from schemas.schedule.tables import Phase, Phases, Piecewise, Wsd
from schemas.schedule.ways import CurveShape, FromTo, MomentumFromTo
from schemas.schedule.weight_decay import WeightDecayFromTo, WeightDecayPhase, WeightDecayPhases

__all__ = [
    "BaseSchedule",
    "Constant",
    "Cosine",
    "CosineRestarts",
    "CurveShape",
    "CycleDown",
    "CycleFinal",
    "CycleUp",
    "Cyclic",
    "Exponential",
    "FromTo",
    "InverseSqrt",
    "Linear",
    "MomentumFromTo",
    "MomentumPhase",
    "MomentumPhases",
    "MomentumRange",
    "OneCycle",
    "Phase",
    "Phases",
    "Piecewise",
    "Plateau",
    "Polynomial",
    "Power",
    "Schedule",
    "ScheduleBase",
    "Warmup",
    "WeightDecayFromTo",
    "WeightDecayPhase",
    "WeightDecayPhases",
    "Wsd",
]

Schedule = Annotated[Curve | Plateau, Field(discriminator="kind")]
