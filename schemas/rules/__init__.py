"""What must hold between the keys of a recipe, checked before anything is loaded.

Rules are pure functions of the recipe, one file a concept, and each states its code. What depends on the
number of steps is the plan's to check.
"""

from schemas.findings import Finding
from schemas.recipe import Recipe
from schemas.rules import (
    after,
    applications,
    augment,
    custom,
    data,
    dropout,
    dropout_factor,
    durations,
    examples,
    exclusions,
    expectations,
    files,
    float32,
    graph,
    groups,
    inputs,
    layer_inputs,
    layers,
    logits,
    model,
    model_inputs,
    model_outputs,
    momentum,
    monitors,
    options,
    patience,
    rates,
    records,
    repeat,
    schedule,
    selu,
    sequences,
    several_targets,
    shares,
    sweep,
    tables,
    target_scale,
    task,
    validation,
    weight_decay,
    weight_source,
    weights,
    windows,
)
from schemas.rules.tell import Rule

RULES: tuple[Rule, ...] = (
    *task.RULES,
    *target_scale.RULES,
    *data.RULES,
    *shares.RULES,
    *inputs.RULES,
    *tables.RULES,
    *weight_source.RULES,
    *windows.RULES,
    *records.RULES,
    *augment.RULES,
    *several_targets.RULES,
    *logits.RULES,
    *model.RULES,
    *graph.RULES,
    *model_inputs.RULES,
    *model_outputs.RULES,
    *layers.RULES,
    *applications.RULES,
    *layer_inputs.RULES,
    *selu.RULES,
    *dropout.RULES,
    *dropout_factor.RULES,
    *sequences.RULES,
    *files.RULES,
    *examples.RULES,
    *exclusions.RULES,
    *momentum.RULES,
    *weight_decay.RULES,
    *schedule.RULES,
    *durations.RULES,
    *rates.RULES,
    *patience.RULES,
    *monitors.RULES,
    *validation.RULES,
    *expectations.RULES,
    *options.RULES,
    *float32.RULES,
    *custom.RULES,
    *repeat.RULES,
    *after.RULES,
    *groups.RULES,
    *weights.RULES,
    *sweep.RULES,
)


def check(recipe: Recipe) -> list[Finding]:
    """Everything that the rules have to say about a recipe; empty when all hold.

    Never raises for a recipe that the schema accepts, and reads nothing but the recipe.
    """
    return [finding for rule in RULES for finding in rule(recipe)]
