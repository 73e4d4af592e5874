"""Diagnostics about a block that is used several times."""

from collections.abc import Iterable

from runner.diagnostics import Diagnostic


def told_once(problems: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Each fault once, with the first use of the block that has it and the number of the others."""
    found: dict[tuple[object, ...], list[Diagnostic]] = {}
    for problem in problems:
        found.setdefault((problem.code, problem.span, problem.message), []).append(problem)
    return [_one(group) for group in found.values()]


def _one(group: list[Diagnostic]) -> Diagnostic:
    first, others = group[0], len(group) - 1
    if not others:
        return first
    note = f"and in {others:,} more {'layer' if others == 1 else 'layers'} that this line expands to"
    return first._replace(notes=(*first.notes, note))
