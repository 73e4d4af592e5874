"""Several runs of one recipe: what differs between them, and folds of data that can be divided so."""

from collections.abc import Iterator

from schemas.data import BuiltinData, is_file, is_table, is_text, is_windows
from schemas.data_base import fold_numbers
from schemas.findings import Finding, Path
from schemas.recipe import Recipe
from schemas.rules.tell import Rule, error


def seeds_or_folds(recipe: Recipe) -> Iterator[Finding]:
    """R390: one thing differs between the runs."""
    repeat = recipe.repeat
    if repeat is not None and (repeat.seeds is None) == (repeat.folds is None):
        got = "neither" if repeat.seeds is None else "both"
        yield error(
            "R390",
            ("repeat",) if repeat.seeds is None else ("repeat", "folds"),
            f"repeat needs either seeds or folds; received {got}",
            "write {seeds: 5} or {folds: 5}",
        )


def seeds_differ(recipe: Recipe) -> Iterator[Finding]:
    """R391: two runs with the same seed are the same run."""
    seeds = recipe.repeat.seeds if recipe.repeat is not None else None
    if isinstance(seeds, tuple):
        for index, seed in enumerate(seeds):
            if seed in seeds[:index]:
                help = "list each seed once"
                yield error("R391", ("repeat", "seeds", index), f"seed {seed} is listed twice", help)


def folds_exist(recipe: Recipe) -> Iterator[Finding]:
    """R392: a fold is one of at least two."""
    for path, fold in _folds(recipe):
        which, of = fold_numbers(fold)
        if of < 2 or which > of:
            yield error("R392", path, f"there is no fold {fold}", "write '2/5' for the second of five folds")


def one_fold_or_all(recipe: Recipe) -> Iterator[Finding]:
    """R690: a repeat trains every fold; one fold beside it would not act."""
    if recipe.repeat is not None and recipe.repeat.folds is not None:
        for path, fold in _folds(recipe):
            got = f"repeat trains each of {recipe.repeat.folds} folds; received fold {fold} as well"
            yield error("R690", path, got, "remove `fold`, or remove `repeat` to train this fold alone")


def data_has_folds(recipe: Recipe) -> Iterator[Finding]:
    """R393: folds are made of examples that a share or a group divides."""
    wanted = [path for path, _ in _folds(recipe)]
    if recipe.repeat is not None and recipe.repeat.folds is not None:
        wanted.append(("repeat", "folds"))
    why = _no_folds(recipe)
    if wanted and why is not None:
        yield error("R393", wanted[0], f"this data has no folds: {why}", "write `repeat: {seeds: 5}` for several runs")


def _folds(recipe: Recipe) -> Iterator[tuple[Path, str]]:
    data = recipe.data
    if (isinstance(data, BuiltinData) or is_table(data) or is_file(data)) and data.splits.fold is not None:
        yield ("data", "splits", "fold"), data.splits.fold


def _no_folds(recipe: Recipe) -> str | None:
    data = recipe.data
    if isinstance(data, BuiltinData):
        return None
    by = getattr(getattr(data, "splits", None), "by", "share")
    if by not in ("share", "group"):
        return f"it is divided by {by}"
    if is_table(data):
        return None
    if recipe.task == "language_model" and is_text(data) and data.file is not None and data.file.endswith(".txt"):
        return "the parts of a text follow one another"
    if is_file(data):
        return "its validation part has files of its own" if data.has_own("validation") else None
    return "a series is divided by time" if is_windows(data) else "it has parts of its own"


RULES: tuple[Rule, ...] = (seeds_or_folds, seeds_differ, folds_exist, one_fold_or_all, data_has_folds)
