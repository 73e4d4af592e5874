"""The kinds of schedule whose every value is known beforehand; a kind's module is imported when a recipe names it."""

from typing import TYPE_CHECKING, Annotated

from schemas.schedule.base import CurveBase, ScheduleBase
from schemas.tagged import ByTag, Elsewhere, Joined

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from schemas.schedule.custom import CustomSchedule
    from schemas.schedule.cycles import Cycle
    from schemas.schedule.formulas import Constant, Formula, Stairs
    from schemas.schedule.one_cycle import OneCycle
    from schemas.schedule.tables import Phases, Piecewise, Table

FAMILIES = (
    Elsewhere(
        "schemas.schedule.formulas",
        ("constant", "power", "exponential", "linear", "polynomial", "inverse_sqrt", "cosine"),
    ),
    Elsewhere("schemas.schedule.cycles", ("cosine_restarts", "cyclic")),
    Elsewhere("schemas.schedule.tables", ("piecewise", "wsd", "phases")),
    Elsewhere("schemas.schedule.one_cycle", ("1cycle",)),
)
CURVES = Joined(*FAMILIES)
"""Kinds that have a formula, or a table."""
CUSTOM = Elsewhere("schemas.schedule.custom", ("custom",))
# What concerns any recipe asks for a kind by the functions below, which import nothing.
if TYPE_CHECKING:
    Curve = Formula | Cycle | Table | OneCycle | CustomSchedule
else:
    Curve = Annotated[CurveBase, ByTag("kind", Joined(CURVES, CUSTOM))]


def is_custom(schedule: ScheduleBase) -> "TypeIs[CustomSchedule]":
    """Whether custom code computes the learning rate."""
    return schedule.kind == "custom"


def is_constant(schedule: ScheduleBase) -> "TypeIs[Constant]":
    """Whether the learning rate stays as it is."""
    return schedule.kind == "constant"


def is_piecewise(schedule: ScheduleBase) -> "TypeIs[Piecewise]":
    """Whether the learning rate is a list of values."""
    return schedule.kind == "piecewise"


def is_one_cycle(schedule: ScheduleBase) -> "TypeIs[OneCycle]":
    """Whether the schedule is 1cycle."""
    return schedule.kind == "1cycle"


def is_phase_table(schedule: ScheduleBase) -> "TypeIs[Phases]":
    """Whether the schedule is a table of phases."""
    return schedule.kind == "phases"


def has_stairs(schedule: ScheduleBase) -> "TypeIs[Stairs]":
    """Whether the schedule decays by a formula that may act in stairs."""
    return schedule.kind in ("power", "exponential", "inverse_sqrt")
