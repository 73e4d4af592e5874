"""From a valid recipe to a plan: finds the data, downloads it, or uses the fallback and says so."""

from collections.abc import Callable

from runner.data.access import DataAccess
from runner.data.sources import source_of
from runner.errors import HubError
from runner.plan.defaults import fallback_of
from runner.plan.make_plan import make_plan
from runner.plan.plan import Plan
from schemas.recipe import Recipe


def prepare(recipe: Recipe, access: DataAccess, report: Callable[[str], None]) -> Plan:
    """Make the plan of a recipe with this machine's data.

    Args:
        recipe: a valid recipe.
        access: where to find data, and whether it may be downloaded or replaced by the fallback.
        report: called with a message before slow work, such as a download.

    Raises:
        HubError: the data is unavailable and there is no fallback, or it is not allowed.
        DataError: the data does not fit the recipe.
        ScheduleError: the schedule does not fit the run's length.
    """
    try:
        return make_plan(recipe, source_of(recipe.data, access, recipe).facts(report))
    except HubError as error:
        fallback = fallback_of(recipe)
        if fallback is None or not access.allow_fallback:
            raise
        return make_plan(recipe, source_of(fallback, access, recipe).facts(report), fallback=str(error))
