"""Compares the installed versions of Python and packages with the supported ones."""

import platform
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata, requires

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from runner.doctor.finding import Finding
from runner.hardware.gpu import Installed, installed_version

DISTRIBUTION = "recipe-runner"


def python() -> Finding:
    """Check the version of this interpreter."""
    found = platform.python_version()
    supported = str(_metadata("Requires-Python") or "")
    text = f"{found} at {sys.executable}"
    facts = {"version": found, "supported": supported}
    if SpecifierSet(supported).contains(found, prereleases=True):
        return Finding("python", text, facts=facts)
    return Finding("python", f"{text}: recipe supports {supported}", "error", ("python3.11 -m venv .venv",), facts)


def packages(installed: Installed = installed_version) -> Iterator[Finding]:
    """Check every package that runs need; packages with a supported version share one line."""
    wanted = [Requirement(line) for line in _requirements()]
    needed = [one for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]
    if not needed:
        yield Finding("packages", f"{DISTRIBUTION} is not installed", "error", ("make install",))
        return
    found = {one.name: installed(one.name) for one in needed}
    good = [one for one in needed if _fits(one, found[one.name])]
    versions = ", ".join(f"{one.name} {found[one.name]}" for one in good)
    yield Finding("packages", f"supported versions: {versions}", facts=found)
    for one in needed:
        if one not in good:
            there = found[one.name] or "not installed"
            text = f"{one.name} {there}: recipe supports {one.specifier}"
            yield Finding("packages", text, "error", (f"pip install '{one.name}{one.specifier}'", "or `make install`"))


def _fits(one: Requirement, found: str | None) -> bool:
    return found is not None and one.specifier.contains(found, prereleases=True)


def _requirements() -> list[str]:
    try:
        return requires(DISTRIBUTION) or []
    except PackageNotFoundError:
        return []


def _metadata(key: str) -> object:
    try:
        return metadata(DISTRIBUTION)[key]
    except (PackageNotFoundError, KeyError):
        return None
