"""A recipe for data that is given without one: enough to read every example."""

from pathlib import Path
from typing import Any

from runner.data.files import found_files
from runner.data.tables.number_form import PLAIN
from runner.data.tables.source import ARROW, PARQUET
from runner.errors import DataError
from runner.workflows.hub_columns import Note, image_column
from runner.workflows.new_folder import kind_of, pattern_of
from runner.workflows.new_recipe import parts_said
from runner.workflows.new_start import start_of
from schemas.recipe import Recipe

TABLES = (".csv", ".tsv", *PARQUET, *ARROW)


def bare_recipe(data: Path, target: str | None, note: Note) -> Recipe:
    """A recipe whose data is a table or a folder; it lies in the folder of the data.

    Args:
        data: a CSV or Parquet file, a folder with a folder of images or of texts for each class, or a folder with a
            dataset of Hugging Face.
        target: column that is predicted, of a table or of such a dataset.
        note: is told of a choice between columns.

    Raises:
        DataError: it is none of these, or a table without a target.
    """
    if data.is_dir():
        kind = kind_of(data)
        if kind == "hub":
            return _of_hub(data, target, note)
        return _recipe("classification", {"source": kind, "folder": data.name})
    if data.suffix.lower() not in TABLES:
        endings = ", ".join(TABLES)
        raise DataError(
            f"{data.name} is neither a recipe nor a table ({endings}) nor a folder",
            "write a recipe that names the data",
        )
    if target is None:
        raise DataError(f"a table needs the column that is predicted; none is given for {data.name}", "--target COLUMN")
    source = "parquet" if data.suffix.lower() in (*PARQUET, *ARROW) else "csv"
    return _of_table(found_files([str(data)], Path.cwd()), {"source": source, "files": data.name, "target": target})


def _of_hub(folder: Path, target: str | None, note: Note) -> Recipe:
    """Of a dataset of Hugging Face: images in rows, or columns; ``label`` is predicted if nothing else is named."""
    pattern = pattern_of(folder)
    paths, files = found_files([pattern], folder), f"{folder.name}/{pattern}"
    if image_column(paths[0], folder.name, target or "label", note) is not None:
        named = {"target": target} if target is not None else {}
        return _recipe("classification", {"source": "images", "files": files, **named})
    return _of_table(paths, {"source": "parquet", "files": files, "target": target or "label"})


def _of_table(paths: list[Path], data: dict[str, Any]) -> Recipe:
    start = start_of(paths, [data["target"]])
    columns: dict[str, Any] = {name: {"type": "ignore"} for name in start.ids}
    splits = {"splits": {"by": "file"}} if parts_said(paths) else {}
    form = start.facts.options.numbers
    marks = {"decimal": form.decimal, "thousands": form.thousands} if form != PLAIN else {}
    return _recipe(start.task, {**data, **marks, "columns": columns, **splits})


def _recipe(task: str, data: dict[str, Any]) -> Recipe:
    model = {"kind": "sequential", "layers": [{"kind": "flatten"}]}
    return Recipe.model_validate(
        {"recipe": 1, "name": "data", "task": task, "data": data, "model": model, "training": {"epochs": 1}}
    )
