"""The trackers of a run."""

from collections.abc import Iterator

from schemas.findings import Finding
from schemas.recipe import Recipe
from schemas.rules.tell import Rule, error
from schemas.tracking import name_of


def trackers_differ(recipe: Recipe) -> Iterator[Finding]:
    """R764: a tracker that is listed twice would get every value twice, or with two sets of options."""
    names = [name_of(tracker) for tracker in recipe.tracking or ()]
    for place, name in enumerate(names):
        if name in names[:place]:
            yield error("R764", ("tracking", place), f"{name} is listed twice", "list each tracker once")


RULES: tuple[Rule, ...] = (trackers_differ,)
