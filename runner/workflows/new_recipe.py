"""A first recipe for a table: what `recipe init` writes. The same file gives the same recipe."""

import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from runner.data.folders import said_part
from runner.data.tables.columns import Column
from runner.data.tables.number_form import NumberForm
from runner.data.tables.source import ARROW, PARQUET
from runner.source.editing.emit import to_flow
from runner.workflows.new_start import TEXT_WORDS, Start
from runner.workflows.new_training import FEWEST, Aim, batch_size, dense_layers, epochs, is_wide, training

_OF_IMAGES = "paths of images; a functional model takes them, as `recipe explain R765` shows"


def written(start: Start, shown: str, output: str, root: Path | None) -> str:
    """The recipe's text.

    Args:
        start: what is known of the table.
        shown: path or pattern of the files, as the recipe names them.
        output: name of the recipe's file, for the line that says how to run it.
        root: folder that must be allowed because the files lie outside of the recipe's.
    """
    return "\n".join([*_head(start, output, root), *_data(start, shown), *_model(start), *start.aim.expected(), ""])


def _head(start: Start, output: str, root: Path | None) -> Iterator[str]:
    what = ", ".join(map(_comment, start.names))
    goal = f"predict {what} from the other columns of {len(start.facts):,} rows"
    return heading(goal, start.aim, output, root)


def heading(goal: str, aim: Aim, output: str, root: Path | None) -> Iterator[str]:
    """The first lines of a recipe.

    Args:
        goal: what it is for.
        aim: what it is to be better than.
        output: name of its file.
        root: folder that must be allowed.
    """
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", Path(output).stem).strip(".")[:64] or "table"
    yield f"# Goal: {_comment(goal)}."
    yield f"# Expect: better than {aim.trivial}."
    yield f"# Run: recipe run {output}" + (f" --root {root}" if root is not None else "")
    yield from ("recipe: 1", f"name: {name}", f"task: {aim.task}", "seed: 0", "")


def _comment(text: str) -> str:
    """A text that ends no line of comment."""
    return " ".join(text.split()) if text.isprintable() else repr(text)


def data_lines(start: Start, kind: str, shown: str) -> Iterator[str]:
    """The first lines of the data: source, files and target."""
    target = to_flow(start.names[0] if len(start.names) == 1 else list(start.names))
    yield from ("data:", f"  source: {kind}", f"  files: {to_flow(shown)}", f"  target: {target}")


def _data(start: Start, shown: str) -> Iterator[str]:
    kind = "parquet" if start.facts.files[0].path.suffix.lower() in (*PARQUET, *ARROW) else "csv"
    yield from data_lines(start, kind, shown)
    mark = "" if start.ids or start.texts or any(start.dates.values()) else "# "
    yield from _number_marks(start.facts.options.numbers)
    yield f"  {mark}columns:  # as they were inferred; write here what is to be otherwise"
    yield from (_column(start, column) for column in start.facts.columns)
    yield from _splits(start)
    yield from (*start.aim.target_scale(), f"  batch_size: {batch_size(start.rows)}", "")


def _number_marks(form: NumberForm) -> Iterator[str]:
    if form.thousands is not None:
        yield f"  thousands: {json.dumps(form.thousands)}  # between groups of three digits"
    if form.decimal != ".":
        yield f"  decimal: {json.dumps(form.decimal)}  # before the decimals"


def _column(start: Start, column: Column) -> str:
    said = [f"{column.distinct:,} values" if column.distinct is not None else "many values"]
    said += [f"{column.missing:,} missing"] if column.missing else []
    if column.name in start.ids:
        return f"    {to_flow(column.name)}: {{type: ignore}}  # another value in every row: an id"
    if column.name in start.names:
        which = "the target" if len(start.names) == 1 else "a target"
        return f"    # {_comment(column.name)}: {which}, {', '.join(said)}"
    parts = ", ".join(start.dates.get(column.name, ()))
    if parts:
        return f"    {to_flow(column.name)}: {{parts: [{parts}]}}  # a date, {', '.join(said)}"
    if column.name in start.texts:
        return f"    {to_flow(column.name)}: {{output: tf_idf, vocabulary: {TEXT_WORDS}}}  # a text, {', '.join(said)}"
    unused = {"text": "no input", "date": "no input", "image": _OF_IMAGES, "ignore": "not used"}
    said += [unused[column.type]] if column.type in unused else []
    said += [column.hint or column.note] if column.hint or column.note else []
    return f"    # {_comment(column.name)}: {{type: {column.type}}}  {', '.join(said)}"


def _splits(start: Start) -> Iterator[str]:
    yield from (f"  # {hint}" for hint in hints(start))
    if parts_said([file.path for file in start.facts.files]):
        yield "  splits: {by: file}  # as the names of the files or of their folders say"
        return
    shares = (60, 20, 20) if start.rows < 1000 else (80, 10, 10)
    yield "  splits: {{train: {}%, validation: {}%, test: {}%}}".format(*shares)


def hints(start: Start) -> Iterator[str]:
    """What a division at random may tear apart, times and groups of rows; and classes that may be none."""
    columns = [column for column in start.facts.columns if column.name not in start.ids]
    time = next((to_flow(column.name) for column in columns if column.type == "date"), None)
    group = next((to_flow(column.name) for column in columns if _names_something(column)), None)
    if time is not None:
        yield f"To predict the future, divide by time: splits: {{by: time, column: {time}}}"
    if group is not None:
        yield f"Rows of one {group} may be alike; to keep them together: splits: {{by: group, column: {group}}}"
    if start.task == "classification" and start.aim.others < FEWEST:
        yield f"Only {start.aim.others:,} rows are not of the most frequent class: too few to learn and to test them"
    if start.counts:
        yield (
            f"The {len(start.targets[0].words)} whole numbers of {to_flow(start.names[0])} are taken for classes; if "
            "they count or measure something: --task regression"
        )


def parts_said(paths: Sequence[Path]) -> bool:
    """Whether the names of all files say a part, and train and test are among them."""
    found = [said_part(path) for path in paths]
    return None not in found and {"train", "test"} <= set(found)


def _names_something(column: Column) -> bool:
    """Whether it looks like the name of a person, a machine or a place that has several rows."""
    named = re.search(r"(^|[ _-])(id|uuid|key)$|[a-z]I[dD]$", column.name, re.ASCII)
    return named is not None and column.type not in ("ignore", "text")  # a text differs in most rows


def _model(start: Start) -> Iterator[str]:
    yield from ("model:", "  kind: sequential", "  layers:", *dense_layers(start.rows))
    length = epochs(start.rows, batch_size(start.rows))
    yield from training(start.aim, length, wide=is_wide(start.rows, start.inputs))


def placed(data: str, folder: Path) -> tuple[str, Path | None]:
    """How a recipe in a folder names files, and the folder to be allowed where they lie outside of it.

    Args:
        data: path or pattern, as the person says it.
        folder: of the recipe.
    """
    whole, base = os.path.abspath(data), os.path.realpath(folder)
    inside = os.path.join(os.path.realpath(os.path.dirname(whole)), os.path.basename(whole))
    if Path(inside).is_relative_to(base):
        return os.path.relpath(inside, base), None
    return inside, Path(os.path.dirname(inside))
