"""The bounds that a recipe, and its fallback, promise to keep."""

import math
from collections.abc import Iterator

from schemas.costs import cost_facts, flips_name, flips_of
from schemas.data import TfdsData
from schemas.findings import Finding, Path
from schemas.metrics import MetricFacts, facts_of
from schemas.quantities import Expectation
from schemas.recipe import Recipe
from schemas.rules.measures import PARTS, computed, divide, figures, way_out
from schemas.rules.samples import Source, sources
from schemas.rules.tell import Rule, error, warning, wrong_key


def _promises(recipe: Recipe) -> Iterator[tuple[Path, Source, str, Expectation]]:
    for source in sources(recipe):
        if not source.is_fallback:
            yield from ((("expect", name), source, name, bound) for name, bound in recipe.expect.items())
        elif isinstance(recipe.data, TfdsData) and recipe.data.fallback is not None:
            for name, bound in recipe.data.fallback.expect.items():
                yield (*source.path, "expect", name), source, name, bound


def expectations_are_computed(recipe: Recipe) -> Iterator[Finding]:
    """R134: a bound on a figure that not computed could be neither kept nor missed."""
    for path, _, name, _ in _promises(recipe):
        prefix, figure = divide(name)
        if (cost_facts(name) is None and not computed(recipe, prefix, figure)) or name != prefix + figure:
            message = f"expect names '{name}', which is not computed"
            yield wrong_key(error("R134", path, message, way_out(name, recipe)))


def expectations_have_their_part(recipe: Recipe) -> Iterator[Finding]:
    """R135: a ``val_`` or ``test_`` figure needs that part of the data it is promised on."""
    for path, source, name, _ in _promises(recipe):
        prefix, figure = divide(name)
        part = PARTS.get(prefix)
        if part is not None and figure in figures(recipe) and not source.has(part):
            message = f"expect names '{name}', but {source.name} has no {part} part"
            help = f"give {'.'.join(map(str, source.path))}.splits a {part} part"
            yield wrong_key(error("R135", path, message, help))


def _possible(bound: Expectation, facts: MetricFacts) -> bool:
    """Whether some value that the figure can have keeps a bound."""
    match bound.relation:
        case ">=" | "<=":
            return bound.bound <= facts.most if bound.relation == ">=" else bound.bound >= facts.least
        case ">":
            return bound.bound < facts.most
        case "<":
            return bound.bound > facts.least


def expectations_can_hold(recipe: Recipe) -> Iterator[Finding]:
    """R136: an accuracy is a share from 0 to 1, a loss or an error at least 0; outside, every run fails."""
    for path, _, name, bound in _promises(recipe):
        figure, facts = divide(name)[1], cost_facts(name)
        if facts is None and figure in figures(recipe):
            facts = facts_of(figure)
        if facts is None or _possible(bound, facts):
            continue
        percent = facts.least == 0 and facts.most == 1 and 1 < bound.bound <= 100
        yield error(
            "R136",
            path,
            f"{name} {_range(facts)}; received '{bound}'",
            f"write '{Expectation(bound.relation, bound.bound / 100)}'" if percent else "write a bound that can hold",
        )


def _range(facts: MetricFacts) -> str:
    if math.isinf(facts.most):
        return f"is at least {facts.least:g}"
    return (
        f"is at most {facts.most:g}" if math.isinf(facts.least) else f"lies between {facts.least:g} and {facts.most:g}"
    )


def flips_are_counted(recipe: Recipe) -> Iterator[Finding]:
    """R590: a bound on flips is held by the check of an export, and by nothing else."""
    exports = [step.export for step in recipe.after or () if not isinstance(step, str)]
    checked = {each.to for each in exports if each.check and not each.int8}
    for path, _, name, _ in _promises(recipe):
        form = flips_of(name)
        if form is not None and form not in checked:
            help = (
                f"write `after: [{{export: {{to: {form}, check: true}}}}]`, or use `recipe export --to {form} --check`"
            )
            yield wrong_key(warning("R590", path, f"a run does not check {name}: no step of `after` does", help))


def flips_have_one_bound(recipe: Recipe) -> Iterator[Finding]:
    """R591: ``expect`` bounds the flips of an export, so that ``allow_flips`` would say it again, or otherwise."""
    for place, step in enumerate(recipe.after or ()):
        if not isinstance(step, str) and not step.export.int8 and step.export.allow_flips:
            name = flips_name(step.export.to)
            if name in recipe.expect:
                path = ("after", place, "export", "allow_flips")
                said = (
                    f"expect bounds {name} by '{recipe.expect[name]}'; received allow_flips {step.export.allow_flips}"
                )
                yield error("R591", path, said, "leave allow_flips out, or the expectation")


RULES: tuple[Rule, ...] = (
    expectations_are_computed,
    expectations_have_their_part,
    expectations_can_hold,
    flips_are_counted,
    flips_have_one_bound,
)
