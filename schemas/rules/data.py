"""The parts of the data: kept apart, and not empty."""

from collections.abc import Iterator

from schemas.data import TfdsData, TfdsSplits
from schemas.findings import Finding, Path
from schemas.recipe import Recipe
from schemas.rules.slices import Slice, is_empty, mixed_bounds, parse, unions_overlap
from schemas.rules.tell import Rule, at, error, warning

_DATA: Path = ("data",)


def _parts(recipe: Recipe) -> dict[str, tuple[Slice, ...]]:
    if not isinstance(recipe.data, TfdsData):
        return {}
    splits = recipe.data.splits
    written = (("train", splits.train), ("validation", splits.validation), ("test", splits.test))
    return {name: parse(split) for name, split in written if split is not None}


def _place(recipe: Recipe, *names: str) -> Path:
    """The last of these parts that the recipe writes; what it leaves out it cannot point at."""
    assert isinstance(recipe.data, TfdsData)
    splits = recipe.data.splits
    path = at(recipe.data, _DATA, "splits")
    written = [name for name in names if name in splits.model_fields_set]
    return (*path, written[-1]) if written else path


def _text(recipe: Recipe, name: str) -> str:
    splits = recipe.data.splits
    assert isinstance(splits, TfdsSplits)
    return str(getattr(splits, name))


def features_have_one_use(recipe: Recipe) -> Iterator[Finding]:
    """R404: a feature that is predicted is not seen, and none is named twice."""
    if not isinstance(recipe.data, TfdsData):
        return
    seen, asked = recipe.data.features_of("inputs"), recipe.data.features_of("target")
    for key, names in (("inputs", seen), ("target", asked)):
        listed = not isinstance(getattr(recipe.data, key), str)
        for k, name in enumerate(names):
            place = (*_DATA, key, k) if listed else (*_DATA, key)
            if name in names[:k]:
                yield error("R404", place, f"feature '{name}' is named twice", "remove one of them")
            elif key == "target" and name in seen:
                yield error(
                    "R404", place, f"feature '{name}' is an input as well", "predict what the model does not see"
                )


def parts_differ(recipe: Recipe) -> Iterator[Finding]:
    """R170: examples that train cannot judge the model as well."""
    parts = _parts(recipe)
    for name in ("validation", "test"):
        if name in parts and parts[name] == parts["train"]:
            yield error(
                "R170",
                _place(recipe, "train", name),
                f"{name} must not be the part that trains; received '{_text(recipe, name)}' for both",
                "hold some examples back: `train: 'train[:90%]'` and `validation: 'train[90%:]'`",
            )


def parts_are_disjoint(recipe: Recipe) -> Iterator[Finding]:
    """R171: as R170, for slices that share some of their examples."""
    parts = _parts(recipe)
    for name in ("validation", "test"):
        if name in parts and parts[name] != parts["train"] and unions_overlap(parts[name], parts["train"]):
            yield error(
                "R171",
                _place(recipe, "train", name),
                f"{name} must not overlap train; received '{_text(recipe, name)}' and '{_text(recipe, 'train')}'",
                "let one begin where the other ends: 'train[:90%]' and 'train[90%:]'",
            )


def parts_hold_examples(recipe: Recipe) -> Iterator[Finding]:
    """R172: a slice ends behind its start, one of a union as well."""
    for name, parts in _parts(recipe).items():
        if any(map(is_empty, parts)):
            yield error(
                "R172",
                _place(recipe, name),
                f"{name} holds no examples: '{_text(recipe, name)}' ends before it begins",
                "exchange the two bounds, or leave one out",
            )


def validation_is_not_test_data(recipe: Recipe) -> Iterator[Finding]:
    """R175: what chose the model cannot measure it; slices that share no example are a fair division."""
    parts = _parts(recipe)
    validation, test = parts.get("validation"), parts.get("test")
    if validation is None:
        return
    if test is None:
        if all(part.split != "test" for part in validation):
            return
    elif unions_overlap(validation, test) is False:
        return
    yield warning(
        "R175",
        _place(recipe, "test", "validation"),
        f"validation is taken from test data; received '{_text(recipe, 'validation')}'"
        + ("" if test is None else f" and '{_text(recipe, 'test')}' for test"),
        "take it from the training split: `train: 'train[:90%]'` and `validation: 'train[90%:]'`",
    )


def bounds_have_one_unit(recipe: Recipe) -> Iterator[Finding]:
    """R248: tensorflow-datasets reads both bounds of a slice in percent when one is."""
    for name in _parts(recipe):
        mixed = mixed_bounds(_text(recipe, name))
        if mixed is not None:
            yield warning(
                "R248",
                _place(recipe, name),
                f"'{mixed}' has one bound in percent, so that both are read as percents, as tensorflow-datasets does",
                "write % after both, or after none",
            )


def percents_lie_in_the_split(recipe: Recipe) -> Iterator[Finding]:
    """R249: a split has no more than 100 %."""
    for name, parts in _parts(recipe).items():
        for bound in (bound for part in parts for bound in part.bounds):
            if bound.endswith("%") and abs(float(bound[:-1])) > 100:
                yield error(
                    "R249",
                    _place(recipe, name),
                    f"a bound in percent lies between -100% and 100%; received {bound} in '{_text(recipe, name)}'",
                    "lower it, or leave it out",
                )


RULES: tuple[Rule, ...] = (
    features_have_one_use,
    parts_differ,
    parts_are_disjoint,
    parts_hold_examples,
    validation_is_not_test_data,
    bounds_have_one_unit,
    percents_lie_in_the_split,
)
