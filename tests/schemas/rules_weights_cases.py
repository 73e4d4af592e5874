"""Cases of the rules on weights that are taken from a run."""

from typing import Any

from tests.schemas.rules_helpers import BASE, Case


def taking(*layers: str) -> dict[str, Any]:
    return {"model": {**BASE["model"], "weights": {"run": "base", "layers": list(layers)}}}


CASES = [
    Case(
        "R440",
        ("model", "weights", "layers", 1),
        taking("output", "dense_9"),
        taking("output", "dense_1"),
        received="dense_9",
    ),
    Case("R440", ("model", "weights", "layers", 0), taking("x*"), taking("d*_1"), received="x*"),
]
