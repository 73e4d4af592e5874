"""What a saved model takes: an array, the columns of a table, or texts."""

from collections.abc import Mapping, Sequence
from typing import Any

from runner.data.statistics.image_treatment import ImageFit
from runner.data.tabular.roles import missing_words, number_form
from runner.data.tfds.rows import rows_of
from runner.inference.inputs.taken import Taken, TakenColumns, TakenImages, TakenPixels, TakenTexts, TakenWindows, Takes
from runner.inference.saved_model import takes_raw
from schemas.array_data import ImagesData
from schemas.data import Data, Fallback, TfdsData, text_columns
from schemas.table_data import CsvData, ParquetData, TableData
from schemas.window_data import WindowsData


def taken_of(model: Any, data: Data | Fallback, inputs: Sequence[str] = ()) -> Takes:
    """What to read for a model; the columns and their kinds are the model's own, how they are read is the recipe's.

    Args:
        model: as it was saved.
        data: what trained it.
        inputs: names of the columns of a series, as the run has recorded them.
    """
    if isinstance(model.input, dict):
        shapes = {name: tuple(tensor.shape[1:]) for name, tensor in model.input.items()}
        numbers = {
            name: str(tensor.dtype) != "string" and len(shapes[name]) == 1 for name, tensor in model.input.items()
        }
        table = rows_of(data) if isinstance(data, TfdsData) else data
        if not isinstance(table, CsvData | ParquetData):
            return TakenColumns(numbers)
        images = {name: TakenPixels(shape, _fit(table, name)) for name, shape in shapes.items() if len(shape) == 3}
        return _columns(numbers, table, images)
    if takes_raw(model):
        return TakenTexts(text_columns(data).text)
    shape = tuple(model.input_shape[1:])
    if isinstance(data, ImagesData):
        return TakenImages(shape, data.fit if data.size is not None else None)
    if isinstance(data, WindowsData) and len(shape) == 2 and len(inputs) == shape[1]:
        return TakenWindows(shape, tuple(inputs), data)
    return Taken(shape)


def _fit(data: TableData, name: str) -> ImageFit | None:
    column = data.columns[name]
    return None if column.size is None else column.fit or "crop"


def _columns(numbers: dict[str, bool], data: TableData, images: Mapping[str, TakenPixels]) -> TakenColumns:
    needed = (name for name, column in data.columns.items() if column.missing == "drop")
    delimiter = data.delimiter if isinstance(data, CsvData) else None
    dates = {name: column.format for name, column in data.columns.items() if column.is_date_input and name in numbers}
    needs = frozenset(needed) & numbers.keys()
    return TakenColumns(numbers, missing_words(data), needs, delimiter, dates, number_form(data), images)
