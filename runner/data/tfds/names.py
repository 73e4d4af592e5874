"""Names of the datasets that tensorflow-datasets ships, read from its sources: importing it takes seconds."""

import difflib
import importlib.util
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from runner.errors import DataError

_CLASS = re.compile(r"^class (\w+)\(([^)]*)\):", re.MULTILINE)
_NAMED = re.compile(r"^  name(?:: str)? = [\"'](\w+)[\"']", re.MULTILINE)
_WORDS = (re.compile(r"(.)([A-Z][a-z0-9]+)"), re.compile(r"([a-z0-9])([A-Z])"))
_APART = {"core", "scripts", "testing", "dataset_collections", "proto", "__pycache__"}
"""Rooms of the package without datasets."""


def require_known(name: str, data_dir: Path) -> None:
    """Refuse the name of a dataset that is nowhere: a download could not help, and a fallback would hide a slip.

    Raises:
        DataError: with near names of those that are prepared and those that could be downloaded.
    """
    if not known_nowhere(name):
        return
    prepared = sorted({path.parts[-3] for path in data_dir.glob("*/*.*.*/dataset_info.json")})
    near = difflib.get_close_matches(name, [*prepared, *known_names()], n=3, cutoff=0.7)
    help = [f"did you mean {' or '.join(dict.fromkeys(near))}?"] if near else []
    if prepared:
        help.append(f"prepared in {data_dir}: {', '.join(prepared[:10])}{', …' if len(prepared) > 10 else ''}")
    raise DataError(f"tensorflow-datasets has no dataset {name!r}, and none is prepared in {data_dir}", *help)


def known_nowhere(name: str) -> bool:
    """Whether tensorflow-datasets certainly ships no dataset of this name."""
    return name not in known_names()


@cache
def known_names() -> frozenset[str]:
    """Every name that may be given to ``tfds.builder``, and those of a few abstract classes.

    A class whose bases are other classes is a dataset when one of them is a builder or another dataset.
    """
    found = importlib.util.find_spec("tensorflow_datasets")
    root = Path((found.submodule_search_locations or [""])[0]) if found is not None else Path()
    packages = {path.parent.name for path in root.glob("datasets/*/*_dataset_builder.py")}
    return frozenset(packages | set(_legacy(_sources(root))))


def _sources(root: Path) -> Iterable[str]:
    for room in root.iterdir() if root.is_dir() else ():
        if room.is_dir() and room.name not in {*_APART, "datasets"}:
            for file in room.rglob("*.py"):
                if not file.stem.endswith("_test"):
                    yield file.read_text(encoding="utf-8", errors="replace")


def _legacy(sources: Iterable[str]) -> Iterable[str]:
    """Names of registered classes: those written, and those that follow from the class's."""
    texts = list(sources)
    bases = {match[1]: match[2] for text in texts for match in _CLASS.finditer(text)}
    datasets: set[str] = set()
    while True:
        more = {name for name, base in bases.items() if "Builder" in base or _last_words(base) & datasets}
        if more <= datasets:
            break
        datasets |= more
    yield from (name for text in texts for name in _NAMED.findall(text))
    yield from map(_snake, datasets)


def _last_words(bases: str) -> set[str]:
    return {base.strip().rpartition(".")[2] for base in bases.split(",")}


def _snake(name: str) -> str:
    for pattern in _WORDS:
        name = pattern.sub(r"\1_\2", name)
    return name.lower()
