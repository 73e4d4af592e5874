"""Categories that a model does not know, because training had none or too few of them."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from runner.inference.predictions import Inputs
from runner.text import printable

_NAMED = 3
"""Words of a column that a note names."""
Unseen = Mapping[int, Mapping[str, str]]
"""Row of a batch → column → its word."""


class UnseenWords:
    """Counts the unknown words of each column while its rows go by.

    Args:
        known: the words that have a place of their own in the model, by column.
    """

    def __init__(self, known: Mapping[str, frozenset[str]]) -> None:
        self._known = known
        self._found: dict[str, Counter[str]] = {name: Counter() for name in known}
        self._rows = 0

    def look(self, x: Inputs) -> Unseen:
        """Count the unknown words of a batch, and name their rows; an empty word is a missing value."""
        found: dict[int, dict[str, str]] = {}
        if not self._known or not isinstance(x, Mapping):
            return found
        self._rows += len(next(iter(x.values())))
        for name, known in self._known.items():
            words = x[name][:, 0].tolist()
            unknown = set(words) - known - {""}
            for row, word in enumerate(words) if unknown else ():
                if word in unknown:
                    found.setdefault(row, {})[name] = word
                    self._found[name][word] += 1
        return found

    def tell(self, note: Callable[[str], None]) -> None:
        """Say once for each column how many rows have a word that the model does not know, and some of the words."""
        for name, words in self._found.items():
            if words:
                some = ", ".join(repr(printable(word)) for word, _ in words.most_common(_NAMED))
                more = ", …" if len(words) > _NAMED else ""
                note(
                    f"column {printable(name)!r}: {words.total():,} of {self._rows:,} rows have a category that the "
                    f"model does not know, because training had none or too few of it: {some}{more}; all such "
                    "categories are the same to the model"
                )


def known_words(model: Any) -> dict[str, frozenset[str]]:
    """The words that have a place of their own in a saved model of a table, by the column that holds them.

    A lookup of the marks of missing values has the empty word; one of a column's words never has it.
    """
    import keras

    if not isinstance(model.input, dict):
        return {}
    columns = {id(tensor): name for name, tensor in model.input.items()}
    found = {}
    for layer in model.layers:
        if isinstance(layer, keras.layers.StringLookup):
            name = columns.get(id(layer.input))
            words = frozenset(map(str, layer.get_vocabulary()[1:]))
            if name is not None and "" not in words:
                found[name] = words
    return found
