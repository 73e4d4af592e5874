"""Texts as bags of words are those of Keras' layer."""

import keras
import numpy as np
import pytest

from runner.data.text.encoding import fit_encoding
from runner.model.raw import vectorization
from schemas.array_data import TextData

TRAIN = ["A good film, a GOOD one", "bad bad bad film", "the plot", "good plot, bad end", ""]
OTHERS = ["never seen words", "good good unknown", "", "Bad. film!"]


@pytest.mark.parametrize("keys", [{"output": "multi_hot"}, {"output": "tf_idf"}, {"length": 3}, {}], ids=str)
@pytest.mark.parametrize("vocabulary", [3, 100])
@pytest.mark.parametrize("ngrams", [1, 2, 3])
def test_inputs_are_those_of_the_layer_in_the_saved_model(
    keys: dict[str, object], vocabulary: int, ngrams: int
) -> None:
    data = TextData.model_validate(
        {"source": "text", "file": "t.csv", "vocabulary": vocabulary, "ngrams": ngrams, **keys}
    )
    encoding = fit_encoding(TRAIN, data)
    inputs = encoding.encoded(OTHERS)
    theirs = np.asarray(vectorization(encoding)(np.array(OTHERS, object)))
    assert inputs.shape[1:] == encoding.shape
    assert inputs.dtype == encoding.dtype
    np.testing.assert_array_equal(inputs.astype(theirs.dtype), theirs)


def test_n_grams_are_terms_beside_the_words() -> None:
    data = TextData.model_validate({"source": "text", "file": "t.csv", "ngrams": 2, "vocabulary": 5})
    encoding = fit_encoding(TRAIN, data)
    assert encoding.words == ("bad", "good", "a", "a good", "bad bad")  # 4, 3, 2, 2 and 2 times; equals by the word
    assert encoding.shape == (11,)  # six words and five pairs of the longest text
    assert encoding.encoded(["a good plot"]).tolist() == [[4, 3, 1, 5, 1, 0, 0, 0, 0, 0, 0]]


def test_weights_of_words_are_those_that_keras_learns() -> None:
    data = TextData.model_validate({"source": "text", "file": "t.csv", "output": "tf_idf"})
    adapted = keras.layers.TextVectorization(output_mode="tf_idf")
    adapted.adapt(TRAIN)
    encoding = fit_encoding(TRAIN, data)
    words = adapted.get_vocabulary(include_special_tokens=False)
    ours = dict(zip(encoding.words, encoding.encoded(list(encoding.words))[:, 1:].T, strict=True))
    theirs = np.asarray(adapted(np.array(list(encoding.words), object)))
    assert sorted(words) == sorted(encoding.words)
    for word, column in ours.items():
        np.testing.assert_allclose(column, theirs[:, 1 + words.index(word)], rtol=1e-6)


def test_a_length_that_is_left_out_is_that_of_the_longest_text() -> None:
    data = TextData.model_validate({"source": "text", "file": "t.csv"})
    assert fit_encoding(TRAIN, data).shape == (6,)
    assert fit_encoding(["w " * 1000], data).shape == (256,)
