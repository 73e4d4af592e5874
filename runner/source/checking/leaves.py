"""Finds out why a key does not accept a scalar."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from runner.source.checking.allowed import Leaf, Model, Shape, Tagged, bound
from runner.source.checking.complaints import Remarks, did_you_mean
from runner.source.checking.expected import describe, listing
from runner.source.yaml.scalars import Value, resolve
from schemas.blocks import BlockName
from schemas.custom import Argument, Custom, Target
from schemas.data_base import Fold
from schemas.groups import Member
from schemas.layers.base import LayerName
from schemas.layers.catalogue.admitted import Letters
from schemas.model_inputs import InputName
from schemas.quantities import MetricName, PartField, RunName, Split
from schemas.sweep import FieldPath
from schemas.table_data import ColumnName, Delimiter
from schemas.training import ClassNumber
from schemas.weights import LayerPattern

_FORMS = {
    RunName: "letters, digits, '.', '_' and '-', at most 64 of them and not only dots",
    Split: "a split or a slice of one, such as 'train', 'train[:55000]' or 'train[90%:]'",
    # The name of a dataset has the same form; a slash would select folders, a colon a namespace.
    MetricName: "a plain name: lower-case letters, digits and '_', starting with a letter, at most 64 characters",
    Target: "a module and a name in it, such as 'package.module:name'",
    Argument: "the name of an argument: letters, digits and '_', not starting with a digit",
    FieldPath: "a path of keys as --set takes it, such as 'optimizer.learning_rate'",
    LayerName: "a plain name: letters, digits and '_', starting with a letter, at most 64 characters; dots divide the "
    "parts of a longer one",
    BlockName: "a plain name: lower-case letters, digits and '_', starting with a letter, at most 31 characters",
    # Names of inputs and of outputs have one form.
    InputName: "a plain name: letters, digits and '_', starting with a letter, at most 64 characters",
    Member: "the name of a layer, as 'stem' or 'stage.1.conv', or a range of an application's layers, as 'base[:100]'",
    LayerPattern: "the name of a layer, in which '*' stands for any characters, such as 'conv_*'",
    Fold: "one fold of several, counted from 1, such as '1/5'",
    ClassNumber: "the number of a class in quotes, such as '0'; `recipe plan` lists the classes in their order",
    ColumnName: "the name of a column: 1 to 200 characters, no line breaks or tabs",
    Letters: "1 to 26 letters without anything between them, such as 'ab'",
    Delimiter: "one character, such as ',', ';' or a tab",
}
# How Python writes what has another form here: a pattern, and what takes its place.
_PYTHON = {RunName: (r"[^A-Za-z0-9._-]+", "_"), Target: (r"\.(?=\w+$)", ":"), FieldPath: (r"\[(\w+)\]", r".\1")}
_BOOLEANS = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}
_BOUND_WORDS = (("gt", "above"), ("ge", "at least"), ("lt", "below"), ("le", "at most"))
_LARGE = 10**6
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,15})?) *%")
_COUNTED = re.compile(r"([0-9]{1,12}) *(?:epochs?|steps?|examples?)")
_RATIO = re.compile(r"[^/]*[0-9][^/]*/[^/]*")

Error = dict[str, Any]
"""An error of pydantic: ``type``, and ``ctx`` with the bounds."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a scalar; ``rule`` continues a sentence that starts with the key."""

    code: str
    rule: str
    """For example ``must be a whole number``."""
    remarks: Remarks | None = None
    unknown: bool = False
    """Whether it is a word that is not one of the choices, which gets a different sentence."""


def judge(value: Value, options: Sequence[Shape], written: str = "") -> Verdict | None:
    """Why ``value`` matches none of the options; None if it matches one.

    Args:
        value: A scalar of a recipe.
        options: The shapes that its key accepts, with at least one leaf; other shapes are only mentioned.
        written: The text of a number.
    """
    leaves = [option for option in options if isinstance(option, Leaf)]
    errors = [_error(leaf, value) for leaf in leaves]
    if None in errors:
        return None
    expected = f"must be {listing([describe(option) for option in options], 'or')}"
    match value:
        case None | bool():
            return Verdict("R013", expected)
        case str():
            return _judge_text(value, options, leaves, errors, expected)
        case _:
            return _judge_number(value, leaves, errors, expected, written or str(value))


