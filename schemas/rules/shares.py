"""How samples are divided and scaled, and batches against what is left to train."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemas.data import BuiltinData, DataBase, Fallback, TfdsData, is_file, is_images, is_table, is_windows
from schemas.findings import Finding, Path
from schemas.recipe import Recipe
from schemas.rules.samples import Source, sources
from schemas.rules.tell import Rule, at, error, scaling_application, warning
from schemas.samples import SAMPLES

if TYPE_CHECKING:
    from schemas.array_data import FileData
    from schemas.table_data import TableData
    from schemas.window_data import WindowsData

_PIXELS = {
    **dict.fromkeys(("mnist-5k", "mnist", "fashion_mnist", "kmnist", "emnist"), 255),
    **dict.fromkeys(("cifar10", "cifar100", "svhn_cropped"), 255),
    "digits": 16,
}
"""Largest value of an input, of well-known images that come unscaled."""
_SMALL = 0.1
"""A factor below this is meant for pixels; on measurements it would wipe out the inputs."""


def _divided(recipe: Recipe) -> Iterator[tuple["BuiltinData | Fallback | TableData | FileData | WindowsData", Path]]:
    """What is divided by shares: files of one's own, or a sample as data or as fallback."""
    data = recipe.data
    if isinstance(data, BuiltinData) or is_table(data) or is_file(data) or is_windows(data):
        yield data, ("data",)
    elif isinstance(data, TfdsData) and data.fallback is not None:
        yield data.fallback, ("data", "fallback")


def shares_are_percentages(recipe: Recipe) -> Iterator[Finding]:
    """R173: a sample is divided by shares; epochs and steps are lengths of training."""
    for data, path in _divided(recipe):
        for name in ("train", "validation", "test"):
            share = getattr(data.splits, name)
            if share.unit != "%":
                yield error(
                    "R173",
                    (*path, "splits", name),
                    f"{name} must be a share of the sample in percent; received {share}",
                    "write a share such as '80%'",
                )


def shares_fit_the_sample(recipe: Recipe) -> Iterator[Finding]:
    """R174: the parts are taken from one sample, and some of it trains."""
    for data, path in _divided(recipe):
        splits = data.splits
        shares = (splits.train, splits.validation, splits.test)
        rest = not isinstance(data, Fallback) and is_file(data) and "train" not in splits.model_fields_set
        total = math.fsum(share.value for share in shares) - (splits.train.value if rest else 0)
        if rest and total < 100 - 1e-9:
            continue
        if any(share.unit != "%" for share in shares) or (total <= 100 + 1e-9 and splits.train.value > 0):
            continue
        rule = "must add up to at most 100%" if splits.train.value > 0 else "must leave something to train"
        written = [name for name in ("train", "validation", "test") if name in splits.model_fields_set]
        place = written[-1] if splits.train.value > 0 else "train"
        yield error(
            "R174",
            (*path, "splits", place),
            f"shares {rule}; received train {shares[0]}, validation {shares[1]} and test {shares[2]}",
            "lower one of them; left out they are 80%, 10% and 10%",
        )


def pixels_are_scaled(recipe: Recipe) -> Iterator[Finding]:
    """R176: initializers and learning rates expect inputs near one; raw pixels are hundreds of times that."""
    first = next((layer for layer in recipe.model.layers if layer.kind not in ("flatten", "reshape")), None)
    if (first is not None and first.normalizes is not None) or recipe_scale(recipe) is not None:
        return
    if scaling_application(recipe) is not None:
        return
    if is_images(recipe.data):
        yield warning(
            "R176",
            ("data", "source"),
            "pixels of images reach from 0 to 255, and the recipe gives no scale",
            "write `scale: 1/255`",
        )
        return
    for source in sources(recipe):
        most = _PIXELS.get(source.name) if not is_file(recipe.data) else None
        if most is not None and _fallback_scale(recipe, source) is None:
            yield warning(
                "R176",
                (*source.path, "name"),
                f"inputs of {source.name} reach from 0 to {most}, and the recipe gives no scale",
                f"write `scale: 1/{most}`",
            )


def recipe_scale(recipe: Recipe) -> float | str | None:
    """The factor of all inputs; None also for sources whose columns are scaled one by one."""
    return recipe.data.scale if isinstance(recipe.data, DataBase) else None


def _fallback_scale(recipe: Recipe, source: Source) -> object:
    if source.is_fallback and isinstance(recipe.data, TfdsData) and recipe.data.fallback is not None:
        return recipe.data.fallback.scale
    return None


def batches_fit_the_training_part(recipe: Recipe) -> Iterator[Finding]:
    """R177: a batch holds at most the examples that train; an epoch is then a single step."""
    size = recipe.data.batch_size
    if recipe.data.drop_remainder:
        return  # such a batch is then never filled: R255
    for source in sources(recipe):
        if source.train is not None and 0 < source.train < size:
            yield warning(
                "R177",
                at(recipe.data, ("data",), "batch_size"),
                f"batch_size {size} is more than the {source.train:,} examples of {source.name} that train",
                f"take {source.train} or less",
            )


def fallback_keeps_its_inputs(recipe: Recipe) -> Iterator[Finding]:
    """R178: a fallback without a scale takes the main data's, and measurements are no pixels."""
    scale = recipe_scale(recipe)
    if not isinstance(scale, float) or scale >= _SMALL or not isinstance(recipe.data, TfdsData):
        return
    fallback = recipe.data.fallback
    if fallback is not None and fallback.scale is None and len(SAMPLES[fallback.name].shape) == 1:
        yield warning(
            "R178",
            ("data", "fallback", "name"),
            f"{fallback.name} takes over the main data's scale, {scale:.3g}, which is meant for pixels",
            "write `scale: standard` on the fallback",
        )


RULES: tuple[Rule, ...] = (
    shares_are_percentages,
    shares_fit_the_sample,
    pixels_are_scaled,
    batches_fit_the_training_part,
    fallback_keeps_its_inputs,
)
