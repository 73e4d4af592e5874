"""A plan for a verb: what stands in its way is told at its line in the recipe."""

import sys

from runner.cli.common import fail, refuse
from runner.cli.options import Color
from runner.plan.facts import DataError
from runner.plan.plan import Plan
from runner.plan.schedule import ScheduleError
from runner.prepare import DataOptions, prepare
from runner.source.load import Loaded


def plan_of(loaded: Loaded, options: DataOptions, color: Color) -> Plan:
    """The plan of a recipe on this machine's data; leaves with 2 when there is none."""
    assert loaded.recipe is not None
    try:
        return prepare(loaded.recipe, options, lambda message: print(message, file=sys.stderr))
    except ScheduleError as error:
        refuse(loaded, error, "R201", ("schedule", *error.path), color)
    except DataError as error:
        refuse(loaded, error, "R202", ("data", "name"), color)
    except OSError as error:
        fail(f"the data cannot be read: {error}")


def warnings_of(loaded: Loaded, plan: Plan) -> tuple[str, ...]:
    """What the checks of the recipe said, and what the plan adds at other places."""
    assert loaded.document is not None
    told = {diagnostic.span for diagnostic in loaded.diagnostics}
    added = [w.message for w in plan.schedule.warnings if loaded.document.span(("schedule", *w.path)) not in told]
    return (*(diagnostic.message for diagnostic in loaded.diagnostics), *added)
