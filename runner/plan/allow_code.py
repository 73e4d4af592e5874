"""A plan whose custom code may be imported."""

from dataclasses import replace
from pathlib import Path

from runner.plan.custom_code import Code, digest
from runner.plan.defaults import effective_schedule
from runner.plan.make_plan import compiled
from runner.plan.plan import Plan
from schemas.rules.custom import customs


def with_code(plan: Plan, folder: Path) -> Plan:
    """The same plan, whose custom code may be imported; code that computes the learning rate is.

    Raises:
        CustomScheduleError: it cannot be imported, or what it gives is no learning rate.
    """
    targets = sorted({custom.target for custom, _ in customs(plan.recipe)})
    if not targets:
        return plan
    folder = folder.resolve()
    code = Code(folder, {target: digest(folder, target) for target in targets})
    layers = tuple(replace(layer, folder=folder) for layer in plan.layers)
    schedule = plan.schedule
    if schedule.unread is not None:
        schedule = compiled(plan.recipe, effective_schedule(plan.recipe), plan.steps, plan.steps_per_epoch, folder)
    return replace(plan, layers=layers, schedule=schedule, code=code)
