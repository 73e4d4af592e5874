"""What must hold between the keys of a recipe, checked before anything is loaded.

Rules are pure functions of the recipe, one file a concept, and each states its code. What depends on the
number of steps is the plan's to check.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module

from schemas.data import is_array, is_records, is_table, is_windows
from schemas.findings import Finding
from schemas.recipe import Recipe
from schemas.rules.tell import Rule


def _any(recipe: Recipe) -> bool:
    return True


def _has_weights(recipe: Recipe) -> bool:
    return is_array(recipe.data) or vars(recipe.data).get("weight") is not None


def _has_selu(recipe: Recipe) -> bool:
    return any(vars(layer).get("activation") == "selu" for layer in recipe.model.layers)


def _has_tokens(recipe: Recipe) -> bool:
    return "tokens" in recipe.data.model_fields_set


def _waits(recipe: Recipe) -> bool:
    plateau = recipe.schedule is not None and recipe.schedule.kind == "plateau"
    return plateau or recipe.training.early_stopping is not None


def _has_folds(recipe: Recipe) -> bool:
    return recipe.repeat is not None or getattr(getattr(recipe.data, "splits", None), "fold", None) is not None


# A module is imported when a recipe has what its rules are about.
_CONCERNS: tuple[tuple[str, Callable[[Recipe], bool]], ...] = (
    ("task", _any),
    ("target_scale", lambda recipe: recipe.data.target_scale is not None),
    ("data", _any),
    ("shares", _any),
    ("inputs", _any),
    ("tables", lambda recipe: is_table(recipe.data) or is_windows(recipe.data)),
    ("image_columns", lambda recipe: is_table(recipe.data) and bool(recipe.data.image_columns)),
    ("split_columns", lambda recipe: hasattr(getattr(recipe.data, "splits", None), "by")),
    ("weight_source", _has_weights),
    ("windows", lambda recipe: is_windows(recipe.data)),
    ("records", lambda recipe: is_records(recipe.data)),
    ("augment", lambda recipe: bool(getattr(recipe.data, "augment", ()))),
    ("language_model", lambda recipe: recipe.task == "language_model" or _has_tokens(recipe)),
    ("several_targets", _any),
    ("logits", lambda recipe: recipe.model.output.logits),
    ("tied", lambda recipe: recipe.model.output.tied),
    ("model", _any),
    ("graph", _any),
    ("model_inputs", lambda recipe: recipe.model.kind == "functional"),
    ("model_outputs", lambda recipe: bool(recipe.model.outputs) or recipe.task == "multi_output"),
    ("layers", _any),
    ("applications", lambda recipe: any(layer.kind == "application" for layer in recipe.model.layers)),
    ("layer_inputs", _any),
    ("selu", _has_selu),
    ("dropout", _any),
    ("dropout_factor", lambda recipe: recipe.model.dropout_factor is not None),
    ("sequences", _any),
    ("files", _any),
    ("examples", _any),
    ("exclusions", lambda recipe: recipe.optimizer.exclude_from_weight_decay is not None),
    ("momentum", _any),
    ("weight_decay", _any),
    ("schedule", _any),
    ("durations", _any),
    ("rates", _any),
    ("patience", _waits),
    ("monitors", _any),
    ("validation", _any),
    ("expectations", _any),
    ("options", _any),
    ("float32", _any),
    ("custom", _any),
    ("custom_optimizer", lambda recipe: recipe.optimizer.kind == "custom"),
    ("repeat", _has_folds),
    ("tracking", lambda recipe: recipe.tracking is not None),
    ("after", lambda recipe: recipe.after is not None),
    ("groups", lambda recipe: bool(recipe.groups)),
    ("weights", lambda recipe: recipe.model.weights is not None),
    ("sweep", lambda recipe: recipe.sweep is not None),
)


@cache
def rules_of(name: str) -> tuple[Rule, ...]:
    """The rules of one file."""
    rules: tuple[Rule, ...] = import_module(f"schemas.rules.{name}").RULES
    return rules


def check(recipe: Recipe) -> list[Finding]:
    """Everything that the rules have to say about a recipe; empty when all hold.

    Never raises for a recipe that the schema accepts, and reads nothing but the recipe.
    """
    concerning = (name for name, concerns in _CONCERNS if concerns(recipe))
    return [finding for name in concerning for rule in rules_of(name) for finding in rule(recipe)]
