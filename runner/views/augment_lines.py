"""The changes of images that train, as a plan shows them."""

from collections.abc import Iterator
from typing import Any

from rich.text import Text

from runner.numerals import named_values
from runner.plan.augmenting import ends_of
from runner.plan.plan import Plan
from runner.views.lines import Screen, pairs
from schemas.rules.augment import transforms_of


def augment_lines(plan: Plan, screen: Screen) -> list[Text]:
    """A row for each change, in the order in which they are made; nothing where there are none."""
    rows = [(item["kind"], _settings(item, until)) for item, until in _listed(plan)]
    return [Text("augment", "bold"), *pairs(screen, rows, indent=2)] if rows else []


def augment_mappings(plan: Plan) -> Iterator[dict[str, Any]]:
    """The same as plain values."""
    for item, until in _listed(plan):
        yield {**item, "until_step": until}


def _listed(plan: Plan) -> Iterator[tuple[dict[str, Any], int | None]]:
    ends = ends_of(plan.recipe, plan.steps, plan.steps_per_epoch)
    for transform, until in zip(transforms_of(plan.recipe), ends, strict=True):
        yield transform.model_dump(mode="json", exclude={"off_after"}), until


def _settings(item: dict[str, Any], until: int | None) -> str:
    """Such as ``padding 4, fill constant; 50% of the images; until step 384``."""
    special_first = sorted(item.items(), key=lambda pair: pair[0] == "fill")
    told = {key: value for key, value in special_first if key not in ("kind", "probability") and value is not None}
    own = named_values(told, between=" … ")
    share = f"{item['probability']:.0%} of the images" if item["probability"] < 1 else ""
    return "; ".join(filter(None, (own, share, f"until step {until:,}" if until is not None else "")))
