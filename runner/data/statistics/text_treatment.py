"""How texts of a table's column reach the model: as a value for each word, or as the numbers of their words."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from runner.data.text.counts import TextCounts
from runner.data.text.encoding import Encoding, encoding_of
from runner.errors import DataError


@dataclass(frozen=True)
class TextTreatment:
    """What a recipe asks for.

    Attributes:
        output: as :class:`Encoding` has it.
        vocabulary: words that are known at most.
        length: of a sequence, for ``int``; None: that of the longest text, within bounds.
        ngrams: most neighbouring words that count together as one.
        missing: ``empty``: a missing text has no word; ``drop``: rows without one are not used.
    """

    output: Literal["int", "multi_hot", "tf_idf"]
    vocabulary: int
    length: int | None = None
    ngrams: int = 1
    missing: Literal["empty", "drop"] = "empty"


@dataclass(frozen=True)
class FittedText:
    """What was learnt of the training part.

    Attributes:
        name: of the column.
        encoding: what each text becomes.
        needed: whether rows without a text are dropped.
        missing: texts that the training part lacked.
    """

    name: str
    encoding: Encoding
    needed: bool
    missing: int

    @property
    def size(self) -> int:
        """Numbers that the model's input has of a text."""
        return self.encoding.shape[0]

    def stored(self, texts: NDArray[Any]) -> NDArray[np.float32]:
        """Those numbers, in the shape ``(n, size)``; a missing text has no word."""
        found: NDArray[np.float32] = self.encoding.encoded([text or "" for text in texts]).astype(np.float32)
        return found


@dataclass
class TextStatistics:
    """Words of texts that come a block at a time."""

    treatment: TextTreatment
    missing: int = 0
    counts: TextCounts = field(init=False)

    def __post_init__(self) -> None:
        self.counts = TextCounts(self.treatment.ngrams)

    def add(self, texts: NDArray[Any]) -> None:
        """Take in a block; None stands for a missing text."""
        self.missing += sum(text is None for text in texts)
        self.counts.add(texts)


def fit_text(name: str, found: TextStatistics, treatment: TextTreatment) -> FittedText:
    """Fix the vocabulary by the training part.

    Raises:
        DataError: there is no word to learn from.
    """
    if not found.counts.words:
        raise DataError(f"column {name!r} has no word in the training part", "declare it `type: ignore`")
    encoding = encoding_of(found.counts, treatment.output, treatment.vocabulary, treatment.length)
    return FittedText(name, encoding, treatment.missing == "drop", found.missing)
