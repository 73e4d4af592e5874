"""Sequences of words that are behind a mask."""

from runner.data.statistics.text_treatment import FittedText
from runner.data.tables.table import Table
from runner.data.tabular.error_keys import column_place
from runner.data.tabular.prepared import PreparedTable
from runner.data.text.standard import words_of
from runner.errors import DataError


def require_words(prepared: PreparedTable, table: Table) -> None:
    """Of a text without words nothing is left behind a mask: its mean would be 0/0.

    Raises:
        DataError: a row that is used has no word; it is named.
    """
    for name, learnt in prepared.fitted.items():
        if not isinstance(learnt, FittedText) or learnt.encoding.length is None:
            continue
        for rows in prepared.parts.values():
            for row, text in zip(rows, table.take(rows, [name])[name], strict=True):
                if not words_of(text or ""):
                    raise DataError(
                        f"{prepared.facts.called(int(row))}: column {name!r} has no word, and mask_zero leaves nothing "
                        "of it",
                        "write `missing: drop` where texts are missing, or remove `mask_zero`",
                        path=column_place(name),
                    )
