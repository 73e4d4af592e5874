"""What is known of the data without reading it: the built-in samples, and each source's parts."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from schemas.data import (
    BuiltinData,
    Fallback,
    TfdsData,
    has_target_columns,
    is_array,
    is_file,
    is_records,
    is_table,
    is_windows,
)
from schemas.findings import Path
from schemas.recipe import Recipe
from schemas.rules.slices import length, parse
from schemas.samples import SAMPLES, Sample

if TYPE_CHECKING:
    from schemas.array_data import FileData
    from schemas.table_data import TableData


class Source(NamedTuple):
    """The recipe's data, or its fallback."""

    path: Path
    name: str
    sample: Sample | None
    """None: a dataset of the hub or files, of which nothing is known here."""
    train: int | None
    """Number of training examples, where the recipe alone tells."""
    validation: bool
    """Whether there is a validation part."""
    test: bool
    """Whether there is a test part."""

    @property
    def task(self) -> str | None:
        """What the data is for, where known."""
        if self.sample is None:
            return None
        return "regression" if self.sample.classes is None else "classification"

    @property
    def is_fallback(self) -> bool:
        """Whether it stands in for the recipe's data."""
        return self.path[-1] == "fallback"

    def has(self, part: str) -> bool:
        """Whether there is a part of that name."""
        return self.validation if part == "validation" else self.test


def sources(recipe: Recipe) -> Iterator[Source]:
    """The recipe's data, then its fallback where there is one."""
    data = recipe.data
    if isinstance(data, BuiltinData):
        yield _builtin(data, ("data",))
    elif isinstance(data, TfdsData):
        yield _hub(data)
        if data.fallback is not None:
            yield _builtin(data.fallback, ("data", "fallback"))
    elif is_table(data):
        yield _table(data)
    elif is_file(data):
        yield _files(data)
    elif is_windows(data):
        parts = (data.splits.validation.value > 0, data.splits.test.value > 0)
        yield Source(("data",), data.patterns[0], None, None, *parts)


def samples(recipe: Recipe) -> Iterator[tuple[Source, Sample]]:
    """The sources of which everything is known."""
    for source in sources(recipe):
        if source.sample is not None:
            yield source, source.sample


def targets_of(recipe: Recipe) -> int | None:
    """How many numbers or labels are predicted of an example; None where only the data tells."""
    if has_target_columns(recipe.data):
        return len(recipe.data.targets)
    if isinstance(recipe.data, BuiltinData):
        return max(len(SAMPLES[recipe.data.name].targets), 1)
    if isinstance(recipe.data, TfdsData) and recipe.data.target is not None:
        return None  # a feature may be a row of numbers
    if is_windows(recipe.data):
        return len(recipe.data.targets) * recipe.data.horizon
    return None if is_array(recipe.data) or is_records(recipe.data) else 1


def _builtin(data: BuiltinData | Fallback, path: Path) -> Source:
    sample, shares = SAMPLES[data.name], data.splits
    known = all(share.unit == "%" for share in (shares.train, shares.validation, shares.test))
    train = shares.sizes(sample.examples)[0] if known else None
    return Source(path, data.name, sample, train, shares.validation.value > 0, shares.test.value > 0)


_EVALUATED = ("validation", "test")


def _table(data: "TableData") -> Source:
    splits, written = data.splits, data.splits.by in ("column", "file")
    parts = (written or splits.validation.value > 0, written or splits.test.value > 0)
    return Source(("data",), data.patterns[0], None, None, *parts)


def _files(data: "FileData") -> Source:
    written = getattr(data.splits, "by", "share") == "column"
    has = {part: written or data.has_own(part) or getattr(data.splits, part).value > 0 for part in _EVALUATED}
    return Source(("data",), data.called, None, None, has["validation"], has["test"])


def _hub(data: TfdsData) -> Source:
    splits = data.splits
    return Source(
        ("data",), data.name, None, length(parse(splits.train)), splits.validation is not None, splits.test is not None
    )
