"""A plan for a verb; errors are reported at their line in the recipe."""

import sys
from collections.abc import Callable
from pathlib import Path

from runner.cli.common import fail, refuse
from runner.cli.options import Color
from runner.data.access import DataAccess
from runner.errors import RecipeError
from runner.plan.allow_code import with_code
from runner.plan.plan import Plan
from runner.source.load import Loaded
from runner.workflows.prepare import prepare
from runner.workflows.weights import with_weights


def plan_of(
    loaded: Loaded,
    options: DataAccess,
    color: Color,
    *,
    allow_code: bool = False,
    folder: Path | None = None,
    weights: Callable[[Plan, DataAccess], Plan] = with_weights,
) -> Plan:
    """The plan of a recipe with this machine's data; exits with 2 if planning fails.

    Args:
        loaded: the recipe.
        options: where to find data, and whether the fallback may be used.
        color: when to colour errors.
        allow_code: whether custom code may be imported when the model is built.
        folder: folder of the custom code; by default the recipe's.
        weights: finds the model that layers take their weights from; by default on this machine.
    """
    assert loaded.recipe is not None
    options = options.allowing(folder or loaded.path.parent) if allow_code else options
    try:
        plan = prepare(loaded.recipe, options, lambda message: print(message, file=sys.stderr))
        plan = weights(plan, options)
        plan = with_code(plan, folder or loaded.path.parent) if allow_code else plan
        plan.schedule.require_known()
        return plan
    except RecipeError as error:
        refuse(loaded, error, color)
    except OSError as error:
        fail(f"the data cannot be read: {error}")
