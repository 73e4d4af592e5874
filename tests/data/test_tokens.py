"""Texts as one row of tokens: Keras' numbers, cut into sequences whose targets are the tokens that come next."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runner.data.access import DataAccess
from runner.data.facts import DataFacts
from runner.data.placement import placement
from runner.data.sources import source_of
from runner.data.sources.language import TokenDetails
from runner.data.text.tokens import END, Kind, fit_tokens, sequences, tokens_of
from runner.errors import DataError
from runner.model.raw import token_vectorization
from schemas.recipe import Recipe
from tests.data.test_text import TEXTS
from tests.schemas.rules_helpers import recipe

WRITING = [{"kind": "embedding", "output_dim": 4}, {"kind": "gru", "units": 3, "return_sequences": True}]


def opened(folder: Path, /, **data: Any) -> tuple[DataFacts, Any, TokenDetails]:
    tree = recipe({"task": "language_model", "data": {"source": "text", "length": 4, **data},
                   "model": {"kind": "sequential", "layers": WRITING}})  # fmt: skip
    asked = Recipe.model_validate(tree)
    source = source_of(asked.data, DataAccess().within(folder), asked)
    facts = source.facts(lambda message: None)
    assert isinstance(facts.details, TokenDetails)
    return facts, source.load(facts, placement(facts, 1 << 30), 0), facts.details


@pytest.mark.parametrize("kind", ["words", "characters"])
def test_tokens_have_the_numbers_that_the_saved_model_gives_them(kind: Kind) -> None:
    vocabulary = fit_tokens([tokens_of(text, kind) for text in TEXTS[::2]], kind, 1000, ends=False)
    layer = token_vectorization(vocabulary)
    assert tuple(layer.get_vocabulary()) == vocabulary.names
    for text in TEXTS:
        if text:
            assert np.asarray(layer([text]))[0].tolist() == vocabulary.row([tokens_of(text, kind)]).tolist()


def test_frequent_tokens_come_first_and_each_text_has_its_end() -> None:
    texts = [tokens_of(text, "words") for text in ("b a c", "c. B!")]
    vocabulary = fit_tokens(texts, "words", 2, ends=True)
    assert vocabulary.names == ("", "[UNK]", END, "b", "c")
    row = vocabulary.row(texts)
    assert row.tolist() == [3, 1, 4, 2, 4, 3, 2]
    assert vocabulary.text(row) == "b [UNK] c [END] c b [END]"


def test_a_target_is_the_next_input() -> None:
    inputs, targets = sequences(np.arange(11, dtype=np.int32), 3)
    assert inputs.tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    assert targets.tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert [len(found) for found in sequences(np.arange(3, dtype=np.int32), 3)] == [0, 0]


def test_the_parts_of_a_text_follow_one_another(tmp_path: Path) -> None:
    words = [f"w{n % 30}" for n in range(100)]
    (tmp_path / "t.txt").write_text(" ".join(words))
    facts, dataset, details = opened(tmp_path, file="t.txt")
    assert (facts.train, facts.validation, facts.test) == (19, 2, 2)  # of 80, 10 and 10 tokens
    read = [details.vocabulary.text(part.x.reshape(-1)) for part in (dataset.train, dataset.validation, dataset.test)]
    assert read == [" ".join(words[:76]), " ".join(words[80:88]), " ".join(words[90:98])]
    assert dataset.test.y[1].tolist() == [*dataset.test.x[1, 1:], details.vocabulary.names.index(words[98])]


def test_rows_of_a_table_are_divided_at_random_and_train_the_vocabulary(tmp_path: Path) -> None:
    rows = "\n".join(f'"one{n}, two three"' for n in range(40))
    (tmp_path / "t.csv").write_text(f"text\n{rows}\n")
    _, dataset, details = opened(tmp_path, file="t.csv", splits={"train": "50%", "validation": "25%", "test": "25%"})
    trained = details.vocabulary.text(dataset.train.x.reshape(-1)).split()
    assert {word for word in trained if word.startswith("one")} <= set(details.vocabulary.tokens)
    held = details.vocabulary.text(dataset.test.x.reshape(-1)).split()
    assert held == ["[UNK]", "two", "three", END] * 9  # after the tenth row there is no token to be told


def test_characters_stand_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("Ab, c\n" * 20, encoding="utf-8")
    _, dataset, details = opened(tmp_path, file="t.txt", tokens="characters", length=6)
    assert details.vocabulary.text(dataset.train.x[0]) == "Ab, c\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "no token"), ("a b c d e f g h", "the train part has 6 tokens; a sequence takes 9 and the one after them")],
)
def test_a_text_that_is_too_short_is_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "t.txt").write_text(text)
    with pytest.raises(DataError, match=says):
        opened(tmp_path, file="t.txt", length=9)
