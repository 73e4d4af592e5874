"""Optuna's samplers and pruners as pure functions of the trials so far.

A sampler of Optuna keeps the state of its random numbers in memory, and one of its pruners notes on a trial what it has
decided. Here each question is put to a study made for it: the sampler's seed comes from the sweep's seed and the
trial's number, and a pruner sees a trial's epochs again from the first one on. So the answer after a kill is the answer
without it.
"""

import hashlib
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.pruners import BasePruner, HyperbandPruner, MedianPruner, NopPruner
from optuna.samplers import BaseSampler, RandomSampler, TPESampler
from optuna.trial import FrozenTrial, TrialState

from runner.sweeps.definition import Definition, Values
from schemas.sweep import Range

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.filterwarnings("ignore", module="optuna")


def distributions(definition: Definition) -> dict[str, BaseDistribution]:
    """The ranges as Optuna has them."""
    return {path: _distribution(each) for path, each in definition.sweep.ranges.items()}


def _distribution(each: Range) -> BaseDistribution:
    if each.choice is not None:
        return CategoricalDistribution(each.choice)
    if each.whole is not None:
        low, high = each.whole
        step = each.step or 1
        return IntDistribution(low, high - (high - low) % step, step=step)
    low, high = each.log or each.linear or (0.0, 0.0)  # type: ignore[assignment]
    return FloatDistribution(low, high, log=each.log is not None)


def suggest(definition: Definition, trials: Sequence[FrozenTrial]) -> Values:
    """The values of the next trial: a function of the sweep's seed, its number and the trials so far."""
    number = len(trials)
    if definition.sweep.sampler == "grid":
        return definition.combination(number)
    study = _study(definition, trials, sampler=_sampler(definition, number))
    asked: dict[str, Any] = study.ask(distributions(definition)).params
    ranges = definition.sweep.ranges
    return {
        path: ranges[path].rounded(value) if ranges[path].form in ("log", "linear") else value
        for path, value in ((path, asked[path]) for path in ranges)
    }


def _sampler(definition: Definition, number: int) -> BaseSampler:
    digest = hashlib.sha256(f"sweep {definition.recipe.seed} {number}".encode()).digest()
    seed = int.from_bytes(digest[:4], "big")
    return RandomSampler(seed=seed) if definition.sweep.sampler == "random" else TPESampler(seed=seed)


def verdict(
    definition: Definition, epochs: int, trials: Sequence[FrozenTrial], number: int, values: Mapping[int, float]
) -> tuple[bool, dict[str, Any]]:
    """Whether a trial ends early.

    Args:
        definition: of the sweep.
        epochs: of a whole trial, by which Hyperband forms its brackets.
        trials: all trials.
        number: of the trial in question.
        values: its objective by epoch, up to the one that has just ended.

    Returns:
        The verdict, and what the pruner has noted on the trial, which its verdicts on others depend on.
    """
    known = trials[number]
    fresh = FrozenTrial(
        number=number, trial_id=number, state=TrialState.RUNNING, value=None, datetime_start=known.datetime_start,
        datetime_complete=None, params=known.params, distributions=known.distributions, user_attrs={}, system_attrs={},
        intermediate_values={},
    )  # fmt: skip
    pruner = _pruner(definition, epochs)
    study = _study(definition, [*trials[:number], fresh, *trials[number + 1 :]], pruner=pruner)
    ends, last = False, max(values)
    for epoch in sorted(values):
        study._storage.set_trial_intermediate_value(number, epoch, values[epoch])
        if epoch == last or definition.sweep.pruner == "hyperband":  # the median's rule remembers nothing
            ends = pruner.prune(study, study._storage.get_trial(number))
    return ends, dict(study._storage.get_trial(number).system_attrs)


def _pruner(definition: Definition, epochs: int) -> BasePruner:
    match definition.sweep.pruner:
        case "none":
            return NopPruner()
        case "median":
            return MedianPruner()
        case "hyperband":
            return HyperbandPruner(min_resource=1, max_resource=max(epochs, 1), reduction_factor=3)


def _study(
    definition: Definition,
    trials: Sequence[FrozenTrial],
    sampler: BaseSampler | None = None,
    pruner: BasePruner | None = None,
) -> optuna.Study:
    """A study in memory that has these trials, with their numbers."""
    study = optuna.create_study(
        storage=optuna.storages.InMemoryStorage(),
        study_name=definition.recipe.name,
        direction="maximize" if definition.rising else "minimize",
        sampler=sampler,
        pruner=pruner or _pruner(definition, 1),
    )
    for trial in trials:
        study.add_trial(trial)
    return study


def importances(definition: Definition, trials: Sequence[FrozenTrial]) -> dict[str, float]:
    """The share of each range in the differences between results, by fANOVA (Hutter et al. 2014); they sum to 1.

    Empty where there is nothing to explain: fewer than two finished trials, or all with one result.
    """
    finished = [trial for trial in trials if trial.state == TrialState.COMPLETE]
    if len({trial.value for trial in finished}) < 2:
        return {}
    study = _study(definition, trials)
    evaluator = optuna.importance.FanovaImportanceEvaluator(seed=definition.recipe.seed)
    found = optuna.importance.get_param_importances(study, evaluator=evaluator)
    return {path: float(share) for path, share in found.items()}
