"""Schedules: what the learning rate and the momentum do over the steps of a run.

t is the optimizer step, 0-based; a curve is evaluated before the step it applies to. Formulas are in
``runner.curves``; here are the names, the bounds and the defaults.
"""

from schemas.schedule.base import CurveBase, ScheduleBase
from schemas.schedule.curve_kinds import Curve
from schemas.schedule.facts import Length, MomentumValue, Order, Way
from schemas.schedule.kinds import Schedule, kinds
from schemas.schedule.ways import CurveShape, Ends, ends

__all__ = [
    "Curve",
    "CurveBase",
    "CurveShape",
    "Ends",
    "Length",
    "MomentumValue",
    "Order",
    "Schedule",
    "ScheduleBase",
    "Way",
    "ends",
    "kinds",
]