def _error(leaf: Leaf, value: object) -> Error | None:
    try:
        leaf.adapter.validate_python(value)
    except ValidationError as error:
        return dict(error.errors(include_url=False)[0])
    return None


def _judge_text(
    text: str, options: Sequence[Shape], leaves: Sequence[Leaf], errors: Sequence[Error | None], expected: str
) -> Verdict:
    if any(leaf.numeric for leaf in leaves) and (number := _number_in(text)) is not None:
        fits = any(_error(leaf, resolve(number)) is None for leaf in leaves)
        remarks = Remarks(f"a number is written {number}", fix=number if fits else None)
        return Verdict("R015", expected, remarks)
    if (percent := _PERCENT.fullmatch(text)) and (share := as_share(float(percent[1]), leaves)):
        return Verdict("R013", expected, Remarks(f"{text} is written {share}", f"write {share}"))
    if bare := _without_unit(text, leaves):
        return Verdict("R013", expected, Remarks(help=f"write {bare}: this key takes no unit"))
    if any(leaf.takes_ratio for leaf in leaves) and _RATIO.fullmatch(text):
        return Verdict("R016", "must be a number or a ratio such as 1/255", Remarks(help=_reason(errors)))
    if any(leaf.choices for leaf in leaves):
        return _unknown_word(text, options, expected)
    if any(leaf.base is bool for leaf in leaves) and text.lower() in _BOOLEANS:
        word = _BOOLEANS[text.lower()]
        return Verdict(
            "R013", expected, Remarks(f"did you mean {word}?", "the booleans of YAML 1.2 are true and false", word)
        )
    return _by_error(text, leaves[0], errors, expected)


def _judge_number(
    value: float, leaves: Sequence[Leaf], errors: Sequence[Error | None], expected: str, written: str
) -> Verdict:
    wanted = [leaf for leaf in leaves if leaf.base in (int, float)]
    if any(leaf.base is str for leaf in leaves):
        fix = f'"{written}"'
        return Verdict(
            "R013", expected, Remarks(f"did you mean {fix}?", "put text that looks like a number in quotes", fix)
        )
    if not wanted:
        return _by_error(value, leaves[0], errors, expected)
    if isinstance(value, float) and all(leaf.base is int for leaf in wanted):
        whole = str(int(value)) if value == int(value) else None
        return Verdict("R013", expected, Remarks(f"did you mean {whole}?", fix=whole) if whole else None)
    verdict = _out_of_bounds(value, wanted[0])
    share = as_share(value, leaves) if value > 1 else None
    return (
        replace(verdict, remarks=Remarks(f"{value:.15g}% is written {share}", f"write {share}")) if share else verdict
    )


def as_share(percent: float, leaves: Sequence[Leaf]) -> str | None:
    """A percentage as the fraction that a key accepts; None if it does not accept that number."""
    share = percent / 100
    bounds = [
        min(filter(None, (bound(leaf.annotation, "lt"), bound(leaf.annotation, "le"))), default=None) for leaf in leaves
    ]
    fits = any(most == 1 and _error(leaf, share) is None for leaf, most in zip(leaves, bounds, strict=True))
    return f"{share:.15g}" if fits else None


def _without_unit(text: str, leaves: Sequence[Leaf]) -> str | None:
    """The number that a key without a unit accepts for ``2 epochs`` or ``1%``; None if it accepts none."""
    counted, percent = _COUNTED.fullmatch(text), _PERCENT.fullmatch(text)
    number = int(counted[1]) if counted else float(percent[1]) / 100 if percent else None
    fits = number is not None and any(leaf.base in (int, float) and _error(leaf, number) is None for leaf in leaves)
    return f"{number:.15g}" if fits else None


