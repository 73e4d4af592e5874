"""Cases of the rules on momentum."""

from tests.schemas.rules_helpers import Case
from tests.schemas.rules_schedule_pieces import (
    ADAGRAD,
    CYCLE,
    HALVES,
    LINEAR,
    LION,
    TABLE,
    S,
    both,
    momentum_table,
    rows,
    schedule,
)

CASES = [
    Case("R101", (S, "kind"), both(ADAGRAD, CYCLE), both(ADAGRAD, schedule("1cycle", max_lr=0.1, momentum="fixed"))),
    Case("R101", (S, "momentum"), both(ADAGRAD, schedule("1cycle", max_lr=0.1, momentum={"low": 0.8})), CYCLE),
    Case("R101", (S, "momentum"), both(ADAGRAD, schedule(**LINEAR, momentum=0.9)), schedule(**LINEAR, momentum=0.9)),
    Case(
        "R101",
        (S, "momentum"),
        both(ADAGRAD, schedule(**LINEAR, momentum=TABLE)),
        both(ADAGRAD, schedule(**LINEAR)),
    ),
    Case(
        "R101",
        (S, "phases", 0, "momentum"),
        both(ADAGRAD, rows(*HALVES, momentum=0.9)),
        both(ADAGRAD, rows(*HALVES)),
    ),
    Case(
        "R101",
        (S, "base", "kind"),
        both(ADAGRAD, schedule("plateau", base={"kind": "1cycle", "max_lr": 0.1})),
        both(ADAGRAD, schedule("plateau", base=LINEAR)),
        received="adagrad",
    ),
    Case(
        "R101",
        (S, "momentum"),
        both({"optimizer": {"kind": "muon"}}, schedule(**LINEAR, momentum=0.9)),
        both({"optimizer": {"kind": "adam"}}, schedule(**LINEAR, momentum=0.9)),
        received="muon",
    ),
    Case(
        "R102",
        (S, "momentum"),
        both(LION, schedule(**LINEAR, momentum=0.0)),
        both(LION, schedule(**LINEAR, momentum=0.1)),
    ),
    Case(
        "R102",
        (S, "momentum", "low"),
        both(LION, schedule("1cycle", max_lr=0.1, momentum={"low": 0.0})),
        both(LION, CYCLE),
    ),
    Case(
        "R102",
        (S, "momentum", "phases", 1, "momentum"),
        both(LION, momentum_table("50%", {"from": 0.9, "to": 0})),
        momentum_table("50%", {"from": 0.9, "to": 0}),
    ),
    Case(
        "R102",
        (S, "phases", 0, "momentum"),
        both(LION, rows(*HALVES, momentum=0.0, jump=True)),
        both(LION, rows(*HALVES, momentum=0.9)),
    ),
    Case(
        "R103",
        (S, "momentum", "low"),
        schedule("1cycle", max_lr=0.1, momentum={"low": 0.96}),
        schedule("1cycle", max_lr=0.1, momentum={"low": 0.95}),
        "warning",
        "low 0.96 and high 0.95",
    ),
    Case(
        "R104",
        ("optimizer", "nesterov"),
        {"optimizer": {"kind": "sgd", "nesterov": True}},
        both(CYCLE, {"optimizer": {"kind": "sgd", "nesterov": True}}),
        "warning",
    ),
]
