"""All kinds of schedule: the curves, and the one that reacts to a monitor."""

from typing import TYPE_CHECKING, Annotated

from schemas.schedule.base import ScheduleBase
from schemas.schedule.curve_kinds import CURVES, CUSTOM
from schemas.tagged import ByTag, Elsewhere, Joined

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from schemas.schedule.curve_kinds import Curve
    from schemas.schedule.plateau import Plateau

PLATEAU = Elsewhere("schemas.schedule.plateau", ("plateau",))
_ALL = Joined(CURVES, PLATEAU)
if TYPE_CHECKING:
    Schedule = Curve | Plateau
else:
    Schedule = Annotated[ScheduleBase, ByTag("kind", Joined(_ALL, CUSTOM))]


def kinds() -> dict[str, type[ScheduleBase]]:
    """The class of every kind but custom code, in the order of the language."""
    found = {kind: _ALL.variant(kind) for kind in _ALL.names()}
    return {kind: cls for kind, cls in found.items() if cls is not None and issubclass(cls, ScheduleBase)}


def is_plateau(schedule: ScheduleBase) -> "TypeIs[Plateau]":
    """Whether the schedule reacts to a monitor."""
    return schedule.kind == "plateau"
