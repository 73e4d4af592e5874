"""The range test of a plan, with TensorFlow started for it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from runner.data.access import DataAccess
from runner.engine.start import start_tensorflow
from runner.plan.plan import Plan
from runner.plan.threads import threads_for

if TYPE_CHECKING:
    from runner.lr_find.range_test import Found


def range_test(
    plan: Plan,
    access: DataAccess,
    min_lr: float,
    max_lr: float,
    steps: int | None,
    repeats: int,
    report: Callable[[str], None] = lambda _: None,
) -> "Found":
    """Start TensorFlow on one device, read the data and run the test.

    Args:
        plan: the recipe's.
        access: where its data is.
        min_lr: learning rate of the first step.
        max_lr: learning rate of the last step.
        steps: number of steps; None: what the plan suggests.
        repeats: number of seeds.
        report: called with a message when the test begins.

    Raises:
        RecipeError: the recipe or its data cannot be used.
    """
    hardware = plan.recipe.hardware.model_copy(update={"strategy": "none"})
    device = start_tensorflow(hardware, threads_for(plan), own_code=plan.code is not None)
    from runner.data.load import load_data
    from runner.lr_find.range_test import Range, default_steps, find

    swept = Range(min_lr, max_lr, steps or default_steps(plan))
    report(f"testing up to {swept.steps * repeats:,} steps on {device.kind}, {plan.data.label}")
    return find(plan, load_data(plan, access), swept, repeats)
