"""How examples with a text beside other inputs are rows of a table."""

from collections.abc import Mapping, Sequence
from typing import Any

from runner.data.targets import numbered
from runner.data.tfds.features import Feature
from schemas.data import TfdsData
from schemas.table_data import ParquetData


def rows_of(data: TfdsData, files: Sequence[str] = ("train-*.arrow",), inputs: Sequence[Feature] = ()) -> ParquetData:
    """The data of a recipe that reads the same examples from a table.

    Args:
        data: of the recipe, which names the targets.
        files: of the table, whose names begin with their part.
        inputs: whose columns have types; further rows for a trained model need none.
    """
    columns = {name: _read_as(data, feature) for feature in inputs for name in columns_of(feature)}
    return ParquetData.model_validate({
        "source": "parquet",
        "files": [*files],
        "target": [*data.features_of("target")],
        "columns": columns,
        "splits": {"by": "file"},
        "missing_values": [],
    })  # fmt: skip


def columns_of(feature: Feature) -> tuple[str, ...]:
    """Names of the columns that a feature has: one, or one for each number of a tensor."""
    alone = feature.kind in ("class", "text") or feature.width == 1
    return numbered(feature.path, 0 if alone else feature.width)


def _read_as(data: TfdsData, feature: Feature) -> Mapping[str, Any]:
    if feature.kind == "text":
        keys = {key: getattr(data, key) for key in ("output", "vocabulary", "ngrams")}
        return {key: value for key, value in keys.items() if value is not None}
    return {"type": "category" if feature.kind == "class" else "number"}