def _by_error(value: str | float, leaf: Leaf, errors: Sequence[Error | None], expected: str) -> Verdict:
    error = errors[0] or {}
    context: dict[str, Any] = error.get("ctx", {})
    match error.get("type"):
        case "value_error":
            return Verdict("R016", expected, Remarks(_as_percentage(value, leaf), _reason(errors)))
        case "string_pattern_mismatch" | "string_too_long" if leaf.annotation in _FORMS:
            return Verdict("R017", f"must be {_FORMS[leaf.annotation]}", _in_form(str(value), leaf))
        case "string_too_long" | "string_too_short" if isinstance(value, str):
            word, limit = (
                ("most", context.get("max_length")) if len(value) > 1 else ("least", context.get("min_length"))
            )
            return Verdict("R014", f"must have at {word} {limit:,} characters")
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            return _out_of_bounds(0.0, leaf)
        case _:
            return Verdict("R013", expected)


def _as_percentage(value: str | float, leaf: Leaf) -> str:
    """A question whether a fraction is meant as the percentage that the key accepts; empty if it accepts none."""
    if isinstance(value, str) or not (0 < value < 1 or leaf.annotation == PartField):
        return ""
    percentage = f"{100 * value if value < 1 else value:.15g}%"
    return "" if _error(leaf, percentage) else f"did you mean {percentage}?"


def _in_form(text: str, leaf: Leaf) -> Remarks | None:
    """The text in the form that the key takes, if only its punctuation is that of Python: ``layers[0].units``."""
    pattern, form = _PYTHON.get(leaf.annotation, ("", ""))
    meant = re.sub(pattern, form, text) if pattern else text
    return Remarks(f"did you mean '{meant}'?") if meant != text and _error(leaf, meant) is None else None


def _reason(errors: Sequence[Error | None]) -> str:
    """The message of the schema's parser of a quantity."""
    reasons = [str(error["ctx"]["error"]) for error in errors if error and error["type"] == "value_error"]
    return reasons[0] if reasons else ""


def _number_in(text: str) -> str | None:
    """The number that a text spells, without the underscores that other languages allow."""
    plain = re.sub(r"(?<=[0-9])_(?=[0-9])", "", text.strip())
    try:
        value = resolve(plain)
    except ValueError:
        return None
    return plain if isinstance(value, int | float) and not isinstance(value, bool) else None


def _unknown_word(text: str, options: Sequence[Shape], expected: str) -> Verdict:
    words = [word for option in options if isinstance(option, Leaf) for word in option.choices if isinstance(word, str)]
    others = [describe(option) for option in options if not isinstance(option, Leaf) or not option.choices]
    remarks = did_you_mean(text, words, f"choices: {', '.join([*words, *others])}")
    if _takes_code(options) and _error(Leaf(Target), text) is None:
        remarks = Remarks(help=f'custom code is written {{kind: custom, target: "{text}"}}')
    return Verdict("R011", expected, remarks, unknown=not others)


def _takes_code(options: Sequence[Shape]) -> bool:
    """Whether a mapping that names custom code is one of the options."""
    models = [option for option in options if isinstance(option, Model)]
    custom = [option.by_tag["custom"] for option in options if isinstance(option, Tagged) and "custom" in option.by_tag]
    return any(issubclass(model.cls, Custom) for model in (*models, *custom))


def _out_of_bounds(value: float, leaf: Leaf) -> Verdict:
    limits = [(name, word, bound(leaf.annotation, name)) for name, word in _BOUND_WORDS]
    # A bound in the millions only guards against nonsense; it is mentioned only if it is exceeded.
    bounds = [
        f"{word} {_figure(limit)}"
        for name, word, limit in limits
        if limit is not None and (limit < _LARGE or value > limit)
    ]
    return Verdict("R014", f"must be {' and '.join(bounds)}" if bounds else "must be a finite number")


def _figure(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:g}"
