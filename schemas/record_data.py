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
    """Of its values, such as ``[28, 28, 1]``; left out, it is one value."""
    encoding: Literal["raw", "png", "jpeg"] | None = None
    """How bytes hold the values: ``raw`` one after another, little-endian; or an image file. Left out, they stand in a
    list of integers or of floats."""


class RecordData(FileData):
    """TFRecord files whose records are ``tf.train.Example`` messages with the features that the recipe declares."""

    source: Literal["tfrecord"]
    files: _Files
    """Path or pattern of the files, or a list of them; they start from the recipe's folder."""
    features: Annotated[dict[ColumnName, RecordFeature], Field(max_length=1000)]
    """Features by their names in the records; those that no key names are not read."""
    inputs: _Names
    """Feature that the model sees, or a list of features of numbers, which are put together to a row."""
    target: Arrays
    """Feature that is predicted: whole numbers or texts for classification, numbers for regression, and for multi_label
    0 and 1. For multi_output a list of features, by whose names the outputs go: of one value each, for labels also of
    several."""
    validation: _Files | None = None
    """Files evaluated after every epoch; left out, a share of those that train."""
    test: _Files | None = None
    """Files evaluated once, at the end; left out, a share of those that train."""

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
