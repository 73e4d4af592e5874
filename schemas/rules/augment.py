"""Random changes of images: that there are images, that they fit, and that each change does something."""

from collections.abc import Iterator, Sequence
from typing import Any

from schemas.augment import Augment
from schemas.data import DataBase, is_images, is_text
from schemas.findings import Finding, Path
from schemas.recipe import Recipe
from schemas.rules.lengths import run
from schemas.rules.samples import samples
from schemas.rules.tell import Rule, error, warning

_PATH: Path = ("data", "augment")
_OTHER_RANGES = ("digits",)
"""Samples of images whose bytes do not reach to 255."""


def transforms_of(recipe: Recipe) -> tuple[Augment, ...]:
    """The recipe's changes of images; empty where there are none."""
    return recipe.data.augment if isinstance(recipe.data, DataBase) else ()


def _of_kind(transforms: Sequence[Augment], kind: str) -> Iterator[tuple[int, Any]]:
    """Those of a kind with their place in the list; their class is imported only where a recipe names it."""
    return ((number, transform) for number, transform in enumerate(transforms) if transform.kind == kind)


def _shapes(recipe: Recipe) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Names and shapes of inputs, as far as the recipe alone tells them."""
    if is_images(recipe.data) and recipe.data.size is not None:
        yield recipe.data.called, (*recipe.data.size, 1)
    for source, sample in samples(recipe):
        yield source.name, sample.shape


def is_image(shape: Sequence[int]) -> bool:
    """Whether inputs of a shape are images: (height, width) or (height, width, channels)."""
    return len(shape) in (2, 3)


def only_images_are_augmented(recipe: Recipe) -> Iterator[Finding]:
    """R280: texts and rows of numbers have no pixels."""
    if not transforms_of(recipe):
        return
    if is_text(recipe.data):
        yield no_images(f"{recipe.data.called} holds texts")
    for name, shape in _shapes(recipe):
        if not is_image(shape):
            yield no_images(f"inputs of {name} have the shape {_of(shape)}")


def no_images(why: str) -> Finding:
    """R280, for data that is known now or by the plan."""
    return error("R280", _PATH, f"augment changes images, but {why}", "remove `augment`")


def ends_lie_within_the_run(recipe: Recipe) -> Iterator[Finding]:
    """R281: a change that ends before the first step, or not before the last, has a shorter form."""
    for number, transform in enumerate(transforms_of(recipe)):
        off = transform.off_after
        share = None if off is None else run(recipe).share(off)
        if off is not None and (off.value == 0 or (share is not None and share >= 100)):
            yield hardly_ends(number, transform, never_acts=off.value == 0)


def hardly_ends(number: int, transform: Augment, *, never_acts: bool) -> Finding:
    """R281, for an end that is known now or by the plan."""
    return warning(
        "R281",
        (*_PATH, number, "off_after"),
        f"{transform.kind} {'never acts' if never_acts else 'never ends'}; received off_after {transform.off_after}",
        f"remove {transform.kind}" if never_acts else "remove `off_after`",
    )


def cuts_fit(recipe: Recipe) -> Iterator[Finding]:
    """R282: what is cut out lies within the padded image."""
    for name, shape in _shapes(recipe):
        if is_image(shape):
            yield from cuts_that_do_not_fit(transforms_of(recipe), name, shape)


def cuts_that_do_not_fit(transforms: Sequence[Augment], name: str, shape: Sequence[int]) -> Iterator[Finding]:
    """R282, for images whose shape is known now or by the plan."""
    for number, transform in _of_kind(transforms, "crop"):
        if transform.size is not None:
            sides = [side + 2 * transform.padding for side in shape[:2]]
            if any(part > side for part, side in zip(transform.size, sides, strict=True)):
                yield error(
                    "R282",
                    (*_PATH, number, "size"),
                    f"the part of {_of(transform.size)} pixels does not fit into images of {name}, which have "
                    f"{_of(sides)}{' with their padding' if transform.padding else ''}",
                    f"write {_of(sides, ', ')} at most",
                )


def transforms_do_something(recipe: Recipe) -> Iterator[Finding]:
    """R283: a cut or a move by nothing leaves every image as it is."""
    for number, transform in _of_kind(transforms_of(recipe), "crop"):
        if not transform.padding and transform.size is None:
            yield _idle(number, transform, "write `padding: 4`, or `size`")
    for number, transform in _of_kind(transforms_of(recipe), "translate"):
        if not transform.height and not transform.width:
            yield _idle(number, transform, "write `height: 0.1`, or `width`")


def _idle(number: int, transform: Augment, help: str) -> Finding:
    written = next((key for key in ("padding", "height", "width") if key in transform.model_fields_set), "kind")
    return error("R283", (*_PATH, number, written), f"{transform.kind} changes nothing: it has no distance", help)


def mixing_comes_last(recipe: Recipe) -> Iterator[Finding]:
    """R284: examples are mixed when each has been changed by itself."""
    mixing: str | None = None
    for number, transform in enumerate(transforms_of(recipe)):
        if mixing is not None and not transform.mixes:
            yield error(
                "R284",
                (*_PATH, number, "kind"),
                f"{transform.kind} comes after {mixing}, which mixes images that have been changed by themselves",
                f"move {mixing} to the end of the list",
            )
        mixing = transform.kind if transform.mixes else mixing


def mixed_labels_are_classes(recipe: Recipe) -> Iterator[Finding]:
    """R285: a share of a class means something; the number of an image of two is not known."""
    for number, transform in enumerate(transforms_of(recipe)):
        if transform.mixes and recipe.task == "regression":
            yield error(
                "R285",
                (*_PATH, number, "kind"),
                f"{transform.kind} mixes labels of classes; task is regression",
                f"remove {transform.kind}",
            )


def areas_are_ranges(recipe: Recipe) -> Iterator[Finding]:
    """R286: the smallest area comes first."""
    for number, transform in _of_kind(transforms_of(recipe), "erase"):
        if transform.area[0] > transform.area[1]:
            low, high = transform.area
            yield error(
                "R286",
                (*_PATH, number, "area"),
                f"area is the smallest and the largest share of the image; received [{low:g}, {high:g}]",
                f"write [{high:g}, {low:g}]",
            )


def colors_have_their_range(recipe: Recipe) -> Iterator[Finding]:
    """R287: thresholds, bits and histograms are those of numbers from 0 to 255."""
    for source, _ in samples(recipe):
        if source.name in _OTHER_RANGES:
            yield from colors_without_a_range(transforms_of(recipe), f"pixels of {source.name} reach from 0 to 16")


def colors_without_a_range(transforms: Sequence[Augment], why: str) -> Iterator[Finding]:
    """R287, for images whose numbers are known now or by the plan."""
    for number, _ in _of_kind(transforms, "rand_augment"):
        yield error(
            "R287",
            (*_PATH, number, "kind"),
            f"rand_augment needs bytes from 0 to 255, and {why}",
            "name single changes in place of it: rotate, translate, contrast, …",
        )


def _of(sides: Sequence[int], between: str = " × ") -> str:
    return between.join(map(str, sides))


RULES: tuple[Rule, ...] = (
    only_images_are_augmented,
    ends_lie_within_the_run,
    cuts_fit,
    transforms_do_something,
    mixing_comes_last,
    mixed_labels_are_classes,
    areas_are_ranges,
    colors_have_their_range,
)
