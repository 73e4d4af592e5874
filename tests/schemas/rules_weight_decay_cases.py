"""Cases of the rules on weight decay: its own, and those of any table."""

from typing import Any

from tests.schemas.rules_helpers import Case
from tests.schemas.rules_schedule_pieces import LINEAR, S, both, schedule

ADAMW = {"optimizer": {"kind": "adamw"}}


def table(first: str, second: object, **more: object) -> dict[str, Any]:
    rows = [{"duration": first, "weight_decay": 0.1}, {"duration": "50%", "weight_decay": second, **more}]
    return both(ADAMW, schedule(**LINEAR, weight_decay={"phases": rows}))


def optimizer(kind: str, **keys: Any) -> dict[str, Any]:
    return both({"optimizer": {"kind": kind, **keys}}, schedule(**LINEAR, weight_decay=0.1))


CASES = [
    Case("R190", (S, "weight_decay"), optimizer("sgd"), optimizer("sgd", weight_decay=0.0), received="sgd"),
    Case("R190", (S, "weight_decay"), optimizer("adam"), optimizer("adamw"), received="adam"),
    Case(
        "R190",
        (S, "base", "weight_decay"),
        schedule("plateau", base={**LINEAR, "weight_decay": 0.1}),
        both(ADAMW, schedule("plateau", base={**LINEAR, "weight_decay": 0.1})),
    ),
    Case(
        "R106",
        (S, "base", "weight_decay"),
        both(ADAMW, schedule("plateau", base={**LINEAR, "weight_decay": 0.1}, weight_decay=0.2)),
        both(ADAMW, schedule("plateau", base=LINEAR, weight_decay=0.2)),
    ),
    Case("R110", (S, "weight_decay", "phases", 0, "duration"), table("0 epochs", 0.1), table("6 epochs", 0.1)),
    Case("R111", (S, "weight_decay", "phases"), table("40%", 0.1), table("50%", 0.1), received="weight decay"),
    Case(
        "R113",
        (S, "weight_decay", "phases", 1, "curve"),
        table("50%", {"from": 0.1, "to": 0}, curve="exponential"),
        table("50%", {"from": 0.1, "to": 0}, curve="cosine"),
        received="weight decay",
    ),
    Case(
        "R114",
        (S, "weight_decay", "phases", 1, "weight_decay"),
        table("50%", 0.2),
        table("50%", 0.2, jump=True),
        received="weight decay",
    ),
]
