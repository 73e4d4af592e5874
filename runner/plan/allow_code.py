"""A plan whose custom code may be imported."""

from dataclasses import replace
from pathlib import Path

from runner.plan.custom_code import Code, digest
from runner.plan.plan import Plan
from schemas.rules.custom import customs


def with_code(plan: Plan, folder: Path) -> Plan:
    """The same plan, whose custom code may be imported."""
    targets = sorted({custom.target for custom, _ in customs(plan.recipe)})
    if not targets:
        return plan
    folder = folder.resolve()
    code = Code(folder, {target: digest(folder, target) for target in targets})
    layers = tuple(replace(layer, folder=folder) for layer in plan.layers)
    return replace(plan, layers=layers, code=code)
