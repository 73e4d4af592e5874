"""TFRecord files of a person's own."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.array_data import Arrays, FileData
from schemas.base import Items, Node
from schemas.data_base import FilePattern, Label, several
from schemas.table_data import ColumnName

_Files = FilePattern | Annotated[Items[FilePattern], Field(min_length=1, max_length=1000)]
_Names = Label | Annotated[Items[Label], Field(min_length=1, max_length=1000)]
_Side = Annotated[int, Field(ge=1, le=1_000_000)]


class RecordFeature(Node):
    """A feature of each record: how its values stand in a ``tf.train.Example``."""

    dtype: Literal["uint8", "int8", "uint16", "int16", "int32", "int64", "float16", "float32", "float64", "text"]
    """Type of its values; ``text`` is for names of classes."""
    shape: Annotated[Items[_Side], Field(max_length=8)] = ()
    """Shape of the values, such as ``[28, 28, 1]``; by default one value."""
    encoding: Literal["raw", "png", "jpeg"] | None = None
    """How bytes hold the values: ``raw`` one after another, little-endian; or an image file. By default the values are
    in a list of integers or floats."""


class RecordData(FileData):
    """TFRecord files whose records are ``tf.train.Example`` messages with the features that the recipe declares."""

    source: Literal["tfrecord"]
    files: _Files
    """Path or pattern of the files, or a list of them; they start from the recipe's folder."""
    features: Annotated[dict[ColumnName, RecordFeature], Field(max_length=1000)]
    """Features by their names in the records; features that the recipe does not use are not read."""
    inputs: _Names
    """Feature that the model sees, or a list of features of numbers, which are concatenated to one row."""
    target: Arrays
    """Feature to predict: whole numbers or texts for classification, numbers for regression, 0 and 1 for multi_label.
    For multi_output a list of features, with one value each, or several for labels; each output has the name of its
    feature."""
    validation: _Files | None = None
    """Files evaluated after every epoch; by default a share of the training examples."""
    test: _Files | None = None
    """Files evaluated once, at the end; by default a share of the training examples."""

    @property
    def called(self) -> str:
        """How messages and plans call the data: by its first file or pattern."""
        return several(self.files)[0]

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of the targets."""
        return several(self.target)

    @property
    def seen(self) -> tuple[str, ...]:
        """Names of the inputs."""
        return several(self.inputs)


BY_KIND = {"tfrecord": RecordData}
