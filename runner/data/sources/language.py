"""``source: text`` for a language model: its texts as sequences of tokens."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from runner.data.access import DataAccess
from runner.data.examples import Array, Dataset, Examples
from runner.data.facts import DataFacts
from runner.data.files import FileFacts, check_unchanged
from runner.data.placement import Placement
from runner.data.sources.corpus import Tokens, read_corpus, texts_at
from runner.data.sources.own_parts import sizes_of
from runner.data.sources.reading import Reading, dataset_of
from runner.data.splits.shares import Indices, Parts
from runner.data.text.tokens import TokenVocabulary, fit_tokens, sequences
from runner.data.text.vocabulary import UNSEEN
from runner.errors import DataError
from schemas.array_data import TextData
from schemas.recipe import Recipe

LENGTH = 64
"""Tokens of a sequence, where the recipe gives no length."""


@dataclass(frozen=True)
class TokenDetails:
    """What loading, and the saved model, need of the facts."""

    files: Sequence[FileFacts]
    vocabulary: TokenVocabulary
    length: int
    inputs: Array
    """Sequences of all parts, ``(n, length)``."""
    targets: Array
    parts: Parts


class LanguageSource:
    """Sequences of tokens, each with the token after it."""

    def __init__(self, data: TextData, access: DataAccess, recipe: Recipe) -> None:
        self.data, self.access, self.recipe = data, access, recipe

    def facts(self, report: Callable[[str], None]) -> DataFacts:
        """Read all texts, divide them, and fix the vocabulary by those that train.

        Raises:
            DataError: a file is missing or broken, or a part has too few tokens for a sequence.
        """
        length, corpus = self.data.length or LENGTH, read_corpus(self.data, self.access)
        texts = corpus.parts(self.data, self.recipe.seed)
        vocabulary = fit_tokens(texts["train"], self.data.tokens, self.data.vocabulary, ends=bool(corpus.called))
        rows = {part: vocabulary.row(found) for part, found in texts.items()}
        cut = {part: sequences(row, length) for part, row in rows.items()}
        for part, (inputs, _) in cut.items():
            if not len(inputs):
                _refuse(part, len(rows[part]), length)
        bounds = np.cumsum([0, *(len(inputs) for inputs, _ in cut.values())])
        parts = {part: np.arange(*pair) for part, pair in zip(cut, pairwise(bounds.tolist()), strict=True)}
        inputs, targets = (np.concatenate(arrays) for arrays in zip(*cut.values(), strict=True))
        return DataFacts(
            "text",
            self.data.called,
            corpus.sha256[:12],
            *sizes_of(parts),
            (length,),
            len(vocabulary.names),
            4,
            sha256=corpus.sha256,
            vocabulary=len(vocabulary.names),
            tokens=vocabulary.names,
            remarks=(*_counted(corpus.called, texts), *_remarks(vocabulary, rows, length)),
            details=TokenDetails(corpus.files, vocabulary, length, inputs, targets, parts),
        )

    def load(self, facts: DataFacts, placement: Placement, seed: int) -> Dataset:
        """The sequences of each part.

        Raises:
            DataError: a file has changed.
        """
        details = facts.details
        assert isinstance(details, TokenDetails)
        check_unchanged(details.files)

        def taken(places: Indices) -> Examples:
            return Examples(details.inputs[places], details.targets[places])

        reading = Reading(
            lambda asked: map(taken, asked), facts.shape, details.inputs.dtype, details.targets, facts.sha256
        )
        return dataset_of(details.parts, lambda _: reading, placement)


def sequences_of(path: Path, data: TextData, details: TokenDetails) -> Examples:
    """Another file, or a folder of texts, as a trained language model takes it.

    Raises:
        DataError: it cannot be read, or has too few tokens for a sequence.
    """
    row = details.vocabulary.row(texts_at(path, data))
    inputs, targets = sequences(row, details.length)
    if not len(inputs):
        raise DataError(f"{path.name} has {len(row):,} tokens, too few for a sequence of {details.length:,}")
    return Examples(inputs, targets)


def _refuse(part: str, count: int, length: int) -> None:
    raise DataError(
        f"the {part} part has {count:,} tokens; a sequence takes {length:,} and the one after them",
        "take a smaller `length`, or give the part a larger share in `splits`",
        path=("data", "length"),
    )


def _counted(called: str, texts: dict[str, list[Tokens]]) -> Iterator[tuple[str, str]]:
    """How many files or rows each part has, where texts are not divided."""
    if called:
        yield called, ", ".join(f"{part} {len(of):,}" for part, of in texts.items()) + ", none of them in two parts"


def _remarks(vocabulary: TokenVocabulary, rows: dict[str, Array], length: int) -> Iterator[tuple[str, str]]:
    """What a plan shows: the vocabulary, and how many tokens there are."""
    counts = ", ".join(f"{part} {(len(row) - 1) // length * length:,}" for part, row in rows.items())
    yield "vocabulary", f"{len(vocabulary.tokens):,} {vocabulary.kind} of the training part"
    yield "tokens", f"{counts}, in sequences of {length:,}"
    unseen = {part: float((row == UNSEEN).mean()) for part, row in rows.items() if (row == UNSEEN).any()}
    if unseen:
        yield "unknown", ", ".join(f"{share:.1%} of {part}" for part, share in unseen.items())
