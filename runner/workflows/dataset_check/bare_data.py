"""A recipe for data that is given without one: enough to read every example."""

from pathlib import Path
from typing import Any

from runner.data.files import found_files
from runner.data.tables.source import ARROW, PARQUET
from runner.errors import DataError
from runner.workflows.new_folder import kind_of
from runner.workflows.new_recipe import start_of
from schemas.recipe import Recipe

TABLES = (".csv", ".tsv", *PARQUET, *ARROW)


def bare_recipe(data: Path, target: str | None) -> Recipe:
    """A recipe whose data is a table or a folder; it lies in the folder of the data.

    Args:
        data: a CSV or Parquet file, or a folder with a folder of images or of texts for each class.
        target: column that is predicted, of a table.

    Raises:
        DataError: it is none of these, or a table without a target.
    """
    if data.is_dir():
        kind = kind_of(data)
        if kind == "hub":
            raise DataError(
                f"{data.name} holds Arrow or Parquet files", f"write a recipe: recipe init {data.name}; and check that"
            )
        return _recipe("classification", {"source": kind, "folder": data.name})
    if data.suffix.lower() not in TABLES:
        endings = ", ".join(TABLES)
        raise DataError(
            f"{data.name} is neither a recipe nor a table ({endings}) nor a folder",
            "write a recipe that names the data",
        )
    if target is None:
        raise DataError(f"a table needs the column that is predicted; none is given for {data.name}", "--target COLUMN")
    start = start_of(found_files([str(data)], Path.cwd()), [target])
    source = "parquet" if data.suffix.lower() in (*PARQUET, *ARROW) else "csv"
    columns: dict[str, Any] = {name: {"type": "ignore"} for name in start.ids}
    return _recipe(start.task, {"source": source, "files": data.name, "target": target, "columns": columns})


def _recipe(task: str, data: dict[str, Any]) -> Recipe:
    model = {"kind": "sequential", "layers": [{"kind": "flatten"}]}
    return Recipe.model_validate(
        {"recipe": 1, "name": "data", "task": task, "data": data, "model": model, "training": {"epochs": 1}}
    )
