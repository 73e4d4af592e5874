"""Texts as numbers: equal to Keras' layer, given the vocabulary that the training part gave."""

import os
from collections.abc import Iterable
from pathlib import Path

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.data.tables.scan import table_facts
from runner.data.tables.store import stored_table
from runner.data.text.counts import TextCounts
from runner.data.text.text_files import read_texts, text_folders
from runner.data.text.vocabulary import Vocabulary
from runner.errors import DataError

REVIEWS = Path(os.environ.get("TFDS_DATA_DIR", "/nowhere")).parent / "reviews.csv"
TEXTS = [
    "The film, the FILM -- a 'masterpiece'!",
    "Élan vital; naïve ÉLAN\u00a0x\u2003y",
    "tabs\tand\nlines\x0band\x0cfeeds\r",
    "",
    "under_score [UNK] semi-colon; back\\slash ^caret `tick` {a|b} ~ 1.5e3 a/b <br /><br />",
    "İstanbul ẞ ŉ dotless ı emoji 🎬🎬 “quoted” ’s",
]


def fit_vocabulary(texts: Iterable[str | None], **limits: int) -> tuple[str, ...]:
    counts = TextCounts()
    counts.add(texts)
    return counts.vocabulary(**limits)


def by_keras(words: tuple[str, ...], length: int, texts: list[str]) -> np.ndarray:
    layer = keras.layers.TextVectorization(vocabulary=list(words), output_sequence_length=length)
    return np.asarray(layer(np.array(texts, object)))


@pytest.mark.parametrize("length", [1, 4, 50])
def test_sequences_are_those_of_keras(length: int) -> None:
    words = fit_vocabulary(TEXTS[:3] + TEXTS[4:])[::2]
    assert np.array_equal(Vocabulary(words, length).sequences(TEXTS), by_keras(words, length, TEXTS))


@pytest.fixture(scope="module")
def layer() -> tuple[tuple[str, ...], keras.layers.TextVectorization]:
    words = fit_vocabulary(["a b c d e f A1 é É x y"])
    return words, keras.layers.TextVectorization(vocabulary=list(words), output_sequence_length=6)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(st.characters(codec="utf-8"), max_size=30) | st.text("aAbB.,-_ éÉ\t\u00a0\0\x1c\x85", max_size=30))
)
def test_any_text_is_the_same_to_keras(
    layer: tuple[tuple[str, ...], keras.layers.TextVectorization], texts: list[str]
) -> None:
    words, vectorize = layer
    texts = [*texts, "a"]
    assert np.array_equal(Vocabulary(words, 6).sequences(texts), np.asarray(vectorize(np.array(texts, object))))


def test_words_are_ordered_by_count_and_then_by_the_word() -> None:
    texts = ["b a c", "c. B!", None, "d"]
    assert fit_vocabulary(texts) == ("b", "c", "a", "d")
    assert fit_vocabulary(texts, most=3) == ("b", "c", "a")
    assert fit_vocabulary(texts, at_least=2) == ("b", "c")
    with pytest.raises(DataError, match="no word that occurs 3 times"):
        fit_vocabulary(texts, at_least=3)


def test_missing_texts_are_empty_and_unseen_words_are_counted() -> None:
    vocabulary = Vocabulary(("a", "b"), 3)
    assert vocabulary.sequences([None, "b z a a"]).tolist() == [[0, 0, 0], [3, 1, 2]]
    assert (len(vocabulary), vocabulary.unseen(["a z", "b z", None]), vocabulary.unseen([])) == (4, 0.5, 0)
    with pytest.raises(DataError, match="at least 1, got 0"):
        Vocabulary(("a",), 0)


def test_texts_lie_in_folders(tmp_path: Path) -> None:
    for name, text in {"neg/1.txt": "bad", "pos/2.txt": "\ufeffgood", "pos/1.txt": "fine"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = text_folders(tmp_path)
    assert read_texts(found.parts["all"].paths) == ["bad", "fine", "good"]
    assert (found.classes, found.parts["all"].labels) == (("neg", "pos"), (0, 1, 1))
    (tmp_path / "pos/2.txt").write_bytes(b"caf\xe9")
    with pytest.raises(DataError, match=r"pos/2.txt is not in UTF-8: byte 0xe9 at place 3"):
        read_texts(found.parts["all"].paths)


@pytest.mark.skipif(not REVIEWS.is_file(), reason="reviews.csv lies beside TFDS_DATA_DIR, which is not set")
def test_reviews_are_the_same_to_keras(tmp_path: Path) -> None:
    texts = stored_table(table_facts([REVIEWS]), tmp_path).column("text").tolist()
    words = fit_vocabulary(texts[:9000], most=5000)
    assert np.array_equal(Vocabulary(words, 40).sequences(texts), by_keras(words, 40, texts))
