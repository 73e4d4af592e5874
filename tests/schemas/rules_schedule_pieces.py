"""Pieces of which the cases on schedules are made."""

from typing import Any


def schedule(kind: str, **keys: Any) -> dict[str, Any]:
    return {"schedule": {"kind": kind, **keys}}


def rows(*rows: tuple[str, object], **first: object) -> dict[str, Any]:
    """A phase table of durations and rates; ``first`` adds keys to its first row."""
    table = [{"name": f"row {k}", "duration": length, "learning_rate": rate} for k, (length, rate) in enumerate(rows)]
    table[0] |= first
    return schedule("phases", phases=table)


def both(*parts: dict[str, Any]) -> dict[str, Any]:
    return {key: value for part in parts for key, value in part.items()}


ADAGRAD = {"optimizer": {"kind": "adagrad"}}
LION = {"optimizer": {"kind": "lion"}}
CYCLE = schedule("1cycle", max_lr=0.1)
PIECES: dict[str, Any] = {"boundaries": ["4 epochs", "8 epochs"], "values": [0.1, 0.01, 0.001]}
LINEAR: dict[str, Any] = {"kind": "linear", "initial_lr": 0.1}
STOP3 = {"early_stopping": {"patience": 3}}
HALVES = (("50%", 0.1), ("50%", 0.1))
TABLE = {"phases": [{"duration": "50%", "momentum": 0.9}, {"duration": "50%", "momentum": {"from": 0.9, "to": 0.8}}]}


def momentum_table(first: str, second: object) -> dict[str, Any]:
    rows = [{"duration": first, "momentum": 0.9}, {"duration": "50%", "momentum": second}]
    return schedule(**LINEAR, momentum={"phases": rows})


S = "schedule"
"""The key that most paths begin with."""
