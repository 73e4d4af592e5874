"""Rows and files that a column divides: keys that go together."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemas.data import has_target_columns, is_images, is_text
from schemas.findings import Finding, Path
from schemas.recipe import Recipe
from schemas.rules.tell import Rule, error

if TYPE_CHECKING:
    from schemas.column_splits import ListedSplits
    from schemas.table_data import TableSplits

_SPLITS: Path = ("data", "splits")
_PARTS = ("train", "validation", "test")
_BY_THEMSELVES = {"share": "at random", "file": "by their files"}
"""Ways to divide that need no column."""


def _splits(recipe: Recipe) -> "TableSplits | ListedSplits | None":
    """Of data that may be divided by a column."""
    data = recipe.data
    return data.splits if has_target_columns(data) else None


def splits_have_their_column(recipe: Recipe) -> Iterator[Finding]:
    """R295: a column divides the rows, or chance does."""
    splits = _splits(recipe)
    if splits is None:
        return
    how = _BY_THEMSELVES.get(splits.by)
    if how is not None and splits.column is not None:
        yield error("R295", (*_SPLITS, "column"), f"rows are divided {how}, and column '{splits.column}' has no effect",
                    "write `by: group`, `time`, `id` or `column`, or remove it")  # fmt: skip
    if how is None and splits.column is None:
        yield error("R295", (*_SPLITS, "by"), f"`by: {splits.by}` needs a column", "write `column: NAME`")
    for key in _PARTS if splits.by in ("column", "file") else ("words",):
        if key in splits.model_fields_set:
            yield error("R295", (*_SPLITS, key), f"`{key}` has no effect with `by: {splits.by}`", "remove it")


def columns_are_of_a_listing(recipe: Recipe) -> Iterator[Finding]:
    """R295: files of a folder have no columns."""
    data = recipe.data
    if not (is_images(data) or is_text(data)) or data.splits.by == "share" or data.file is not None:
        return
    yield error("R295", (*_SPLITS, "by"), f"`by: {data.splits.by}` needs a column of a CSV file, and the data has none",
                "list the examples in a CSV file and write `file: PATH`, or divide by share")  # fmt: skip


def words_mean_one_part(recipe: Recipe) -> Iterator[Finding]:
    """R296: a word of the column that divides stands for one part."""
    splits = _splits(recipe)
    if splits is None or splits.by not in ("column", "file"):
        return
    words, owner = splits.words, dict[str, str]()
    for part in _PARTS:
        for word in getattr(words, part) if part in words.model_fields_set else ():
            first = owner.setdefault(word, part)
            if first != part:
                yield error("R296", (*_SPLITS, "words", part), f"'{word}' stands for {first} and for {part}",
                            "take it out of one of them")  # fmt: skip


RULES: tuple[Rule, ...] = (splits_have_their_column, columns_are_of_a_listing, words_mean_one_part)
