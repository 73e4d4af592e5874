"""A sweep: its ranges, its objective and its size. Whether a value fits its field is checked by ``runner.source``."""

from collections.abc import Iterator

from schemas.findings import Finding, Path
from schemas.metrics import fits
from schemas.recipe import Recipe
from schemas.rules.measures import divide, figures, way_out
from schemas.rules.samples import sources
from schemas.rules.tell import Rule, error
from schemas.sweep import MOST_TRIALS, Range, Sweep

_SWEEP: Path = ("sweep",)
_FIXED = {
    "recipe": "it is the version of the language",
    "name": "it names the folder of all trials",
    "description": "it changes nothing",
    "sweep": "a sweep does not vary itself",
    "repeat": "it says how many runs a trial has",
    "tracking": "it changes nothing",
    "expect": "it changes nothing",
}
"""Keys of a recipe that have no ranges, and why."""
_STRATEGY, _MANY = "hardware.strategy", "multi_worker"


def _ranges(recipe: Recipe) -> Iterator[tuple[Path, str, Range]]:
    if recipe.sweep is not None:
        yield from (((*_SWEEP, "ranges", path), path, each) for path, each in recipe.sweep.ranges.items())


def ranges_have_one_form(recipe: Recipe) -> Iterator[Finding]:
    """R460: a range is of one form, and has only the keys of that form."""
    for place, path, each in _ranges(recipe):
        if len(each.forms) != 1:
            got = " and ".join(each.forms) or "none"
            help = "write for example {log: [1e-4, 1e-1]}, {int: [16, 128]} or {choice: [relu, gelu]}"
            yield error("R460", place, f"{path} needs one of log, linear, int and choice; received {got}", help)
        elif each.step is not None and each.form != "int":
            yield error("R460", (*place, "step"), f"step belongs to int; {path} has {each.form}", "remove `step`")
        elif each.points is not None and each.form not in ("log", "linear"):
            yield error(
                "R460", (*place, "points"), f"points belongs to log and linear; {path} has {each.form}", "remove it"
            )


def ranges_have_values(recipe: Recipe) -> Iterator[Finding]:
    """R461: a range goes from its low to its high end, and lists no value twice."""
    for place, path, each in _ranges(recipe):
        written = (*place, each.form)
        if each.choice is not None:
            kinds = [(type(value), value) for value in each.choice]  # 1, 1.0 and true are equal in Python
            twice = next((n for n, value in enumerate(kinds) if value in kinds[:n]), None)
            if twice is not None:
                message = f"{path} lists {each.choice[twice]!r} twice"
                yield error("R461", (*written, twice), message, "list each value once")
        elif len(each.ends) == 2 and each.ends[0] >= each.ends[1]:  # type: ignore[operator]
            message = f"{path} must go from a low to a high end; received {each.ends[0]:g} and {each.ends[1]:g}"
            yield error("R461", written, message, "write the smaller number first")
        elif each.log is not None and each.log[0] <= 0:
            message = f"the low end of log must be above 0; received {each.log[0]:g} for {path}"
            yield error("R461", (*written, 0), message, "write a small number such as 1e-5, or use linear")


def objective_is_validated(recipe: Recipe) -> Iterator[Finding]:
    """R463: trials are compared on validation examples; those of the test split would be used up by the comparison."""
    if recipe.sweep is None:
        return
    name, place = recipe.sweep.objective, (*_SWEEP, "objective")
    prefix, figure = divide(name)
    if figure not in figures(recipe) or name != f"{prefix}{figure}":
        yield error("R463", place, f"the sweep compares by '{name}', which is not computed", way_out(name, recipe))
    elif prefix != "val_":
        part = "test" if prefix else "training"
        message = f"the sweep compares by '{name}', a figure of the {part} examples"
        yield error("R463", place, message, f"write 'val_{figure}'")
    elif lacking := next((source for source in sources(recipe) if not source.validation), None):
        message = f"the sweep compares by '{name}', but {lacking.name} has no validation part"
        yield error("R463", place, message, f"give {'.'.join(map(str, lacking.path))}.splits a validation part")
    elif figure not in figures(recipe) and not fits(figure, recipe.task):
        yield error("R463", place, f"'{name}' is not a figure of {recipe.task}", way_out(name, recipe))


def sweeps_have_a_size(recipe: Recipe) -> Iterator[Finding]:
    """R464: how many trials there are is known beforehand."""
    sweep = recipe.sweep
    if sweep is None:
        return
    if not sweep.ranges:
        yield error("R464", (*_SWEEP, "ranges"), "a sweep needs at least one range; received none", "add a range")
    elif sweep.sampler == "grid":
        yield from _grid(recipe, sweep)
    elif sweep.trials is None:
        yield error("R464", _SWEEP, f"sampler {sweep.sampler} needs a number of trials", "write `trials: 30`")


def _grid(recipe: Recipe, sweep: Sweep) -> Iterator[Finding]:
    for place, path, each in _ranges(recipe):
        if each.values() is None:
            many = f"more than {MOST_TRIALS:,} values" if each.whole is not None else "unlimited values"
            help = "give it a larger `step`" if each.whole is not None else "say how many a grid takes: `points: 5`"
            yield error("R464", (*place, each.form), f"a grid takes each value once, and {path} has {many}", help)
    if sweep.trials is not None:
        yield error("R464", (*_SWEEP, "trials"), "a grid has a trial for each combination", "remove `trials`")
    elif (sweep.combinations or 0) > MOST_TRIALS:
        message = f"a sweep has at most {MOST_TRIALS:,} trials; this grid has {sweep.combinations:,} combinations"
        yield error("R464", (*_SWEEP, "sampler"), message, "give fewer values, or write `sampler: random`")


def paths_may_vary(recipe: Recipe) -> Iterator[Finding]:
    """R465: a range varies what is trained."""
    for place, path, _ in _ranges(recipe):
        why = _FIXED.get(path.partition(".")[0])
        if why is not None:
            yield error("R465", place, f"a sweep cannot vary '{path}': {why}", "remove this range")


def trials_have_one_worker(recipe: Recipe) -> Iterator[Finding]:
    """R467: several machines share a sweep by its trials, each of which one process trains."""
    if recipe.sweep is None:
        return
    places: list[Path] = [place for place, path, each in _ranges(recipe) if path == _STRATEGY and _MANY in each.ends]
    if recipe.hardware.strategy == _MANY:
        places.append(("hardware", "strategy"))
    for place in places:
        help = "remove it: `recipe sweep FILE --worker` on several machines shares the trials among them"
        yield error("R467", place, f"one process trains a trial; received {_STRATEGY} {_MANY}", help)


RULES: tuple[Rule, ...] = (
    ranges_have_one_form,
    ranges_have_values,
    objective_is_validated,
    sweeps_have_a_size,
    paths_may_vary,
    trials_have_one_worker,
)
