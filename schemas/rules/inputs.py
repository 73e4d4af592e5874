"""What is left out of an epoch, and what is subtracted from its inputs."""

from collections.abc import Iterator

from schemas.data import DataBase
from schemas.findings import Finding
from schemas.recipe import Recipe
from schemas.rules.samples import sources
from schemas.rules.tell import Rule, error


def a_batch_is_left(recipe: Recipe) -> Iterator[Finding]:
    """R255: without its remainder an epoch has at least one batch."""
    size = recipe.data.batch_size
    for source in sources(recipe):
        if recipe.data.drop_remainder and source.train is not None and 0 < source.train < size:
            yield error(
                "R255",
                ("data", "drop_remainder"),
                f"drop_remainder leaves nothing to train: the {source.train:,} examples of {source.name} that train do "
                f"not fill a batch of {size:,}",
                f"take a batch_size of {source.train} or less, or remove `drop_remainder`",
            )


def centring_is_said_once(recipe: Recipe) -> Iterator[Finding]:
    """R256: `standard` subtracts the mean already."""
    if isinstance(recipe.data, DataBase) and recipe.data.center and recipe.data.scale == "standard":
        yield error(
            "R256",
            ("data", "center"),
            "scale: standard subtracts the mean and divides by the deviation; received `center: true` beside it",
            "remove `center`; or, to centre without dividing, remove `scale: standard`",
        )


RULES: tuple[Rule, ...] = (a_batch_is_left, centring_is_said_once)
