"""What a model has to be better than: one answer for all examples, naive forecasts, a linear model of the inputs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from runner.data.access import DataAccess
from runner.data.examples import BLOCK, Examples, Split, joined
from runner.data.facts import DataFacts
from runner.data.load import import_readers, load_data
from runner.data.series.naive import naive_figures
from runner.data.series.prepared import PreparedSeries
from runner.data.statistics.word_treatment import FittedWords
from runner.data.tabular.prepared import PreparedTable
from runner.errors import DataError
from runner.measures.constant_figures import FIGURES, accuracy, majority, mean, median, perplexity, unigram
from runner.measures.linear import Linear, least_squares, logistic
from runner.plan.plan import Plan
from runner.workflows.prepare import prepare
from schemas.recipe import Recipe

MOST_EXAMPLES = 20_000
"""Of the training part from which a linear model learns, and of the evaluated part."""
MOST_INPUTS = 2_500
"""Of a linear model: time grows with their square."""
_ERRORS = ("mean_absolute_error", "root_mean_squared_error")
"""Figures of numbers."""
_MOST_NUMBERS = 16_000_000
"""Inputs of all examples together, of which there are two copies in float64."""


@dataclass(frozen=True)
class Baselines:
    """Figures by what gives them.

    Attributes:
        facts: of the data.
        part: that was evaluated, ``test``, or ``validation`` where there is no test part.
        trained: training examples from which the figures come.
        evaluated: examples of the part.
        figures: by baseline, such as ``majority``, and metric, such as ``accuracy``.
        left_out: why there is no linear model; None where there is one.
    """

    facts: DataFacts
    part: str
    trained: int
    evaluated: int
    figures: Mapping[str, Mapping[str, float]]
    left_out: str | None


def baselines(recipe: Recipe, access: DataAccess, report: Callable[[str], None]) -> Baselines:
    """Fit the baselines on the training part, and evaluate them as a run's model would be.

    Of more than 20,000 examples (fewer if they have many inputs) a random part is taken, by the recipe's seed.

    Raises:
        RecipeError: the data cannot be planned with, or nothing but training examples is there.
    """
    plan = prepare(recipe, access, report)
    import_readers(plan)
    dataset = load_data(plan, access)
    part = "test" if dataset.test is not None else "validation"
    split = dataset.test or dataset.validation
    if split is None:
        raise DataError("there is neither a test nor a validation part to evaluate a baseline on")
    most = min(MOST_EXAMPLES, _MOST_NUMBERS // int(np.prod(plan.data.layer_input)))
    train, held = (_sample(each, most, recipe.seed) for each in (dataset.train, split))
    left_out = _unfit(plan)
    if plan.outputs:
        figures = _of_outputs(train, held, plan, left_out)
    else:
        figures = _figures(train, held, plan, left_out, _naive(plan, dataset.train, split))
    return Baselines(plan.data, part, len(train), len(held), figures, left_out)


def _naive(plan: Plan, train: Split, held: Split) -> Mapping[str, Mapping[str, float]]:
    """The naive forecasts that a run of a series has beside its result, of all windows: they take no learning."""
    details = plan.data.details
    return naive_figures(details, _ERRORS, train, held) if isinstance(details, PreparedSeries) else {}


def _figures(
    train: Examples,
    held: Examples,
    plan: Plan,
    left_out: str | None,
    naive: Mapping[str, Mapping[str, float]] = MappingProxyType({}),
) -> dict[str, Mapping[str, float]]:
    found = {**_trivial(train, held, plan.data), **naive}
    return found if left_out is not None else found | {"linear": _linear(train, held, plan)}


def _of_outputs(train: Examples, held: Examples, plan: Plan, left_out: str | None) -> dict[str, Mapping[str, float]]:
    """The figures of each output by its name, as the run names them: ``price_mean_absolute_error``."""
    found = dict[str, dict[str, float]]()
    for output in plan.outputs:
        own = replace(plan, data=output.facts(plan.data))
        mine, judged = (replace(part, y=output.target(part.y)) for part in (train, held))
        for baseline, figures in _figures(mine, judged, own, left_out).items():
            found.setdefault(baseline, {}).update({f"{output.name}_{name}": one for name, one in figures.items()})
    return dict(found)


def _sample(split: Split, most: int, seed: int) -> Examples:
    """All examples, or as many as are taken, in the files' order; weights are left out."""
    n = len(split)
    places = np.sort(np.random.default_rng(seed).permutation(n)[: max(most, 1)])
    taken, start = [], 0
    for block in split.blocks(BLOCK):
        here = places[(places >= start) & (places < start + len(block))] - start
        taken.append(Examples(np.array(block.x[here]), np.array(block.y[here])))
        start += len(block)
    return joined(taken)


def _unfit(plan: Plan) -> str | None:
    if plan.data.next_token:
        return "the inputs are sequences of tokens"
    if plan.data.vocabulary is not None:
        return "the inputs are sequences of words; `output: multi_hot` or `tf_idf` makes them numbers"
    inputs = int(np.prod(plan.data.layer_input))
    return None if inputs <= MOST_INPUTS else f"there are {inputs:,} inputs, more than {MOST_INPUTS:,}"


def _trivial(train: Examples, held: Examples, facts: DataFacts) -> Mapping[str, Mapping[str, float]]:
    """The most frequent class, or of each label what is more frequent; the mean and the median of numbers.

    Of a language model also each token with the probability of its frequency.
    """
    if facts.classes is not None or facts.labels:
        said = {"accuracy": accuracy(held.each_target, majority(train.each_target, labels=facts.labels))}
        if facts.next_token:
            likely = {"perplexity": perplexity(held.each_target, unigram(train.each_target))}
            return {"unigram": likely, "majority": said}
        return {"majority": said}
    return {"mean": _errors(held, mean(train.each_target)), "median": _errors(held, median(train.each_target))}


def _errors(held: Examples, said: Any) -> Mapping[str, float]:
    return {metric: FIGURES[metric](held.each_target, said) for metric in _ERRORS}


def _linear(train: Examples, held: Examples, plan: Plan) -> Mapping[str, float]:
    x, evaluated = _inputs(plan, train.x), _inputs(plan, held.x)
    facts = plan.data
    if facts.classes is not None:
        scores = logistic(x, train.y, facts.classes).scores(evaluated)
        return {"accuracy": float((scores.argmax(axis=1) == held.y).mean())}
    if facts.labels:
        return {"accuracy": float(((logistic(x, train.y, None).scores(evaluated) > 0) == held.y).mean())}
    model: Linear = least_squares(x, train.y)
    return _errors(held, model.scores(evaluated).reshape(held.y.shape))


def _inputs(plan: Plan, x: Any) -> Any:
    """Rows of numbers as the first layer of the recipe gets them, words one-hot.

    The recipe's ``scale`` is left out: a linear model of standardized inputs is the same without it.
    """
    details = plan.data.details
    if not isinstance(details, PreparedTable | PreparedSeries):
        return x.reshape(len(x), -1)
    from runner.model.table_front import TableFront  # imports Keras

    one_hot = {
        name: replace(one, embed=None) if isinstance(one, FittedWords) else one for name, one in details.fitted.items()
    }
    values = np.asarray(TableFront(one_hot)(x.astype(np.float32)))
    return values.reshape(len(values), -1)
