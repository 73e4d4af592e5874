"""How raw rows and texts become a model's numbers, as ``preprocess.json`` says it."""

from typing import Any, assert_never

from runner.data.sources.text import TextDetails
from runner.data.statistics.date_treatment import FittedDate
from runner.data.statistics.fit import Learnt
from runner.data.statistics.image_treatment import FittedImage
from runner.data.statistics.number_treatment import FittedNumber
from runner.data.statistics.text_treatment import FittedText
from runner.data.statistics.word_treatment import FittedWords
from runner.data.tabular.prepared import PreparedTable
from runner.data.text.encoding import Encoding
from runner.plan.plan import Plan
from schemas.data import text_columns


def raw_settings(plan: Plan, *, numbers: bool) -> dict[str, Any] | None:
    """What :class:`runner.inference.preprocess.Preprocess` reads; None for data that is numbers already.

    Args:
        plan: of the run, with what was learnt of the training part.
        numbers: whether the model takes the numbers that rows become, or the rows themselves.
    """
    match plan.data.details:
        case PreparedTable() as table:
            return {
                "kind": "columns",
                "takes": "numbers" if numbers else "columns",
                "missing": list(table.facts.options.missing),
                "columns": [_column(name, learnt, table) for name, learnt in table.fitted.items()],
            }
        case TextDetails() as texts:
            return _texts(texts, plan, numbers=numbers)
        case _:
            return None


def _column(name: str, learnt: Learnt, table: PreparedTable) -> dict[str, Any]:
    match learnt:
        case FittedNumber():
            return {"name": name, "kind": "number", "needed": learnt.fill is None}
        case FittedDate():
            return {
                "name": name,
                "kind": "date",
                "needed": learnt.needed,
                "format": table.facts.options.date_formats.get(name),
                "parts": list(learnt.parts),
            }
        case FittedText():
            return {"name": name, "kind": "text", "needed": learnt.needed, **_encoded(learnt.encoding)}
        case FittedImage():
            return {"name": name, "kind": "image", "needed": True, "shape": list(learnt.shape)}
        case FittedWords():
            return {
                "name": name,
                "kind": "words",
                "needed": learnt.fill is None,
                "words": list(learnt.words),
                "missing_place": learnt.fill,
            }
        case _:
            assert_never(learnt)


def _texts(texts: TextDetails, plan: Plan, *, numbers: bool) -> dict[str, Any]:
    return {
        "kind": "texts",
        "takes": "numbers" if numbers else "texts",
        "column": text_columns(plan.source).text,
        **_encoded(texts.encoding),
    }


def _encoded(encoding: Encoding) -> dict[str, Any]:
    return {
        "output": encoding.output,
        "length": encoding.length,
        "words": list(encoding.words),
        "ngrams": encoding.ngrams,
        "weights": None if encoding.weights is None else list(encoding.weights),
    }
