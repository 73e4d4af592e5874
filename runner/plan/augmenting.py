"""The transforms of ``data.augment`` against the data and the length of the run."""

from runner.data.facts import DataFacts
from runner.errors import DataError
from runner.plan.schedules.stretch import nearest
from schemas.recipe import Recipe
from schemas.rules.augment import colors_without_a_range, cuts_that_do_not_fit, is_image, no_images, transforms_of


def ends_of(recipe: Recipe, steps: int, steps_per_epoch: int) -> tuple[int | None, ...]:
    """For each transform, the first step without it; None: it acts throughout.

    Args:
        recipe: a valid recipe.
        steps: of the run.
        steps_per_epoch: optimizer steps an epoch.
    """
    written = [transform.off_after for transform in transforms_of(recipe)]
    return tuple(None if off is None else nearest(off.steps(total=steps, per_epoch=steps_per_epoch)) for off in written)


def require_images(recipe: Recipe, data: DataFacts) -> None:
    """Raise unless the data fits the transforms.

    Raises:
        DataError: the inputs are no images, or smaller than what is to be cut out of them.
    """
    transforms = transforms_of(recipe)
    if not transforms:
        return
    if not is_image(data.shape) or data.vocabulary is not None:
        found = [no_images(f"inputs of {data.name} have the shape {' × '.join(map(str, data.shape))}")]
    else:
        found = list(cuts_that_do_not_fit(transforms, data.name, data.shape))
        if data.bytes_per_value != 1:
            found += colors_without_a_range(transforms, f"{data.name} holds numbers of {data.bytes_per_value} bytes")
    for finding in found:
        raise DataError(finding.message, finding.help or "", path=finding.path, code=finding.code)
